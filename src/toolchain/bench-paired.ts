import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_FILE } from '../file/atomic-file.js';
import { readLittleEndian } from '../groth16/binary-file.js';
import { releaseCurves } from '../groth16/curves.js';
import { proofFromSnarkjs } from '../groth16/proof-json.js';
import { loadCircuitKey, type CircuitKey } from '../groth16/proving-key.js';
import { ELEMENT_BYTES } from '../groth16/r1cs.js';
import { verifyProof } from '../groth16/verify.js';
import { witnessFile } from '../groth16/witness-calculator.js';
import { withWitnessFolder } from '../groth16/witness-folder.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { BenchPrograms } from './bench-back-ends.js';
import { BenchProgramError, runProgram, type ProgramRun } from './bench-programs.js';
import type { ContenderFigures, PairedFigures } from './bench-report.js';

/** One way to run a program with the four paths key, witness, proof and public signals. */
export interface Contender {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  /** Of all rounds it takes part in the first ones: what is compared with it runs more often. */
  readonly rounds: number;
}

/** Each is paired with all others of its round: a machine that is slower for a minute is so for all. */
const ROUNDS = 5;
const FEW_ROUNDS = 2;
/** Slowest first: every processor that has one has those before it. */
export const ARITHMETICS = ['portable', 'adx', 'ifma'] as const;
const SNARKJS = 'node_modules/.bin/snarkjs';

/** @param arithmetic the fastest that the native program has here */
export function contenders({ native, external }: BenchPrograms, arithmetic: string | undefined): readonly Contender[] {
  const slower = ARITHMETICS.slice(0, Math.max(0, ARITHMETICS.findIndex((name) => name === arithmetic)));
  return [
    ...(native === undefined ? [] : [
      { name: 'native', path: native, args: ['--timings'], rounds: ROUNDS },
      { name: 'native, one thread', path: native, args: ['--timings', '--threads', '1'], rounds: FEW_ROUNDS },
      ...slower.map((name): Contender => ({ name: `native, ${name}`, path: native, args: ['--timings', '--arithmetic', name], rounds: FEW_ROUNDS })),
    ]),
    ...(external === undefined ? [] : [{ name: 'external', path: external, args: [], rounds: ROUNDS }]),
    { name: 'snarkjs', path: process.execPath, args: [SNARKJS, 'groth16', 'prove'], rounds: FEW_ROUNDS },
  ];
}

/** What is proven: the same for every contender. */
export interface PairedTask {
  readonly circuit: string;
  readonly constraints: number;
  readonly input: CircuitInput;
  readonly keysDirectory: string;
}

/** Runs the contenders in turn, round after round, on one key and one witness. Every proof is verified. @throws BenchProgramError */
export async function measurePaired(task: PairedTask, all: readonly Contender[], onRound: (round: number, of: number) => void): Promise<PairedFigures> {
  const key = await loadCircuitKey(task.keysDirectory, task.circuit);
  const wires = await key.witness.calculate(task.input);
  const runs = new Map(all.map(({ name }): [string, ProgramRun[]] => [name, []]));
  const rounds = Math.max(...all.map((one) => one.rounds));
  await withWitnessFolder(async (folder) => {
    const witness = join(folder, 'witness.wtns');
    await writeFile(witness, witnessFile(wires), { mode: SECRET_FILE, flag: 'wx' });
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of all) if (round < contender.rounds) runs.get(contender.name)?.push(await runOnce(contender, key, witness, wires, folder));
      onRound(round + 1, rounds);
    }
  });
  // The curve library's threads would compete with what is measured next.
  await releaseCurves();
  return {
    measured: true, at: new Date().toISOString(), circuit: task.circuit, constraints: task.constraints, wires: wires.length / ELEMENT_BYTES,
    contenders: all.map(({ name }) => contenderFigures(name, runs.get(name) ?? [], task.constraints)),
  };
}

async function runOnce({ path, args }: Contender, key: CircuitKey, witness: string, wires: Uint8Array, folder: string): Promise<ProgramRun> {
  const [proof, publicSignals] = [join(folder, 'proof.json'), join(folder, 'public.json')];
  const run = await runProgram(path, [...args, key.zkeyFile, witness, proof, publicSignals]);
  const signals = Array.from({ length: key.verificationKey.ic.length - 1 }, (_, place) => readLittleEndian(wires.subarray((place + 1) * ELEMENT_BYTES, (place + 2) * ELEMENT_BYTES)));
  const said = JSON.parse(await readFile(publicSignals, 'utf8')) as unknown;
  const made = proofFromSnarkjs(JSON.parse(await readFile(proof, 'utf8')));
  const good = JSON.stringify(said) === JSON.stringify(signals.map(String)) && (await verifyProof(key.verificationKey, signals, made));
  if (!good) throw new BenchProgramError(`a proof of ${key.circuit} by ${path} does not verify`, { program: path, circuit: key.circuit });
  return run;
}

/** Medians, and the highest memory. */
export function contenderFigures(name: string, runs: readonly ProgramRun[], constraints: number): ContenderFigures {
  const seconds = medianOf(runs.map((run) => run.seconds)) as number;
  const phases = runs.map(phasesOf);
  return {
    name, runs: runs.length, seconds, constraintsPerSecond: constraints / seconds,
    coreSeconds: medianOf(runs.map((run) => run.coreSeconds)), megabytes: Math.max(0, ...runs.map((run) => run.megabytes ?? 0)) || undefined,
    phases: Object.fromEntries(Object.keys(phases[0] ?? {}).map((phase) => [phase, medianOf(phases.map((one) => one[phase])) as number])),
  };
}

/** What the native program says under --timings: seconds by phase, in the order in which they come; nothing from others. */
function phasesOf({ stderr }: ProgramRun): Readonly<Record<string, number>> {
  const line = stderr.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) return {};
  return Object.fromEntries(Object.entries(JSON.parse(line) as Record<string, number>).filter(([phase]) => phase !== 'total' && phase !== 'peakBytes'));
}

/** The higher one of two in the middle; undefined where a value is. */
export function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 || known.length < values.length ? undefined : known.sort((a, b) => a - b)[Math.floor(known.length / 2)];
}
