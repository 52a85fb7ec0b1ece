import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { readCircuitList, type CircuitDefinition } from '../groth16/circuit-list.js';
import { releaseCurves } from '../groth16/curves.js';
import { findNative, type FoundNative } from '../native/find-program.js';
import { ProgressMeter } from '../proving/progress.js';
import { backEnds, type BackEnd, type BenchPrograms } from './bench-back-ends.js';
import { constraintsOf, inPool, measureProofs, measureVerification, measureWitness, proofFigures, PROOFS_A_PROCESS, type BenchProof } from './bench-measure.js';
import { ARITHMETICS, contenders, measurePaired } from './bench-paired.js';
import { measurePoseidon } from './bench-poseidon.js';
import { projectionsOf } from './bench-projection.js';
import { hasRealAccounts, measureRealBatches, REAL_BATCH_CIRCUITS, REAL_BATCHES, realEpoch } from './bench-real.js';
import { keepFigures, withCircuit, type BenchReport, type PartsFigures } from './bench-report.js';
import { duration, reportText } from './bench-table.js';
import { benchInputs, epochCircuits, MOST_PARTS, type BenchInputs } from './bench-venue.js';
import { runTool } from './command-line.js';
import { KEYS_DIRECTORY } from './keys.js';

const REPORT = 'build/report/bench.json';
const REPORT_TEXT = 'build/report/bench.md';
const SHARED_DATA = '../shared/data';
/** Of domains 2^17 and 2^19: programs prove one witness of each in turns. */
const PAIRED_CIRCUITS = ['solvency-batch-n32-k16-s16', 'market-table-u112-s16'];

/** The words on the command line name no circuit. */
export class NothingToMeasureError extends ClearproofError {
  readonly code = 'NOTHING_TO_MEASURE';
}

/**
 * Circuits that a run measures: those for production, or those that a word names with the end of their name ("u112-s16", "-s8" or
 * all of it). The Makefile makes keys by the same rule.
 *
 * @throws NothingToMeasureError for a word that names none
 */
export function chosenCircuits(list: readonly CircuitDefinition[], words: readonly string[]): readonly CircuitDefinition[] {
  // Other market tables and single accounts are proven apart from an epoch, whose inputs are what is measured here.
  if (words.length === 0) return list.filter(({ name, use, template }) => (use === 'production' && template.startsWith('Solvency')) || PAIRED_CIRCUITS.includes(name));
  const names = (word: string, { name }: CircuitDefinition): boolean => `-${name}`.endsWith(word.startsWith('-') ? word : `-${word}`);
  const lost = words.find((word) => !list.some((circuit) => names(word, circuit)));
  if (lost !== undefined) throw new NothingToMeasureError(`no circuit's name ends in ${lost}: take one of circuits/circuits.json`, { word: lost });
  return list.filter((circuit) => words.some((word) => names(word, circuit)));
}

/** One piece of the run: what it adds to the report. */
interface Step {
  readonly name: string;
  /** Constraints to prove, about: what the remaining time is estimated by. */
  readonly cost: number;
  readonly run: (report: BenchReport) => Promise<BenchReport>;
}

/** What all steps share. */
interface Setting {
  readonly list: readonly CircuitDefinition[];
  readonly constraints: ReadonlyMap<string, number>;
  readonly ends: readonly BackEnd[];
  readonly programs: BenchPrograms;
  /** The fastest that the native prover has here. */
  readonly arithmetic: string | undefined;
  readonly sharedData: string;
}

function circuitStep(circuit: CircuitDefinition, { list, constraints, ends }: Setting): Step {
  const { name } = circuit;
  const count = constraints.get(name) ?? 0;
  return {
    name, cost: ends.reduce((sum, { processes }) => sum + PROOFS_A_PROCESS * processes * count, 0),
    run: async (report) => {
      const inputs = await benchInputs(circuit, list);
      const witnessSeconds = await measureWitness(name, (inputs.inputs[0] as BenchProof['input'])(), KEYS_DIRECTORY);
      const times = [];
      for (const end of ends) times.push({ end, time: await measureProofs(end, name, inputs.inputs) });
      const statement = (times[0] as (typeof times)[number]).time.statement;
      const verifySeconds = await measureVerification(name, statement, KEYS_DIRECTORY);
      const accounts = circuit.parameters.find((parameter) => parameter.name === 'N')?.value;
      return withCircuit(report, {
        measured: true, at: new Date().toISOString(), circuit: name, constraints: count, accounts, treeCapacity: inputs.treeCapacity,
        witnessSeconds, verifyMilliseconds: verifySeconds * 1000, planSecondsPerAccount: inputs.planSecondsPerAccount,
        proofs: times.map(({ end, time }) => proofFigures(end, time, { constraints: count, accounts, witnessSeconds, verifySeconds })),
      }, list.map((one) => one.name));
    },
  };
}

