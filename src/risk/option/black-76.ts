import { naturalLog, normalProbability, ONE, over, squareRoot, times } from '../../fixed-point/real.js';

/** A European option on a forward, in reals of 10^-40 (fixed-point/real.ts). Prices may be in any one unit. */
export interface BlackTerms {
  /** > 0 */
  readonly forward: bigint;
  /** > 0 */
  readonly strike: bigint;
  /** A year's, >= 0. */
  readonly volatility: bigint;
  /** Years to expiry; 0 or less: expired. */
  readonly years: bigint;
  /** Value now of one unit at expiry, > 0. */
  readonly discount: bigint;
  readonly put: boolean;
}

/**
 * Black-76: discount * (F N(d1) - K N(d2)) for a call, discount * (K N(-d2) - F N(-d1)) for a put, with
 * d1 = ln(F/K) / s + s/2, d2 = d1 - s, s = volatility * sqrt(years). Without time or volatility what it is worth exercised.
 * Never negative; within 10^-34 of the exact value, as a part of the larger of forward and strike.
 */
export function blackPrice({ forward, strike, volatility, years, discount, put }: BlackTerms): bigint {
  const deviation = years > 0n ? times(volatility, squareRoot(years)) : 0n;
  const undiscounted = deviation === 0n ? intrinsic(forward, strike, put) : undiscountedPrice(forward, strike, deviation, put);
  return times(discount, undiscounted);
}

/** The undiscounted price for a standard deviation of the forward's logarithm > 0. */
export function undiscountedPrice(forward: bigint, strike: bigint, deviation: bigint, put: boolean): bigint {
  const d1 = over(naturalLog(over(forward, strike)), deviation) + deviation / 2n;
  const d2 = d1 - deviation;
  const price = put
    ? times(strike, normalProbability(-d2)) - times(forward, normalProbability(-d1))
    : times(forward, normalProbability(d1)) - times(strike, normalProbability(d2));
  // The last digits are rounded: what is worth nothing must not be worth less.
  const least = intrinsic(forward, strike, put);
  return price < least ? least : price;
}

/** What it is worth at a price of `forward` if exercised now. */
export function intrinsic(forward: bigint, strike: bigint, put: boolean): bigint {
  const gain = put ? strike - forward : forward - strike;
  return gain > 0n ? gain : 0n;
}

/** A real from a fraction. Rounded down in magnitude. */
export function realOf(numerator: bigint, denominator: bigint): bigint {
  return (numerator * ONE) / denominator;
}
