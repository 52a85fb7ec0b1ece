/** Moves whose mean square starts the recursion. */
export const SEED_DAYS = 20;

/** Variance below which a price does not move: a hundredth of a basis point a day, squared. */
export const LEAST_VARIANCE = 1e-12;

/**
 * Exponentially weighted variances: element t is the forecast for move t, from moves before t only,
 * v[t] = lambda v[t-1] + (1 - lambda) r[t-1]^2. One longer than `returns`: the last is tomorrow's.
 * The first SEED_DAYS are NaN: they make the start.
 */
export function ewmaVariances(returns: readonly number[], lambda: number): Float64Array {
  const variances = new Float64Array(returns.length + 1).fill(Number.NaN);
  if (returns.length < SEED_DAYS) return variances;
  const seed = returns.slice(0, SEED_DAYS).reduce((sum, one) => sum + one * one, 0) / SEED_DAYS;
  variances[SEED_DAYS] = Math.max(seed, LEAST_VARIANCE);
  for (let t = SEED_DAYS + 1; t <= returns.length; t += 1) {
    const last = returns[t - 1] as number;
    variances[t] = Math.max(lambda * (variances[t - 1] as number) + (1 - lambda) * last * last, LEAST_VARIANCE);
  }
  return variances;
}
