import { slotsOf } from '../commitment/account-leaf.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt, splitIntoTiers, tiersOf } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import type { NamedPosting } from '../witness/transition-postings.js';
import { FundingUnsettledError, NoFreeSlotError, NothingToSettleError, OwnerNeededError, StillHoldsError, StillMarginedError } from './clearing-errors.js';
import { checkRisk } from './margin-test.js';
import { heldOf, postingsOf } from './postings.js';
import { requireInBand } from './price-band.js';
import type { TransitionPlan, TransitionWish } from './transition-plan.js';

/** An account that is to be opened: holds nothing and is committed nowhere. @param slots K of its circuit */
export function emptyAccount(key: bigint, slots: number, period: number): ClearedOpening {
  return { key, nonce: 0n, period, slots: slotsOf([], slots, 0) };
}

/**
 * What an account becomes, or the reason why not, before a circuit only refuses a witness: every rule of docs/decisions/0009.
 *
 * @throws InsufficientMarginError, NotReducingError, PriceOutsideBandError, BorrowsCashError, NoFreeSlotError, PostingRowError,
 *   PostingRangeError, FundingUnsettledError, NothingToSettleError, OwnerNeededError, StillHoldsError, StillMarginedError, TierCapacityError,
 *   UnknownInstrumentError
 */
export function planTransition(table: MarketTable, before: ClearedOpening, wish: TransitionWish): TransitionPlan {
  const { act, owned, period } = wish;
  const held = before.slots.filter(({ quantity }) => quantity !== 0n);
  requireOwner(wish);
  requireSettledFunding(table, before, held, wish);
  if (act.kind === 'trade') requireInBand(table, act.trade, act.band);
  const postings = postingsOf(table, held, act);
  const slots = slotsAfter(table, before.slots, postings, wish);
  const after = slots.filter(({ quantity }) => quantity !== 0n);
  if (act.kind === 'collateral' && !owned) requireOnlyDebt(table, after);
  const reducing = checkRisk(table, held, after, wish);
  return { key: before.key, period, slots, act, flags: { owned, reducing, unmargined: unmarginedFlag(table, after, wish), period } };
}

/** The account as it will be committed. @param nonce random, or derived where the owner takes no part */
export function openingAfter({ key, period, slots }: TransitionPlan, nonce: bigint): ClearedOpening {
  return { key, nonce, period, slots };
}

function requireOwner({ act, owned }: TransitionWish): void {
  if (owned || act.kind !== 'collateral') return;
  if (act.opens || act.out !== undefined || act.in === undefined) throw new OwnerNeededError('without its owner nothing goes out of an account, and none is opened: only a debt is paid');
}

/** Others pay for an account only where nothing is left to sell, and no more than it owes. */
function requireOnlyDebt(table: MarketTable, after: readonly Holding[]): void {
  const kept = after.find(({ quantity }) => quantity > 0n);
  if (kept === undefined) return;
  const { id } = rowAt(table, kept.index);
  throw new StillHoldsError(`the account would hold ${kept.quantity} quanta of ${id}: sell what it holds first, and pay no more than it owes`, { row: kept.index });
}

function requireSettledFunding(table: MarketTable, { period: settled }: ClearedOpening, held: readonly Holding[], { act, period }: TransitionWish): void {
  const owes = held.some(({ index }) => rowAt(table, index).kind === 'perpetual');
  if (act.kind !== 'funding') {
    if (!owes || settled === period) return;
    throw new FundingUnsettledError(`the account holds a perpetual and owes funding of periods ${settled} to ${period}: settle its funding first`, { settled, period });
  }
  if (!owes) throw new NothingToSettleError('the account holds no perpetual: it owes no funding');
  if (settled === period) throw new NothingToSettleError(`the account's funding is settled up to period ${period}, which is the present one`, { period });
  if (act.fromPeriod === settled) return;
  throw new FundingUnsettledError(`the account's funding is settled up to period ${settled}, the transition goes from ${act.fromPeriod}: start from ${settled}`, { settled });
}

/**
 * The K slots after: what was held, what is held, and what is named, by index, then unused ones with the indices that follow, so that whoever
 * changes an account without its owner hides nothing in them. What was held keeps its slot, also where it becomes nothing: the circuit finds
 * there what was held. Every instrument is filled from its lowest tier up, whatever caps were before.
 *
 * @throws NoFreeSlotError, TierCapacityError
 */
function slotsAfter(table: MarketTable, before: readonly Holding[], postings: readonly NamedPosting[], { act }: TransitionWish): readonly Holding[] {
  const held = before.filter(({ quantity }) => quantity !== 0n);
  // The band is of both rows of a trade, also where nothing is paid.
  const named = postings.filter(({ total }) => total !== 0n || act.kind === 'trade').map(({ row }) => row);
  const after = new Map([...held.map(({ index }) => index), ...named].map((index) => [index, 0n]));
  for (const row of new Set([...held.map(({ index }) => tiersOf(table, index)[0]?.index ?? index), ...named])) {
    const total = postings.reduce((sum, posting) => (posting.row === row ? sum + posting.total : sum), heldOf(table, held, row));
    if (total === 0n) continue;
    for (const { index, quantity } of splitIntoTiers(table, [{ index: row, quantity: total }])) after.set(index, quantity);
  }
  if (after.size > before.length) {
    throw new NoFreeSlotError(
      `the transition needs ${after.size} slots, those of what becomes nothing included, and the account has ${before.length}: close a position before, or use another account`,
      { needed: after.size, slots: before.length },
    );
  }
  const holdings = [...after].map(([index, quantity]) => ({ index, quantity })).sort((one, other) => one.index - other.index);
  return slotsOf(holdings, before.length, 0);
}

function unmarginedFlag(table: MarketTable, after: readonly Holding[], { act, unmargined }: TransitionWish): boolean {
  const margined = after.find(({ index, quantity }) => quantity < 0n || !isSettlementKind(rowAt(table, index).kind));
  if (unmargined !== true) return unmargined ?? (act.kind === 'collateral' && margined === undefined);
  if (margined === undefined) return true;
  const { id } = rowAt(table, margined.index);
  throw new StillMarginedError(`the account would still ${margined.quantity < 0n ? 'owe' : 'hold'} ${id}: it is margined`, { row: margined.index });
}
