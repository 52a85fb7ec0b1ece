import { pooled, type PooledFigures, type RunFigures } from './figures.js';
import type { Policy } from './policies.js';
import type { PricePath } from './price-path.js';
import { runSimulation } from './run.js';

export interface StudyOptions {
  /** Paths of one crash, one a seed, or one path for all seeds. */
  readonly pathOf: (crash: string, seed: string) => PricePath;
  readonly crashes: readonly string[];
  readonly seeds: readonly string[];
  readonly policies: readonly Policy[];
  readonly accounts: number;
  /** Told before each run. */
  readonly onRun?: (words: string) => void;
}

/** A run and what it was of. */
export interface StudyRun {
  readonly crash: string;
  readonly seed: string;
  readonly policy: string;
  readonly figures: RunFigures;
}

/** Every crash under every set of parameters, with every seed: side by side, the same prices, wishes, bidders and funds. */
export interface Study {
  readonly crashes: readonly string[];
  readonly seeds: readonly string[];
  readonly policies: readonly Policy[];
  readonly accounts: number;
  readonly runs: readonly StudyRun[];
  readonly pooled: readonly PooledFigures[];
  /** The path of a crash's first seed, for charts. */
  readonly firstPaths: ReadonlyMap<string, PricePath>;
}

/** @throws SimulationShapeError, SimulationBooksError */
export function runStudy({ pathOf, crashes, seeds, policies, accounts, onRun }: StudyOptions): Study {
  const runs: StudyRun[] = [];
  const firstPaths = new Map<string, PricePath>();
  for (const crash of crashes) {
    for (const seed of seeds) {
      const path = pathOf(crash, seed);
      if (!firstPaths.has(crash)) firstPaths.set(crash, path);
      for (const policy of policies) {
        onRun?.(`${crash}, seed ${seed}, ${policy.name}`);
        runs.push({ crash, seed, policy: policy.name, figures: runSimulation({ path, policy, accounts, seed }) });
      }
    }
  }
  const of = (crash: string, policy: string): RunFigures[] => runs.filter((run) => run.crash === crash && run.policy === policy).map(({ figures }) => figures);
  return {
    crashes, seeds, policies, accounts, runs, firstPaths,
    pooled: crashes.flatMap((crash) => policies.map(({ name }) => pooled(of(crash, name)))),
  };
}
