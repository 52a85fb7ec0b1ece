import { checkSettings, type ModelSettings } from '../model/settings.js';
import { testAsset, type AssetTest, type ComparedHaircuts } from './asset-test.js';
import type { MoveSeries } from './daily-moves.js';
import { commonMoves, testPair, type Pair, type PairTest } from './pair-test.js';

export interface BacktestInput {
  readonly series: readonly MoveSeries[];
  readonly compared: ComparedHaircuts;
  readonly settings: ModelSettings;
  /** Assets held against each other; by default those of the four longest histories, and a coin with its wrapper. */
  readonly pairs?: readonly (readonly [string, string])[];
  /** Called before each asset and pair, for progress. */
  readonly onStep?: (name: string) => void;
}

export interface Backtest {
  readonly settings: ModelSettings;
  readonly assets: readonly AssetTest[];
  readonly pairs: readonly PairTest[];
  /** Assets whose history is too short to say anything. */
  readonly skipped: readonly { readonly asset: string; readonly moves: number }[];
}

/** Tested moves below which an asset is left out: a rate of one in a hundred needs some. */
export const LEAST_TESTED_DAYS = 50;
const LONGEST_HISTORIES = 4;
const WRAPPED = [['ETH', 'stETH']] as const;

/** Tests every series that is long enough. Assets stand in the result by length of history, the longest first. */
export function runBacktest({ series, compared, settings, pairs, onStep }: BacktestInput): Backtest {
  checkSettings(settings);
  const enough = (moves: readonly unknown[]): boolean => moves.length >= settings.warmUpDays + LEAST_TESTED_DAYS;
  const long = series.filter((one) => enough(one.moves)).sort((a, b) => b.moves.length - a.moves.length);
  const assets = long.map((one) => {
    onStep?.(one.asset);
    return testAsset(one, compared, settings);
  });
  const byName = new Map(long.map((one, i) => [one.asset, { series: one, test: assets[i] as AssetTest }]));
  const tested = (pairs ?? defaultPairs(long)).flatMap(([nameA, nameB]) => {
    const [a, b] = [byName.get(nameA), byName.get(nameB)];
    if (a === undefined || b === undefined || !enough(commonMoves(a.series, b.series))) return [];
    onStep?.(`${nameA}/${nameB}`);
    const pair: Pair = { a: a.series, b: b.series };
    return [testPair(pair, { a: a.test, b: b.test }, settings)];
  });
  return {
    settings, assets, pairs: tested,
    skipped: series.filter((one) => !enough(one.moves)).map((one) => ({ asset: one.asset, moves: one.moves.length })),
  };
}

function defaultPairs(series: readonly MoveSeries[]): readonly (readonly [string, string])[] {
  const longest = series.slice(0, LONGEST_HISTORIES).map((one) => one.asset);
  return [...longest.flatMap((a, i) => longest.slice(i + 1).map((b) => [a, b] as const)), ...WRAPPED];
}
