import { chargePpm, ratioOf } from './parts-per-million.js';
import { upperQuantile } from './quantile.js';
import type { ModelSettings } from './settings.js';
import { volatilityForecasts } from './volatility.js';

/** Which moves a range covers: falls (a holder's loss), rises (a borrower's), or both. */
export type Side = 'down' | 'up' | 'both';

/** What the statistics say of one side, before any rule smooths it. */
export interface RangeForecast {
  /** Move covered at the confidence over the margin period, given today's volatility; ppm of the price. */
  readonly base: bigint;
  /** Share of the same figure over the long run, whatever today's volatility. */
  readonly longRun: bigint;
}

export interface DayForecast {
  /** Index of the move it is for. */
  readonly index: number;
  /** Standard deviation of one day's move. */
  readonly dailyVolatility: number;
  readonly sides: Readonly<Record<Side, RangeForecast>>;
}

/**
 * Range forecasts for every move from `warmUpDays` on and for the one after the last.
 *
 * Filtered historical simulation: the quantile of past standardised moves times the volatility forecast. The long run is the
 * quantile of the moves themselves.
 * @throws ModelNumberError when prices are such that a range exceeds a thousand times the price
 */
export function* rangeForecasts(returns: readonly number[], settings: ModelSettings): Generator<DayForecast> {
  const confidence = ratioOf(settings.confidencePpm);
  const floorShare = ratioOf(settings.floorSharePpm);
  const rootOfPeriod = Math.sqrt(settings.marginPeriodDays);
  for (const { index, daily, overPeriod, residuals } of volatilityForecasts(returns, settings)) {
    const multiplier = quantiles(residuals, confidence);
    const longRun = quantiles(returns.slice(Math.max(0, index - settings.floorDays), index), confidence);
    const forecast = (side: Side): RangeForecast => ({
      base: chargePpm(moveOf(side, multiplier[side] * overPeriod)),
      longRun: chargePpm(floorShare * moveOf(side, longRun[side] * rootOfPeriod)),
    });
    yield { index, dailyVolatility: daily, sides: { down: forecast('down'), up: forecast('up'), both: forecast('both') } };
  }
}

/** Upper quantiles of falls, rises and sizes; a side that never moved is 0. */
function quantiles(moves: readonly number[], confidence: number): Readonly<Record<Side, number>> {
  return {
    down: Math.max(0, upperQuantile(moves.map((one) => -one), confidence)),
    up: Math.max(0, upperQuantile([...moves], confidence)),
    both: upperQuantile(moves.map(Math.abs), confidence),
  };
}

/** A log move as a fraction of the price before it. Of both directions a rise is the larger. */
export function moveOf(side: Side, logMove: number): number {
  return side === 'down' ? -Math.expm1(-logMove) : Math.expm1(logMove);
}
