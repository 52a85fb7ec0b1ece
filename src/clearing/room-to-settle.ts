import type { ClearedOpening } from '../commitment/cleared-account.js';
import { ExpiryUnsettledError, NoFreeSlotError } from './clearing-errors.js';

/** What is settled of a row that the venue's clearing terms list, whoever holds it. Rows are first tiers. */
export interface SettledRow {
  readonly row: number;
  /** What it is settled in: pay row, and delivery row where it delivers. */
  readonly into: readonly number[];
  /** Whether its value is fixed: it expired, and the settlement is recorded. */
  readonly recorded: boolean;
}

/**
 * Whether an account that somebody may have to liquidate can be settled and closed without its owner. Expiry, funding and liquidation name the
 * row they pay in: an account that has no slot for it pays nothing of what it owes, ever, and can neither be traded nor liquidated. The circuit
 * takes such an account, since its owner is who suffers where nothing is owed; who signs for its opening must not.
 *
 * Counts first tiers: an amount that fills further tiers of a row takes a slot for each.
 *
 * @throws NoFreeSlotError
 */
export function requireRoomToSettle({ slots }: Pick<ClearedOpening, 'slots'>, settledRows: readonly SettledRow[]): void {
  const held = heldRows(slots);
  const missing = new Set(settledRows.filter(({ row }) => held.has(row)).flatMap(({ into }) => into).filter((row) => !held.has(row)));
  const free = slots.length - held.size;
  if (missing.size <= free) return;
  throw new NoFreeSlotError(
    `what the account holds is settled in rows ${[...missing].join(', ')}, and of its ${slots.length} slots ${free} are free: it could not pay what it owes; close a position, or hold some of those rows`,
    { missing: missing.size, free },
  );
}

/**
 * Whether risk is taken on an expired row: its value is fixed, and later tables mark it otherwise, as long as it is not settled. What they
 * mark it too high by would stand for margin that nobody has.
 *
 * @throws ExpiryUnsettledError
 */
export function requireExpiredSettled({ slots }: Pick<ClearedOpening, 'slots'>, settledRows: readonly SettledRow[]): void {
  const held = heldRows(slots);
  const expired = settledRows.find(({ row, recorded }) => recorded && held.has(row));
  if (expired === undefined) return;
  throw new ExpiryUnsettledError(`the account holds row ${expired.row}, which expired: settle it before anything else is traded or taken out`, { row: expired.row });
}

function heldRows(slots: ClearedOpening['slots']): ReadonlySet<number> {
  return new Set(slots.filter(({ quantity }) => quantity !== 0n).map(({ index }) => index));
}
