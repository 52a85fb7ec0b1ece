import { divide } from '../fixed-point/decimal.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt, tiersOf } from '../risk/tiers.js';
import type { AuctionClock, Lot, LotMarks, SaleRates } from './auction.js';
import { LotError } from './liquidation-errors.js';
import { PPM, type LiquidationRules } from './liquidation-rules.js';

/** What a slice's price follows from beside rates. */
export interface SlicePrice {
  readonly accountSells: boolean;
  /** Quanta of the row, at least 1. */
  readonly quantity: bigint;
  readonly marks: LotMarks;
}

/**
 * Marks of a lot in a table, as `markAuction` is shown them.
 *
 * @throws LotError for rows that make no sale; UnknownInstrumentError
 */
export function marksOf(table: MarketTable, { row, payRow, accountSells }: Omit<Lot, 'handle'>, { strikeShare, feeRow }: Pick<LiquidationRules, 'strikeShare' | 'feeRow'>): LotMarks {
  const [sold, paid, fee] = [firstTier(table, row), firstTier(table, payRow), firstTier(table, feeRow)];
  if (sold.group === paid.group) throw new LotError(`${sold.id} cannot be paid in itself: name another row to pay in`, { row });
  if (paid.kind !== 'cash' && (paid.kind !== 'entry' || sold.kind === 'entry')) {
    throw new LotError(`a liquidation of ${sold.id} is paid in cash${sold.kind === 'entry' ? '' : ' or entry'}, and ${paid.id} is ${paid.kind}`, { row: payRow });
  }
  if (sold.mark < 0n) throw new LotError(`${sold.id} has a mark below 0, which no auction takes`, { row });
  for (const { id, index, mark } of [paid, fee]) {
    if (mark <= 0n) throw new LotError(`${id} has no mark: nothing can be priced in it`, { row: index });
  }
  const strike = accountSells || sold.kind !== 'option' ? 0n : sold.terms?.strike ?? 0n;
  return { mark: sold.mark, payMark: paid.mark, feeMark: fee.mark, extra: (strike * BigInt(strikeShare)) / PPM };
}

/** Whether a row is exchanged at its mark, without discount, penalty or subsidy. */
export function isAtPar(table: MarketTable, row: number): boolean {
  return rowAt(table, row).kind === 'entry';
}

/**
 * Discount and subsidy of an auction's clock, ppm: the discount rises from 0 to `maxDiscount` in `fall` seconds, then the subsidy from 0 to
 * `maxSubsidy` in as many; both stay there. Rounded down.
 *
 * @param elapsed seconds since the clock started, at least 0
 */
export function clockAfter({ fall, maxDiscount, maxSubsidy }: Pick<LiquidationRules, 'fall' | 'maxDiscount' | 'maxSubsidy'>, elapsed: number): AuctionClock {
  const part = (most: number, seconds: number): number => Number((BigInt(most) * BigInt(Math.min(Math.max(seconds, 0), fall))) / BigInt(fall));
  return { discount: part(maxDiscount, elapsed), subsidy: part(maxSubsidy, elapsed - fall) };
}

/** Value units that discount, penalty and subsidy are rates of. */
export function sliceValue({ quantity, marks: { mark, extra } }: SlicePrice): bigint {
  return quantity * (mark + extra);
}

/**
 * Quanta of the pay row that a bidder gives for a slice at least, where the account sells, or gets at most, where it buys back. What is better
 * for the account may be offered any time.
 */
export function limitPayment(price: SlicePrice, { discount, penalty }: SaleRates): bigint {
  const { accountSells, quantity, marks: { mark, payMark } } = price;
  const taken = sliceValue(price) * BigInt(discount + penalty);
  if (!accountSells) return (quantity * mark * PPM + taken) / (PPM * payMark);
  return divide(quantity * mark * PPM - taken, PPM * payMark, 'ceil');
}

/** Whether a payment is one that the auction takes at these rates. */
export function isPriceMet(price: SlicePrice, payment: bigint, rates: SaleRates): boolean {
  const limit = limitPayment(price, rates);
  return price.accountSells ? payment >= limit : payment <= limit;
}

/** Quanta of the fee row that the bidder pays besides, rounded up. */
export function penaltyOf(price: SlicePrice, { penalty }: Pick<SaleRates, 'penalty'>): bigint {
  return divide(sliceValue(price) * BigInt(penalty), PPM * price.marks.feeMark, 'ceil');
}

/** Quanta of the fee row that the waterfall pays the bidder at most, rounded down. */
export function mostSubsidy(price: SlicePrice, { subsidy }: Pick<AuctionClock, 'subsidy'>): bigint {
  return (sliceValue(price) * BigInt(subsidy)) / (PPM * price.marks.feeMark);
}

/** Whether a slice is worth less than the least lot: it needs no proof that it did not go too far. */
export function isDust(price: SlicePrice, { minLot }: Pick<LiquidationRules, 'minLot'>): boolean {
  return sliceValue(price) < minLot;
}

/**
 * Seconds after its clock started from which an auction takes a payment; undefined where it never does.
 *
 * @param rules penalty 0 and maxDiscount 0 of a row at par
 * @returns at most `fall`
 */
export function takesPaymentAfter(
  price: SlicePrice, payment: bigint, rules: Pick<LiquidationRules, 'fall' | 'maxDiscount' | 'maxSubsidy' | 'penalty'>,
): number | undefined {
  const taken = (elapsed: number): boolean => isPriceMet(price, payment, { ...clockAfter(rules, elapsed), penalty: rules.penalty });
  if (!taken(rules.fall)) return undefined;
  let [early, late] = [0, rules.fall];
  while (early < late) {
    const middle = Math.floor((early + late) / 2);
    if (taken(middle)) late = middle;
    else early = middle + 1;
  }
  return late;
}

/** @throws LotError for a further tier: a lot names instruments */
function firstTier(table: MarketTable, index: number): MarketRow {
  const row = rowAt(table, index);
  if (row.predecessor === 0) return row;
  throw new LotError(`row ${index}, ${row.id}, is a tier: name its instrument, row ${tiersOf(table, index)[0]?.index ?? 0}`, { row: index });
}
