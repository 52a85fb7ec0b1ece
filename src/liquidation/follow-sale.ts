import { openingAfter, planTransition } from '../clearing/apply-transition.js';
import { OpeningUnknownError } from '../clearing/clearing-errors.js';
import { followChange, settledWithoutOwner, type AccountChange } from '../clearing/follow-change.js';
import { clearedCommitment, derivedNonce, type ClearedOpening } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { tradeCommitment, type TradeTerms } from '../commitment/trade-commitment.js';
import type { MarketTable } from '../risk/market-table.js';
import { unpackTransitionTerms } from '../statement/transition-terms.js';
import { tradeOfSlice } from './slice-trade.js';
import type { SoldSlice } from './sold-slice.js';

/** What the chain told of an account that was liquidated, oldest first. */
export interface LiquidationTrail {
  /** Base of the venue: baseOfVenue(). */
  readonly base: bigint;
  readonly changes: readonly AccountChange[];
  readonly slices: readonly SoldSlice[];
  /** The table of a market commitment; undefined where it is not at hand. */
  readonly tableOf: (marketCommitment: bigint) => MarketTable | undefined;
}

/**
 * The account after a slice of it was sold: its terms are public, and the rest follows from what it was.
 *
 * @param table of the change's market commitment
 * @throws OpeningUnknownError for a sale that does not follow from the opening; the errors of planTransition
 */
export function followSale(poseidon: Poseidon, { base, table }: { readonly base: bigint; readonly table: MarketTable }, before: ClearedOpening, change: AccountChange, slice: SoldSlice): ClearedOpening {
  const { band, period } = unpackTransitionTerms(change.terms);
  if (clearedCommitment(poseidon, before) !== change.oldCommitment || tradeCommitment(poseidon, base, change.marketCommitment, tradeOf(change, slice)) !== change.delta) throw unknownOpening();
  const act = { kind: 'trade' as const, seller: slice.accountSells, trade: tradeOf(change, slice), band };
  const after = openingAfter(planTransition(table, before, { act, owned: false, period }), derivedNonce(poseidon, before.nonce, change.delta));
  if (clearedCommitment(poseidon, after) === change.newCommitment) return after;
  throw unknownOpening();
}

/**
 * An account after all that was done to it without its owner, as far as the chain tells: from the change that starts at the opening on.
 *
 * @returns every opening that followed, the newest last; empty where nothing did
 * @throws OpeningUnknownError for a change whose table is not at hand, or that does not follow
 */
export function followLiquidation(poseidon: Poseidon, trail: LiquidationTrail, opening: ClearedOpening): readonly ClearedOpening[] {
  const followed: ClearedOpening[] = [];
  let [account, commitment] = [opening, clearedCommitment(poseidon, opening)];
  for (const change of trail.changes) {
    if (change.oldCommitment !== commitment) continue;
    account = stepOf(poseidon, trail, account, change);
    commitment = change.newCommitment;
    followed.push(account);
  }
  return followed;
}

function stepOf(poseidon: Poseidon, { base, slices, tableOf }: LiquidationTrail, before: ClearedOpening, change: AccountChange): ClearedOpening {
  const table = tableOf(change.marketCommitment);
  if (table === undefined) throw new OpeningUnknownError(`the account was changed under the table ${change.marketCommitment}, which is not at hand: ask the venue for it`);
  if (settledWithoutOwner(change) !== undefined) return followChange(poseidon, table, before, change);
  const slice = slices.find((one) => tradeCommitment(poseidon, base, change.marketCommitment, tradeOf(change, one)) === change.delta);
  if (slice === undefined) throw unknownOpening();
  return followSale(poseidon, { base, table }, before, change, slice);
}

/** The sale tells all of the trade but its last second, which the change's terms tell. */
function tradeOf({ terms }: AccountChange, { handle, row, payRow, accountSells, ...offer }: SoldSlice): TradeTerms {
  const { bidder, quantity, payment, nonce } = offer;
  return tradeOfSlice({ handle, row, payRow, accountSells }, { bidder, quantity, payment, nonce, expiry: unpackTransitionTerms(terms).expiry });
}

function unknownOpening(): OpeningUnknownError {
  return new OpeningUnknownError('the account was changed in a way that does not follow from its opening and what was sold of it: take the opening that was posted, or the account file');
}
