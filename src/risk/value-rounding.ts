import { divide, parseDecimal } from '../fixed-point/decimal.js';

/** Decimals a price or fraction may have. */
export const INPUT_SCALE = 36;
/** Exact values here are integers of 10^-72: a price times a fraction, nothing dropped. */
export const EXACT_SCALE = 2 * INPUT_SCALE;

/** Values of one whole unit of an instrument in the settlement currency, integers of 10^-72. */
export interface ExactValues {
  readonly mark: bigint;
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
  readonly pnl: readonly bigint[];
}

/** Values of one quantum in value units. */
export interface QuantumValues {
  readonly mark: bigint;
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
  readonly pnl: readonly bigint[];
}

/** A plain decimal as an integer of 10^-72. @throws DecimalError */
export function exactDecimal(text: string): bigint {
  return parseDecimal(text, INPUT_SCALE) * 10n ** BigInt(EXACT_SCALE - INPUT_SCALE);
}

/** A fraction, a plain decimal, of an exact value. @throws DecimalError */
export function exactFraction(text: string, of: bigint): bigint {
  // `of` stems from exactDecimal, so its last 36 digits are zeros and the division is exact.
  return (parseDecimal(text, INPUT_SCALE) * of) / 10n ** BigInt(INPUT_SCALE);
}

/**
 * Values per unit to value units per quantum, rounded so that no account looks healthier than it is.
 *
 * With exact M, L_s (L_0 = 0), c+, c- per quantum: mark m = floor(M), pnl l_s = floor(L_s),
 * longCharge = ceil(c+), or m if c+ <= M but ceil(c+) > m, shortCharge = ceil(c- + (M - m) + max_s (L_s - l_s)).
 *
 * Why it is enough. A holding adds q(m + l_s) - charge to excess s, exactly q(M + L_s) - charge.
 * q >= 0: l_s <= L_s, and m - longCharge <= M - c+: by m <= M and ceil(c+) >= c+, or because 0 <= M - c+.
 * q < 0, b = -q: rounded - exact = b[(M - m) + (L_s - l_s) - (shortCharge - c-)] <= 0 by the choice of shortCharge, in each s.
 * Sums over holdings keep the inequality. A short charge rises by less than 2 above the exact one plus rounding; exact input
 * stays as it is; a haircut of at most the mark stays at most the mark.
 */
export function roundAgainstAccounts(exact: ExactValues, valueScale: number, quantityDecimals: number): QuantumValues {
  const scale = 10n ** BigInt(valueScale);
  const denominator = 10n ** BigInt(EXACT_SCALE + quantityDecimals);
  const floor = (value: bigint): bigint => divide(value * scale, denominator, 'floor');
  const dropped = (value: bigint): bigint => value * scale - floor(value) * denominator;
  const mark = floor(exact.mark);
  const longCharge = divide(exact.longCharge * scale, denominator, 'ceil');
  const mostDropped = exact.pnl.map(dropped).reduce((most, one) => (one > most ? one : most), 0n);
  return {
    mark,
    longCharge: exact.longCharge <= exact.mark && longCharge > mark ? mark : longCharge,
    shortCharge: divide(exact.shortCharge * scale + dropped(exact.mark) + mostDropped, denominator, 'ceil'),
    pnl: exact.pnl.map(floor),
  };
}
