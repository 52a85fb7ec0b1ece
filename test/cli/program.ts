import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiledProgram } from '../harness/compiled-program.js';

/** How a run of the program ended and all it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `clearproof` in a process of its own, as a user would. */
export function clearproof(...args: readonly string[]): Promise<Ended> {
  return ended([compiledProgram(), ...args], {});
}

/** The same, killed right after it has written `file`: the exit code is null then. */
export function clearproofKilledAt(file: string, ...args: readonly string[]): Promise<Ended> {
  const program = compiledProgram();
  const killer = pathToFileURL(join(dirname(program), '../toolchain/killed-once-written.js')).href;
  return ended(['--import', killer, program, ...args], { KILLED_ONCE_WRITTEN: file });
}

function ended(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The one JSON value on standard output, objects as maps of unknowns. */
export function oneJson({ stdout, stderr }: Ended): Record<string, unknown> {
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`standard output is not one JSON value: ${stdout}\n${stderr}`, { cause });
  }
}

/** Code of the error that a run under --json told. */
export function errorOf(ended: Ended): { readonly code: string; readonly message: string; readonly details: Record<string, unknown> } {
  const { error } = oneJson(ended);
  assert.ok(typeof error === 'object' && error !== null, ended.stdout);
  return error as ReturnType<typeof errorOf>;
}

/** Runs all of `work` with at most two processes at once. */
export async function twoAtATime<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const take = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([take(), take()]);
}

export async function temporaryFolder(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-cli-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
