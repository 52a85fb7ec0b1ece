import type { BasisParameters, AssetParameters } from '../model/adaptive-model.js';
import type { AssetTest } from './asset-test.js';
import type { Backtest } from './backtest.js';
import type { PairTest } from './pair-test.js';
import { pooled } from './pooled.js';

/** Where a report's figures come from, as the reader is told. */
export interface ReportSources {
  readonly prices: readonly string[];
  readonly binance?: string;
  readonly aave?: string;
}

/** All figures of a back-test; ppm as integers in text, statistics as numbers. The same input gives the same value. */
export function reportToJson(backtest: Backtest, sources: ReportSources): unknown {
  return plain({
    formatVersion: '1',
    sources,
    settings: backtest.settings,
    pooled: pooled(backtest.assets),
    assets: backtest.assets.map(assetToJson),
    pairs: backtest.pairs.map(pairToJson),
    skipped: backtest.skipped,
  });
}

function assetToJson({ asset, first, last, gaps, records, scanRange, next }: AssetTest): unknown {
  return {
    asset, first, last, gaps,
    haircuts: records.map(({ model, score }) => ({ model, ...score })),
    priceScanRange: scanRange.score,
    next: nextToJson(next),
  };
}

function nextToJson({ priceScanRange, haircut, liquidity, ranges, forecast }: AssetParameters): unknown {
  return {
    priceScanRange, haircut, liquidity,
    range: { down: ranges.down.range, up: ranges.up.range, both: ranges.both.range },
    floor: { down: ranges.down.floor, up: ranges.up.floor, both: ranges.both.floor },
    forecast: { down: forecast.sides.down.base, up: forecast.sides.up.base, both: forecast.sides.both.base },
  };
}

function pairToJson({ pair, hedged, basis, averageCredit, next }: PairTest): unknown {
  const { correlation, credit, basisRange }: BasisParameters = next;
  return { pair, hedged, basis, averageCredit, next: { correlation, credit, basisRange } };
}

/** bigint as decimal text all the way down. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
