import { gammaln } from 'simple-statistics';
import { LEAST_VARIANCE } from './ewma.js';
import { nelderMead } from './nelder-mead.js';

/** GARCH(1,1) with Student-t moves of mean zero: v[t] = omega + alpha r[t-1]^2 + beta v[t-1]. */
export interface Garch {
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
  /** Degrees of freedom of the moves; large is normal. */
  readonly degreesOfFreedom: number;
}

/** alpha + beta stays below 1, so that there is a long-run variance. */
const MOST_PERSISTENCE = 0.9995;
/** Moves need a variance (above 2) and beyond 100 are as good as normal. */
const [LEAST_FREEDOM, MOST_FREEDOM] = [2.1, 100];

/** Variance that forecasts return to. */
export function longRunVariance({ omega, alpha, beta }: Garch): number {
  return omega / (1 - alpha - beta);
}

/**
 * Writes forecasts into `variances`: element t from moves before t, for `from` < t <= `to`; element `from` must be there.
 */
export function extendVariances(variances: Float64Array, returns: readonly number[], { omega, alpha, beta }: Garch, from: number, to: number): void {
  for (let t = from + 1; t <= to; t += 1) {
    const last = returns[t - 1] as number;
    variances[t] = Math.max(omega + alpha * last * last + beta * (variances[t - 1] as number), LEAST_VARIANCE);
  }
}

/** Sum of the expected variances of the `days` days that begin with one of variance `next`. */
export function varianceOver(garch: Garch, next: number, days: number): number {
  const longRun = longRunVariance(garch);
  const persistence = garch.alpha + garch.beta;
  return days * longRun + (next - longRun) * ((1 - persistence ** days) / (1 - persistence));
}

/**
 * The parameters of greatest likelihood. Moves are first divided by their own size, so the search does not depend on the
 * asset; it runs over unbounded coordinates (persistence, alpha's part in it, long-run variance, degrees of freedom).
 */
export function fitGarch(returns: readonly number[]): Garch {
  const variance = Math.max(returns.reduce((sum, one) => sum + one * one, 0) / returns.length, LEAST_VARIANCE);
  const squares = Float64Array.from(returns, (one) => (one * one) / variance);
  const { point } = nelderMead((x) => negativeLogLikelihood(squares, garchAt(x)), START);
  const fitted = garchAt(point);
  return { ...fitted, omega: fitted.omega * variance };
}

/** Persistence 0.95, alpha a tenth of it, the sample's variance, about 5 degrees of freedom. */
const START = [logit(0.95), logit(0.1), 0, Math.log(3)];

function garchAt([persistenceAt = 0, partAt = 0, varianceAt = 0, freedomAt = 0]: readonly number[]): Garch {
  const persistence = MOST_PERSISTENCE * logistic(persistenceAt);
  const alpha = persistence * logistic(partAt);
  return {
    omega: Math.exp(varianceAt) * (1 - persistence),
    alpha,
    beta: persistence - alpha,
    degreesOfFreedom: Math.min(LEAST_FREEDOM + Math.exp(freedomAt), MOST_FREEDOM),
  };
}

/** Of squared moves with sample variance 1, the constant of the Student-t density kept, that of pi dropped. */
function negativeLogLikelihood(squares: Float64Array, { omega, alpha, beta, degreesOfFreedom: freedom }: Garch): number {
  let variance = 1;
  let [logVariances, logTails] = [0, 0];
  for (const square of squares) {
    logVariances += Math.log(variance);
    logTails += Math.log1p(square / (variance * (freedom - 2)));
    variance = omega + alpha * square + beta * variance;
  }
  const constant = gammaln((freedom + 1) / 2) - gammaln(freedom / 2) - 0.5 * Math.log(freedom - 2);
  const value = 0.5 * logVariances + ((freedom + 1) / 2) * logTails - squares.length * constant;
  return Number.isFinite(value) ? value / squares.length : Number.MAX_VALUE;
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
