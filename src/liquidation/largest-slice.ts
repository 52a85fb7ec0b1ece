import { planTransition } from '../clearing/apply-transition.js';
import { NoFreeSlotError, NotReducingError, OwnerNeededError, PostingRangeError, PriceOutsideBandError } from '../clearing/clearing-errors.js';
import { heldOf } from '../clearing/postings.js';
import type { TransitionPlan } from '../clearing/transition-plan.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { Margin } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt, TierCapacityError } from '../risk/tiers.js';
import type { Lot, LotMarks, SaleRates } from './auction.js';
import { isAtPar, isDust, limitPayment, marksOf, penaltyOf, sliceValue, type SlicePrice } from './auction-price.js';
import { leastExcess, marginOf } from './liquidated-account.js';
import { LotError, NoSliceError } from './liquidation-errors.js';
import type { LiquidationRules } from './liquidation-rules.js';
import { tradeOfSlice } from './slice-trade.js';

/** What a slice is cut by. */
export interface SliceTerms {
  /** Table of initial level that the auction's marks are of. */
  readonly initial: MarketTable;
  readonly rules: Pick<LiquidationRules, 'penalty' | 'strikeShare' | 'feeRow' | 'minLot'>;
  /** Of the clearing rules, ppm. */
  readonly band: number;
  /** Funding period of the venue now. */
  readonly period: number;
  /** Marks of the running auction; those of the table unless given. */
  readonly marks?: LotMarks;
}

/** A slice that can be sold, and what the account then is under the auction's table. */
export interface Slice {
  readonly lot: Lot;
  readonly quantity: bigint;
  /** Quanta of the pay row. */
  readonly payment: bigint;
  /** Quanta of the fee row that the bidder pays besides. */
  readonly penalty: bigint;
  /** Value units. */
  readonly value: bigint;
  /** It leaves the account at initial margin or above, which only a slice below the least lot may, and few of a liquidation. */
  readonly dust: boolean;
  readonly plan: TransitionPlan;
  readonly before: Margin;
  readonly after: Margin;
}

/** Rules of a sale that other quantities may keep. */
const REFUSALS = [NotReducingError, PriceOutsideBandError, OwnerNeededError, PostingRangeError, NoFreeSlotError, TierCapacityError];

/**
 * One quantity at one payment, held to what circuit and contract ask of it but for the clock.
 *
 * @throws LotError, NoSliceError for one that goes too far; the errors of planTransition
 */
export function sliceOf(terms: SliceTerms, opening: ClearedOpening, lot: Lot, quantity: bigint, payment: bigint): Slice {
  const slice = cut(terms, opening, lot, quantity, payment);
  if (!slice.after.healthy || slice.dust) return slice;
  throw new NoSliceError(
    `${quantity} quanta of row ${lot.row} would leave the account ${leastExcess(slice.after)} value units above initial margin: sell less, nothing is taken beyond the buffer`,
    { row: lot.row },
  );
}

/**
 * The largest quantity of a lot that can be sold at a discount: it only reduces the account's risk and leaves it below initial margin, or it
 * is dust. Where the account's least excess rises and then falls, as that of a hedge, it is the largest before initial margin is first met.
 *
 * @param discount ppm at which it is paid for; down to minus the penalty, where the account is paid the mark
 * @param most quanta; all that is held unless given
 * @throws LotError, NoSliceError, FundingUnsettledError, UnknownInstrumentError
 */
export function largestSlice(terms: SliceTerms, opening: ClearedOpening, lot: Lot, discount: number, most?: bigint): Slice {
  const held = heldByLot(terms.initial, opening, lot);
  const rates = ratesOf(terms, lot, discount);
  const at = (quantity: bigint): Slice => cut(terms, opening, lot, quantity, limitPayment(priceOf(terms, lot, quantity), rates));
  return largest(at, most === undefined || most > held ? held : most, lot);
}

/**
 * The largest slice at the largest discount, of those up to the clock's, at which there is any: where discount and penalty take more than half
 * of what risk goes down by, no proof is of the auction's own price, and a bidder has to offer more.
 *
 * @param discount ppm: the clock's
 * @throws LotError, NoSliceError where there is none at the mark either; FundingUnsettledError, UnknownInstrumentError
 */
