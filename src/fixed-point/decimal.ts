import { ClearproofError } from '../error/clearproof-error.js';

/** Most characters a decimal may have: more than any amount here needs, and a bound on the work a hostile input causes. */
const MAX_LENGTH = 96;
const DECIMAL = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** A text is not a plain decimal, or has more fractional digits than its unit can hold. */
export class DecimalError extends ClearproofError {
  readonly code = 'DECIMAL';
}

/** How a value that lies between two integers is settled. `exact` refuses it. */
export type Rounding = 'exact' | 'floor' | 'ceil';

/** `numerator / denominator` as an integer, rounded as named. Requires `denominator > 0`. */
export function divide(numerator: bigint, denominator: bigint, rounding: Exclude<Rounding, 'exact'>): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  if (rounding === 'floor') return numerator < 0n ? quotient - 1n : quotient;
  return numerator < 0n ? quotient : quotient + 1n;
}

/**
 * Parses `-?digits[.digits]` into an integer of 10^-scale units.
 *
 * Refused, because each has lost somebody money: exponents, hex, a plus sign, white space, leading zeros,
 * a bare or trailing point, `-0`, and (with `exact`) non-zero digits beyond the scale.
 *
 * @param scale fractional digits of the unit, 0..36
 * @throws DecimalError
 */
export function parseDecimal(text: string, scale: number, rounding: Rounding = 'exact'): bigint {
  const match = text.length <= MAX_LENGTH ? DECIMAL.exec(text) : null;
  if (match === null) {
    throw new DecimalError(`${show(text)} is not a plain decimal number: write digits with at most one point, as in -1234.56`);
  }
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const dropped = /[1-9]/.test(fraction.slice(scale));
  const magnitude = BigInt(whole + kept);
  if (sign === '-' && magnitude === 0n && !dropped) throw new DecimalError(`${show(text)} is minus zero: write 0`);
  if (!dropped) return sign === '-' ? -magnitude : magnitude;
  if (rounding === 'exact') {
    throw new DecimalError(`${show(text)} has more than ${scale} decimals: the smallest unit here is 10^-${scale}`);
  }
  const awayFromZero = (rounding === 'ceil') === (sign === '');
  const rounded = awayFromZero ? magnitude + 1n : magnitude;
  return sign === '-' ? -rounded : rounded;
}

/** An integer of 10^-scale units as a plain decimal without trailing zeros. The inverse of parseDecimal. */
export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Parses a canonical unsigned or signed integer as it stands in our JSON files: no leading zeros, no `-0`. */
export function parseInteger(text: string): bigint {
  // "1.0" is a decimal that happens to be whole; one value must not have two spellings.
  if (text.includes('.')) throw new DecimalError(`${show(text)} is not an integer: write digits without a point`);
  return parseDecimal(text, 0);
}

function show(text: string): string {
  const printable = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(printable);
}
