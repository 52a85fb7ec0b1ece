import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, where the runner says it. */
  readonly titles?: readonly string[];
}

const REPORT = 'build/report';
/** One file a runner; each must be there, or a runner that never ran would count as green. */
const RUNNERS = ['mocha.json', 'mocha-service.json', 'forge.json'] as const;

/** Adds up what every test runner left, prints `N passed, N failed` and fails unless every test passed. */
async function main(): Promise<void> {
  const all = await Promise.all(RUNNERS.map(readTotals));
  const passed = all.reduce((sum, totals) => sum + totals.passed, 0);
  const failed = all.reduce((sum, totals) => sum + totals.failed + totals.skipped, 0);
  // Last, where a log that is cut still shows them.
  for (const title of all.flatMap((totals) => totals.titles ?? [])) console.log(`failed: ${title}`);
  const line = `${passed} passed, ${failed} failed`;
  await writeFile(join(REPORT, 'test-totals.txt'), `${line}\n`);
  console.log(line);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

async function readTotals(file: string): Promise<Totals> {
  try {
    return JSON.parse(await readFile(join(REPORT, file), 'utf8')) as Totals;
  } catch {
    console.error(`${file} is missing: its test runner did not finish`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

await main();
