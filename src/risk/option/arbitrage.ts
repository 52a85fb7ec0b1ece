import { ONE, squareRoot } from '../../fixed-point/real.js';
import type { Place } from '../../venue/place.js';
import { realOf, undiscountedPrice } from './black-76.js';
import { moneynessOf, totalVariance, type SurfaceSlice, type VolatilitySurface } from './volatility-surface.js';

/** Prices of a surface that let somebody earn without risk. */
export interface ArbitrageFinding {
  /** calendar: more time is worth less; monotone: a higher strike's call is dearer, or cheaper by more than the strikes differ; butterfly: prices are not convex. */
  readonly kind: 'calendar' | 'monotone' | 'butterfly';
  readonly feed: string;
  readonly place: Place;
  /** What it earns, undiscounted, 10^-8 of the settlement currency a unit; for calendar total variance in 10^-8. */
  readonly size: bigint;
  readonly message: string;
}

const FINDING_UNIT = 10n ** 8n;

/**
 * Static no-arbitrage checks at the listed strikes and expiries of each underlying.
 *
 * @param spotOf price of a feed, 10^-8; feeds without one are left out
 */
export function findArbitrage(surface: VolatilitySurface, time: number, spotOf: (feed: string) => bigint | undefined): ArbitrageFinding[] {
  return [...surface.byFeed].flatMap(([feed, all]) => {
    const spot = spotOf(feed);
    if (spot === undefined) return [];
    const slices = all.filter(({ expiry }) => expiry > time);
    return [
      ...slices.flatMap((slice) => sliceFindings(feed, slice, spot, time)),
      ...slices.slice(1).flatMap((later, at) => calendarFindings(feed, slices[at] as SurfaceSlice, later, { spot, time })),
    ];
  });
}

function sliceFindings(feed: string, slice: SurfaceSlice, spot: bigint, time: number): ArbitrageFinding[] {
  // In units of the forward, so that sizes do not depend on the price's magnitude.
  const forward = (spot * slice.forwardFactor) / ONE;
  const points = slice.points.map(({ strike }) => {
    const deviation = squareRoot(totalVariance(slice, moneynessOf(slice, strike, spot), spot, time));
    return { strike, call: undiscountedPrice(realOf(forward, FINDING_UNIT), realOf(strike, FINDING_UNIT), deviation, false) };
  });
  const found: ArbitrageFinding[] = [];
  const add = (kind: ArbitrageFinding['kind'], size: bigint, strike: bigint, sentence: string): void => {
    const inUnits = (size * FINDING_UNIT) / ONE;
    if (inUnits > 0n) found.push({ kind, feed, place: slice.place, size: inUnits, message: `${feed}, expiry ${slice.expiry}, strike ${strike / FINDING_UNIT}: ${sentence}` });
  };
  points.slice(1).forEach((right, at) => {
    const left = points[at] as (typeof points)[number];
    const width = realOf(right.strike - left.strike, FINDING_UNIT);
    add('monotone', right.call - left.call, right.strike, 'its call is dearer than the one below');
    add('monotone', left.call - right.call - width, right.strike, 'its call is cheaper than the one below by more than the strikes differ');
    const next = points[at + 2];
    if (next === undefined) return;
    const line = left.call + ((next.call - left.call) * (right.strike - left.strike)) / (next.strike - left.strike);
    add('butterfly', right.call - line, right.strike, 'its call is dearer than its neighbours together');
  });
  return found;
}

function calendarFindings(
  feed: string, earlier: SurfaceSlice, later: SurfaceSlice, { spot, time }: { readonly spot: bigint; readonly time: number },
): ArbitrageFinding[] {
  return [earlier, later].flatMap((slice) => slice.points.flatMap(({ strike }): ArbitrageFinding[] => {
    const moneyness = moneynessOf(slice, strike, spot);
    const size = ((totalVariance(earlier, moneyness, spot, time) - totalVariance(later, moneyness, spot, time)) * FINDING_UNIT) / ONE;
    if (size <= 0n) return [];
    const message = `${feed}, expiry ${later.expiry}, at the moneyness of strike ${strike / FINDING_UNIT}: total variance is less than at expiry ${earlier.expiry}`;
    return [{ kind: 'calendar', feed, place: later.place, size, message }];
  }));
}