export function sliceUpTo(terms: SliceTerms, opening: ClearedOpening, lot: Lot, discount: number): Slice & { readonly discount: number } {
  const at = (rate: number): Slice | Error => refusalOf(() => largestSlice(terms, opening, lot, rate), [NoSliceError]);
  const wanted = at(discount);
  if (!(wanted instanceof Error)) return { ...wanted, discount };
  const least = -terms.rules.penalty;
  const found = lastWhere(BigInt(least), BigInt(discount), (rate) => !(at(Number(rate)) instanceof Error));
  return { ...largestSlice(terms, opening, lot, Number(found)), discount: Number(found) };
}

function largest(at: (quantity: bigint) => Slice, most: bigint, { row }: Lot): Slice {
  const tried = (quantity: bigint): Slice | Error => refusalOf(() => at(quantity), REFUSALS);
  const one = tried(1n);
  if (one instanceof Error) throw new NoSliceError(`not even one quantum of row ${row} can be sold: ${one.message}`, { row }, { cause: one });
  const excess = (quantity: bigint): bigint => leastExcess(at(quantity).after);
  const reducing = lastWhere(1n, most, (quantity) => !(tried(quantity) instanceof Error));
  // Excess is concave but for rounding: where all that reduces risk is too much, it crosses zero once.
  const until = excess(reducing) >= 0n ? reducing : peakOf(excess, reducing);
  const healthy = excess(until) >= 0n;
  const below = healthy ? lastWhere(0n, until, (quantity) => quantity === 0n || excess(quantity) < 0n) : reducing;
  if (below > 0n) return at(below);
  // One quantum is more than the buffer.
  if (at(1n).dust) return at(1n);
  throw new NoSliceError(`one quantum of row ${row} would leave the account above initial margin, and is no dust: it cannot be sold`, { row });
}

/** Where a concave figure of 1 to `last` is highest; beside it by what rounding hides. */
function peakOf(figure: (quantity: bigint) => bigint, last: bigint): bigint {
  let [low, high] = [1n, last];
  while (high - low > 2n) {
    const third = (high - low) / 3n;
    if (figure(low + third) < figure(high - third)) low += third;
    else high -= third;
  }
  return [low, low + 1n, high].filter((one) => one <= high).reduce((best, one) => (figure(one) > figure(best) ? one : best));
}

/** The last of `first` to `last` that a predicate holds of, which holds of none after one that it fails. Requires that it holds of `first`. */
function lastWhere(first: bigint, last: bigint, holds: (quantity: bigint) => boolean): bigint {
  if (holds(last)) return last;
  let [good, bad] = [first, last];
  while (bad - good > 1n) {
    const middle = (good + bad) / 2n;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function cut(terms: SliceTerms, opening: ClearedOpening, lot: Lot, quantity: bigint, payment: bigint): Slice {
  const { initial, rules, band, period } = terms;
  const price = priceOf(terms, lot, quantity);
  // Whoever bids, until whenever, the account becomes the same.
  const trade = tradeOfSlice(lot, { bidder: 0n, quantity, payment, expiry: 0, nonce: 0n });
  const plan = planTransition(initial, opening, { act: { kind: 'trade', seller: lot.accountSells, trade, band }, owned: false, period });
  const [before, after] = [marginOf(initial, opening), marginOf(initial, plan)];
  return {
    lot, quantity, payment, penalty: penaltyOf(price, ratesOf(terms, lot, 0)), value: sliceValue(price), dust: after.healthy && isDust(price, rules), plan, before, after,
  };
}

function priceOf({ initial, rules, marks }: SliceTerms, lot: Lot, quantity: bigint): SlicePrice {
  return { accountSells: lot.accountSells, quantity, marks: marks ?? marksOf(initial, lot, rules) };
}

function ratesOf({ initial, rules: { penalty } }: SliceTerms, { row }: Lot, discount: number): SaleRates {
  return isAtPar(initial, row) ? { discount: 0, penalty: 0 } : { discount, penalty };
}

/** Quanta that the account can sell, or buy back, of a lot. @throws LotError */
function heldByLot(table: MarketTable, { slots }: ClearedOpening, { row, accountSells }: Lot): bigint {
  const held = heldOf(table, slots, row);
  if (accountSells ? held > 0n : held < 0n) return accountSells ? held : -held;
  const { id } = rowAt(table, row);
  throw new LotError(`the account holds ${held} quanta of ${id}: it has nothing to ${accountSells ? 'sell' : 'buy back'}`, { row });
}

function refusalOf(attempt: () => Slice, refusals: readonly (new (...args: never[]) => Error)[]): Slice | Error {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Error && refusals.some((kind) => error instanceof kind)) return error;
    throw error;
  }
}
