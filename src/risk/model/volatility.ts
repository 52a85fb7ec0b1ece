import { ewmaVariances, LEAST_VARIANCE, SEED_DAYS } from './ewma.js';
import { extendVariances, fitGarch, varianceOver, type Garch } from './garch.js';
import { ratioOf } from './parts-per-million.js';
import type { ModelSettings } from './settings.js';

/** What is known about a day before it begins. */
export interface VolatilityForecast {
  /** The day: index of its move. */
  readonly index: number;
  /** Standard deviation of the move over one day, and over the margin period that begins with it. */
  readonly daily: number;
  readonly overPeriod: number;
  /** Past moves over the volatility that this model would have forecast for each, oldest first. */
  readonly residuals: readonly number[];
}

/**
 * Forecasts for every move from `warmUpDays` on and for the one after the last, each from earlier moves only.
 * GARCH is fitted again every `garchRefitDays`; between fits its variance is updated daily.
 */
export function* volatilityForecasts(returns: readonly number[], settings: ModelSettings): Generator<VolatilityForecast> {
  const ewma = ewmaVariances(returns, ratioOf(settings.lambdaPpm));
  const garch = settings.volatility === 'ewma' ? undefined : new RefittedGarch(returns, settings);
  for (let t = settings.warmUpDays; t <= returns.length; t += 1) {
    garch?.advance(t);
    const varianceAt = (i: number): number => {
      if (garch === undefined) return ewma[i] as number;
      return settings.volatility === 'garch' ? garch.varianceAt(i) : Math.max(ewma[i] as number, garch.varianceAt(i));
    };
    const overEwma = (ewma[t] as number) * settings.marginPeriodDays;
    const overGarch = garch?.varianceOver(t, settings.marginPeriodDays) ?? overEwma;
    const first = Math.max(SEED_DAYS, t - settings.residualDays, garch?.start ?? 0);
    yield {
      index: t,
      daily: Math.sqrt(varianceAt(t)),
      overPeriod: Math.sqrt(settings.volatility === 'larger' ? Math.max(overEwma, overGarch) : overGarch),
      residuals: Array.from({ length: t - first }, (_, i) => (returns[first + i] as number) / Math.sqrt(varianceAt(first + i))),
    };
  }
}

/** A GARCH model that is fitted again on schedule; variances inside its window are those of the last fit. */
class RefittedGarch {
  /** First move of the last fit. */
  start = 0;
  private fitted: Garch | undefined;
  private readonly variances: Float64Array;

  constructor(private readonly returns: readonly number[], private readonly settings: ModelSettings) {
    this.variances = new Float64Array(returns.length + 1);
  }

  /** Makes the forecast for day `t`, to be called for one day after the other. */
  advance(t: number): void {
    const { warmUpDays, garchRefitDays, garchWindowDays } = this.settings;
    if (this.fitted !== undefined && (t - warmUpDays) % garchRefitDays !== 0) {
      extendVariances(this.variances, this.returns, this.fitted, t - 1, t);
      return;
    }
    this.start = Math.max(0, t - garchWindowDays);
    const window = this.returns.slice(this.start, t);
    this.fitted = fitGarch(window);
    this.variances[this.start] = Math.max(window.reduce((sum, one) => sum + one * one, 0) / window.length, LEAST_VARIANCE);
    extendVariances(this.variances, this.returns, this.fitted, this.start, t);
  }

  varianceAt(t: number): number {
    return this.variances[t] as number;
  }

  varianceOver(t: number, days: number): number {
    return varianceOver(this.fitted as Garch, this.varianceAt(t), days);
  }
}
