import assert from 'node:assert/strict';
import fc from 'fast-check';
import { elementAt, packElements, unpackElements, writeElement } from '../../src/field/element-bytes.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';

describe('packed field elements', () => {
  it('are 32 bytes each, big-endian', () => {
    assert.equal(Buffer.from(packElements([1n, FIELD_MODULUS - 1n])).toString('hex'), `${'1'.padStart(64, '0')}${(FIELD_MODULUS - 1n).toString(16).padStart(64, '0')}`);
  });

  it('come back as they were, from a piece of a larger array too', () => {
    fc.assert(fc.property(fc.array(fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }), { maxLength: 20 }), fc.nat(7), (elements, offset) => {
      const larger = new Uint8Array(offset + 32 * elements.length);
      larger.set(packElements(elements), offset);
      const piece = larger.subarray(offset);
      assert.deepEqual(unpackElements(piece), elements);
      elements.forEach((element, place) => assert.equal(elementAt(piece, place), element));
    }));
  });

  it('are written one by one without touching their neighbours', () => {
    const bytes = packElements([FIELD_MODULUS - 1n, 0n, FIELD_MODULUS - 2n]);
    writeElement(bytes, 1, 2n ** 253n + 5n);
    assert.deepEqual(unpackElements(bytes), [FIELD_MODULUS - 1n, 2n ** 253n + 5n, FIELD_MODULUS - 2n]);
  });
});
