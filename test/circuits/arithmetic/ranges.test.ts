import assert from 'node:assert/strict';
import { FIELD_MODULUS, toField } from '../../../src/field/scalar-field.js';
import { MAX_QUANTITY, MIN_QUANTITY } from '../../../src/venue/account.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const tooWide = { template: 'Num2Bits', statement: 'lc1 === in' } as const;

describe('RangeCheck of 8 bits', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/range-check.circom', 'RangeCheck', [8]); });

  for (const value of [0n, 1n, 255n]) it(`accepts ${value}`, async () => { await assertAccepted(circuit, { in: value }); });
  for (const [name, value] of [['256', 256n], ['-1', -1n], ['(p-1)/2', (FIELD_MODULUS - 1n) / 2n]] as const) {
    it(`refuses ${name}`, async () => { await assertRefused(circuit, { in: value }, tooWide); });
  }
});

describe('SignedQuantity', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/signed-quantity.circom', 'SignedQuantity', []); });

  for (const quantity of [0n, 1n, -1n, MAX_QUANTITY, MIN_QUANTITY]) {
    it(`gives offset and magnitude of ${quantity}`, async () => {
      const witness = await assertAccepted(circuit, { quantity });
      assert.deepEqual(valuesOf(circuit, witness, 'offset'), [quantity + 2n ** 64n]);
      assert.deepEqual(valuesOf(circuit, witness, 'magnitude'), [quantity < 0n ? -quantity : quantity]);
    });
  }
  for (const [name, quantity] of [['2^64', 2n ** 64n], ['-2^64 - 1', -(2n ** 64n) - 1n], ['(p+1)/2', (FIELD_MODULUS + 1n) / 2n]] as const) {
    it(`refuses ${name}`, async () => {
      await assertRefused(circuit, { quantity }, { ...tooWide, below: { template: 'SignedQuantity', statement: 'bits.in <== offset' } });
    });
  }
  it('takes p - 1 for -1, because a field knows no other -1', async () => {
    assert.deepEqual(await circuit.calculate({ quantity: FIELD_MODULUS - 1n }), await circuit.calculate({ quantity: -1n }));
  });

  it('has no second encoding of zero: the sign bit of 0 cannot be cleared', async () => {
    const witness = await assertAccepted(circuit, { quantity: 0n });
    const bits = Array.from({ length: 65 }, (_, bit) => circuit.wireOf.get(`main.bits.out[${bit}]`) as number);
    assert.deepEqual(bits.map((wire) => witness[wire]), [...new Array<bigint>(64).fill(0n), 1n]);
    // Minus zero by sign and magnitude: top bit 0, alone or with every lower bit 1 or with the offset bent to fit.
    const signOff = [{ wire: bits[64] as number, value: 0n }];
    const carried = [...signOff, ...bits.slice(0, 64).map((wire) => ({ wire, value: 1n }))];
    const bent = [...signOff, { wire: circuit.wireOf.get('main.offset') as number, value: 0n }];
    for (const tampers of [signOff, carried, bent]) assert.equal(circuit.system.acceptsTampered(witness, tampers), false);
  });

  it('has no second magnitude: its negation, and a sign bit of 2 or p - 1, break a constraint', async () => {
    const witness = await assertAccepted(circuit, { quantity: -7n });
    const magnitude = circuit.wireOf.get('main.magnitude') as number;
    const sign = circuit.wireOf.get('main.bits.out[64]') as number;
    assert.equal(circuit.system.acceptsTampered(witness, [{ wire: magnitude, value: -7n }]), false);
    for (const value of [1n, 2n, -1n]) {
      assert.equal(circuit.system.acceptsTampered(witness, [{ wire: sign, value }]), false);
      assert.equal(circuit.system.acceptsTampered(witness, [{ wire: sign, value }, { wire: magnitude, value: toField((2n * value - 1n) * -7n) }]), false);
    }
  });
});

for (const W of [84, 96]) {
  describe(`SignedExcess of ${W} bits`, () => {
    const half = 2n ** BigInt(W - 1);
    let circuit: TestCircuit;
    before(async () => { circuit = await templateCircuit('arithmetic/signed-excess.circom', 'SignedExcess', [W]); });

    for (const excess of [0n, 1n, -1n, half - 1n, -half]) {
      it(`gives offset and sign of ${excess}`, async () => {
        const witness = await assertAccepted(circuit, { excess });
        assert.deepEqual(valuesOf(circuit, witness, 'offset'), [excess + half]);
        assert.deepEqual(valuesOf(circuit, witness, 'nonNegative'), [excess >= 0n ? 1n : 0n]);
      });
    }
    for (const [name, excess] of [['2^(W-1)', half], ['-2^(W-1) - 1', -half - 1n], ['(p-1)/2', (FIELD_MODULUS - 1n) / 2n]] as const) {
      it(`refuses ${name}`, async () => { await assertRefused(circuit, { excess }, tooWide); });
    }
    it('cannot call a negative excess healthy', async () => {
      const witness = await assertAccepted(circuit, { excess: -1n });
      const sign = circuit.wireOf.get('main.nonNegative') as number;
      for (const value of [1n, 2n]) assert.equal(circuit.system.acceptsTampered(witness, [{ wire: sign, value }]), false);
    });
  });
}
