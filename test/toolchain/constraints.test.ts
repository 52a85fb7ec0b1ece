import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { CONSTRAINT_SNAPSHOT, SLOPES, brokenBars, countConstraints, type CircuitCost, type CircuitCosts } from '../../src/toolchain/constraints.js';

function withoutSlope(cost: CircuitCost): CircuitCost {
  const slope = SLOPES[cost.kind]?.[1];
  return Object.fromEntries(Object.entries(cost).filter(([name]) => name !== slope)) as unknown as CircuitCost;
}

describe('the cost of circuits', () => {
  let snapshot: CircuitCosts;
  before(async () => { snapshot = JSON.parse(await readFile(CONSTRAINT_SNAPSHOT, 'utf8')) as CircuitCosts; });

  it('is what test/snapshots/constraints.json says, recounted from source for the circuits of tests and demo, with the slopes of those of tests', async function () {
    this.timeout(400_000);
    const counted = (await readCircuitList()).filter(({ use }) => use !== 'production');
    const counts = await countConstraints(counted, ({ use }) => use === 'test');
    assert.deepEqual(counts, Object.fromEntries(counted.map(({ name, use }) => [name, use === 'test' ? snapshot[name] : withoutSlope(snapshot[name] as CircuitCost)])));
  });

  it('is in the snapshot for every circuit of the list, and for no other', async () => {
    assert.deepEqual(Object.keys(snapshot), (await readCircuitList()).map(({ name }) => name));
  });

  it('keeps the bars: 2,900 and 6,900 an account of 8 and 50 slots, 1,100 an instrument in the close and 3,950 in the market table, 85 a tiered slot, 35,000 a transition of 8 slots', () => {
    assert.deepEqual(brokenBars(snapshot), []);
    for (const name of ['solvency-batch-n64-k8-s16', 'solvency-batch-n32-k50-s16', 'solvency-close-part-r208-s16', 'market-table-u112-s16', 'account-transition-k8-s16']) assert.ok(snapshot[name] !== undefined, name);
  });

  it('breaks a bar by one constraint', () => {
    const changed = (name: string, slope: string, value: number): CircuitCosts => ({ ...snapshot, [name]: { ...(snapshot[name] as CircuitCost), [slope]: value } });
    assert.match(brokenBars(changed('solvency-batch-n64-k8-s16', 'perAccount', 2_901)).join(), /an account of 8 slots costs 2901/);
    assert.match(brokenBars(changed('solvency-batch-n32-k50-s16', 'perAccount', 6_901)).join(), /an account of 50 slots costs 6901/);
    assert.match(brokenBars(changed('solvency-close-u112-s16', 'perInstrument', 1_101)).join(), /an instrument in the close costs 1101/);
    assert.match(brokenBars(changed('market-table-u112-s16', 'perInstrument', 3_951)).join(), /an instrument in the market table costs 3951/);
    assert.match(brokenBars(changed('account-transition-k8-s16', 'total', 35_001)).join(), /a transition of 8 slots costs 35001/);
    const plain = snapshot['solvency-batch-n64-k8-s16']?.perAccount as number;
    assert.match(brokenBars(changed('solvency-batch-n64-k8-s16-t4', 'perAccount', plain + 4 * 85 + 1)).join(), /a tiered slot costs 85\.25/);
  });

  it('does not grow with the number of instruments in a batch: no parameter of its template is one', async () => {
    const batches = (await readCircuitList()).filter(({ template }) => template === 'SolvencyBatch');
    for (const { parameters } of batches) assert.deepEqual(parameters.map(({ name }) => name), ['N', 'K', 'T', 'S', 'W', 'INDEX_BITS', 'DEPTH']);
  });
});
