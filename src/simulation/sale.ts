import { divide } from '../fixed-point/decimal.js';
import { PPM } from '../risk/model/parts-per-million.js';
import { after, marginOf, onlyReduces, type Quantities, type SimulatedAccount } from './accounts.js';
import { CASH, ENTRY, isPerpetual, type Tables } from './market.js';
import type { Policy } from './policies.js';
import { most } from './venue.js';

/** What is for sale of an account, and since when: docs/decisions/0010, of rows without a strike. */
export interface Lot {
  readonly row: number;
  /** The account is long and sells; else it buys back. */
  readonly accountSells: boolean;
  /** Seconds since the clock started. */
  readonly elapsed: number;
}

/** A slice at the auction's price. Quanta; all that is paid is of the pay row but the penalty, which is cash. */
export interface Slice {
  readonly lot: Lot;
  readonly quantity: bigint;
  readonly payment: bigint;
  readonly penalty: bigint;
  readonly mostSubsidy: bigint;
  readonly discount: bigint;
  /** quantity * mark, value units. */
  readonly value: bigint;
}

export type SaleRules = Pick<Policy, 'maxDiscount' | 'maxSubsidy' | 'penalty' | 'paidIn'> & { readonly fall: number };

/** Value units; slices below are dust, of which a liquidation takes MOST_DUST. */
export const MIN_LOT = 500n * 10n ** 12n;
export const MOST_DUST = 16;

/** d(t) and s(t), ppm: the discount rises first, then the subsidy. */
export function clockOf({ maxDiscount, maxSubsidy, fall }: SaleRules, elapsed: number): { readonly discount: bigint; readonly subsidy: bigint } {
  const part = (most: bigint, seconds: number): bigint => (most * BigInt(Math.min(Math.max(seconds, 0), fall))) / BigInt(fall);
  return { discount: part(maxDiscount, elapsed), subsidy: part(maxSubsidy, elapsed - fall) };
}

/** The row that is sold next: the largest perpetual; without one the largest coin; nothing when neither is held. */
export function nextRow(tables: Tables, quantities: Quantities): { readonly row: number; readonly accountSells: boolean } | undefined {
  const valueOf = (row: number): bigint => {
    const value = (quantities[row] ?? 0n) * (tables.initial.rows[row]?.mark ?? 0n);
    return value < 0n ? -value : value;
  };
  const held = quantities.flatMap((quantity, row) => (quantity === 0n || row === CASH || row === ENTRY ? [] : [row]));
  const perpetuals = held.filter(isPerpetual);
  const [largest] = (perpetuals.length > 0 ? perpetuals : held).sort((a, b) => Number(valueOf(b) > valueOf(a)) - Number(valueOf(b) < valueOf(a)) || a - b);
  return largest === undefined ? undefined : { row: largest, accountSells: (quantities[largest] ?? 0n) > 0n };
}

/**
 * A slice at exactly the price of a discount, rounded as the contract's inequalities allow.
 * @param discount at most the clock's, which is taken unless given: a bid may be better for the account
 */
export function sliceOf(tables: Tables, lot: Lot, quantity: bigint, rules: SaleRules, discount: bigint = clockOf(rules, lot.elapsed).discount): Slice {
  const [mark, payMark] = [tables.initial.rows[lot.row]?.mark ?? 0n, tables.initial.rows[CASH]?.mark ?? 1n];
  const { subsidy } = clockOf(rules, lot.elapsed);
  const value = quantity * mark;
  const payment = lot.accountSells
    ? divide(value * (PPM - discount - rules.penalty), PPM * payMark, 'ceil') : divide(value * (PPM + discount + rules.penalty), PPM * payMark, 'floor');
  return {
    lot, quantity, payment, value, discount,
    penalty: divide(value * rules.penalty, PPM * payMark, 'ceil'), mostSubsidy: divide(value * subsidy, PPM * payMark, 'floor'),
  };
}

/** What account and bidder hold after a slice. The penalty is the bidder's to pay, in cash; the price has it in already. */
export function afterSlice(account: Quantities, bidder: Quantities, slice: Slice, rules: SaleRules): { readonly account: bigint[]; readonly bidder: bigint[] } {
  const { lot: { row, accountSells }, quantity, payment, penalty } = slice;
  const payRow = payRowOf(row, rules);
  const sign = accountSells ? 1n : -1n;
  return {
    account: after(account, [[row, -sign * quantity], [payRow, sign * payment]]),
    bidder: after(bidder, [[row, sign * quantity], [payRow, -sign * payment], [CASH, -penalty]]),
  };
}

/** Coins are paid for in cash under every set of rules. */
function payRowOf(row: number, { paidIn }: SaleRules): number {
  return paidIn === 'entry' && isPerpetual(row) ? ENTRY : CASH;
}

/**
 * The largest slice that a liquidation may take: under water at maintenance before, and below initial margin still afterwards
 * (or dust). Where the clock's discount is more than the circuit lets anybody give away, the largest that it lets. Nothing
 * where nothing may be sold.
 */
export function largestSlice(tables: Tables, account: SimulatedAccount, lot: Lot, rules: SaleRules): Slice | undefined {
  if (marginOf(tables.maintenance, account.quantities).healthy) return undefined;
  const held = account.quantities[lot.row] ?? 0n;
  const before = marginOf(tables.initial, account.quantities);
  const sold = (slice: Slice): bigint[] => afterSlice(account.quantities, account.quantities, slice, rules).account;
  const quantity = most(held < 0n ? -held : held, (one) => !marginOf(tables.initial, sold(sliceOf(tables, lot, one, rules))).healthy);
  const chosen = sliceOf(tables, lot, quantity, rules).value >= MIN_LOT ? quantity : dustOf(tables, account, lot);
  const at = (discount: bigint): Slice => sliceOf(tables, lot, chosen, rules, discount);
  const taken = (slice: Slice): boolean => onlyReduces(before, marginOf(tables.initial, sold(slice)));
  if (chosen === 0n || !taken(at(0n))) return undefined;
  return at(most(clockOf(rules, lot.elapsed).discount, (discount) => taken(at(discount))));
}

/** One slice below MIN_LOT, which needs no second verdict, while the liquidation has any of them left. */
function dustOf(tables: Tables, { quantities, dust }: SimulatedAccount, { row }: Lot): bigint {
  const mark = tables.initial.rows[row]?.mark ?? 0n;
  if (dust >= MOST_DUST || mark === 0n) return 0n;
  const held = quantities[row] ?? 0n;
  const largest = (MIN_LOT - 1n) / mark;
  const magnitude = held < 0n ? -held : held;
  return magnitude < largest ? magnitude : largest;
}

/** Whether a bidder's own account may take the slice: initial margin or less risk, and nothing borrowed. */
export function mayCarry(tables: Tables, bidder: Quantities, afterwards: Quantities): boolean {
  if ((afterwards[CASH] ?? 0n) < 0n) return false;
  const [before, then] = [marginOf(tables.initial, bidder), marginOf(tables.initial, afterwards)];
  return then.healthy || onlyReduces(before, then);
}
