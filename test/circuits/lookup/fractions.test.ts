import assert from 'node:assert/strict';
import { FIELD_MODULUS, invertInField, multiplyInField, toField } from '../../../src/field/scalar-field.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const beta = 987654321987654321n;
const slots = { index: [3n, 4n, 9n], quantity: [5n, 0n, -7n], magnitude: [5n, 0n, 7n], beta };
const fraction = (numerator: bigint, index: bigint): bigint => multiplyInField(toField(numerator), invertInField(beta - index));

describe('Inverse', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('lookup/inverse.circom', 'Inverse', []); });

  for (const value of [1n, 2n, FIELD_MODULUS - 1n, beta]) {
    it(`inverts ${value} and has no other witness`, async () => {
      const witness = await assertAccepted(circuit, { in: value });
      assert.deepEqual(valuesOf(circuit, witness, 'out'), [invertInField(value)]);
      const wire = circuit.wireOf.get('main.out') as number;
      for (const forged of [0n, 1n + (witness[wire] as bigint), -(witness[wire] as bigint)]) {
        assert.equal(circuit.system.acceptsTampered(witness, [{ wire, value: forged }]), false);
      }
    });
  }
  it('has no witness for 0', async () => { await assertRefused(circuit, { in: 0n }, { template: 'Inverse', statement: 'out * in === 1' }); });
});

describe('SlotFractions', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('lookup/slot-fractions.circom', 'SlotFractions', [3]); });

  it('gives the sums of q/(beta-k) and |q|/(beta-k)', async () => {
    const witness = await assertAccepted(circuit, slots);
    assert.deepEqual(valuesOf(circuit, witness, 'net'), [(fraction(5n, 3n) + fraction(-7n, 9n)) % FIELD_MODULUS]);
    assert.deepEqual(valuesOf(circuit, witness, 'gross'), [(fraction(5n, 3n) + fraction(7n, 9n)) % FIELD_MODULUS]);
  });

  for (const hint of ['netFraction', 'grossFraction']) {
    it(`takes no forged ${hint}, of a slot with or without a quantity, even when the sum is bent with it`, async () => {
      const witness = await assertAccepted(circuit, slots);
      const sum = circuit.wireOf.get(hint === 'netFraction' ? 'main.net' : 'main.gross') as number;
      for (const slot of [0, 1, 2]) {
        const wire = circuit.wireOf.get(`main.${hint}[${slot}]`) as number;
        for (const delta of [1n, -1n, 2n ** 64n, beta]) {
          const forged = [{ wire, value: (witness[wire] as bigint) + delta }, { wire: sum, value: (witness[sum] as bigint) + delta }];
          assert.equal(circuit.system.acceptsTampered(witness, forged), false, `slot ${slot}, delta ${delta}`);
        }
      }
    });
  }

  it('would take any fraction in a copy without the constraint beside the hint', async () => {
    const root = mutatedCopy([{ file: 'lookup/slot-fractions.circom', from: 'netFraction[slot] * (beta - index[slot]) === quantity[slot];', to: '' }]);
    const broken = await templateCircuit('lookup/slot-fractions.circom', 'SlotFractions', [3], root);
    const witness = await assertAccepted(broken, slots);
    const [wire, sum] = ['main.netFraction[0]', 'main.net'].map((name) => broken.wireOf.get(name) as number) as [number, number];
    const forged = [{ wire, value: (witness[wire] as bigint) + 1n }, { wire: sum, value: (witness[sum] as bigint) + 1n }];
    assert.equal(broken.system.acceptsTampered(witness, forged), true);
  });

  it('has no witness when beta is the index of a slot with a quantity', async () => {
    await assertRefused(circuit, { ...slots, beta: 3n }, { template: 'SlotFractions', statement: 'netFraction[slot] * (beta - index[slot]) === quantity[slot]' });
  });
});

describe('Powers', () => {
  it('start at 1', async () => {
    const circuit = await templateCircuit('lookup/powers.circom', 'Powers', [4]);
    assert.deepEqual(valuesOf(circuit, await assertAccepted(circuit, { base: 3n }), 'power'), [1n, 3n, 9n, 27n]);
  });
});
