import { sampleCorrelation } from 'simple-statistics';
import { creditPpm, ratioOf } from './parts-per-million.js';
import type { CorrelationSettings } from './settings.js';

/**
 * A correlation that the pair has not fallen below: the least over rolling windows of the look-back, each at the lower end of
 * its confidence interval (Fisher's z). -1 where there are fewer moves than a window has.
 * @param a,b moves of the same days, oldest first
 */
export function correlationLowerBound(a: readonly number[], b: readonly number[], settings: CorrelationSettings): number {
  const { windowDays, stepDays, lookbackDays } = settings;
  const oldest = Math.max(0, a.length - lookbackDays);
  let least = 1;
  let windows = 0;
  for (let end = a.length; end - windowDays >= oldest; end -= stepDays) {
    least = Math.min(least, lowerEnd(a.slice(end - windowDays, end), b.slice(end - windowDays, end), settings));
    windows += 1;
  }
  return windows === 0 ? -1 : least;
}

function lowerEnd(a: number[], b: number[], { standardErrors }: CorrelationSettings): number {
  const estimate = sampleCorrelation(a, b);
  // A leg that did not move has no correlation.
  if (!Number.isFinite(estimate)) return -1;
  const inside = Math.min(Math.max(estimate, -0.999999), 0.999999);
  return Math.tanh(Math.atanh(inside) - standardErrors / Math.sqrt(a.length - 3));
}

/**
 * Share of both legs' ranges that opposite positions of equal value are given back, ppm, rounded down:
 * the credit share of `1 - sqrt(1 - rho^2)`, what a hedge of that correlation takes off the deviation of one leg.
 * Nothing at or below no correlation.
 */
export function offsetCredit(correlation: number, settings: CorrelationSettings): bigint {
  if (!(correlation > 0)) return 0n;
  return creditPpm(ratioOf(settings.creditSharePpm) * (1 - Math.sqrt(1 - Math.min(correlation, 1) ** 2)));
}
