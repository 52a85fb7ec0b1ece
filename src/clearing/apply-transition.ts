import { slotsOf } from '../commitment/account-leaf.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { MarketTable } from '../risk/market-table.js';
import { capUsed, rowAt, splitIntoTiers, tieredRows, tiersOf } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { FundingUnsettledError, NoFreeSlotError, OwnerNeededError, PositionCapError, StillMarginedError } from './clearing-errors.js';
import { checkRisk } from './margin-test.js';
import { heldOf, postingsOf, type Posting } from './postings.js';
import { requireInBand } from './price-band.js';
import type { TransitionPlan, TransitionWish } from './transition-plan.js';

/** An account that is to be opened: holds nothing and is committed nowhere. @param slots K of its circuit */
export function emptyAccount(key: bigint, slots: number, table: MarketTable, period: number): ClearedOpening {
  return { key, nonce: 0n, period, slots: slotsOf([], slots, tieredRows(table)) };
}

/**
 * What an account becomes, with the reason why not, before a circuit only refuses a witness: every rule of docs/decisions/0009.
 * An instrument that is posted to is filled anew from its lowest tier up.
 *
 * @throws InsufficientMarginError, NotReducingError, PriceOutsideBandError, BorrowsCashError, NoFreeSlotError, PositionCapError, PostingRowError,
 *   PostingRangeError, FundingUnsettledError, NothingToSettleError, OwnerNeededError, StillMarginedError, TierCapacityError, UnknownInstrumentError
 */
export function planTransition(table: MarketTable, before: ClearedOpening, wish: TransitionWish): TransitionPlan {
  const { act, owned, period } = wish;
  const held = before.slots.filter(({ quantity }) => quantity !== 0n);
  requireOwner(wish);
  requireSettledFunding(table, before, held, wish);
  if (act.kind === 'trade') requireInBand(table, act.trade, act.band);
  const postings = postingsOf(table, held, act);
  const slots = slotsAfter(table, before.slots, postings, wish);
  requireCaps(table, slots);
  const after = slots.filter(({ quantity }) => quantity !== 0n);
  const reducing = checkRisk(table, held, after, wish);
  return { key: before.key, period, slots, act, flags: { owned, reducing, unmargined: unmarginedFlag(table, after, wish), period } };
}

/** The account as it will be committed. @param nonce random, or derived where the owner takes no part */
export function openingAfter({ key, period, slots }: TransitionPlan, nonce: bigint): ClearedOpening {
  return { key, nonce, period, slots };
}

function requireOwner({ act, owned }: TransitionWish): void {
  if (!owned && act.kind === 'collateral') throw new OwnerNeededError('collateral moves by the owner\'s proof alone');
}

function requireSettledFunding(table: MarketTable, { period: settled }: ClearedOpening, held: readonly Holding[], { act, period }: TransitionWish): void {
  if (act.kind === 'funding') {
    if (act.fromPeriod === settled) return;
    throw new FundingUnsettledError(`the account's funding is settled up to period ${settled}, the transition goes from ${act.fromPeriod}: start from ${settled}`, { settled });
  }
  if (settled === period || !held.some(({ index }) => rowAt(table, index).kind === 'perpetual')) return;
  throw new FundingUnsettledError(`the account holds a perpetual and owes funding of periods ${settled} to ${period}: settle its funding first`, { settled, period });
}

/**
 * The K slots after. What was held before keeps a slot, also where it becomes nothing: the circuit finds there what was held.
 *
 * @throws NoFreeSlotError, TierCapacityError
 */
function slotsAfter(table: MarketTable, before: readonly Holding[], postings: readonly Posting[], { act }: TransitionWish): readonly Holding[] {
  const held = before.filter(({ quantity }) => quantity !== 0n);
  const after = new Map(held.map(({ index, quantity }) => [index, quantity]));
  for (const row of new Set(postings.map(({ row: one }) => one))) {
    const added = postings.filter((one) => one.row === row).reduce((sum, { amount }) => sum + amount, 0n);
    // The band is of both rows of a trade, also where nothing is paid.
    if (act.kind === 'trade') after.set(row, after.get(row) ?? 0n);
    if (added === 0n) continue;
    const total = heldOf(table, held, row) + added;
    for (const tier of tiersOf(table, row)) if (after.has(tier.index)) after.set(tier.index, 0n);
    if (total !== 0n) for (const { index, quantity } of splitIntoTiers(table, [{ index: row, quantity: total }])) after.set(index, quantity);
  }
  if (after.size > before.length) {
    throw new NoFreeSlotError(
      `the transition needs ${after.size} slots, what becomes nothing included, the account has ${before.length}: close a position first, or open another account`,
      { needed: after.size, slots: before.length },
    );
  }
  const holdings = [...after].map(([index, quantity]) => ({ index, quantity })).sort((one, other) => one.index - other.index);
  return slotsOf(holdings, before.length, tieredRows(table));
}

function requireCaps(table: MarketTable, slots: readonly Holding[]): void {
  for (const { index, quantity } of slots) {
    if (quantity === 0n) continue;
    const row = rowAt(table, index);
    const magnitude = quantity < 0n ? -quantity : quantity;
    if (magnitude <= capUsed(row)) continue;
    throw new PositionCapError(`the account would hold ${magnitude} quanta of ${row.id}, the table's cap is ${row.cap}: trade it down with the next transition`, { row: index });
  }
}

function unmarginedFlag(table: MarketTable, after: readonly Holding[], { act, unmargined }: TransitionWish): boolean {
  const margined = after.find(({ index, quantity }) => quantity < 0n || !isSettlementKind(rowAt(table, index).kind));
  if (unmargined !== true) return unmargined ?? (act.kind === 'collateral' && margined === undefined);
  if (margined === undefined) return true;
  const { id } = rowAt(table, margined.index);
  throw new StillMarginedError(`the account would still ${margined.quantity < 0n ? 'owe' : 'hold'} ${id}: it is margined`, { row: margined.index });
}
