import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { runTool } from './command-line.js';
import type { LoadTarget } from './load-target.js';

/*
 * Loads the prover service's API with many connections and writes what it does to build/report/load.json: requests, times, errors,
 * and the memory of the process under load. `--soak <minutes>` goes on with a mixed load at the end.
 */

/** More failed requests than this share, and the tool fails. */
const ERROR_BUDGET = 0.001;
const REPORT = 'build/report/load.json';
const MEMORY_INTERVAL = 1_000;
/** Seconds for one answer. */
const TIMEOUT = 20;

/** More requests failed than the budget allows. */
export class ErrorBudgetError extends ClearproofError {
  readonly code = 'ERROR_BUDGET';
}

interface Scenario {
  readonly name: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a good answer has. */
  readonly status: number;
}

interface Figures {
  readonly scenario: string;
  readonly connections: number;
  readonly seconds: number;
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly errors: number;
  /** Answers with another status than the scenario's. */
  readonly unexpected: number;
}

interface MemoryFigure {
  /** Since the start. */
  readonly second: number;
  readonly megabytes: number;
}

const scenariosFor = ({ token }: LoadTarget): readonly Scenario[] => {
  const headers = { authorization: `Bearer ${token}` };
  return [
    { name: 'live', path: '/v1/health', status: 200 },
    { name: 'attestation', path: '/v1/attestations/1', status: 200 },
    { name: 'receipt that is not there', path: '/v1/receipt', headers: { authorization: `Receipt ${'A'.repeat(43)}` }, status: 404 },
    { name: 'unknown token', path: '/v1/epochs', headers: { authorization: `Bearer cp_${'A'.repeat(43)}` }, status: 401 },
    { name: 'progress', path: '/v1/epochs/1/progress', headers, status: 200 },
    { name: 'epochs', path: '/v1/epochs', headers, status: 200 },
    { name: 'steps', path: '/v1/epochs/1/steps', headers, status: 200 },
  ];
};

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: 'string', default: '5' }, connections: { type: 'string', default: '50,200,500' }, soak: { type: 'string', default: '0' } },
  });
  const child = fork(fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'load-target.ts' : 'load-target.js', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const [target] = await once(child, 'message') as [LoadTarget];
    const memory = watchMemory(child);
    const figures = await runAll(target, values.connections.split(',').map(Number), Number(values.seconds), Number(values.soak));
    await report(figures, memory.stop());
  } finally {
    child.kill();
  }
}

async function runAll(target: LoadTarget, connections: readonly number[], seconds: number, soakMinutes: number): Promise<readonly Figures[]> {
  const scenarios = scenariosFor(target);
  const figures: Figures[] = [];
  for (const count of connections) {
    for (const scenario of scenarios) figures.push(tell(await run(target, [scenario], count, seconds)));
  }
  if (soakMinutes > 0) figures.push(tell(await run(target, scenarios, Math.min(...connections), soakMinutes * 60)));
  return figures;
}

async function run({ url }: LoadTarget, scenarios: readonly Scenario[], connections: number, seconds: number): Promise<Figures> {
  const result = await autocannon({
    url, connections, duration: seconds, timeout: TIMEOUT,
    requests: scenarios.map(({ path, headers }) => ({ method: 'GET', path, ...(headers === undefined ? {} : { headers }) })),
  });
  const expected = new Set(scenarios.map(({ status }) => status.toString()));
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(([status, { count = 0 }]) => ({ status, count }));
  const answered = statuses.reduce((sum, { count }) => sum + count, 0);
  return {
    scenario: scenarios.length === 1 ? (scenarios[0] as Scenario).name : 'mixed', connections, seconds: result.duration, requests: answered,
    perSecond: Math.round(answered / result.duration), p50: result.latency.p50, p99: result.latency.p99, most: result.latency.max,
    errors: result.errors + result.timeouts, unexpected: statuses.filter(({ status }) => !expected.has(status)).reduce((sum, { count }) => sum + count, 0),
  };
}

function tell(figures: Figures): Figures {
  const { scenario, connections, perSecond, p50, p99, errors, unexpected } = figures;
  console.log(`${scenario.padEnd(26)} ${String(connections).padStart(4)} connections ${String(perSecond).padStart(6)}/s  p50 ${p50} ms  p99 ${p99} ms  errors ${errors}  unexpected ${unexpected}`);
  return figures;
}

/** Resident memory of the process under load, where the system tells. */
function watchMemory(child: ChildProcess): { stop(): readonly MemoryFigure[] } {
  const started = performance.now();
  const figures: MemoryFigure[] = [];
  const timer = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, 'utf8').then((text) => {
      const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]);
      figures.push({ second: Math.round((performance.now() - started) / 1_000), megabytes: Math.round(kilobytes / 1_024) });
    }, () => undefined);
  }, MEMORY_INTERVAL);
  return {
    stop: () => {
      clearInterval(timer);
      return figures;
    },
  };
}

async function report(figures: readonly Figures[], memory: readonly MemoryFigure[]): Promise<void> {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryMegabytes: Math.round(totalmem() / 2 ** 20), node: process.version };
  await mkdir(join(REPORT, '..'), { recursive: true });
  await writeFileAtomically(REPORT, `${JSON.stringify({ at: new Date().toISOString(), machine, figures, memory }, undefined, 1)}\n`);
  const megabytes = memory.map((one) => one.megabytes);
  console.log(`memory ${megabytes[0] ?? 0} MB at the start, ${Math.max(...megabytes)} MB at most, ${megabytes.at(-1) ?? 0} MB at the end; written to ${REPORT}`);
  const requests = figures.reduce((sum, one) => sum + one.requests, 0);
  const failed = figures.reduce((sum, one) => sum + one.errors + one.unexpected, 0);
  if (failed > requests * ERROR_BUDGET) throw new ErrorBudgetError(`${failed} of ${requests} requests failed, more than ${ERROR_BUDGET * 100} %: see ${REPORT}`, { failed, requests });
}

await runTool(main);
