import { quickselect } from 'simple-statistics';

/**
 * The order statistic that at least `confidence` of the values do not exceed: of n values the one at rank
 * ceil(n * confidence) from below. Never interpolated, so never below the empirical quantile.
 * @param values at least one; put in another order
 */
export function upperQuantile(values: number[], confidence: number): number {
  // Products like 1000 * 0.99 must not be pushed to the next rank by their last bit.
  const rank = Math.ceil(values.length * confidence - 1e-9);
  const place = Math.min(Math.max(rank, 1), values.length) - 1;
  quickselect(values, place);
  return values[place] as number;
}
