import { digestOf } from '../commitment/digest.js';
import { domainOf, keyOf, ownerOf } from '../commitment/identity.js';
import { nullifierOf } from '../commitment/nullifier.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { packEpochs, type AccountSignerSignals } from '../statement/account-signer.js';
import type { AccountSecret } from './account-parts.js';
import type { CircuitInput } from './circuit-input.js';

/** Whose nullifiers of two epochs are shown to be of one account. */
export interface SignerStatement {
  readonly base: bigint;
  readonly circuitId: bigint;
  readonly epoch: bigint;
  readonly laterEpoch: bigint;
  readonly owner: AccountSecret;
}

/** Public signals of the proof of `account-signer`. */
export function accountSignerSignals(poseidon: Poseidon, { base, circuitId, epoch, laterEpoch, owner }: SignerStatement): AccountSignerSignals {
  const key = keyOf(poseidon, { ...owner, owner: ownerOf(poseidon, owner.secret, owner.signer) });
  const name = (of: bigint): bigint => nullifierOf(poseidon, { key, base, epoch: of, scope: 0n });
  return {
    domain: domainOf(poseidon, base, circuitId), epochs: packEpochs(epoch, laterEpoch), nullifier: name(epoch), laterNullifier: name(laterEpoch), signer: owner.signer,
  };
}

/** Input of `account-signer`. */
export function accountSignerInput(signals: AccountSignerSignals, { base, circuitId, epoch, laterEpoch, owner }: SignerStatement): CircuitInput {
  const { secret, userId, subAccount } = owner;
  return { ...signals, base, circuitId, epoch, laterEpoch, secret, userId: digestOf(userId), subAccount: BigInt(subAccount) };
}
