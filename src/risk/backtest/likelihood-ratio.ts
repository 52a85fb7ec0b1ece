import { errorFunction } from 'simple-statistics';

/** A likelihood ratio and how often chance alone gives one as large. */
export interface LikelihoodRatio {
  readonly statistic: number;
  readonly pValue: number;
}

/** Chance that a chi-squared variable of one or two degrees of freedom exceeds `statistic`. */
export function chiSquaredTail(statistic: number, degreesOfFreedom: 1 | 2): number {
  const x = Math.max(0, statistic) / 2;
  // The error function is an approximation to 1e-7 and may leave [0, 1] by as much.
  return degreesOfFreedom === 1 ? Math.min(1, Math.max(0, 1 - errorFunction(Math.sqrt(x)))) : Math.exp(-x);
}

/**
 * Kupiec's proportion of failures (1995): are there as many exceedances as the rate says? It objects to too few as well as
 * to too many.
 * @param rate expected share of exceedances, 0 < rate < 1
 */
export function kupiec(exceedances: number, days: number, rate: number): LikelihoodRatio {
  const under = logLikelihood(exceedances, days, rate);
  const fitted = logLikelihood(exceedances, days, exceedances / days);
  return ratio(under, fitted, 1);
}

export interface Christoffersen {
  /** Does an exceedance make one the next day likelier? */
  readonly independence: LikelihoodRatio;
  /** Rate and independence at once: the sum of both statistics. */
  readonly conditionalCoverage: LikelihoodRatio;
}

/** Christoffersen's tests (1998) of a day-by-day record, oldest first, against a first-order Markov chain. */
export function christoffersen(hits: readonly boolean[], rate: number): Christoffersen {
  const follows = (before: boolean, after: boolean): number => hits.slice(1).filter((hit, i) => hits[i] === before && hit === after).length;
  const [n00, n01, n10, n11] = [follows(false, false), follows(false, true), follows(true, false), follows(true, true)];
  const steps = n00 + n01 + n10 + n11;
  const alike = logLikelihood(n01 + n11, steps, (n01 + n11) / steps);
  const chained = logLikelihood(n01, n00 + n01, n01 / (n00 + n01)) + logLikelihood(n11, n10 + n11, n11 / (n10 + n11));
  const independence = ratio(alike, chained, 1);
  const { statistic } = kupiec(hits.filter(Boolean).length, hits.length, rate);
  return { independence, conditionalCoverage: { statistic: statistic + independence.statistic, pValue: chiSquaredTail(statistic + independence.statistic, 2) } };
}

/** Of `hits` in `days` at a rate; 0 log 0 counts as 0. */
function logLikelihood(hits: number, days: number, rate: number): number {
  return timesLog(hits, rate) + timesLog(days - hits, 1 - rate);
}

function timesLog(count: number, probability: number): number {
  return count === 0 ? 0 : count * Math.log(probability);
}

function ratio(restricted: number, free: number, degreesOfFreedom: 1 | 2): LikelihoodRatio {
  // Rounding can bring equal likelihoods a hair below zero.
  const statistic = Math.max(0, 2 * (free - restricted));
  return { statistic, pValue: chiSquaredTail(statistic, degreesOfFreedom) };
}
