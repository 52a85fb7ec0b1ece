import { naturalLog, ONE, over, squareRoot, times } from '../../fixed-point/real.js';
import type { Place } from '../../venue/place.js';
import { RATE_SCALE } from '../row-terms.js';
import { realOf } from './black-76.js';

/** Implied volatility at a strike. */
export interface SurfacePoint {
  /** 10^-8 of the settlement currency. */
  readonly strike: bigint;
  /** ppm a year. */
  readonly volatility: bigint;
}

/** Volatilities of one expiry. */
export interface SurfaceSlice {
  /** Unix seconds. */
  readonly expiry: number;
  /** Forward over index, a real. */
  readonly forwardFactor: bigint;
  /** Value now of one unit at expiry, a real. */
  readonly discount: bigint;
  /** By rising strike, at least one. */
  readonly points: readonly SurfacePoint[];
  readonly place: Place;
}

/** Volatilities of each underlying, by its feed, at one moment. */
export interface VolatilitySurface {
  /** Unix seconds. */
  readonly time: number;
  /** Slices by rising expiry, at least one. */
  readonly byFeed: ReadonlyMap<string, readonly SurfaceSlice[]>;
  readonly file: string;
}

/** What a surface says about one option. Reals but for the volatility. */
export interface SurfaceQuote {
  /** ppm a year, to the nearest. */
  readonly volatility: bigint;
  readonly forwardFactor: bigint;
  readonly discount: bigint;
}

/** Seconds of a year of 365 days, as option exchanges count. */
export const YEAR_SECONDS = 31_536_000n;

/** Years from `time` to `expiry`, a real; not above 0 once expired. */
export function yearsTo(expiry: number, time: number): bigint {
  return realOf(BigInt(expiry - time), YEAR_SECONDS);
}

/**
 * Volatility, forward and discount of one option. Total variance is linear in log-moneyness between strikes and linear in time
 * between expiries at the same log-moneyness; beyond the first or last strike, and the first or last expiry, volatility is flat.
 * Forward factor and discount are linear in time, from 1 at `time`, flat beyond the last expiry.
 *
 * @param spot, strike 10^-8 of the settlement currency, > 0
 * @param slices by rising expiry, those that end after `time`; at least one
 */
export function quoteAt(slices: readonly SurfaceSlice[], option: { spot: bigint; strike: bigint; expiry: number; time: number }): SurfaceQuote {
  const { expiry, time } = option;
  const later = slices.findIndex((slice) => slice.expiry >= expiry);
  const [above, below] = [slices[later], later < 0 ? slices.at(-1) : slices[later - 1]];
  const years = yearsTo(expiry, time);
  const carry = carryAt(below, above, option);
  const moneyness = naturalLog(over(realOf(option.strike, option.spot), carry.forwardFactor));
  const varianceOf = (slice: SurfaceSlice): bigint => times(variance(slice, moneyness, option), yearsTo(slice.expiry, time));
  let total: bigint;
  if (above === undefined || (below === undefined && above.expiry !== expiry)) {
    // Flat beyond the ends.
    total = times(variance((above ?? below) as SurfaceSlice, moneyness, option), years);
  } else if (below === undefined || above.expiry === expiry) total = varianceOf(above);
  else total = between(varianceOf(below), varianceOf(above), BigInt(expiry - below.expiry), BigInt(above.expiry - below.expiry));
  return { volatility: nearestPpm(squareRoot(over(total, years))), ...carry };
}

/** Volatility of a slice at a strike, whatever its expiry, ppm to the nearest. */
export function volatilityIn(slice: SurfaceSlice, strike: bigint, spot: bigint): bigint {
  return nearestPpm(squareRoot(variance(slice, moneynessOf(slice, strike, spot), { spot, strike })));
}

/** Total variance of one slice at a log-moneyness of its own forward, a real. */
export function totalVariance(slice: SurfaceSlice, moneyness: bigint, spot: bigint, time: number): bigint {
  return times(variance(slice, moneyness, { spot, strike: 0n }), yearsTo(slice.expiry, time));
}

/** Log-moneyness of a strike against the slice's own forward, a real. */
export function moneynessOf(slice: SurfaceSlice, strike: bigint, spot: bigint): bigint {
  return naturalLog(over(realOf(strike, spot), slice.forwardFactor));
}

function carryAt(
  below: SurfaceSlice | undefined, above: SurfaceSlice | undefined, { expiry, time }: { expiry: number; time: number },
): Pick<SurfaceQuote, 'forwardFactor' | 'discount'> {
  if (above === undefined) return { forwardFactor: below?.forwardFactor ?? ONE, discount: below?.discount ?? ONE };
  const from = below ?? { expiry: time, forwardFactor: ONE, discount: ONE };
  const [part, whole] = [BigInt(expiry - from.expiry), BigInt(above.expiry - from.expiry)];
  return {
    forwardFactor: between(from.forwardFactor, above.forwardFactor, part, whole),
    discount: between(from.discount, above.discount, part, whole),
  };
}

/** Variance a year. A listed strike of the slice's own expiry is read as it stands. */
function variance(slice: SurfaceSlice, moneyness: bigint, { spot, strike }: { spot: bigint; strike: bigint }): bigint {
  const { points } = slice;
  const listed = points.find((point) => point.strike === strike && moneynessOf(slice, strike, spot) === moneyness);
  if (listed !== undefined) return square(listed);
  const places = points.map((point) => moneynessOf(slice, point.strike, spot));
  const right = places.findIndex((place) => place >= moneyness);
  const [low, high] = [points[right < 0 ? points.length - 1 : right - 1], points[right]];
  if (low === undefined || high === undefined) return square((low ?? high) as SurfacePoint);
  const [from, to] = [places[right - 1] as bigint, places[right] as bigint];
  return between(square(low), square(high), moneyness - from, to - from);
}

function square({ volatility }: SurfacePoint): bigint {
  const real = realOf(volatility, RATE_SCALE);
  return times(real, real);
}

function between(from: bigint, to: bigint, part: bigint, whole: bigint): bigint {
  return from + ((to - from) * part) / whole;
}

function nearestPpm(real: bigint): bigint {
  return (real * RATE_SCALE + ONE / 2n) / ONE;
}
