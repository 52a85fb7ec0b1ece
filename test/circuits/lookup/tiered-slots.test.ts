import assert from 'node:assert/strict';
import { FIELD_MODULUS, addInField, invertInField, multiplyInField } from '../../../src/field/scalar-field.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const beta = 987654321987654321n;
const r = 1234577n;
const input = { index: [3n, 4n], magnitude: [60n, 0n], headroom: [40n, 2n ** 64n], beta, rPower: [1n, r] };

describe('TieredSlots', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('lookup/tiered-slots.circom', 'TieredSlots', [2]); });

  it('give the sums of r^j/(beta-k) and of r^j (|q| + h)', async () => {
    const witness = await assertAccepted(circuit, input);
    assert.deepEqual(valuesOf(circuit, witness, 'placed'), [addInField(invertInField(beta - 3n), multiplyInField(r, invertInField(beta - 4n)))]);
    assert.deepEqual(valuesOf(circuit, witness, 'filled'), [(100n + r * 2n ** 64n) % FIELD_MODULUS]);
  });

  for (const [name, headroom] of [['0', 0n], ['2^65 - 1', 2n ** 65n - 1n]] as const) {
    it(`take a headroom of ${name}`, async () => { await assertAccepted(circuit, { ...input, headroom: [headroom, 0n] }); });
  }
  for (const [name, headroom] of [['-1', -1n], ['2^65', 2n ** 65n]] as const) {
    it(`refuse a headroom of ${name}`, async () => {
      await assertRefused(circuit, { ...input, headroom: [0n, headroom] }, { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'TieredSlots', statement: 'range[j].in <== headroom[j]' } });
    });
  }
});

describe('FractionsBeyond', () => {
  it('sums N over the indices after the last row, and nothing without tiers', async () => {
    const circuit = await templateCircuit('lookup/fractions-beyond.circom', 'FractionsBeyond', [2]);
    const witness = await assertAccepted(circuit, { rows: 16n, beta, beyond: [5n, 7n] });
    assert.deepEqual(valuesOf(circuit, witness, 'sum'), [addInField(multiplyInField(5n, invertInField(beta - 16n)), multiplyInField(7n, invertInField(beta - 17n)))]);
    await assertRefused(circuit, { rows: beta - 1n, beta, beyond: [0n, 0n] }, { template: 'Inverse', statement: 'out * in === 1' });
  });
});
