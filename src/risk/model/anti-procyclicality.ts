import { divide } from '../../fixed-point/decimal.js';
import { boundedUpdate, clamp, highestAfter } from './bounded-update.js';
import type { RangeForecast } from './forecast.js';
import { PPM } from './parts-per-million.js';
import { LEAST_RANGE, type ModelSettings } from './settings.js';

/** What one update hands to the next. Both in ppm, floor <= range. */
export interface RangeState {
  readonly range: bigint;
  /** The long-run floor in force. */
  readonly floor: bigint;
}

/** The settings that decide how a range follows its forecast. */
export type UpdateRules = Pick<ModelSettings, 'bufferPpm' | 'maxRisePpm' | 'maxFallPpm'>;

/**
 * The range after one more forecast.
 *
 * 1. Floor: the long-run figure. A rise of it is held to the bound of an update too, so that floor and bound never conflict.
 * 2. Buffer: a range stays where it is while it lies between the forecast and the forecast with the buffer on top. So in calm
 *    it stands above the forecast, and when volatility rises the buffer is used up before the range moves.
 * 3. Bound: no update moves it further than its share of the former range.
 *
 * @param former undefined for the first: buffer and floor in full
 * @param most what the range cannot exceed: a fall never takes more than the price
 */
export function nextRange(former: RangeState | undefined, forecast: RangeForecast, rules: UpdateRules, most?: bigint): RangeState {
  const capped = (value: bigint): bigint => (most !== undefined && value > most ? most : value);
  const longRun = capped(larger(forecast.longRun, LEAST_RANGE));
  const buffered = divide(forecast.base * (PPM + rules.bufferPpm), PPM, 'ceil');
  if (former === undefined) return { range: capped(larger(buffered, longRun)), floor: longRun };
  const floor = smaller(longRun, highestAfter(former.floor, rules));
  const wanted = larger(clamp(former.range, forecast.base, buffered), floor);
  return { range: boundedUpdate(former.range, capped(wanted), rules), floor };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
