import { divide } from '../fixed-point/decimal.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt, tiersOf } from '../risk/tiers.js';
import { isSettlementKind } from '../venue/instrument.js';
import type { AuctionClock, Lot, LotMarks } from './auction.js';
import { LotError } from './liquidation-errors.js';
import { PPM, type LiquidationRules } from './liquidation-rules.js';

/** What a slice's price follows from beside the marks. */
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
export function marksOf(table: MarketTable, { row, payRow, accountSells }: Pick<Lot, 'row' | 'payRow' | 'accountSells'>): LotMarks {
  const [sold, paid] = [firstTier(table, row), firstTier(table, payRow)];
  if (!isSettlementKind(paid.kind)) throw new LotError(`a liquidation is paid in cash or spot, and ${paid.id} is neither`, { row: payRow });
  if (sold.group === paid.group) throw new LotError(`${sold.id} cannot be paid in itself: name another row to pay in`, { row });
  if (sold.mark < 0n) throw new LotError(`${sold.id} has a mark below 0, which no auction takes`, { row });
  if (paid.mark <= 0n) throw new LotError(`${paid.id} has no mark: nothing can be priced in it`, { row: payRow });
  return { mark: sold.mark, payMark: paid.mark, strike: accountSells || sold.kind !== 'option' ? 0n : sold.terms?.strike ?? 0n };
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

/** Value units that a slice's discount, penalty and subsidy are shares of: for each quantum the mark, and of an option bought back the strike too. */
export function sliceValue({ quantity, marks: { mark, strike } }: SlicePrice): bigint {
  return quantity * (mark + strike);
}

/**
 * Quanta of the pay row that a bidder gives for a slice at least, where the account sells, or gets at most, where it buys back. What the
 * account is better off by may be offered any time.
 *
 * @param discount ppm
 * @param penalty ppm
 */
export function limitPayment(price: SlicePrice, discount: number, penalty: number): bigint {
  const { accountSells, quantity, marks: { mark, payMark } } = price;
  const taken = sliceValue(price) * BigInt(discount + penalty);
  if (!accountSells) return (quantity * mark * PPM + taken) / (PPM * payMark);
  return divide(quantity * mark * PPM - taken, PPM * payMark, 'ceil');
}

/** Whether a payment is one that the auction takes. */
export function isPriceMet(price: SlicePrice, payment: bigint, discount: number, penalty: number): boolean {
  const limit = limitPayment(price, discount, penalty);
  return price.accountSells ? payment >= limit : payment <= limit;
}

/** Quanta of the pay row that the bidder pays as penalty, rounded up. @param penalty ppm */
export function penaltyOf(price: SlicePrice, penalty: number): bigint {
  return divide(sliceValue(price) * BigInt(penalty), PPM * price.marks.payMark, 'ceil');
}

/** Quanta of the pay row that the waterfall pays the bidder at most, rounded down. @param subsidy ppm */
export function mostSubsidy(price: SlicePrice, subsidy: number): bigint {
  return (sliceValue(price) * BigInt(subsidy)) / (PPM * price.marks.payMark);
}

/** Whether a slice is dust: worth less than the least lot, whatever is bought back. */
export function isDust(price: SlicePrice, { minLot }: Pick<LiquidationRules, 'minLot'>): boolean {
  return sliceValue(price) < minLot;
}

/**
 * Seconds after its start from which an auction takes a payment; undefined where it never does.
 *
 * @returns at most `fall`
 */
export function takesPaymentAfter(price: SlicePrice, payment: bigint, { fall, maxDiscount, maxSubsidy, penalty }: Pick<LiquidationRules, 'fall' | 'maxDiscount' | 'maxSubsidy' | 'penalty'>): number | undefined {
  const taken = (elapsed: number): boolean => isPriceMet(price, payment, clockAfter({ fall, maxDiscount, maxSubsidy }, elapsed).discount, penalty);
  if (!taken(fall)) return undefined;
  let [early, late] = [0, fall];
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
