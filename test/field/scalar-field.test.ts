import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addInField, FIELD_MODULUS, FieldRangeError, invertInField, isFieldElement, multiplyInField, requireFieldElement, subtractInField,
  toField, toSigned,
} from '../../src/field/scalar-field.js';

const edges = [0n, 1n, 2n, FIELD_MODULUS / 2n, FIELD_MODULUS / 2n + 1n, FIELD_MODULUS - 1n];
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }));
const integer = fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n });

describe('the scalar field', () => {
  it('has a modulus of 254 bits that is 1 mod 2^28, as Groth16 needs', () => {
    assert.equal(FIELD_MODULUS.toString(2).length, 254);
    assert.equal((FIELD_MODULUS - 1n) % 2n ** 28n, 0n);
  });

  it('adds and multiplies commutatively, associatively and distributively', () => {
    fc.assert(fc.property(element, element, element, (a, b, c) => {
      assert.equal(addInField(a, b), addInField(b, a));
      assert.equal(multiplyInField(a, b), multiplyInField(b, a));
      assert.equal(addInField(addInField(a, b), c), addInField(a, addInField(b, c)));
      assert.equal(multiplyInField(multiplyInField(a, b), c), multiplyInField(a, multiplyInField(b, c)));
      assert.equal(multiplyInField(a, addInField(b, c)), addInField(multiplyInField(a, b), multiplyInField(a, c)));
    }));
  });

  it('has 0 and 1 as neutral elements and undoes each operation', () => {
    fc.assert(fc.property(element, element, (a, b) => {
      assert.equal(addInField(a, 0n), a);
      assert.equal(multiplyInField(a, 1n), a);
      assert.equal(subtractInField(addInField(a, b), b), a);
      assert.equal(addInField(a, subtractInField(0n, a)), 0n);
      if (a !== 0n) assert.equal(multiplyInField(a, invertInField(a)), 1n);
    }));
  });

  it('keeps every result canonical', () => {
    fc.assert(fc.property(element, element, (a, b) => {
      for (const result of [addInField(a, b), subtractInField(a, b), multiplyInField(a, b), toField(a - b)]) assert.ok(isFieldElement(result));
      if (a !== 0n) assert.ok(isFieldElement(invertInField(a)));
    }));
  });

  it('maps integers to residues as a ring homomorphism', () => {
    fc.assert(fc.property(integer, integer, (a, b) => {
      assert.equal(toField(a + b), addInField(toField(a), toField(b)));
      assert.equal(toField(a * b), multiplyInField(toField(a), toField(b)));
    }));
  });

  it('encodes negative integers as p - |x| and reads them back', () => {
    assert.equal(toField(-1n), FIELD_MODULUS - 1n);
    assert.equal(toSigned(FIELD_MODULUS - 1n), -1n);
    fc.assert(fc.property(fc.bigInt({ min: -(FIELD_MODULUS / 2n), max: FIELD_MODULUS / 2n }), (value) => {
      assert.equal(toSigned(toField(value)), value);
    }));
  });

  it('refuses to invert zero', () => {
    assert.throws(() => invertInField(0n), (error: unknown) => error instanceof FieldRangeError && error.code === 'FIELD_RANGE');
  });

  it('refuses p, p + 1 and negative numbers as elements, naming them but not their value', () => {
    for (const value of [FIELD_MODULUS, FIELD_MODULUS + 1n, -1n, 2n ** 256n - 1n]) {
      assert.equal(isFieldElement(value), false);
      assert.throws(() => requireFieldElement(value, 'the salt'), (error: unknown) =>
        error instanceof FieldRangeError && error.message.startsWith('the salt') && !error.message.includes(value.toString()));
    }
    assert.equal(requireFieldElement(FIELD_MODULUS - 1n, 'the salt'), FIELD_MODULUS - 1n);
  });
});
