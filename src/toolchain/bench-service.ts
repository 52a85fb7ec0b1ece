import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { startProcess } from '../groth16/child-module.js';
import { findCircuit, readCircuitList } from '../groth16/circuit-list.js';
import { parameterOf } from '../proving/circuit-advice.js';
import type { StageAnswer } from './bench-service-process.js';
import { sampleProofs } from './bench-service-proofs.js';
import { reportText, SIZED_ACCOUNTS, sizingOf, SMALL_ACCOUNTS, type ServiceReport, type StageFigures } from './bench-service-report.js';
import { SERVICE_CIRCUITS, STAGES, type Stage, type StageTask } from './bench-service-stages.js';
import { MemoryWatch } from './bench-service-watch.js';
import { runTool } from './command-line.js';

const REPORT = 'build/report/service.json';
const REPORT_TEXT = 'build/report/service.txt';
const FOLDER = 'build/bench-service';
const DEFAULT_ACCOUNTS = 1_000_000;
const LEAST_ACCOUNTS = 200;
const MOST_ACCOUNTS = 16 ** 5;

/** A benchmark that cannot run as it was asked. */
export class ServiceBenchError extends ClearproofError {
  readonly code = 'SERVICE_BENCH';
}

/**
 * Takes a synthetic venue through the service's stages, a small one first, each stage in a process of its own, and writes
 * what they took. Stages that an earlier run of the same size finished are not done again.
 */
async function main(words: readonly string[]): Promise<void> {
  const accounts = accountsOf(words[0] ?? process.env['ACCOUNTS']);
  const databaseUrl = process.env['DATABASE_URL'] || undefined;
  const catalogue = await readCircuitList();
  const { stages: small } = await runStages(SMALL_ACCOUNTS, databaseUrl, {});
  let report = accounts === SMALL_ACCOUNTS ? emptyReport(accounts, databaseUrl, small) : await runStages(accounts, databaseUrl, small);
  const { pools, coreSecondsAnAccount } = await sampleProofs(catalogue, say);
  const batchSize = parameterOf(findCircuit(catalogue, SERVICE_CIRCUITS[0]), 'N');
  const basis = { accounts, stages: report.stages, small, batchSize, proofCoreSeconds: coreSecondsAnAccount };
  report = { ...report, pools, sizing: SIZED_ACCOUNTS.map((count) => sizingOf(count, basis)) };
  await write(report);
  console.log(reportText(report));
  console.log(`\nFigures in ${REPORT}, this text in ${REPORT_TEXT}.`);
}

/** The stages that an earlier run did not finish; the report is written after each. */
async function runStages(accounts: number, databaseUrl: string | undefined, small: ServiceReport['small']): Promise<ServiceReport> {
  const folder = join(FOLDER, String(accounts));
  let report = { ...((await earlierReport(folder)) ?? emptyReport(accounts, databaseUrl, small)), small };
  for (const stage of STAGES) {
    if (report.stages[stage] !== undefined) continue;
    say(`${accounts} accounts, ${stage} …`);
    const figures = await measureStage({ stage, accounts, folder, databaseUrl });
    say(`${accounts} accounts, ${stage}: ${figures.seconds.toFixed(1)} s, ${figures.coreSeconds?.toFixed(1) ?? '?'} core s, ${figures.peakMegabytes ?? '?'} MB`);
    report = { ...report, loadAverage: loadavg()[0] ?? 0, stages: { ...report.stages, [stage]: figures } };
    await writeFileAtomically(reportIn(folder), json(report));
    await write(report);
  }
  return report;
}

async function write(report: ServiceReport): Promise<void> {
  await writeFileAtomically(REPORT, json(report));
  await writeFileAtomically(REPORT_TEXT, `${reportText(report)}\n`);
}

function json(report: ServiceReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function accountsOf(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_ACCOUNTS;
  const accounts = /^[0-9]{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (accounts >= LEAST_ACCOUNTS && accounts <= MOST_ACCOUNTS) return accounts;
  throw new ServiceBenchError(`ACCOUNTS=${text}: give a number from ${LEAST_ACCOUNTS} to ${MOST_ACCOUNTS}, what one accounts tree holds`);
}

function emptyReport(accounts: number, databaseUrl: string | undefined, small: ServiceReport['small']): ServiceReport {
  return {
    formatVersion: 1,
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryMegabytes: Math.round(totalmem() / 2 ** 20), node: process.version },
    accounts, database: databaseUrl === undefined ? 'embedded' : 'server', circuits: SERVICE_CIRCUITS, loadAverage: loadavg()[0] ?? 0, stages: {}, small, pools: [], sizing: [],
  };
}

/** Undefined when there is none of this version. */
async function earlierReport(folder: string): Promise<ServiceReport | undefined> {
  const text = await readFile(reportIn(folder), 'utf8').catch(() => undefined);
  const report = text === undefined ? undefined : (JSON.parse(text) as ServiceReport);
  return report?.formatVersion === 1 ? report : undefined;
}

function reportIn(folder: string): string {
  return join(folder, 'report.json');
}

async function measureStage(task: StageTask): Promise<StageFigures> {
  const started = performance.now();
  const child = startProcess(import.meta.url, 'bench-service-process', { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }, ['--max-old-space-size=8192']);
  const watch = new MemoryWatch(child.pid ?? 0);
  const answer = await new Promise<StageAnswer>((resolve, reject) => {
    child.on('message', (message: StageAnswer) => resolve(message));
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(endedEarly(task.stage, signal === null ? `exit code ${code}` : `signal ${signal}`)));
    child.send(task);
  });
  const peakMegabytes = watch.stop();
  if ('failure' in answer) throw new ServiceBenchError(`the stage ${task.stage} failed: ${answer.failure}`);
  return {
    measured: true, at: new Date().toISOString(), seconds: (performance.now() - started) / 1000, coreSeconds: answer.coreSeconds, peakMegabytes, details: answer.details,
  };
}

function endedEarly(stage: Stage, how: string): ServiceBenchError {
  return new ServiceBenchError(`the stage ${stage} ended with ${how}: look for lack of memory, then run it again; it goes on where it stopped`);
}

/** Progress, apart from the result. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

await runTool(main);
