import { adaptiveParameters, type AssetParameters } from '../model/adaptive-model.js';
import { moveOf } from '../model/forecast.js';
import { chargePpm, ratioOf } from '../model/parts-per-million.js';
import { upperQuantile } from '../model/quantile.js';
import type { ModelSettings } from '../model/settings.js';
import { dateOf } from './calendar.js';
import { score, type Score, type ScoredDay } from './coverage.js';
import type { DailyMove, Gap, MoveSeries } from './daily-moves.js';
import type { PublishedHaircuts } from './published-haircuts.js';

/**
 * What is compared: the adaptive range of falls, its forecast before floor, buffer and bounds, a haircut that was set once from
 * the warm-up days, and two published tables.
 */
export const MODELS = ['adaptive', 'forecast', 'fixed', 'binance', 'aave'] as const;
export type ModelName = (typeof MODELS)[number];

export interface ComparedHaircuts {
  /** One haircut for every asset, ppm, instead of the warm-up's quantile. */
  readonly fixed?: bigint;
  readonly binance: PublishedHaircuts;
  readonly aave: PublishedHaircuts;
}

/** A model's record on one asset. */
export interface ModelRecord {
  readonly model: ModelName;
  readonly days: readonly ScoredDay[];
  readonly score: Score;
}

export interface AssetTest {
  readonly asset: string;
  readonly first: string;
  readonly last: string;
  readonly gaps: readonly Gap[];
  /** Moves that were tested, the first after the warm-up. */
  readonly moves: readonly DailyMove[];
  /** A fall of the price against each haircut; models without one for this asset are left out. */
  readonly records: readonly ModelRecord[];
  /** Moves either way against the adaptive price scan range, liquidity left out. */
  readonly scanRange: Omit<ModelRecord, 'model'>;
  /** Parameters of each tested move. */
  readonly parameters: readonly AssetParameters[];
  /** Parameters for the day after the last. */
  readonly next: AssetParameters;
}

/**
 * Walks one asset's history day by day: each margin is made before the day it is scored on.
 * The liquidity add-on stands for the cost of closing out, which closing prices do not show: it is no part of a scored margin.
 * @throws ShortHistoryError, ModelSettingsError, ModelNumberError
 */
export function testAsset(series: MoveSeries, compared: ComparedHaircuts, settings: ModelSettings): AssetTest {
  const { asset } = series;
  const returns = logMoves(series.moves);
  const all = adaptiveParameters({ asset, returns, volumes: series.moves.map((move) => move.volume) }, settings);
  const [parameters, next] = [all.slice(0, -1), all.at(-1) as AssetParameters];
  const moves = series.moves.slice(settings.warmUpDays);
  const fixed = compared.fixed ?? warmUpHaircut(returns, settings);
  const margins: Readonly<Record<ModelName, (i: number) => bigint | undefined>> = {
    adaptive: (i) => parameters[i]?.ranges.down.range,
    forecast: (i) => parameters[i]?.forecast.sides.down.base,
    fixed: () => fixed,
    binance: () => compared.binance.get(asset),
    aave: () => compared.aave.get(asset),
  };
  const rate = 1 - ratioOf(settings.confidencePpm);
  const record = (lossOf: (move: DailyMove) => bigint, marginAt: (i: number) => bigint | undefined): Omit<ModelRecord, 'model'> | undefined => {
    const days = moves.flatMap((move, i): ScoredDay[] => {
      const margin = marginAt(i);
      return margin === undefined ? [] : [{ day: move.day, margin, loss: lossOf(move) }];
    });
    return days.length === 0 ? undefined : { days, score: score(days, rate) };
  };
  return {
    asset,
    first: dateOf((moves[0] as DailyMove).day),
    last: dateOf((moves.at(-1) as DailyMove).day),
    gaps: series.gaps,
    moves,
    records: MODELS.flatMap((model) => {
      const found = record(fallOf, margins[model]);
      return found === undefined ? [] : [{ model, ...found }];
    }),
    scanRange: record(sizeOf, (i) => parameters[i]?.ranges.both.range) as Omit<ModelRecord, 'model'>,
    parameters,
    next,
  };
}

export function logMoves(moves: readonly DailyMove[]): number[] {
  return moves.map(({ from, to }) => Math.log(to / from));
}

/** What a holder lost over the day, ppm of the price before it. */
function fallOf({ from, to }: DailyMove): bigint {
  return chargePpm(Math.max(0, 1 - to / from));
}

function sizeOf({ from, to }: DailyMove): bigint {
  return chargePpm(Math.abs(to / from - 1));
}

/** The haircut that would have covered the warm-up at the confidence: set once, never looked at again. */
function warmUpHaircut(returns: readonly number[], { warmUpDays, confidencePpm }: ModelSettings): bigint {
  const falls = returns.slice(0, warmUpDays).map((one) => -one);
  return chargePpm(moveOf('down', Math.max(0, upperQuantile(falls, ratioOf(confidencePpm)))));
}
