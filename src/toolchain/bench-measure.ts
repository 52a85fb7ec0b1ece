import { readFile } from 'node:fs/promises';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import { ProverPool } from '../groth16/prover-pool.js';
import { createProver, type ProverConfig } from '../groth16/prover-config.js';
import { loadProvingKey } from '../groth16/proving-key.js';
import { parseR1cs } from '../groth16/r1cs.js';
import { verifyProof } from '../groth16/verify.js';
import { syntheticVenue } from '../margin/synthetic/synthetic-venue.js';
import type { ScenarioCount } from '../margin/synthetic/synthetic-market.js';
import { planEpoch } from '../proving/epoch-plan.js';
import { parameterOf } from '../proving/circuit-advice.js';
import { epochShape } from '../proving/epoch-shape.js';
import { epochStatements, type EpochStatements } from '../proving/epoch-statements.js';
import type { CircuitInput } from '../witness/circuit-input.js';

/** Figures of one circuit, everything loaded and warm, in one process. Seconds unless named otherwise. */
export interface CircuitFigures {
  readonly circuit: string;
  readonly constraints: number;
  readonly witnessSeconds: number;
  /** The proof alone. */
  readonly proofSeconds: number;
  readonly verifyMilliseconds: number;
  /** Of the proof and the witness. */
  readonly constraintsPerSecond: number;
  /** The same with the external program, when there is one. */
  readonly externalSeconds?: number;
}

/** Figures of many batches over a pool of worker processes. */
export interface PoolFigures {
  readonly workers: number;
  readonly batches: number;
  readonly seconds: number;
  readonly secondsPerBatch: number;
  readonly accountsPerSecond: number;
  readonly constraintsPerSecond: number;
  /** Highest resident memory of one worker, MB; undefined where the system does not tell. */
  readonly workerPeakMegabytes: number | undefined;
}

/** A batch circuit and the close made for it, over a synthetic venue that fills `BATCHES` batches. */
export interface BenchEpoch {
  readonly batch: CircuitDefinition;
  readonly close: CircuitDefinition;
  readonly accountsPerBatch: number;
  readonly treeCapacity: number;
  readonly statements: EpochStatements;
  /** Hashing of accounts, tree and chain, for each account. */
  readonly hashSecondsPerAccount: number;
}

export const BATCHES = 6;
const INSTRUMENTS = 24;
const SLOTS = 8;

export async function benchEpoch(batch: CircuitDefinition, close: CircuitDefinition): Promise<BenchEpoch> {
  const [N = 0, K = 0, S = 0] = ['N', 'K', 'S'].map((parameter) => parameterOf(batch, parameter));
  const accounts = BATCHES * N;
  const { accounts: all, table } = syntheticVenue({
    seed: 'bench', accounts, slots: Math.min(K, SLOTS), instruments: Math.min(INSTRUMENTS, parameterOf(close, 'U')), scenarios: S as ScenarioCount,
  });
  const shape = epochShape([batch, close], table);
  const poseidon = await bulkPoseidon();
  const venue = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };
  const plan = planEpoch(poseidon, { accounts: all }, table, shape, venue, 1);
  const started = performance.now();
  const statements = epochStatements(poseidon, plan);
  return {
    batch, close, statements, accountsPerBatch: N, treeCapacity: 16 ** shape.depth, hashSecondsPerAccount: secondsSince(started) / accounts,
  };
}

export async function measureCircuit(circuit: string, input: CircuitInput, keys: string, external: string | undefined): Promise<CircuitFigures> {
  const key = await loadProvingKey(keys, circuit);
  const r1cs = `build/circuits/${circuit}/${circuit}.r1cs`;
  const { constraints } = parseR1cs(await readFile(r1cs), r1cs);
  await key.witness.calculate(input);
  const witnessSeconds = await timed(() => key.witness.calculate(input));
  const prover = createProver({ backend: 'snarkjs', keysDirectory: keys });
  const { proof, publicSignals } = await prover.prove(circuit, input);
  const verifySeconds = await timed(() => verifyProof(key.verificationKey, publicSignals, proof));
  const wholeSeconds = await timed(() => prover.prove(circuit, input));
  await prover.close();
  const proofSeconds = wholeSeconds - witnessSeconds - verifySeconds;
  return {
    circuit, constraints, witnessSeconds, proofSeconds, verifyMilliseconds: verifySeconds * 1000,
    constraintsPerSecond: constraints / (witnessSeconds + proofSeconds),
    ...(external === undefined ? {} : { externalSeconds: await externalSeconds(circuit, input, keys, external) }),
  };
}

async function externalSeconds(circuit: string, input: CircuitInput, keysDirectory: string, path: string): Promise<number> {
  const prover = createProver({ backend: 'external', keysDirectory, path, timeoutMilliseconds: 600_000 });
  try {
    await prover.prove(circuit, input);
    return await timed(() => prover.prove(circuit, input));
  } finally {
    await prover.close();
  }
}

/** All batches of the epoch over warm workers. */
export async function measurePool(epoch: BenchEpoch, constraints: number, config: ProverConfig, workers: number): Promise<PoolFigures> {
  const pool = new ProverPool(config, { workers });
  const prove = (place: number): Promise<unknown> => pool.prove(epoch.batch.name, epoch.statements.batchInput(place));
  try {
    // Each worker loads its key and compiles its code with a proof that does not count.
    await Promise.all(Array.from({ length: workers }, (_, place) => prove(place)));
    const seconds = await timed(() => Promise.all(Array.from({ length: BATCHES }, (_, place) => prove(place))));
    const peaks = await Promise.all(pool.processIds.map(peakMegabytes));
    const known = peaks.filter((peak) => peak !== undefined);
    return {
      workers, batches: BATCHES, seconds, secondsPerBatch: seconds / BATCHES,
      accountsPerSecond: (BATCHES * epoch.accountsPerBatch) / seconds, constraintsPerSecond: (BATCHES * constraints) / seconds,
      workerPeakMegabytes: known.length === 0 ? undefined : Math.max(...known),
    };
  } finally {
    await pool.close();
  }
}

/** Highest resident memory of a running process, from Linux's process table; undefined elsewhere. */
async function peakMegabytes(processId: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return secondsSince(started);
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
