import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { PUBLISHED_ACCOUNTS, publishedVenue } from '../cli/demo/demo-venue.js';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { findCircuit, type CircuitDefinition } from '../groth16/circuit-list.js';
import { parameterOf } from '../proving/circuit-advice.js';
import { planEpoch, type EpochPlan } from '../proving/epoch-plan.js';
import { epochShape } from '../proving/epoch-shape.js';
import type { EpochStatements } from '../proving/epoch-statements.js';
import { stateEpoch } from '../proving/hashing/state-epoch.js';
import type { BackEnd } from './bench-back-ends.js';
import { inPool, secondsSince, type BenchProof } from './bench-measure.js';
import type { RealBackEnd, RealBatches, RealFigures } from './bench-report.js';

/** The circuits a venue with these accounts would choose: up to 8 and up to 16 of the file's 16 tokens. */
export const REAL_BATCH_CIRCUITS = ['solvency-batch-n64-k8-s16', 'solvency-batch-n32-k16-s16'] as const;
export const REAL_CLOSE = 'solvency-close-u112-s16';
export const REAL_BATCHES = 10;

const SNAPSHOT_TIME = 1_666_051_200;
const VENUE = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };

/** The published accounts, planned and hashed. */
export interface RealEpoch {
  readonly plan: EpochPlan;
  readonly statements: EpochStatements;
  readonly figures: Omit<RealFigures, 'at' | 'backEnds'>;
}

/** Whether the data folder has the published accounts. */
export async function hasRealAccounts(sharedData: string): Promise<boolean> {
  return access(join(sharedData, PUBLISHED_ACCOUNTS)).then(() => true, () => false);
}

/** Reads, plans and hashes the whole file. */
export async function realEpoch(sharedData: string, list: readonly CircuitDefinition[]): Promise<RealEpoch> {
  const close = findCircuit(list, REAL_CLOSE);
  const batches = REAL_BATCH_CIRCUITS.map((name) => findCircuit(list, name));
  const slots = Math.max(...batches.map((batch) => parameterOf(batch, 'K')));
  const poseidon = await bulkPoseidon();
  const reading = performance.now();
  const { snapshot, market } = await publishedVenue(sharedData, SNAPSHOT_TIME, { scenarios: parameterOf(close, 'S'), slots });
  const planning = performance.now();
  const plan = planEpoch(poseidon, snapshot, market, epochShape([...batches, close], market), VENUE, 1);
  const hashing = performance.now();
  const statements = await stateEpoch(poseidon, plan);
  const hashSeconds = secondsSince(hashing);
  return {
    plan, statements,
    figures: {
      measured: true, accounts: snapshot.accounts.length, holdings: snapshot.accounts.reduce((sum, { holdings }) => sum + holdings.length, 0),
      rows: market.rows.length, treeCapacity: 16 ** plan.shape.depth, closeCircuit: close.name,
      readSeconds: (planning - reading) / 1000, planSeconds: (hashing - planning) / 1000, hashSeconds,
    },
  };
}

/**
 * Which batches of a plan to prove: `total` of them, at least `processes` of each circuit, in multiples of `processes` so that
 * none idles, the rest of the circuit that has most; evenly over the plan.
 *
 * @param circuits of the plan's batches, in order
 */
export function chooseBatches(circuits: readonly string[], total: number, processes: number): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  circuits.forEach((circuit, place) => places.set(circuit, [...(places.get(circuit) ?? []), place]));
  const byNumber = [...places].sort(([, a], [, b]) => a.length - b.length);
  let left = total;
  return new Map(byNumber.map(([circuit, all], rank) => {
    const wanted = rank === byNumber.length - 1 ? left : processes;
    const count = Math.max(0, Math.min(wanted, all.length, left));
    left -= count;
    return [circuit, Array.from({ length: count }, (_, number) => all[Math.floor((number * all.length) / count)] as number)];
  }));
}

/** Proves the chosen batches, or all where the back-end does so, circuit after circuit, over the back-end's processes. Each proof is verified. */
export async function measureRealBatches({ plan, statements }: RealEpoch, backEnd: BackEnd, onCircuit: (circuit: string) => void): Promise<RealBackEnd> {
  const circuits = plan.batches.map(({ circuit }) => circuit);
  const chosen = chooseBatches(circuits, backEnd.wholeFile ? circuits.length : REAL_BATCHES, backEnd.wholeFile ? circuits.length : backEnd.processes);
  const { batches, processMegabytes } = await inPool(backEnd, async (bench) => {
    const figures: RealBatches[] = [];
    for (const [circuit, places] of chosen) {
      const proofs = places.map((place): BenchProof => ({ circuit, input: () => statements.batchInput(place) }));
      await bench.warmUp(proofs[0] as BenchProof);
      const { seconds, coreSeconds } = await bench.time(proofs);
      figures.push({
        measured: true, circuit, size: plan.batches[places[0] ?? 0]?.places.length ?? 0,
        planned: circuits.filter((one) => one === circuit).length, proven: places.length, seconds, secondsEach: seconds / places.length,
        coreSecondsEach: coreSeconds === undefined ? undefined : coreSeconds / places.length,
        accountsProven: places.reduce((sum, place) => sum + (plan.batches[place]?.places.filter(({ kind }) => kind === 'account').length ?? 0), 0),
      });
      onCircuit(circuit);
    }
    return { batches: figures };
  });
  const wholeSeconds = backEnd.wholeFile ? batches.reduce((sum, { seconds }) => sum + seconds, 0) : undefined;
  return { backEnd: backEnd.name, batches, wholeSeconds, processMegabytes };
}
