import { chargePpm, ratioOf } from './parts-per-million.js';
import type { LiquiditySettings } from './settings.js';

/**
 * What closing the reference position costs beyond the move of the market, ppm of its value: the square-root law
 * `coefficient * daily volatility * sqrt(position / daily volume)` with the median volume of the last days,
 * at most all of it.
 *
 * A day without a volume in the window is left out; without any the position counts as the assumed share of a day.
 * @param volumes of the days before the forecast, newest last, in the price's currency; undefined where unknown
 */
export function liquidityAddOn(volumes: readonly (number | undefined)[], dailyVolatility: number, settings: LiquiditySettings): bigint {
  return chargePpm(Math.min(1, ratioOf(settings.coefficientPpm) * dailyVolatility * Math.sqrt(participation(volumes, settings))));
}

function participation(volumes: readonly (number | undefined)[], settings: LiquiditySettings): number {
  const known = volumes.slice(-settings.volumeDays).filter((one): one is number => one !== undefined && one > 0).sort((a, b) => a - b);
  // The lower middle: of two candidates the smaller volume, the larger charge.
  const median = known[(known.length - 1) >> 1];
  if (median === undefined) return ratioOf(settings.assumedParticipationPpm);
  return Number(settings.referenceValue) / median;
}
