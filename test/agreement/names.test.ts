import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { TAG, tagOf } from '../../src/commitment/tags.js';
import { ACCOUNT_EXIT_SIGNALS } from '../../src/statement/account-exit.js';
import { ACCOUNT_INCLUSION_SIGNALS } from '../../src/statement/account-inclusion.js';
import { ACCOUNT_MARGIN_SIGNALS } from '../../src/statement/account-margin.js';
import { ACCOUNT_SIGNER_SIGNALS } from '../../src/statement/account-signer.js';
import { ACCOUNT_TRANSITION_SIGNALS } from '../../src/statement/account-transition.js';
import { MARKET_TABLE_SIGNALS } from '../../src/statement/market-table.js';
import { ROW_MARK_SIGNALS } from '../../src/statement/row-mark.js';
import { SOLVENCY_BATCH_SIGNALS } from '../../src/statement/solvency-batch.js';
import { SOLVENCY_CLOSE_END_SIGNALS } from '../../src/statement/solvency-close-end.js';
import { SOLVENCY_CLOSE_PART_SIGNALS } from '../../src/statement/solvency-close-part.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../../src/statement/solvency-close.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { publicSignalNames } from '../../src/toolchain/symbols.js';
import { ACCOUNT_SHAPE } from '../builders/account.js';
import { TEST_SHAPE, TIERED_SHAPE } from '../builders/epoch.js';
import { INCLUSION_SHAPE } from '../builders/inclusion.js';
import { PLAIN_TABLE, TIERED_TABLE } from '../builders/market-table.js';
import { TRANSITION_SHAPE } from '../builders/transition.js';
import { listedCircuit } from '../circuits/support/compiled-circuit.js';

const SIGNALS: Readonly<Record<string, readonly string[]>> = {
  SolvencyBatch: SOLVENCY_BATCH_SIGNALS, SolvencyClose: SOLVENCY_CLOSE_SIGNALS, SolvencyClosePart: SOLVENCY_CLOSE_PART_SIGNALS, SolvencyCloseEnd: SOLVENCY_CLOSE_END_SIGNALS,
  MarketTable: MARKET_TABLE_SIGNALS, AccountMargin: ACCOUNT_MARGIN_SIGNALS, AccountExit: ACCOUNT_EXIT_SIGNALS, AccountSigner: ACCOUNT_SIGNER_SIGNALS, RowMark: ROW_MARK_SIGNALS,
  AccountInclusion: ACCOUNT_INCLUSION_SIGNALS, AccountTransition: ACCOUNT_TRANSITION_SIGNALS,
};

/** Tags of hashes that no circuit computes. */
const OUTSIDE_CIRCUITS = ['base'];

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
    const listed = [...readFileSync('docs/statement.md', 'utf8').matchAll(/^\| (\d+) \| [a-z][a-z0-9 ()-]* \|/gm)].map(([, kind]) => Number(kind));
    assert.deepEqual(listed, Object.values(TAG));
  });

  it('are tags that no two hashes share, whatever their parameters', () => {
    const most = 2 ** 16 - 1;
    assert.equal(new Set(Object.values(TAG)).size, Object.keys(TAG).length);
    // Each field stands above the largest value of those below it.
    assert.ok(tagOf('tableState', most, most, most, most, most) < 2n ** 96n);
    assert.ok(tagOf('tableState', most, most, most) < tagOf('owner', 0, 0, 0, 1));
    assert.ok(tagOf('tableState', most, most, most, most) < tagOf('owner', 0, 0, 0, 0, 1));
  });

  it('are the public signals of circuits.json and src/statement, in order', async () => {
    for (const { name, template, publicSignals } of await readCircuitList()) assert.deepEqual(publicSignals, SIGNALS[template], name);
  });

  const { partCircuit, endCircuit } = TIERED_SHAPE.parts;
  for (const [name, template] of [
    [TEST_SHAPE.batchCircuit, 'SolvencyBatch'], [TEST_SHAPE.closeCircuit, 'SolvencyClose'], [partCircuit, 'SolvencyClosePart'], [endCircuit, 'SolvencyCloseEnd'], [PLAIN_TABLE.circuit, 'MarketTable'],
    [ACCOUNT_SHAPE.marginCircuit, 'AccountMargin'], [ACCOUNT_SHAPE.exitCircuit, 'AccountExit'], [ACCOUNT_SHAPE.signerCircuit, 'AccountSigner'], [ACCOUNT_SHAPE.markCircuit, 'RowMark'],
    [INCLUSION_SHAPE.circuit, 'AccountInclusion'], [TRANSITION_SHAPE.circuit, 'AccountTransition'],
  ] as const) {
    it(`are the public signals of the compiled ${name}, in order`, async function () {
      this.timeout(180_000);
      const { system, wireOf } = await listedCircuit(name);
      const expected = SIGNALS[template] as readonly string[];
      assert.equal(system.publicSignals, expected.length);
      assert.deepEqual(publicSignalNames({ wireOf }, expected.length), expected);
    });
  }

  it('are the shapes tests build epochs for and circuits.json lists', async () => {
    const list = await readCircuitList();
    const parametersOf = (name: string): unknown => Object.fromEntries((list.find((circuit) => circuit.name === name)?.parameters ?? []).map((entry) => [entry.name, entry.value]));
    for (const { batch, indexBits, depth, U, batchCircuit, closeCircuit } of [TEST_SHAPE, TIERED_SHAPE]) {
      assert.deepEqual(parametersOf(batchCircuit), { ...batch, INDEX_BITS: indexBits, DEPTH: depth });
      assert.deepEqual(parametersOf(closeCircuit), { U, T: batch.T, S: batch.S, DEPTH: depth });
    }
    const { batch: { T, S }, depth, parts } = TIERED_SHAPE;
    assert.deepEqual(parametersOf(parts.partCircuit), { R: parts.rows, T, S });
    assert.deepEqual(parametersOf(parts.endCircuit), { T, S, DEPTH: depth });
    const { K, S: scenarios, DEPTH } = ACCOUNT_SHAPE;
    for (const circuit of [ACCOUNT_SHAPE.marginCircuit, ACCOUNT_SHAPE.exitCircuit]) assert.deepEqual(parametersOf(circuit), { K, S: scenarios, DEPTH });
    const { K: slots, S: moves, circuit: narrow, widerK, widerCircuit } = TRANSITION_SHAPE;
    for (const [circuit, of] of [[narrow, slots], [widerCircuit, widerK]] as const) assert.deepEqual(parametersOf(circuit), { K: of, S: moves });
    // Of the batches above, so that every account of theirs can be shown.
    for (const [{ batch, depth: of }, circuit] of [[TEST_SHAPE, INCLUSION_SHAPE.circuit], [TIERED_SHAPE, INCLUSION_SHAPE.tieredCircuit]] as const) assert.deepEqual(parametersOf(circuit), { K: batch.K, DEPTH: of });
    assert.deepEqual([INCLUSION_SHAPE.K, INCLUSION_SHAPE.tieredK, INCLUSION_SHAPE.DEPTH], [TEST_SHAPE.batch.K, TIERED_SHAPE.batch.K, TEST_SHAPE.depth]);
    for (const { circuit, shape } of [PLAIN_TABLE, TIERED_TABLE]) assert.deepEqual(parametersOf(circuit), shape);
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