function pairedStep(circuit: CircuitDefinition, { list, constraints, programs, arithmetic }: Setting): Step {
  const all = contenders(programs, arithmetic);
  const count = constraints.get(circuit.name) ?? 0;
  return {
    name: `${circuit.name}, programs in turns`, cost: all.reduce((sum, { rounds }) => sum + rounds * count, 0) / 2,
    run: async (report) => {
      const { inputs } = await benchInputs(circuit, list);
      const task = { circuit: circuit.name, constraints: count, input: (inputs[0] as BenchProof['input'])(), keysDirectory: KEYS_DIRECTORY };
      const figures = await measurePaired(task, all, (round, of) => say(`${circuit.name}: round ${round} of ${of}`));
      return { ...report, paired: [...report.paired.filter((one) => one.circuit !== circuit.name), figures] };
    },
  };
}

function poseidonStep({ programs, arithmetic }: Setting): Step {
  const known = ARITHMETICS.slice(0, ARITHMETICS.findIndex((name) => name === arithmetic) + 1);
  return { name: 'Poseidon', cost: 0, run: async (report) => ({ ...report, poseidon: await measurePoseidon(programs.native, known) }) };
}

/** All proofs that close a large table, by the back-ends for epochs. */
function partsStep(part: CircuitDefinition, end: CircuitDefinition, { list, constraints, ends }: Setting): Step {
  const forEpochs = ends.filter((one) => one.forEpochs);
  return {
    name: `a close in parts, ${part.name}`,
    cost: forEpochs.reduce((sum, { processes }) => sum + (processes + MOST_PARTS) * (constraints.get(part.name) ?? 0), 0),
    run: async (report) => {
      const inputs = await benchInputs(part, list);
      const measured: PartsFigures[] = [];
      for (const backEnd of forEpochs) measured.push(await measureParts(backEnd, part.name, inputs));
      return { ...report, closesInParts: [...report.closesInParts.filter((one) => one.part !== part.name || one.end !== end.name), ...measured] };
    },
  };
}

async function measureParts(backEnd: BackEnd, part: string, { inputs, end, rows }: BenchInputs): Promise<PartsFigures> {
  const parts = inputs.map((input): BenchProof => ({ circuit: part, input }));
  const last = end as BenchProof;
  const { seconds, coreSeconds } = await inPool(backEnd, async (bench) => {
    await bench.warmUp(last);
    await bench.warmUp(parts[0] as BenchProof);
    return bench.time([...parts, last]);
  });
  return { measured: true, at: new Date().toISOString(), backEnd: backEnd.name, part, end: last.circuit, parts: parts.length, rows, seconds, coreSeconds };
}

function realStep({ list, constraints, ends, sharedData }: Setting): Step {
  const forEpochs = ends.filter((one) => one.forEpochs);
  const [first] = REAL_BATCH_CIRCUITS.map((name) => constraints.get(name) ?? 0);
  return {
    name: 'batches of published accounts',
    cost: forEpochs.reduce((sum, { processes }) => sum + (2 * processes + REAL_BATCHES) * (first ?? 0), 0),
    run: async (report) => {
      if (!(await hasRealAccounts(sharedData))) {
        say(`no published accounts below ${sharedData}: only made-up accounts are measured`);
        return { ...report, real: { missing: `no published accounts below ${sharedData}` } };
      }
      say('published accounts: reading, planning and hashing the whole file');
      const epoch = await realEpoch(sharedData, list);
      const measured = [];
      for (const backEnd of forEpochs) measured.push(await measureRealBatches(epoch, backEnd, (circuit) => say(`published accounts: batches of ${circuit} proven, ${backEnd.name}`)));
      return { ...report, real: { ...epoch.figures, at: new Date().toISOString(), backEnds: measured } };
    },
  };
}

/** Programs beside each other and real accounts first: they are what most readers ask for. */
function stepsOf(chosen: readonly CircuitDefinition[], setting: Setting): Step[] {
  const has = (name: string): boolean => chosen.some((circuit) => circuit.name === name);
  const parts = chosen.filter(({ template }) => template === 'SolvencyClosePart').flatMap((part) => {
    const end = epochCircuits(part, setting.list).find(({ template }) => template === 'SolvencyCloseEnd');
    return end !== undefined && has(end.name) ? [partsStep(part, end, setting)] : [];
  });
  // The proof of a table is no part of an epoch: only programs are compared on it.
  const circuits = chosen.filter(({ template }) => template.startsWith('Solvency')).map((circuit) => circuitStep(circuit, setting));
  const paired = chosen.filter(({ name, use }) => use !== 'production' || PAIRED_CIRCUITS.includes(name)).map((circuit) => pairedStep(circuit, setting));
  return [poseidonStep(setting), ...paired, ...(REAL_BATCH_CIRCUITS.every(has) ? [realStep(setting)] : []), ...circuits, ...parts];
}

