import type { FeeCaps } from '../../chain/transaction-fees.js';
import { PublicationSettingsError } from './publication-errors.js';

export interface PublicationSettings {
  /** Blocks on top of the one a transaction is in, after which it counts as final; 'finalized': as the chain's consensus says. */
  readonly confirmations: number | 'finalized';
  /** Wei a unit of gas. */
  readonly feeCaps: FeeCaps;
  /** Milliseconds between looks at an entry that waits for blocks. */
  readonly pollMs: number;
  /** Milliseconds until a transaction that is in no block is replaced by one that pays more. */
  readonly replaceAfterMs: number;
  /** Milliseconds until another try after a failure or a first refusal; refusals in a row double it, up to `backoffLimitMs`. */
  readonly retryMs: number;
  readonly backoffLimitMs: number;
  /** Refusals in a row, for reasons that may pass, until an entry is given up. Failures of the node are not counted. */
  readonly refusalLimit: number;
  /** Longest that an entry is held by a process that died. */
  readonly leaseSeconds: number;
}

const GWEI = 1_000_000_000n;
/** States of older blocks than this are gone from usual nodes, and the nonces at a final block are asked for. */
const MOST_CONFIRMATIONS = 100;

export const DEFAULT_PUBLICATION: PublicationSettings = {
  confirmations: 12,
  feeCaps: { maxFee: 200n * GWEI, priorityFee: 3n * GWEI },
  pollMs: 4_000,
  replaceAfterMs: 90_000,
  retryMs: 5_000,
  backoffLimitMs: 300_000,
  // With the delays above: about an hour and a half.
  refusalLimit: 24,
  leaseSeconds: 180,
};

/** @throws PublicationSettingsError */
export function requireSettings(settings: PublicationSettings): PublicationSettings {
  const { confirmations, feeCaps } = settings;
  if (confirmations !== 'finalized' && !(Number.isSafeInteger(confirmations) && confirmations >= 0 && confirmations <= MOST_CONFIRMATIONS)) {
    throw new PublicationSettingsError(`confirmations must be "finalized" or a number from 0 to ${MOST_CONFIRMATIONS}`, { setting: 'confirmations' });
  }
  if (feeCaps.maxFee <= 0n || feeCaps.priorityFee < 0n || feeCaps.priorityFee > feeCaps.maxFee) {
    throw new PublicationSettingsError('the cap of the priority fee must be at least 0 and at most that of the whole fee', { setting: 'feeCaps' });
  }
  for (const name of ['pollMs', 'replaceAfterMs', 'retryMs', 'backoffLimitMs'] as const) {
    if (!(Number.isSafeInteger(settings[name]) && settings[name] >= 0)) throw new PublicationSettingsError(`${name} must be a number of milliseconds, at least 0`, { setting: name });
  }
  for (const name of ['refusalLimit', 'leaseSeconds'] as const) {
    if (!(Number.isSafeInteger(settings[name]) && settings[name] >= 1)) throw new PublicationSettingsError(`${name} must be a whole number, at least 1`, { setting: name });
  }
  return settings;
}
