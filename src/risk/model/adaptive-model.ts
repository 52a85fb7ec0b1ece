import { nextRange, type RangeState } from './anti-procyclicality.js';
import { correlationLowerBound, offsetCredit } from './correlation-offset.js';
import { rangeForecasts, type DayForecast, type Side } from './forecast.js';
import { liquidityAddOn } from './liquidity.js';
import { ShortHistoryError } from './model-errors.js';
import { PPM } from './parts-per-million.js';
import { checkSettings, type ModelSettings } from './settings.js';

/** What the model is given of one asset. Element i of both is the same day, oldest first. */
export interface AssetHistory {
  readonly asset: string;
  /** Log moves from one day to the next. */
  readonly returns: readonly number[];
  /** Traded value of the day in the price's currency; undefined where unknown. */
  readonly volumes: readonly (number | undefined)[];
}

/** Risk parameters of one asset for one day, in ppm of its price, known before that day. */
export interface AssetParameters {
  /** Index of the move they are for; `returns.length` is the next one. */
  readonly index: number;
  /** Range of the price in either direction that scenarios span. */
  readonly priceScanRange: bigint;
  /** What of a holding's price does not count as collateral: range of falls and liquidity, at most all. */
  readonly haircut: bigint;
  /** Closing the reference position; part of both above. */
  readonly liquidity: bigint;
  /** Ranges of the market's own move, after the rules, and the floor under each. */
  readonly ranges: Readonly<Record<Side, RangeState>>;
  /** Forecasts before the rules. */
  readonly forecast: DayForecast;
}

/**
 * Parameters for every move from `warmUpDays` on and for the next one; each is made from earlier days only.
 * @throws ModelSettingsError, ShortHistoryError, ModelNumberError
 */
export function adaptiveParameters(history: AssetHistory, settings: ModelSettings): AssetParameters[] {
  checkSettings(settings);
  if (history.returns.length < settings.warmUpDays) {
    throw new ShortHistoryError(
      `${history.asset} has ${history.returns.length} daily moves, the model needs ${settings.warmUpDays} before its first forecast: add history or lower warmUpDays`,
      { asset: history.asset, moves: history.returns.length, needed: settings.warmUpDays },
    );
  }
  const parameters: AssetParameters[] = [];
  let former: AssetParameters | undefined;
  for (const forecast of rangeForecasts(history.returns, settings)) {
    former = nextParameters(former, forecast, history, settings);
    parameters.push(former);
  }
  return parameters;
}

function nextParameters(former: AssetParameters | undefined, forecast: DayForecast, { volumes }: AssetHistory, settings: ModelSettings): AssetParameters {
  const { index, dailyVolatility, sides } = forecast;
  const range = (side: Side): RangeState => nextRange(former?.ranges[side], sides[side], settings, side === 'down' ? PPM : undefined);
  const ranges = { down: range('down'), up: range('up'), both: range('both') };
  const liquidity = liquidityAddOn(volumes.slice(Math.max(0, index - settings.liquidity.volumeDays), index), dailyVolatility, settings.liquidity);
  const haircut = ranges.down.range + liquidity;
  return { index, priceScanRange: ranges.both.range + liquidity, haircut: haircut < PPM ? haircut : PPM, liquidity, ranges, forecast };
}

/** Parameters of a pair for one day: what two opposite positions of equal value are given back, and what stays at risk. */
export interface BasisParameters {
  readonly index: number;
  /** Lower bound of the correlation, a statistic. */
  readonly correlation: number;
  /** Share of both legs' scan ranges given back, ppm, rounded down. */
  readonly credit: bigint;
  /** Range of the difference between the legs' moves: of a spot and its perpetual, of a coin and its wrapper. */
  readonly basisRange: bigint;
}

/**
 * Basis offsets of a pair, from moves of the same days; for the same days as adaptiveParameters. The correlation is measured
 * anew every `stepDays`.
 * @throws ModelSettingsError, ShortHistoryError, ModelNumberError
 */
export function basisParameters(pair: string, a: readonly number[], b: readonly number[], settings: ModelSettings): BasisParameters[] {
  const spread = a.map((one, i) => one - (b[i] as number));
  const { stepDays, lookbackDays } = settings.correlation;
  let correlation = -1;
  return adaptiveParameters({ asset: pair, returns: spread, volumes: spread.map(() => undefined) }, settings).map(({ index, ranges }) => {
    if ((index - settings.warmUpDays) % stepDays === 0) {
      const since = Math.max(0, index - lookbackDays);
      correlation = correlationLowerBound(a.slice(since, index), b.slice(since, index), settings.correlation);
    }
    return { index, correlation, credit: offsetCredit(correlation, settings.correlation), basisRange: ranges.both.range };
  });
}