/** Measures, and writes the report after every step, so that a run that is ended leaves what it has measured. */
async function main(words: readonly string[]): Promise<void> {
  const list = await readCircuitList();
  const chosen = chosenCircuits(list, words);
  const earlier = await earlierReport();
  const constraints = await countedConstraints(chosen, earlier);
  const native = await findNative();
  if (native.state !== 'answers') say(`without the native prover: ${withoutNative(native)}`);
  const programs: BenchPrograms = { native: native.state === 'answers' ? native.path : undefined, external: process.env['CLEARPROOF_PROVER'] || undefined };
  const ends = backEnds(KEYS_DIRECTORY, programs);
  const arithmetic = native.state === 'answers' ? native.hello.arithmetic : undefined;
  const steps = stepsOf(chosen, { list, constraints, ends, programs, arithmetic, sharedData: process.env['CLEARPROOF_DATA'] || SHARED_DATA });
  let report = keepFigures(emptyReport(ends, steps), earlier, constraints);
  const closeOf = (batch: string): string | undefined => {
    const circuit = list.find(({ name }) => name === batch);
    return circuit === undefined ? undefined : epochCircuits(circuit, list).find(({ template }) => template === 'SolvencyClose')?.name;
  };
  const meter = new ProgressMeter(steps.map(({ cost }) => cost), ({ done, total, remainingSeconds }) => {
    say(`${done} of ${total} done${remainingSeconds === undefined || done === total ? '' : `, about ${duration(remainingSeconds)} left`}`);
  });
  for (const [place, step] of steps.entries()) {
    say(`[${place + 1}/${steps.length}] ${step.name}`);
    report = await step.run(report);
    const pending = steps.slice(place + 1).map(({ name }) => name);
    report = {
      ...report, pending, finishedAt: pending.length === 0 ? new Date().toISOString() : undefined,
      projections: projectionsOf(report, ends.filter(({ forEpochs }) => forEpochs).map(({ name }) => name), closeOf),
    };
    await write(report);
    meter.advance(place, false);
  }
  console.log(reportText(report));
  console.log(`\nFigures in ${REPORT}, this text in ${REPORT_TEXT}.`);
}

function withoutNative(native: Exclude<FoundNative, { readonly state: 'answers' }>): string {
  return native.state === 'fails' ? native.error.message : `there is none at ${native.path}`;
}

/** Of the chosen circuits, and of those that an earlier report has figures of and that are still compiled. */
async function countedConstraints(chosen: readonly CircuitDefinition[], earlier: BenchReport | undefined): Promise<ReadonlyMap<string, number>> {
  const known = await Promise.all([...(earlier?.circuits ?? []), ...(earlier?.paired ?? [])].map(async ({ circuit }) => [circuit, await constraintsOf(circuit).catch(() => 0)] as const));
  const counted = await Promise.all(chosen.map(async ({ name }) => [name, await constraintsOf(name)] as const));
  return new Map([...known, ...counted]);
}

function emptyReport(ends: readonly BackEnd[], steps: readonly Step[]): BenchReport {
  return {
    formatVersion: 2,
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryMegabytes: Math.round(totalmem() / 2 ** 20), node: process.version },
    loadAtStart: loadavg()[0] ?? 0, startedAt: new Date().toISOString(), finishedAt: undefined, pending: steps.map(({ name }) => name),
    backEnds: ends.map(({ name, describes }) => ({ name, describes })), circuits: [], closesInParts: [], paired: [], poseidon: undefined, real: { missing: 'their circuits were not chosen' }, projections: [],
  };
}

/** Undefined when there is none of this version. */
async function earlierReport(): Promise<BenchReport | undefined> {
  try {
    const report = JSON.parse(await readFile(REPORT, 'utf8')) as BenchReport;
    return report.formatVersion === 2 ? report : undefined;
  } catch {
    return undefined;
  }
}

async function write(report: BenchReport): Promise<void> {
  await writeFileAtomically(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  await writeFileAtomically(REPORT_TEXT, `${reportText(report)}\n`);
}

/** Progress, apart from the result. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runTool(main);
  await releaseCurves();
}
