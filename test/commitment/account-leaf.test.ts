import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LeafShapeError, accountLeaf, packHoldings, slotsOf } from '../../src/commitment/account-leaf.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../src/venue/account.js';

const quantity = fc.oneof(fc.constantFrom(0n, 1n, -1n, MAX_QUANTITY, MIN_QUANTITY), fc.bigInt({ min: MIN_QUANTITY, max: MAX_QUANTITY }));
const holdings = fc.uniqueArray(fc.nat(2 ** 16 - 9), { maxLength: 8 })
  .chain((indices) => fc.tuple(...indices.sort((a, b) => a - b).map((index) => quantity.map((held): Holding => ({ index, quantity: held })))));

describe('the slots of a leaf', () => {
  it('are the holdings, then the next indices with quantity 0', () => {
    fc.assert(fc.property(holdings, (own) => {
      const slots = slotsOf(own, 8, 0);
      assert.deepEqual(slots.slice(0, own.length), own);
      assert.ok(slots.slice(own.length).every((slot) => slot.quantity === 0n));
      assert.ok(slots.every((slot, place) => place === 0 || slot.index > (slots[place - 1]?.index ?? -1)));
      assert.equal(slots.length, 8);
    }));
  });

  it('start at row 0 for an account that holds nothing', () => {
    assert.deepEqual(slotsOf([], 3, 0), [0, 1, 2].map((index) => ({ index, quantity: 0n })));
  });

  it('leave unused slots outside the tiered region, so that none pushes a tiered row out of the checked slots', () => {
    const indices = (own: readonly Holding[]): number[] => slotsOf(own, 4, 10).map((slot) => slot.index);
    assert.deepEqual(indices([]), [10, 11, 12, 13]);
    assert.deepEqual(indices([{ index: 2, quantity: 1n }, { index: 9, quantity: 1n }]), [2, 9, 10, 11]);
    assert.deepEqual(indices([{ index: 2, quantity: 1n }, { index: 30, quantity: 1n }]), [2, 30, 31, 32]);
  });

  const refusals: readonly (readonly [string, readonly Holding[], number, RegExp])[] = [
    ['more holdings than slots', [{ index: 0, quantity: 1n }, { index: 1, quantity: 1n }], 1, /2 holdings do not fit in 1 slots/],
    ['a row twice', [{ index: 4, quantity: 1n }, { index: 4, quantity: 1n }], 3, /strictly increasing/],
    ['rows that descend', [{ index: 4, quantity: 1n }, { index: 3, quantity: 1n }], 3, /strictly increasing/],
    ['a negative row', [{ index: -1, quantity: 1n }], 3, /strictly increasing/],
    ['a row that is no integer', [{ index: 1.5, quantity: 1n }], 3, /strictly increasing/],
    ['a quantity of 2^64', [{ index: 7, quantity: 2n ** 64n }], 3, /row 7 is outside/],
    ['a quantity of -2^64 - 1', [{ index: 7, quantity: -(2n ** 64n) - 1n }], 3, /row 7 is outside/],
    ['a row beyond the index field', [{ index: 2 ** 16, quantity: 1n }], 1, /beyond 2\^16/],
    ['unused slots beyond the index field', [{ index: 2 ** 16 - 2, quantity: 1n }], 3, /beyond 2\^16/],
  ];
  for (const [name, own, slots, message] of refusals) {
    it(`refuse ${name}`, () => {
      assert.throws(() => slotsOf(own, slots, 0), (thrown) => thrown instanceof LeafShapeError && thrown.code === 'LEAF_SHAPE' && message.test(thrown.message));
    });
  }
});

describe('packed holdings', () => {
  it('are 81 bits each, three to a word, and can be read back', () => {
    fc.assert(fc.property(holdings, (own) => {
      const slots = slotsOf(own, 8, 0);
      const words = packHoldings(slots);
      assert.equal(words.length, 3);
      const read = slots.map((_, place) => {
        const bits = ((words[Math.floor(place / 3)] ?? 0n) >> (81n * BigInt(place % 3))) & (2n ** 81n - 1n);
        return { index: Number(bits & 0xffffn), quantity: (bits >> 16n) - 2n ** 64n };
      });
      assert.deepEqual(read, slots);
      assert.ok(words.every((word) => word < 2n ** 243n));
    }));
  });
});

describe('an account leaf', () => {
  const slots = slotsOf([{ index: 2, quantity: -5n }], 3, 0);
  const leaf = accountLeaf(poseidon, 11n, 12n, slots);

  it('changes with key, salt, row, quantity, sign and number of slots', () => {
    const others = [
      accountLeaf(poseidon, 12n, 12n, slots), accountLeaf(poseidon, 11n, 11n, slots),
      ...[{ index: 1, quantity: -5n }, { index: 2, quantity: 5n }, { index: 2, quantity: -4n }].map((held) => accountLeaf(poseidon, 11n, 12n, slotsOf([held], 3, 0))),
      accountLeaf(poseidon, 11n, 12n, slotsOf([{ index: 2, quantity: -5n }], 2, 0)),
    ];
    assert.equal(new Set([leaf, ...others]).size, others.length + 1);
  });
});
