import { cpus, totalmem } from 'node:os';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { readCircuitList, type CircuitDefinition } from '../groth16/circuit-list.js';
import { releaseCurves } from '../groth16/curves.js';
import { measureCircuit, measurePool, benchEpoch, type BenchEpoch, type CircuitFigures, type PoolFigures } from './bench-measure.js';
import { runTool } from './command-line.js';

const KEYS = 'build/keys';
const REPORT = 'build/report/bench.json';
const WORKERS = 2;
/** Accounts of a real file this project tests with, of a large venue, and of the largest. */
const PROJECTED_ACCOUNTS = [25_816, 100_000, 1_000_000] as const;

/** The circuit list has nothing to measure. */
export class NothingToMeasureError extends ClearproofError {
  readonly code = 'NOTHING_TO_MEASURE';
}

/** A time nobody measured: batches times the measured time of one, hashing and the close added. */
export interface Projection {
  readonly projected: true;
  readonly accounts: number;
  readonly batches: number;
  readonly seconds: number;
  /** False: the measured circuits' tree is too small; a deeper one costs a little more a batch. */
  readonly fitsTheTree: boolean;
}

/** Batch and close circuits that stand in one epoch: same use, scenarios and depth. */
export function pairsOf(circuits: readonly CircuitDefinition[]): (readonly [batch: CircuitDefinition, close: CircuitDefinition])[] {
  const value = (circuit: CircuitDefinition, name: string): number | undefined => circuit.parameters.find((parameter) => parameter.name === name)?.value;
  const measured = circuits.filter(({ use }) => use !== 'test');
  const closes = measured.filter(({ template }) => template === 'SolvencyClose');
  return measured.filter(({ template }) => template === 'SolvencyBatch').flatMap((batch) => {
    const close = closes.find((each) => each.use === batch.use && ['S', 'DEPTH'].every((name) => value(each, name) === value(batch, name)));
    return close === undefined ? [] : [[batch, close] as const];
  });
}

/** @param closeSeconds witness and proof of the close */
export function project(accounts: number, epoch: Pick<BenchEpoch, 'accountsPerBatch' | 'treeCapacity' | 'hashSecondsPerAccount'>, secondsPerBatch: number, closeSeconds: number): Projection {
  const batches = Math.ceil(accounts / epoch.accountsPerBatch);
  return {
    projected: true, accounts, batches,
    seconds: batches * secondsPerBatch + accounts * epoch.hashSecondsPerAccount + closeSeconds,
    fitsTheTree: batches * epoch.accountsPerBatch <= epoch.treeCapacity,
  };
}

interface EpochFigures {
  readonly batch: CircuitFigures;
  readonly close: CircuitFigures;
  readonly accountsPerBatch: number;
  readonly hashSecondsPerAccount: number;
  readonly pool: PoolFigures;
  readonly externalPool?: PoolFigures;
  readonly projections: readonly Projection[];
}

async function measure(batch: CircuitDefinition, close: CircuitDefinition, external: string | undefined): Promise<EpochFigures> {
  say(`${batch.name}: synthetic venue`);
  const epoch = await benchEpoch(batch, close);
  say(`${batch.name}: one proof in process`);
  const batchFigures = await measureCircuit(batch.name, epoch.statements.batchInput(0), KEYS, external);
  say(`${close.name}: one proof in process`);
  const closeFigures = await measureCircuit(close.name, epoch.statements.closeInput(), KEYS, external);
  // The curve library's threads would compete with the workers.
  await releaseCurves();
  say(`${batch.name}: a pool of ${WORKERS} processes`);
  const { constraints } = batchFigures;
  const pool = await measurePool(epoch, constraints, { backend: 'snarkjs', keysDirectory: KEYS }, WORKERS);
  const externalPool = external === undefined ? undefined
    : await measurePool(epoch, constraints, { backend: 'external', keysDirectory: KEYS, path: external, timeoutMilliseconds: 600_000 }, 1);
  const closeSeconds = closeFigures.witnessSeconds + closeFigures.proofSeconds;
  return {
    batch: batchFigures, close: closeFigures, accountsPerBatch: epoch.accountsPerBatch, hashSecondsPerAccount: epoch.hashSecondsPerAccount, pool,
    ...(externalPool === undefined ? {} : { externalPool }),
    projections: PROJECTED_ACCOUNTS.map((accounts) => project(accounts, epoch, pool.secondsPerBatch, closeSeconds)),
  };
}

function print({ batch, close, accountsPerBatch, pool, externalPool, projections }: EpochFigures): void {
  for (const figures of [batch, close]) {
    console.log(`\n${figures.circuit}: ${figures.constraints} constraints`);
    line('witness', `${figures.witnessSeconds.toFixed(2)} s`);
    line('proof, snarkjs in process', `${figures.proofSeconds.toFixed(2)} s (${Math.round(figures.constraintsPerSecond)} constraints/s with the witness)`);
    line('verification', `${figures.verifyMilliseconds.toFixed(0)} ms`);
    if (figures.externalSeconds !== undefined) line('external prover, all in all', `${figures.externalSeconds.toFixed(2)} s`);
  }
  console.log(`\n${pool.batches} batches of ${accountsPerBatch} accounts`);
  for (const [name, figures] of [['snarkjs', pool], ['external', externalPool]] as const) {
    if (figures === undefined) continue;
    line(`${name}, ${figures.workers} process(es)`, `${figures.secondsPerBatch.toFixed(2)} s a batch, ${figures.accountsPerSecond.toFixed(1)} accounts/s, ${Math.round(figures.constraintsPerSecond)} constraints/s`);
    if (figures.workerPeakMegabytes !== undefined) line('peak memory of a worker', `${figures.workerPeakMegabytes} MB`);
  }
  console.log('\nprojected from these figures, not measured (snarkjs pool)');
  for (const { accounts, batches, seconds, fitsTheTree } of projections) {
    line(`${accounts} accounts`, `${(seconds / 60).toFixed(0)} min, ${batches} batches${fitsTheTree ? '' : ' (needs a deeper tree than these circuits have)'}`);
  }
}

function line(name: string, text: string): void {
  console.log(`  ${name.padEnd(30)}${text}`);
}

/** Progress, apart from the result. */
function say(text: string): void {
  console.error(`[${process.uptime().toFixed(0).padStart(3)} s] ${text}`);
}

/** Measures every circuit that is not for tests only and writes build/report/bench.json. CLEARPROOF_PROVER names an external prover. */
async function main(): Promise<void> {
  const pairs = pairsOf(await readCircuitList());
  if (pairs.length === 0) throw new NothingToMeasureError('circuits.json has no batch circuit with a close made for it: add one with use "demo" or "production"');
  const external = process.env['CLEARPROOF_PROVER'] || undefined;
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryMegabytes: Math.round(totalmem() / 2 ** 20), node: process.version };
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryMegabytes} MB, Node ${machine.node}`);
  const epochs: EpochFigures[] = [];
  for (const [batch, close] of pairs) epochs.push(await measure(batch, close, external));
  epochs.forEach(print);
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`\npeak memory of this process: ${peakMegabytes} MB`);
  await writeFileAtomically(REPORT, `${JSON.stringify({ machine, externalProver: external ?? null, peakMegabytes, epochs }, undefined, 2)}\n`);
  console.log(`figures in ${REPORT}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runTool(main);
  await releaseCurves();
}
