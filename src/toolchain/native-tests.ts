import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { findCargo, runCargo } from './cargo.js';
import { runTool } from './command-line.js';
import { TEST_REPORTS, type Totals } from './test-totals.js';

/** The tests of native/ did not all pass, or cannot be run. */
export class NativeTestsError extends ClearproofError {
  readonly code = 'NATIVE_TESTS';
}

/** In build/report. */
export const NATIVE_REPORT = 'cargo.json';

/** Totals of every test binary that `cargo test` ran, from what it printed. Without any, nothing was built: one failure. */
export function cargoTotals(output: string): Totals {
  const results = [...output.matchAll(/^test result: \S+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  if (results.length === 0) return { passed: 0, failed: 1, skipped: 0, titles: ['native: the tests were not run'] };
  const sum = (column: number): number => results.reduce((total, result) => total + Number(result[column]), 0);
  const titles = [...output.matchAll(/^test (.+) \.\.\. FAILED$/gm)].map(([, name]) => `native: ${name}`);
  return { passed: sum(1), failed: sum(2), skipped: sum(3), titles };
}

/** Runs the tests of native/ and leaves their totals in build/report/cargo.json. @throws NativeTestsError */
async function main(): Promise<void> {
  const cargo = await findCargo();
  if ('missing' in cargo) throw new NativeTestsError(`the tests of native/ cannot be run: ${cargo.missing}`);
  const { status, output } = await runCargo(cargo.path, ['test', '--locked', '--offline']);
  await mkdir(TEST_REPORTS, { recursive: true });
  const totals = cargoTotals(output);
  // A crash takes the rest of its binary's tests with it, and no total says so.
  const hidden = status !== 0 && totals.failed === 0;
  await writeFile(join(TEST_REPORTS, NATIVE_REPORT), `${JSON.stringify(hidden ? { ...totals, failed: 1, titles: [`native: cargo test ended with ${status}`] } : totals)}\n`);
  if (status !== 0) throw new NativeTestsError(`cargo test ended with ${status}: see above`, { status });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runTool(main);
