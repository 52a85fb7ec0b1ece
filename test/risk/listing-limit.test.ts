import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instrumentLimit, listingLimit } from '../../src/risk/listing-limit.js';

const value = fc.bigInt({ min: -(2n ** 47n) + 1n, max: 2n ** 47n - 1n });
const charge = fc.bigInt({ min: 0n, max: 2n ** 47n - 1n });
const row = fc.record({ mark: value, longCharge: charge, shortCharge: charge, pnl: fc.array(value, { maxLength: 8 }) });
const absolute = (one: bigint): bigint => (one < 0n ? -one : one);

describe('the listing limit', () => {
  it('is the largest quantity the rule allows', () => {
    fc.assert(fc.property(row, fc.integer({ min: 1, max: 50 }), fc.constantFrom(60, 84, 96), (one, slots, bits) => {
      const limit = listingLimit(one, slots, bits);
      const most = [one.longCharge, one.shortCharge].reduce((a, b) => (a > b ? a : b))
        + absolute(one.mark) + one.pnl.map(absolute).reduce((a, b) => (a > b ? a : b), 0n);
      const allowed = (quantity: bigint): boolean => quantity * most * BigInt(slots) < 2n ** BigInt(bits - 1);
      assert.ok(allowed(limit) && limit < 2n ** 64n);
      assert.ok(limit === 2n ** 64n - 1n || !allowed(limit + 1n));
    }));
  });

  it('keeps K holdings at the limit inside W bits', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 3, maxLength: 3 }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), (rows, longs) => {
      const excess = rows.map((one, place) => {
        const limit = listingLimit(one, 3, 84);
        const held = longs[place] === true ? limit : -limit;
        const taken = held < 0n ? limit * one.shortCharge : limit * one.longCharge;
        return [0n, ...one.pnl].map((pnl) => held * (one.mark + pnl) - taken);
      });
      const worst = excess.map((each) => each.reduce((a, b) => (a < b ? a : b))).reduce((a, b) => a + b);
      const best = excess.map((each) => each.reduce((a, b) => (a > b ? a : b))).reduce((a, b) => a + b);
      assert.ok(worst >= -(2n ** 83n) && best < 2n ** 83n);
    }));
  });

  it('is the whole quantity range for a row without values', () => {
    assert.equal(listingLimit({ mark: 0n, longCharge: 0n, shortCharge: 0n, pnl: [] }, 8, 84), 2n ** 64n - 1n);
  });
});

describe('the listing limit of an instrument with tiers', () => {
  const tier = (cap: bigint, longCharge: bigint): Parameters<typeof instrumentLimit>[0][number] => ({ mark: 2n ** 46n, longCharge, shortCharge: 0n, pnl: [], cap });
  const alone = listingLimit(tier(0n, 2n ** 40n), 8, 84);

  it('is that of its row without tiers', () => {
    assert.equal(instrumentLimit([tier(0n, 2n ** 40n)], 8, 84), alone);
  });

  it('adds the caps below to the limit of the first tier that its own limit ends', () => {
    assert.equal(instrumentLimit([tier(100n, 0n), tier(200n, 1n), tier(0n, 2n ** 40n)], 8, 84), 300n + alone);
    const low = listingLimit(tier(0n, 0n), 8, 84);
    assert.equal(instrumentLimit([tier(low, 0n), tier(low, 2n ** 40n), tier(0n, 2n ** 40n)], 8, 84), low + alone);
    assert.equal(instrumentLimit([tier(low + 1n, 0n), tier(0n, 2n ** 40n)], 8, 84), low);
  });

  it('ends with the last cap, and never passes the largest quantity', () => {
    assert.equal(instrumentLimit([tier(100n, 0n), tier(200n, 1n)], 8, 84), 300n);
    const free = { mark: 0n, longCharge: 0n, shortCharge: 0n, pnl: [] };
    assert.equal(instrumentLimit([{ ...free, cap: 5n }, { ...free, cap: 0n }], 8, 84), 2n ** 64n - 1n);
  });
});
