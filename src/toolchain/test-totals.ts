import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What one test runner leaves. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, where the runner says it. */
  readonly titles?: readonly string[];
}

/** Where test runners leave their totals. */
export const TEST_REPORTS = 'build/report';

/**
 * Adds up what every test runner left, and prints what failed and, last, `N passed, N failed`.
 *
 * @param files one a runner, in build/report; each must be there, or a runner that never ran would count as green
 * @returns whether there are tests, and every one passed
 */
export async function reportTotals(files: readonly string[]): Promise<boolean> {
  const all = await Promise.all(files.map(readTotals));
  const passed = all.reduce((sum, totals) => sum + totals.passed, 0);
  const failed = all.reduce((sum, totals) => sum + totals.failed + totals.skipped, 0);
  // Last, where a log that is cut still shows them.
  for (const title of all.flatMap((totals) => totals.titles ?? [])) console.log(`failed: ${title}`);
  const line = `${passed} passed, ${failed} failed`;
  await writeFile(join(TEST_REPORTS, 'test-totals.txt'), `${line}\n`);
  console.log(line);
  return failed === 0 && passed > 0;
}

async function readTotals(file: string): Promise<Totals> {
  try {
    return JSON.parse(await readFile(join(TEST_REPORTS, file), 'utf8')) as Totals;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, titles: [`${file} is missing: its test runner did not finish`] };
  }
}
