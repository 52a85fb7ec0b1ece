import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { childSecondsOf, peakOf } from './bench-processes.js';

/** A program that is measured failed. */
export class BenchProgramError extends ClearproofError {
  readonly code = 'BENCH_PROGRAM';
}

/** One run of a program from its start to its end. */
export interface ProgramRun {
  readonly seconds: number;
  /** Processor time; undefined where the system does not tell. */
  readonly coreSeconds: number | undefined;
  /** Highest resident memory; undefined where the system does not tell. */
  readonly megabytes: number | undefined;
  readonly stderr: string;
}

/** Short beside a proof, long beside reading one line of the process table. */
const INTERVAL_MILLISECONDS = 10;
const MOST_CHARACTERS = 200;

/** Runs a program and nothing else beside it. @throws BenchProgramError when it cannot be started or ends badly */
export async function runProgram(path: string, args: readonly string[]): Promise<ProgramRun> {
  const before = await ownChildren();
  const started = performance.now();
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let [stderr, kilobytes] = ['', 0];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const timer = setInterval(() => void peakOf(child.pid ?? 0).then((peak) => (kilobytes = Math.max(kilobytes, peak ?? 0))), INTERVAL_MILLISECONDS);
  const ended = await new Promise<string | undefined>((resolve) => {
    child.on('error', (cause) => resolve(messageOf(cause)));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `${signal ?? `exit code ${code}`}: ${stderr.trim().split('\n').at(-1)?.slice(-MOST_CHARACTERS)}`));
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  if (ended !== undefined) throw new BenchProgramError(`${path} failed (${ended})`, { program: path });
  const after = await ownChildren();
  return {
    seconds, stderr, coreSeconds: before === undefined || after === undefined ? undefined : after - before,
    megabytes: kilobytes === 0 ? undefined : kilobytes / 1024,
  };
}

/** Processor time of all programs that this process has run to their end. */
export async function ownChildren(): Promise<number | undefined> {
  return childSecondsOf(await readFile('/proc/self/stat', 'utf8').catch(() => ''));
}
