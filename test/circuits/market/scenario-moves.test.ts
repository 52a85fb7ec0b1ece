import assert from 'node:assert/strict';
import { hashList } from '../../../src/commitment/hash-list.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { toField } from '../../../src/field/scalar-field.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

describe('ScenarioMoves', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('market/scenario-moves.circom', 'ScenarioMoves', [2]); });

  it('hash moves from -255 to 255 in the order price, basis of each scenario', async () => {
    const witness = await assertAccepted(circuit, { scanMove: [-255n, 255n], basisMove: [0n, -1n] });
    const expected = hashList(await bulkPoseidon(), tagOf('scenarios', 2), [-255n, 0n, 255n, -1n].map(toField));
    assert.deepEqual(valuesOf(circuit, witness, 'digest'), [expected]);
  });

  for (const [name, move, at] of [
    ['-256', -256n, { template: 'Num2Bits', statement: 'lc1 === in' }], ['256', 256n, { template: 'BelowConstant', statement: 'equal[i] * zeros === 0' }],
    ['2^9', 512n, { template: 'Num2Bits', statement: 'lc1 === in' }],
  ] as const) {
    for (const field of ['scanMove', 'basisMove'] as const) {
      it(`refuse a ${field} of ${name}`, async () => {
        const statement = field === 'scanMove' ? 'range[s][0].in <== scanMove[s] + 255' : 'range[s][1].in <== basisMove[s] + 255';
        await assertRefused(circuit, { scanMove: [0n, 0n], basisMove: [0n, 0n], [field]: [0n, move] }, { ...at, below: { template: 'ScenarioMoves', statement } });
      });
    }
  }

  it('have digest 0 when there are none', async () => {
    const none = await templateCircuit('market/scenario-moves.circom', 'ScenarioMoves', [0]);
    assert.deepEqual(valuesOf(none, await assertAccepted(none, { scanMove: [], basisMove: [] }), 'digest'), [0n]);
  });
});
