import assert from 'node:assert/strict';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const START = [0n, 0n, 1n, 1n, 7n, 0n, 0n];
const [SPOT, PERPETUAL, OPTION] = [2n, 4n, 6n];
const [CONTINUES, TIERED] = [8n, 16n];
const UNCAPPED = new Array<bigint>(4).fill(2n ** 64n);

describe('TableRules with tiers', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('market/table-rules.circom', 'TableRules', [4, 1]); });

  const input = (rowClass: readonly bigint[], net: readonly bigint[] = [0n, 0n, 0n, 0n], gross = net, before = START, cap: readonly bigint[] = UNCAPPED): CircuitInput => ({ before, class: rowClass, cap, net, gross });
  const honest = [SPOT + TIERED, SPOT + CONTINUES + TIERED, PERPETUAL, 0n];

  it('count rows, mark settlement assets, and hand on the last row and its open group', async () => {
    const witness = await assertAccepted(circuit, input(honest, [5n, -2n, 0n, 0n], [5n, 2n, 8n, 0n]));
    assert.deepEqual(valuesOf(circuit, witness, 'after'), [3n, 2n, 0n, 0n, 0n, 0n, 0n]);
    assert.deepEqual(valuesOf(circuit, witness, 'listed'), [1n, 1n, 1n, 0n]);
    assert.deepEqual(valuesOf(circuit, witness, 'settlement'), [1n, 1n, 0n, 0n]);
    assert.deepEqual(valuesOf(circuit, witness, 'opens'), [1n, 0n, 0n, 0n]);
  });

  it('let the tiers of a derivative net to zero together, also over the border of two parts', async () => {
    const group = [PERPETUAL + TIERED, PERPETUAL + CONTINUES + TIERED];
    await assertAccepted(circuit, input([...group, OPTION, OPTION], [7n, -7n, 0n, 0n], [9n, 7n, 0n, 0n]));
    const first = await assertAccepted(circuit, input([SPOT + TIERED, SPOT + CONTINUES + TIERED, ...group.slice(0, 1), PERPETUAL + CONTINUES + TIERED], [0n, 0n, 4n, 2n], [0n, 0n, 4n, 2n]));
    const after = valuesOf(circuit, first, 'after');
    assert.deepEqual(after.slice(4), [4n, 6n, 6n]);
    await assertAccepted(circuit, input([PERPETUAL + CONTINUES + TIERED, OPTION, OPTION, 0n], [-6n, 0n, 0n, 0n], [6n, 0n, 0n, 0n], after));
    await assertRefused(circuit, input([PERPETUAL + TIERED, OPTION, OPTION, 0n], [-6n, 0n, 0n, 0n], [6n, 0n, 0n, 0n], after), {
      template: 'TableRules', statement: '(1 - row[k].continues) * unmatched[k] === 0',
    });
  });

  const refusals: readonly (readonly [string, CircuitInput, string])[] = [
    ['a listed row after one that is not', input([SPOT, 0n, SPOT, 0n]), 'listed[k] * (1 - lastListed) === 0'],
    ['a quantity where nothing is listed', input([SPOT, 0n, 0n, 0n], [0n, 5n, 0n, 0n]), '(1 - listed[k]) * gross[k] === 0'],
    ['a row of the tiered region after one outside', input([SPOT, SPOT + TIERED, 0n, 0n]), 'row[k].tiered * (1 - lastTiered) === 0'],
    ['a row of the tiered region that is not listed', input([SPOT + TIERED, TIERED, 0n, 0n]), 'row[k].tiered * (1 - listed[k]) === 0'],
    ['a further tier of another kind', input([SPOT + TIERED, PERPETUAL + CONTINUES + TIERED, 0n, 0n]), 'row[k].continues * (row[k].kind - lastKind) === 0'],
    ['a first row that continues something', input([SPOT + CONTINUES + TIERED, 0n, 0n, 0n]), 'row[k].continues * (row[k].kind - lastKind) === 0'],
    ['a further tier outside the tiered region', input([SPOT + TIERED, SPOT + CONTINUES, 0n, 0n]), 'row[k].continues * (listed[k] - row[k].tiered) === 0'],
    ['a cap outside the tiered region', input([SPOT + TIERED, SPOT, 0n, 0n], undefined, undefined, undefined, [5n, 2n ** 64n - 1n, 0n, 0n]), '(listed[k] - row[k].tiered) * (cap[k] - (1 << 64)) === 0'],
    ['a group of derivatives left open by the next', input([PERPETUAL + TIERED, PERPETUAL + CONTINUES + TIERED, OPTION, 0n], [7n, -6n, 0n, 0n], [7n, 6n, 0n, 0n]), '(1 - row[k].continues) * unmatched[k] === 0'],
  ];
  for (const [name, forged, statement] of refusals) {
    it(`refuse ${name}`, async () => { await assertRefused(circuit, forged, { template: 'TableRules', statement }); });
  }

  it('say what the last group leaves unmatched, for the caller to refuse', async () => {
    const witness = await assertAccepted(circuit, input([SPOT, SPOT, SPOT, PERPETUAL], [0n, 0n, 0n, 5n]));
    assert.deepEqual(valuesOf(circuit, witness, 'after').slice(5), [5n, 5n]);
  });
});

describe('TableRules without tiers', () => {
  it('refuse a derivative that does not net to zero and know no tiers', async () => {
    const circuit = await templateCircuit('market/table-rules.circom', 'TableRules', [4, 0]);
    const rows = { before: START, class: [SPOT, PERPETUAL, OPTION, 0n], cap: [], gross: [5n, 9n, 0n, 0n] };
    await assertAccepted(circuit, { ...rows, net: [5n, 0n, 0n, 0n] });
    await assertRefused(circuit, { ...rows, net: [5n, 1n, 0n, 0n] }, { template: 'TableRules', statement: '(1 - row[k].continues) * unmatched[k] === 0' });
    await assertRefused(circuit, { ...rows, class: [SPOT + TIERED, PERPETUAL, OPTION, 0n], net: [5n, 0n, 0n, 0n] }, { template: 'Num2Bits', statement: 'lc1 === in' });
  });
});
