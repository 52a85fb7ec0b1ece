import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

const SNAPSHOT = 'test/snapshots/gas.json';
/** Parts of one thousand that an entry may differ from the snapshot, either way. */
const TOLERANCE = 5;

/** Gas by kind of call. */
export type GasTable = Readonly<Record<string, number>>;

/**
 * Holds what was measured against the part of test/snapshots/gas.json whose entries begin with `prefix`; without one, against those that begin
 * with none. After a change that is meant to cost more or less run the test with UPDATE_SNAPSHOTS=1 and commit the file.
 */
export async function assertGas(measured: GasTable, test: string, prefix?: string): Promise<void> {
  const update = `UPDATE_SNAPSHOTS=1 npx mocha ${test}`;
  const all = JSON.parse(await readFile(SNAPSHOT, 'utf8')) as Record<string, number>;
  const isOwn = (entry: string): boolean => (prefix === undefined ? !/^[a-z]+: /.test(entry) : entry.startsWith(`${prefix}: `));
  const named = Object.fromEntries(Object.entries(measured).map(([entry, gas]) => [prefix === undefined ? entry : `${prefix}: ${entry}`, gas]));
  if (process.env['UPDATE_SNAPSHOTS'] === '1') {
    const others = Object.entries(all).filter(([entry]) => !isOwn(entry));
    const content = prefix === undefined ? { ...named, ...Object.fromEntries(others) } : { ...Object.fromEntries(others), ...named };
    await writeFile(SNAPSHOT, `${JSON.stringify(content, undefined, 2)}\n`);
    return;
  }
  const expected = Object.fromEntries(Object.entries(all).filter(([entry]) => isOwn(entry)));
  assert.deepEqual(Object.keys(named), Object.keys(expected), `the snapshot has other entries; if that is meant: ${update}`);
  const wrong = Object.entries(named).filter(([entry, gas]) => Math.abs(gas - (expected[entry] as number)) * 1_000 > TOLERANCE * (expected[entry] as number));
  assert.deepEqual(wrong.map(([entry, gas]) => `${entry}: ${gas}, snapshot ${expected[entry]}`), [], `if that is meant: ${update}`);
}
