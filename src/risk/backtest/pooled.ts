import { divide } from '../../fixed-point/decimal.js';
import { MODELS, type AssetTest, type ModelName, type ModelRecord } from './asset-test.js';
import { isExceedance, type ScoredDay } from './coverage.js';

/** Record of a model over several assets: no test of independence, for assets fall together. */
export interface PooledRecord {
  readonly model: ModelName;
  readonly assets: number;
  readonly days: number;
  readonly exceedances: number;
  readonly averageMargin: bigint;
  readonly largestUncovered: bigint;
  /** The adaptive model on the same days of the same assets. */
  readonly adaptive: { readonly exceedances: number; readonly averageMargin: bigint };
}

/** Every model over the assets it has a haircut for. */
export function pooled(assets: readonly AssetTest[]): PooledRecord[] {
  return MODELS.flatMap((model): PooledRecord[] => {
    const those = assets.flatMap((asset) => {
      const [record, adaptive] = [recordOf(asset, model), recordOf(asset, 'adaptive')];
      return record === undefined || adaptive === undefined ? [] : [{ record, adaptive }];
    });
    if (those.length === 0) return [];
    const days = those.flatMap((one) => one.record.days);
    const same = those.flatMap((one) => one.adaptive.days);
    return [{
      model,
      assets: those.length,
      days: days.length,
      exceedances: days.filter(isExceedance).length,
      averageMargin: average(days),
      largestUncovered: those.reduce((most, { record }) => (record.score.largestUncovered > most ? record.score.largestUncovered : most), 0n),
      adaptive: { exceedances: same.filter(isExceedance).length, averageMargin: average(same) },
    }];
  });
}

export function recordOf(asset: AssetTest, model: ModelName): ModelRecord | undefined {
  return asset.records.find((one) => one.model === model);
}

function average(days: readonly ScoredDay[]): bigint {
  return divide(days.reduce((sum, one) => sum + one.margin, 0n), BigInt(days.length), 'ceil');
}
