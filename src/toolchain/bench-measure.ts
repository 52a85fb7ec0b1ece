import { readFile } from 'node:fs/promises';
import { releaseCurves } from '../groth16/curves.js';
import type { ProvenStatement } from '../groth16/prover.js';
import { ProverPool } from '../groth16/prover-pool.js';
import { loadProvingKey, loadVerificationKey } from '../groth16/proving-key.js';
import { parseR1cs } from '../groth16/r1cs.js';
import { verifyProof } from '../groth16/verify.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { BackEnd } from './bench-back-ends.js';
import { ProcessWatch } from './bench-processes.js';
import type { ProofFigures } from './bench-report.js';
import { circuitPaths } from './circuits.js';

/** Runs of what takes milliseconds; the median counts. */
const SHORT_RUNS = 5;

/** A proof to make. */
export interface BenchProof {
  readonly circuit: string;
  readonly input: () => CircuitInput;
}

/** What proofs took in worker processes, each with keys loaded and code compiled before. */
export interface PoolTime {
  readonly proofs: number;
  readonly seconds: number;
  /** Processor time of all of them; undefined where the system does not tell. */
  readonly coreSeconds: number | undefined;
  readonly processMegabytes: number | undefined;
  readonly statement: ProvenStatement;
}

/** Number of constraints of a compiled circuit, from its header. */
export async function constraintsOf(circuit: string): Promise<number> {
  const { r1cs } = circuitPaths(circuit);
  return parseR1cs(await readFile(r1cs), r1cs).constraints;
}

/** Seconds of one witness in this process. */
export async function measureWitness(circuit: string, input: CircuitInput, keysDirectory: string): Promise<number> {
  const { witness } = await loadProvingKey(keysDirectory, circuit);
  return median(() => witness.calculate(input));
}

/** Seconds of one verification in this process. */
export async function measureVerification(circuit: string, { publicSignals, proof }: ProvenStatement, keysDirectory: string): Promise<number> {
  const key = await loadVerificationKey(keysDirectory, circuit);
  const seconds = await median(() => verifyProof(key, publicSignals, proof));
  // The curve library's threads would compete with workers.
  await releaseCurves();
  return seconds;
}

/** How often each process of a back-end proves in `measureProofs`: to warm up, and for the figures. */
export const PROOFS_A_PROCESS = 2;

/** One proof for each process, all at once. */
export async function measureProofs(backEnd: BackEnd, circuit: string, inputs: readonly (() => CircuitInput)[]): Promise<PoolTime> {
  const proofs = Array.from({ length: backEnd.processes }, (_, place): BenchProof => ({ circuit, input: inputs[place % inputs.length] as () => CircuitInput }));
  return inPool(backEnd, async (bench) => {
    await bench.warmUp(proofs[0] as BenchProof);
    return bench.time(proofs);
  });
}

/** What a circuit is beside its proofs. */
export interface MeasuredCircuit {
  readonly constraints: number;
  readonly accounts: number | undefined;
  readonly witnessSeconds: number;
  readonly verifySeconds: number;
}

export function proofFigures({ name, processes }: Pick<BackEnd, 'name' | 'processes'>, time: Omit<PoolTime, 'statement'>, circuit: MeasuredCircuit): ProofFigures {
  const { proofs, seconds, coreSeconds, processMegabytes } = time;
  return {
    measured: true, backEnd: name, processes, proofs, seconds, secondsEach: seconds / proofs,
    coreSecondsEach: coreSeconds === undefined ? undefined : coreSeconds / proofs,
    proofSeconds: Math.max(0, (seconds * processes) / proofs - circuit.witnessSeconds - circuit.verifySeconds),
    constraintsPerSecond: (circuit.constraints * proofs) / seconds,
    accountsPerSecond: circuit.accounts === undefined ? undefined : (circuit.accounts * proofs) / seconds, processMegabytes,
  };
}

/** What a piece of work may do with the warm processes of a back-end. */
export interface Bench {
  /** Every process makes a proof that does not count: it loads the key and compiles its code. */
  warmUp(proof: BenchProof): Promise<void>;
  /** Time of proofs that wait in one queue together. */
  time(proofs: readonly BenchProof[]): Promise<Omit<PoolTime, 'processMegabytes'>>;
}

/** Runs work over processes of its own. */
export async function inPool<Result>(backEnd: BackEnd, work: (bench: Bench) => Promise<Result>): Promise<Result & Pick<PoolTime, 'processMegabytes'>> {
  const pool = new ProverPool(backEnd.config, { workers: backEnd.processes, threads: backEnd.threads });
  const watch = new ProcessWatch(() => pool.processIds);
  const prove = ({ circuit, input }: BenchProof): Promise<ProvenStatement> => pool.prove(circuit, input());
  try {
    const result = await work({
      warmUp: async (proof) => {
        await Promise.all(Array.from({ length: backEnd.processes }, () => prove(proof)));
      },
      time: async (proofs) => {
        const before = await watch.coreSeconds();
        const started = performance.now();
        const [statement] = await Promise.all(proofs.map(prove));
        const seconds = secondsSince(started);
        const after = await watch.coreSeconds();
        return { proofs: proofs.length, seconds, coreSeconds: before === undefined || after === undefined ? undefined : after - before, statement: statement as ProvenStatement };
      },
    });
    return { ...result, processMegabytes: await watch.stop() };
  } finally {
    await watch.stop();
    await pool.close();
  }
}

async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < SHORT_RUNS; run += 1) {
    const started = performance.now();
    await work();
    times.push(secondsSince(started));
  }
  return times.sort((a, b) => a - b)[Math.floor(SHORT_RUNS / 2)] as number;
}

export function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
