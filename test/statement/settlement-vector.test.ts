import assert from 'node:assert/strict';
import { AbiCoder, keccak256 } from 'ethers';
import fc from 'fast-check';
import { FIELD_MODULUS, multiplyInField } from '../../src/field/scalar-field.js';
import { settlementPoint, settlementValue, settlementWords } from '../../src/statement/settlement-vector.js';
import { smallMarket } from '../builders/market.js';

const word = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 256n - 1n), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }));
const context = fc.record({ base: word, epoch: word, finalAccumulator: word, marketCommitment: word });

describe('the point of the settlement vector', () => {
  it('is the hash that ethers\' encoder and the contract give', () => {
    fc.assert(fc.property(context, fc.array(word, { maxLength: 9 }), (of, words) => {
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ['uint256', 'uint256', 'uint256', 'uint256', 'uint256[]'], [of.base, of.epoch, of.finalAccumulator, of.marketCommitment, words],
      );
      assert.equal(settlementPoint(of, words), BigInt(keccak256(encoded)) % FIELD_MODULUS);
    }));
  });

  it('changes with every part and with the number of words', () => {
    const of = { base: 1n, epoch: 2n, finalAccumulator: 3n, marketCommitment: 4n };
    const points = [
      settlementPoint(of, [5n]), ...Object.keys(of).map((part) => settlementPoint({ ...of, [part]: 9n }, [5n])),
      settlementPoint(of, [6n]), settlementPoint(of, [5n, 0n]), settlementPoint(of, []),
    ];
    assert.equal(new Set(points).size, points.length);
  });
});

describe('settlement words', () => {
  const book = [
    { net: 90n, gross: 110n }, { net: -4n, gross: 4n }, { net: 0n, gross: 8n }, { net: 0n, gross: 6n }, { net: 0n, gross: 2n },
    { net: -(2n ** 70n), gross: 2n ** 70n + 2n }, { net: 0n, gross: 0n }, { net: 0n, gross: 0n },
  ];

  it('are deposits and loans of each cash and spot row, in row order, and of no other', () => {
    assert.deepEqual(settlementWords(smallMarket().rows, book), [100n, 10n, 0n, 4n, 1n, 2n ** 70n + 1n]);
  });
  it('are none where nothing can be deposited', () => {
    assert.deepEqual(settlementWords(smallMarket().rows.filter((row) => row.kind === 'entry'), book), []);
  });
});

describe('the value of the settlement vector', () => {
  it('is the polynomial with the words as coefficients, the first one constant', () => {
    fc.assert(fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n }), { maxLength: 8 }), fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }), (words, z) => {
      let [expected, power] = [0n, 1n];
      for (const coefficient of words) {
        expected = (expected + multiplyInField(coefficient, power)) % FIELD_MODULUS;
        power = multiplyInField(power, z);
      }
      assert.equal(settlementValue(words, z), expected);
    }));
  });
});
