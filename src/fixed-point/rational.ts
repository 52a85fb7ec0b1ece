import { DecimalError, divide, parseDecimal, type Rounding } from './decimal.js';

/** An exact fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Decimals a fraction written with a point may have. */
const SCALE = 36;
const FRACTION = /^(-?[0-9]{1,9})\/([1-9][0-9]{0,8})$/;

/** `numerator / denominator` in lowest terms. Requires `denominator > 0`. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  return Object.freeze({ numerator: numerator / divisor, denominator: denominator / divisor });
}

/** Parses "1/3", "-2" or "0.35", exactly. Refused: what parseDecimal refuses, and fractions not in lowest terms. @throws DecimalError */
export function parseRational(text: string): Rational {
  const match = FRACTION.exec(text);
  if (match === null) {
    try {
      return rational(parseDecimal(text, SCALE), 10n ** BigInt(SCALE));
    } catch (cause) {
      if (!(cause instanceof DecimalError)) throw cause;
      throw new DecimalError(`${cause.message}, or a fraction as in 1/3`, {}, { cause });
    }
  }
  const [, numerator = '', denominator = ''] = match;
  const value = rational(BigInt(numerator), BigInt(denominator));
  if (formatRational(value) === text) return value;
  throw new DecimalError(`${JSON.stringify(text)} is not in lowest terms: write ${formatRational(value)}`);
}

/** "1/3", or "2" for a whole number. */
export function formatRational({ numerator, denominator }: Rational): string {
  return denominator === 1n ? numerator.toString() : `${numerator}/${denominator}`;
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Negative, 0 or positive as a is less than, equal to or greater than b. */
export function compareRationals(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** As an integer of 1/unit, rounded as named. Requires `unit > 0`. */
export function roundRational({ numerator, denominator }: Rational, unit: bigint, rounding: Exclude<Rounding, 'exact'>): bigint {
  return divide(numerator * unit, denominator, rounding);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
