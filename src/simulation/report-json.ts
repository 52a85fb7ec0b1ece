import { BOUNDS, SHARES } from './waterfall.js';
import { SURROUNDINGS } from './surroundings.js';
import type { Study } from './study.js';

/** Where prices come from, as the reader is told. */
export interface StudySources {
  readonly prices: string;
  readonly invented: boolean;
}

/** All figures of a study; integers beyond counts and seconds as text. The same options give the same value. */
export function studyToJson({ crashes, seeds, policies, accounts, runs, pooled, firstPaths }: Study, sources: StudySources): unknown {
  return plain({
    formatVersion: '1',
    sources, accounts, seeds, crashes,
    settings: { surroundings: SURROUNDINGS, bounds: BOUNDS, penaltyShares: SHARES },
    policies: policies.map((policy) => ({
      name: policy.name, title: policy.title, followsTheDay: policy.followsTheDay, initialPpm: policy.initialPpm, windows: policy.windows,
      maxDiscount: policy.maxDiscount, maxSubsidy: policy.maxSubsidy, penalty: policy.penalty, paidIn: policy.paidIn,
      crashes: [...firstPaths].map(([crash, path]) => ({
        crash, fall: policy.fall(path.volatility[0] ?? { recent: 0n, longRun: 0n }),
        scans: path.assets.map((asset, i) => ({ asset, scan: policy.scanOf(asset, path.volatility[i] ?? { recent: 0n, longRun: 0n }) })),
      })),
    })),
    pooled,
    runs: runs.map(({ seed, figures }) => ({ seed, ...Object.fromEntries(Object.entries(figures).filter(([name]) => name !== 'samples')) })),
  });
}

/** bigint as decimal text all the way down. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
