import { divide } from '../fixed-point/decimal.js';
import type { MarginLevel, MarketRow } from './market-table.js';
import { MOVE_PARTS, RATE_SCALE, type LevelRates, type RowTerms, type ScenarioMove } from './row-terms.js';

/** Fixed point of multipliers. */
const MULTIPLIER_SCALE = 10n ** 18n;

/** Values per quantum, in value units. */
export type RowValues = Pick<MarketRow, 'mark' | 'longCharge' | 'shortCharge' | 'pnl'>;

/** An option's mark and scenario P&L, made outside: the rule only bounds them. Value units per quantum. */
export interface OptionMark {
  readonly mark: bigint;
  readonly pnl: readonly bigint[];
}

/** Value of one quantum of what a price is of, floored, value units. */
export function baseValue(oraclePrice: bigint, { multiplier }: Pick<RowTerms, 'multiplier'>): bigint {
  return (oraclePrice * multiplier) / MULTIPLIER_SCALE;
}

/** Whether that value had nothing to floor. */
export function isExactPrice(oraclePrice: bigint, { multiplier }: Pick<RowTerms, 'multiplier'>): boolean {
  return (oraclePrice * multiplier) % MULTIPLIER_SCALE === 0n;
}

export function ratesAt(terms: RowTerms, level: MarginLevel): LevelRates {
  return level === 'maintenance' ? terms.maintenance : terms.initial;
}

/** A sixtieth of what a rate is of `value`, rounded up: what scenario moves are multiples of. */
export function moveUnit(value: bigint, rate: bigint): bigint {
  return divide(value * rate, RATE_SCALE * MOVE_PARTS, 'ceil');
}

/**
 * Values of a linear row: everything but an option. The rule of docs/decisions/0004, which circuit `market-table` proves.
 *
 * Rounded against the account: the mark is floored, a short is charged one value unit for that, charges and ranges are rounded up.
 */
export function linearValues(oraclePrice: bigint, terms: RowTerms, level: MarginLevel, moves: readonly ScenarioMove[]): RowValues {
  const mark = baseValue(oraclePrice, terms);
  const { longRate, shortRate, scanRate } = ratesAt(terms, level);
  const floored = terms.exact ? 0n : 1n;
  const [scanUnit, basisUnit] = [moveUnit(mark, scanRate), moveUnit(mark, terms.basisRate)];
  return {
    mark,
    longCharge: partOf(mark, longRate),
    shortCharge: floored + partOf(mark + floored, shortRate),
    pnl: moves.map(({ price, basis }) => scanUnit * BigInt(price) + basisUnit * BigInt(basis)),
  };
}

/** Values of an option row: charges follow from the mark and the underlying's base value, mark and P&L are as given. */
export function optionValues(oraclePrice: bigint, terms: RowTerms, level: MarginLevel, { mark, pnl }: OptionMark): RowValues {
  const underlying = baseValue(oraclePrice, terms);
  const { longRate, shortRate } = ratesAt(terms, level);
  return { mark, longCharge: partOf(mark, longRate), shortCharge: 1n + partOf(underlying + 1n, shortRate), pnl };
}

/**
 * Least and most an option's mark may be, whatever its volatility: its value at expiry and that of what it is on, each with
 * the gap that the basis allows between index and discounted forward.
 */
export function optionBounds(oraclePrice: bigint, terms: RowTerms): { readonly least: bigint; readonly most: bigint } {
  const underlying = baseValue(oraclePrice, terms);
  const gap = MOVE_PARTS * moveUnit(underlying, terms.basisRate);
  const intrinsic = (terms.put ? terms.strike - underlying : underlying - terms.strike) - gap;
  return { least: intrinsic > 0n ? intrinsic : 0n, most: terms.put ? terms.strike : underlying + gap };
}

/** ceil(value * rate / 10^6). */
function partOf(value: bigint, rate: bigint): bigint {
  return divide(value * rate, RATE_SCALE, 'ceil');
}
