import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findCargo } from './cargo.js';
import { runTool } from './command-line.js';
import { NATIVE_REPORT } from './native-tests.js';
import { testGroups } from './test-groups.js';
import { TEST_REPORTS, reportTotals } from './test-totals.js';

/** As many as continuous integration has cores: more would only make tests wait for each other's processor time. */
const LANES = 2;

interface TestRunner {
  readonly name: string;
  /** Below build/report; it must be there afterwards. */
  readonly report: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Runs all tests, two processes at a time: the groups of test-groups.ts, each a mocha of its own, so that what threads and servers leave
 * behind reaches no other group; forge; and cargo. Shows what each said when it ends, and the totals of all at the end.
 */
async function main(): Promise<void> {
  await mkdir(TEST_REPORTS, { recursive: true });
  for (const name of await readdir(TEST_REPORTS)) {
    // A report of an earlier run must not stand for one of this.
    if (/^(mocha.*|forge|cargo)\.json$|^test-totals\.txt$/.test(name)) await rm(join(TEST_REPORTS, name));
  }
  const runners = await allRunners();
  const waiting = [...runners];
  const lane = async (): Promise<boolean> => {
    let passed = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) passed = (await run(next)) && passed;
    return passed;
  };
  const passed = await Promise.all(Array.from({ length: LANES }, lane));
  const allPassed = await reportTotals(runners.map(({ report }) => report));
  if (!allPassed || passed.includes(false)) process.exitCode = 1;
}

/** forge first: it takes minutes in which it cannot be divided. native/ where it can be built. */
async function allRunners(): Promise<readonly TestRunner[]> {
  const files = (await readdir('test', { recursive: true })).filter((file) => file.endsWith('.test.ts')).map((file) => `test/${file}`);
  const groups = testGroups(files).map(({ name, files: own }) => ({ name, report: `mocha-${name}.json`, command: 'node_modules/.bin/mocha', args: own }));
  const forge = { name: 'forge', report: 'forge.json', command: process.execPath, args: [join(import.meta.dirname, 'forge.js'), 'test'] };
  const cargo = await findCargo();
  if ('missing' in cargo) {
    console.log(`The tests of native/ are not run: ${cargo.missing}.`);
    return [forge, ...groups];
  }
  const native = { name: 'native', report: NATIVE_REPORT, command: process.execPath, args: [join(import.meta.dirname, 'native-tests.js')] };
  return [forge, native, ...groups];
}

/** What it says comes in one piece, for two that speak at once cannot be read. */
async function run({ name, report, command, args }: TestRunner): Promise<boolean> {
  const start = performance.now();
  console.log(`${name} begins`);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, REPORT: report } });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => said.push(piece));
  const status = await new Promise<number | string>((resolve) => {
    child.once('error', (thrown) => resolve(thrown.message));
    child.once('close', (code, signal) => resolve(code ?? String(signal)));
  });
  process.stdout.write(Buffer.concat(said));
  console.log(`${name} ${status === 0 ? 'passed' : `FAILED (${status})`} after ${Math.round((performance.now() - start) / 1000)} s`);
  return status === 0;
}

await runTool(main);
