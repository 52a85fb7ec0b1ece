import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MarginLevel } from '../../src/risk/market-table.js';
import { packRates } from '../../src/risk/row-terms.js';
import { baseValue, linearValues, moveUnit, optionBounds, optionValues } from '../../src/risk/row-values.js';
import { TERMED_MOVES, termsOf } from '../builders/termed-market.js';

const BTC = 6_012_345_678_901n;

describe('values that follow from a price', () => {
  it('are those of an example worked by hand', () => {
    // 60,123.45678901 USD a coin: 60,123,456,789.01 value units a millionth of one.
    const terms = termsOf(50_000n, 100_000n, 150_000n, { basisRate: 5_000n });
    assert.deepEqual(linearValues(BTC, terms, 'maintenance', TERMED_MOVES), {
      mark: 60_123_456_789n,
      longCharge: 3_006_172_840n, // 5 %: 3,006,172,839.45, up
      shortCharge: 6_012_345_680n, // 1 + 10 % of one more: 6,012,345,679, up
      // 15 % is 150,308,641.97 a sixtieth, 0.5 % is 5,010,288.07, both up; all of it down and the spread up.
      pnl: [-60n * 150_308_642n + 60n * 5_010_289n, 60n * 150_308_642n - 60n * 5_010_289n],
    });
  });

  it('charge a short nothing for rounding where the price is exact', () => {
    assert.deepEqual(linearValues(100_000_000n, termsOf(0n, 0n, 0n, { exact: true }), 'initial', []), { mark: 1_000_000n, longCharge: 0n, shortCharge: 0n, pnl: [] });
  });

  it('are those of the level', () => {
    const terms = termsOf(50_000n, 100_000n, 150_000n);
    const [maintenance, initial] = (['maintenance', 'initial'] as const).map((level) => linearValues(BTC, terms, level, TERMED_MOVES));
    assert.ok(maintenance !== undefined && initial !== undefined && initial.longCharge > maintenance.longCharge && initial.shortCharge > maintenance.shortCharge);
    assert.equal(initial.pnl[1], 60n * moveUnit(initial.mark, 300_000n));
  });

  it('never make an account look healthier than exact values do', () => {
    const rate = fc.bigInt(0n, 1_000_000n);
    fc.assert(fc.property(fc.bigInt(1n, 10n ** 14n), fc.bigInt(1n, 10n ** 16n), rate, rate, rate, fc.bigInt(-(2n ** 63n), 2n ** 63n), (price, multiplier, longRate, shortRate, scanRate, quantity) => {
      const terms = termsOf(longRate, shortRate, scanRate, { multiplier });
      const { mark, longCharge, shortCharge } = linearValues(price, terms, 'maintenance', []);
      // All times 10^24: exact value of a quantum is price * multiplier / 10^18, a rate is of 10^6.
      const exact = quantity * price * multiplier * 10n ** 6n - (quantity < 0n ? -quantity * shortRate : quantity * longRate) * price * multiplier;
      const rounded = (quantity * mark - (quantity < 0n ? -quantity * shortCharge : quantity * longCharge)) * 10n ** 24n;
      assert.ok(rounded <= exact, `${rounded} > ${exact}`);
      assert.ok(60n * moveUnit(mark, scanRate) * 1_000_000n >= mark * scanRate);
    }));
  });

  it('leave an option its mark and charge its writer for the underlying', () => {
    const terms = termsOf(10_000n, 15_000n, 0n, { strike: 62_000_000_000n });
    assert.deepEqual(optionValues(BTC, terms, 'maintenance', { mark: 4_000_000_001n, pnl: [] }), { mark: 4_000_000_001n, longCharge: 40_000_001n, shortCharge: 901_851_853n, pnl: [] });
  });

  for (const [name, put, strike, least, most] of [
    ['a call in the money', false, 50_000_000_000n, 60_123_456_789n - 50_000_000_000n - 1_202_469_180n, 60_123_456_789n + 1_202_469_180n],
    ['a call out of the money', false, 70_000_000_000n, 0n, 60_123_456_789n + 1_202_469_180n],
    ['a put in the money', true, 70_000_000_000n, 70_000_000_000n - 60_123_456_789n - 1_202_469_180n, 70_000_000_000n],
    ['a put out of the money', true, 50_000_000_000n, 0n, 50_000_000_000n],
  ] as const) {
    it(`bound ${name} by expiry value and underlying, with the gap of its basis`, () => {
      assert.deepEqual(optionBounds(BTC, termsOf(0n, 0n, 0n, { basisRate: 20_000n, put, strike })), { least, most });
    });
  }

  it('pack seven rates and two flags, the first lowest', () => {
    const word = packRates(termsOf(1n, 2n, 3n, { basisRate: 9n, exact: true, put: true }));
    const [rates, flags] = [Array.from({ length: 7 }, (_, place) => (word >> BigInt(24 * place)) & 0xffffffn), word >> 168n];
    assert.deepEqual([rates, flags], [[1n, 2n, 2n, 4n, 3n, 6n, 9n], 3n]);
  });

  it('floor the base value', () => {
    assert.equal(baseValue(199n, { multiplier: 10n ** 16n }), 1n);
    const level: MarginLevel = 'initial';
    assert.equal(linearValues(199n, termsOf(0n, 0n, 0n), level, []).shortCharge, 1n);
  });
});
