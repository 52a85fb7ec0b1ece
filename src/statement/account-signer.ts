import type { NamedSignals } from './named-signals.js';

/** Public signals of `account-signer` in order. circuits.json says the same; test/agreement compares. */
export const ACCOUNT_SIGNER_SIGNALS = ['domain', 'epochs', 'nullifier', 'laterNullifier', 'signer'] as const;

export type AccountSignerSignals = NamedSignals<(typeof ACCOUNT_SIGNER_SIGNALS)[number]>;

/** Two epochs in a word: `epoch + 2^32 laterEpoch`, each below 2^32. */
export function packEpochs(epoch: bigint, laterEpoch: bigint): bigint {
  return epoch + (laterEpoch << 32n);
}
