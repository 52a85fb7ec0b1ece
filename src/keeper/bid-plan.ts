import { planTransition } from '../clearing/apply-transition.js';
import { BorrowsCashError, InsufficientMarginError, NoFreeSlotError, NotReducingError, PostingRangeError, PriceOutsideBandError, StillMarginedError } from '../clearing/clearing-errors.js';
import type { TransitionWish } from '../clearing/transition-plan.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import { mostSubsidy, type SlicePrice } from '../liquidation/auction-price.js';
import type { Auction, Lot } from '../liquidation/auction.js';
import { largestSlice, sliceUpTo, type Slice, type SliceTerms } from '../liquidation/largest-slice.js';
import { NoSliceError } from '../liquidation/liquidation-errors.js';
import { PPM, type LiquidationRules } from '../liquidation/liquidation-rules.js';
import { gainOfSlice, tradeOfSlice, type SliceOffer } from '../liquidation/slice-trade.js';
import type { MarketTable } from '../risk/market-table.js';
import { TierCapacityError } from '../risk/tiers.js';
import type { AssetNow } from './keeper-ports.js';

/** A slice that may be worth buying. Holds what only bidders may know. */
export interface BidQuestion {
  readonly lot: Lot;
  readonly auction: Auction;
  /** Of the account for sale. */
  readonly opening: ClearedOpening;
  /** The bidder's own. */
  readonly own: ClearedOpening;
  readonly bidder: bigint;
  readonly initial: MarketTable;
  readonly rules: LiquidationRules;
  readonly band: number;
  readonly period: number;
  /** Of the rules' fee row. */
  readonly fee: AssetNow;
  /** Least gain: value units, and ppm of the slice's value. */
  readonly minProfit: bigint;
  readonly minMargin: number;
}

/** What to bid, and when the auction takes it. */
export interface BidPlan {
  readonly slice: Slice;
  /** Token base units. */
  readonly penalty: bigint;
  readonly subsidy: bigint;
  /** Unix seconds. */
  readonly readyAt: number;
  /** Value units at the auction's marks, before gas. */
  readonly gain: bigint;
}

/** Reasons why the bidder's account takes no more: a smaller slice may do. */
const LIMITS = [InsufficientMarginError, NotReducingError, BorrowsCashError, NoFreeSlotError, PostingRangeError, PriceOutsideBandError, TierCapacityError];

/**
 * The earliest bid that is worth it: the lowest discount, or with none the lowest subsidy, at which the largest slice that both accounts can
 * take gains the bidder enough. Who waits for more is overtaken by who does not.
 *
 * @returns undefined where no price of the auction is good enough
 */
export function planBid(question: BidQuestion): BidPlan | undefined {
  const { lot, opening, rules, auction } = question;
  const terms: SliceTerms = { ...question, marks: auction };
  const cap = orNone(() => sliceUpTo(terms, opening, lot, rules.maxDiscount));
  if (cap === undefined) return undefined;
  const at = (discount: number): Slice | undefined => orNone(() => fittingSlice(question, terms, discount));
  const good = (discount: number): boolean => isWorthIt(question, at(discount), 0n);
  if (good(cap.discount)) {
    const discount = firstWhere(0, cap.discount, good);
    return planOf(question, at(discount), 0n, waitFor(discount, rules.maxDiscount, rules.fall));
  }
  return cap.discount === rules.maxDiscount ? subsidised(question, at(rules.maxDiscount)) : undefined;
}

function subsidised(question: BidQuestion, slice: Slice | undefined): BidPlan | undefined {
  const { rules, fee: { unitsPerQuantum, room } } = question;
  if (slice === undefined) return undefined;
  // A subsidy is never shared by everybody.
  const payable = (room.firstLoss + room.insurance) / unitsPerQuantum;
  const subsidyAt = (rate: number): bigint => least(mostSubsidy(priceOf(question, slice), { subsidy: rate }), payable);
  const good = (rate: number): boolean => isWorthIt(question, slice, subsidyAt(rate));
  if (!good(rules.maxSubsidy)) return undefined;
  const rate = firstWhere(0, rules.maxSubsidy, good);
  return planOf(question, slice, subsidyAt(rate), rules.fall + waitFor(rate, rules.maxSubsidy, rules.fall));
}

