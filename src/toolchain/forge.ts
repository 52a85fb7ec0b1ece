import { spawn } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { runTool } from './command-line.js';
import { CONTRACT_ARTIFACTS, compileContracts } from './contracts.js';

/** forge or what it needs is missing, a contract test failed, or forge did not say how many ran. */
export class ForgeError extends ClearproofError {
  readonly code = 'FORGE';
}

/** Numbers of contract tests; a fuzz test or an invariant counts once. */
export interface ForgeTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const REPORT = 'build/report/forge.json';
const FIXTURE_MAKER = 'test/contracts/groth16-fixture.ts';
/** Hash contracts come from circomlib, not from Solidity: the tests deploy their artefacts. */
const HASH_CONTRACTS = ['Poseidon3.json', 'Poseidon5.json', 'Poseidon6.json'];
const SUMMARY = /^Ran \d+ test suites? in [^:]*: (\d+) tests? passed, (\d+) failed, (\d+) skipped \((\d+) total tests?\)$/;

/**
 * The totals of a run from what forge printed: its last summary line.
 *
 * @returns undefined when there is no such line, or its numbers do not add up: then nobody knows what ran
 */
export function parseForgeTotals(output: string): ForgeTotals | undefined {
  const lines = stripVTControlCharacters(output).split(/\r?\n/).map((line) => line.trim());
  const found = lines.map((line) => SUMMARY.exec(line)).filter((match) => match !== null).at(-1);
  if (found === undefined) return undefined;
  const [passed, failed, skipped, total] = found.slice(1).map(Number) as [number, number, number, number];
  return passed + failed + skipped === total ? { passed, failed, skipped } : undefined;
}

/**
 * Makes what the contract tests read, runs `forge <args>`, shows its output, and writes build/report/forge.json.
 *
 * @throws ForgeError when a test failed, none ran, or forge ended without a summary
 */
async function runForge(args: readonly string[]): Promise<void> {
  // A report of an earlier run must not stand for this one.
  await rm(REPORT, { force: true });
  await prepareFixtures();
  const { status, output } = await run(forgeBinary(), args, true);
  const totals = parseForgeTotals(output);
  if (totals === undefined) throw new ForgeError(`forge ended with status ${status} and no summary of its tests: read its output above`, { status });
  await writeFileAtomically(REPORT, `${JSON.stringify(totals)}\n`);
  if (status !== 0 || totals.failed > 0) throw new ForgeError(`${totals.failed} contract tests failed (forge ended with status ${status})`, { ...totals, status });
  if (totals.passed === 0) throw new ForgeError('no contract test ran: check the filter', { ...totals });
}

async function prepareFixtures(): Promise<void> {
  const present = await Promise.all(HASH_CONTRACTS.map((name) => exists(path.join(CONTRACT_ARTIFACTS, name))));
  if (present.includes(false)) await compileContracts({ root: process.cwd() });
  const { status } = await run(process.execPath, ['--import', 'tsx', FIXTURE_MAKER], false);
  if (status !== 0) throw new ForgeError(`${FIXTURE_MAKER} ended with status ${status}: the contract tests lack their proofs`, { status });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}

/** The program itself, from the package for this platform; its launcher package names platforms that not every registry has. */
function forgeBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/forge-${process.platform}-${architecture}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/forge`);
  } catch (cause) {
    throw new ForgeError(`${name} is not installed: run "npm ci"; contract tests run on x86-64 Linux`, { package: name }, { cause });
  }
}

/** Runs a program to its end; `capture` shows its standard output and keeps it too. */
function run(program: string, args: readonly string[], capture: boolean): Promise<{ readonly status: number | string; readonly output: string }> {
  return new Promise((resolve, reject) => {
    // Nothing is looked up on the network: neither compilers nor names of selectors.
    const env = { ...process.env, FOUNDRY_OFFLINE: 'true', FOUNDRY_DISABLE_NIGHTLY_WARNING: 'true' };
    const child = spawn(program, args, { stdio: ['inherit', capture ? 'pipe' : 'inherit', 'inherit'], env });
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (piece: Buffer) => {
      pieces.push(piece);
      process.stdout.write(piece);
    });
    child.once('error', (cause) => reject(new ForgeError(`${program} cannot be started: run "npm ci"`, { program }, { cause })));
    child.once('close', (code, signal) => resolve({ status: code ?? String(signal), output: Buffer.concat(pieces).toString() }));
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runTool((args) => runForge(args.length > 0 ? args : ['test']));
}
