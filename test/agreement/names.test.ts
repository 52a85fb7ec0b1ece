import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { TAG, tagOf, tagOfBlock } from '../../src/commitment/tags.js';
import { SOLVENCY_BATCH_SIGNALS } from '../../src/statement/solvency-batch.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../../src/statement/solvency-close.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { publicSignalNames } from '../../src/toolchain/symbols.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { listedCircuit } from '../circuits/support/compiled-circuit.js';

const SIGNALS: Readonly<Record<string, readonly string[]>> = { SolvencyBatch: SOLVENCY_BATCH_SIGNALS, SolvencyClose: SOLVENCY_CLOSE_SIGNALS };

/** Tags of hashes that no circuit computes. */
const OUTSIDE_CIRCUITS = ['owner', 'key', 'rowDetail', 'base', 'domain'];

describe('names and numbers in two places', () => {
  it('are the same tags in circuits/commitment/tags.circom and src/commitment/tags.ts', () => {
    const text = readFileSync('circuits/commitment/tags.circom', 'utf8');
    const inCircuits = Object.fromEntries([...text.matchAll(/function tag([A-Z]\w*)\(\) \{ return (\d+); \}/g)].map(([, name, kind]) => [
      (name as string).charAt(0).toLowerCase() + (name as string).slice(1), Number(kind),
    ]));
    const expected = Object.fromEntries(Object.entries(TAG).filter(([name]) => !OUTSIDE_CIRCUITS.includes(name)));
    assert.deepEqual(inCircuits, expected);
  });

  it('are the kinds that docs/statement.md lists', () => {
    const listed = [...readFileSync('docs/statement.md', 'utf8').matchAll(/^\| (\d+) \| [a-z ]+ \|/gm)].map(([, kind]) => Number(kind));
    assert.deepEqual(listed, Object.values(TAG));
  });

  it('are tags that no two hashes share, whatever their parameters and blocks', () => {
    const most = 2 ** 16 - 1;
    assert.equal(new Set(Object.values(TAG)).size, Object.keys(TAG).length);
    // Each field stands above the largest value of those below it.
    assert.ok(tagOf('domain', most, most, most, most) < 2n ** 80n);
    assert.ok(tagOf('domain', most, most, most) < tagOf('owner', 0, 0, 0, 1));
    assert.ok(tagOfBlock(tagOf('domain', most, most, most, most), 0) < tagOfBlock(tagOf('owner'), 1));
  });

  it('are the public signals of circuits.json and src/statement, in order', async () => {
    for (const { name, template, publicSignals } of await readCircuitList()) assert.deepEqual(publicSignals, SIGNALS[template], name);
  });

  for (const name of [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit]) {
    it(`are the public signals of the compiled ${name}, in order`, async function () {
      this.timeout(180_000);
      const { system, wireOf } = await listedCircuit(name);
      const expected = SIGNALS[name.includes('batch') ? 'SolvencyBatch' : 'SolvencyClose'] as readonly string[];
      assert.equal(system.publicSignals, expected.length);
      assert.deepEqual(publicSignalNames({ wireOf }, expected.length), expected);
    });
  }

  it('are the shapes tests build epochs for and circuits.json lists', async () => {
    const list = await readCircuitList();
    const parametersOf = (name: string): unknown => Object.fromEntries((list.find((circuit) => circuit.name === name)?.parameters ?? []).map((entry) => [entry.name, entry.value]));
    const { batch, indexBits, depth, U } = TEST_SHAPE;
    assert.deepEqual(parametersOf(TEST_SHAPE.batchCircuit), { ...batch, INDEX_BITS: indexBits, DEPTH: depth });
    assert.deepEqual(parametersOf(TEST_SHAPE.closeCircuit), { U, S: batch.S, DEPTH: depth });
  });

  it('are indices wide enough for every row and every empty slot beyond it, in circuits of one use', async () => {
    const list = await readCircuitList();
    const value = (circuit: (typeof list)[number], parameter: string): number => circuit.parameters.find((entry) => entry.name === parameter)?.value ?? NaN;
    const of = (use: string, template: string) => (circuit: (typeof list)[number]): boolean => circuit.use === use && circuit.template === template;
    for (const use of new Set(list.map((circuit) => circuit.use))) {
      const [batches, closes] = [list.filter(of(use, 'SolvencyBatch')), list.filter(of(use, 'SolvencyClose'))];
      for (const batch of batches) {
        for (const close of closes.filter((candidate) => value(candidate, 'S') === value(batch, 'S'))) {
          assert.ok(2 ** value(batch, 'INDEX_BITS') >= value(close, 'U') + value(batch, 'K'), `${batch.name} with ${close.name}`);
          assert.equal(value(batch, 'DEPTH'), value(close, 'DEPTH'), `${batch.name} with ${close.name}`);
        }
      }
    }
  });
});