/** @param subsidy quanta of the fee row */
function planOf(question: BidQuestion, slice: Slice | undefined, subsidy: bigint, wait: number): BidPlan | undefined {
  if (slice === undefined) return undefined;
  const { auction, fee: { unitsPerQuantum } } = question;
  return {
    slice, penalty: slice.penalty * unitsPerQuantum, subsidy: subsidy * unitsPerQuantum, readyAt: auction.since + wait, gain: gainOf(question, slice, subsidy),
  };
}

/** The largest slice at a discount that the bidder's own account can take as well. @throws NoSliceError */
function fittingSlice(question: BidQuestion, terms: SliceTerms, discount: number): Slice {
  const { lot, opening } = question;
  const whole = largestSlice(terms, opening, lot, discount);
  const fits = (quantity: bigint): boolean => canTake(question, largestSlice(terms, opening, lot, discount, quantity));
  if (fits(whole.quantity)) return whole;
  let [good, bad] = [0n, whole.quantity];
  while (bad - good > 1n) {
    const middle = (good + bad) / 2n;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  if (good > 0n) return largestSlice(terms, opening, lot, discount, good);
  throw new NoSliceError(`the bidder's account can take nothing of row ${lot.row}: bring in collateral, or bid with another account`, { row: lot.row });
}

function canTake(question: BidQuestion, { quantity, payment }: Slice): boolean {
  try {
    planTransition(question.initial, question.own, ownWish(question, { bidder: question.bidder, quantity, payment, expiry: 0, nonce: 0n }));
    return true;
  } catch (error) {
    if (error instanceof Error && LIMITS.some((kind) => error instanceof kind)) return false;
    throw error;
  }
}

/** The bidder's side of a slice. Unmargined where it is so afterwards: then nobody's signature is needed. */
export function ownWish({ lot, own, initial, band, period }: Pick<BidQuestion, 'lot' | 'own' | 'initial' | 'band' | 'period'>, offer: SliceOffer): TransitionWish {
  const wish: TransitionWish = { act: { kind: 'trade', seller: !lot.accountSells, trade: tradeOfSlice(lot, offer), band }, owned: true, period };
  try {
    planTransition(initial, own, { ...wish, unmargined: true });
    return { ...wish, unmargined: true };
  } catch (error) {
    if (error instanceof StillMarginedError) return wish;
    throw error;
  }
}

function isWorthIt(question: BidQuestion, slice: Slice | undefined, subsidy: bigint): boolean {
  if (slice === undefined) return false;
  const gain = gainOf(question, slice, subsidy);
  return gain >= question.minProfit && gain * PPM >= slice.value * BigInt(question.minMargin);
}

function gainOf(question: BidQuestion, slice: Slice, subsidy: bigint): bigint {
  return gainOfSlice(priceOf(question, slice), slice.payment, slice.penalty, subsidy);
}

function priceOf({ lot: { accountSells }, auction }: BidQuestion, { quantity }: Slice): SlicePrice {
  return { accountSells, quantity, marks: auction };
}

/** Seconds until a clock that rises to `most` in `fall` seconds has a rate. */
function waitFor(rate: number, most: number, fall: number): number {
  return most === 0 ? 0 : Math.ceil((rate * fall) / most);
}

/** The first of `from` to `to` that a predicate holds of, which holds of all after one that it holds of. Requires that it holds of `to`. */
function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function orNone<Value>(cut: () => Value): Value | undefined {
  try {
    return cut();
  } catch (error) {
    if (error instanceof NoSliceError) return undefined;
    throw error;
  }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
