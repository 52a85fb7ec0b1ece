import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Lot } from '../../src/liquidation/auction.js';
import {
  clockAfter, isAtPar, isDust, isPriceMet, limitPayment, marksOf, mostSubsidy, penaltyOf, sliceValue, takesPaymentAfter, type SlicePrice,
} from '../../src/liquidation/auction-price.js';
import { PPM } from '../../src/liquidation/liquidation-rules.js';
import { gainOfSlice, tradeOfSlice } from '../../src/liquidation/slice-trade.js';
import { liquidationRules, lotOf, saleTable, STRIKE } from '../builders/liquidation.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { BTC, BTC2, PERP, ETH, USDC, ENTRY, CALL } = TIERED_ROWS;
const rules = liquidationRules();

const slices = fc.record({
  accountSells: fc.boolean(), quantity: fc.oneof(fc.bigInt(1n, 20n), fc.bigInt(1n, 2n ** 64n - 1n)),
  marks: fc.record({ mark: fc.oneof(fc.bigInt(0n, 50n), fc.bigInt(0n, 2n ** 47n - 1n)), payMark: fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, 2n ** 47n - 1n)), feeMark: fc.bigInt(1n, 2n ** 30n), extra: fc.bigInt(0n, 2n ** 40n) }),
});
const rates = fc.record({ discount: fc.integer({ min: 0, max: 400_000 }), penalty: fc.integer({ min: 0, max: 400_000 }) });

function refusesLot(change: Partial<Lot>, words: RegExp): void {
  assert.throws(() => marksOf(saleTable(), lotOf(change), rules), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'LOT');
    assert.match(error.message, words);
    return true;
  });
}

describe('the clock of an auction', () => {
  it('lets the discount rise to its most, and then the subsidy, each rounded down, and stops there [P-251]', () => {
    const at = (elapsed: number): readonly number[] => {
      const { discount, subsidy } = clockAfter(rules, elapsed);
      return [discount, subsidy];
    };
    assert.deepEqual([0, 1, 150, 299, 300, 301, 450, 599, 600, 100_000].map(at), [
      [0, 0], [100, 0], [15_000, 0], [29_900, 0], [30_000, 0], [30_000, 16], [30_000, 2_500], [30_000, 4_983], [30_000, 5_000], [30_000, 5_000],
    ]);
  });
});

describe('the price of a slice', () => {
  it('is the least that an account is paid, or the most that it pays, to the quantum [P-251]', () => {
    fc.assert(fc.property(slices, rates, (slice, rate) => {
      const { accountSells, quantity, marks: { mark, payMark, extra } } = slice as SlicePrice;
      const price = accountSells ? { ...slice, marks: { ...slice.marks, extra: 0n } } : slice;
      const limit = limitPayment(price, rate);
      const [value, taken] = [quantity * mark, BigInt(rate.discount + rate.penalty)];
      // The inequalities of docs/decisions/0010.
      const taken2 = (payment: bigint): boolean => (accountSells ? payment * payMark * PPM >= value * (PPM - taken) : payment * payMark * PPM <= quantity * (mark * PPM + (mark + extra) * taken));
      assert.ok(taken2(limit));
      assert.ok(!taken2(limit + (accountSells ? -1n : 1n)));
      assert.ok(isPriceMet(price, limit, rate) && !isPriceMet(price, limit + (accountSells ? -1n : 1n), rate));
    }), { numRuns: 300, seed: 7 });
  });

  it('has a penalty rounded up and a subsidy rounded down, in quanta of the fee row', () => {
    fc.assert(fc.property(slices, rates, (slice, { penalty }) => {
      const [exact, unit] = [sliceValue(slice) * BigInt(penalty), PPM * slice.marks.feeMark];
      const [up, down] = [penaltyOf(slice, { penalty }), mostSubsidy(slice, { subsidy: penalty })];
      assert.ok(up * unit >= exact && (up - 1n) * unit < exact);
      assert.ok(down * unit <= exact && (down + 1n) * unit > exact);
    }), { numRuns: 200, seed: 8 });
    assert.equal(penaltyOf({ accountSells: true, quantity: 1n, marks: { mark: 1n, payMark: 1n, feeMark: 10n ** 9n, extra: 0n } }, { penalty: 1 }), 1n, 'dust pays too');
  });

  it('counts a share of the strike only of an option that is bought back', () => {
    const marks = (lot: Lot) => marksOf(saleTable(), lot, rules);
    const option = { row: CALL, payRow: USDC };
    assert.deepEqual(marks(lotOf({ ...option, accountSells: false })), { mark: 4_000_000_000n, payMark: 1_000_000n, feeMark: 1_000_000n, extra: STRIKE / 50n });
    assert.equal(marks(lotOf({ ...option, accountSells: true })).extra, 0n);
    assert.equal(marks(lotOf({ accountSells: false })).extra, 0n);
  });

  it('is known by rows that make a sale: first tiers, paid in cash or entry, and entries in cash alone', () => {
    refusesLot({ payRow: BTC }, /is paid in cash or entry, and BTC is spot/);
    refusesLot({ row: BTC2, payRow: USDC }, /row 1, BTC\.2, is a tier: name its instrument, row 0/);
    refusesLot({ row: USDC, payRow: USDC }, /USDC cannot be paid in itself/);
    refusesLot({ row: ENTRY, payRow: ETH }, /USD-ENTRY is paid in cash, and ETH-PERP is perpetual/);
    const worthless = { ...saleTable(), rows: saleTable().rows.map((row) => (row.index === USDC ? { ...row, mark: 0n } : row)) };
    assert.throws(() => marksOf(worthless, lotOf(), rules), { code: 'LOT', message: /USDC has no mark/ });
    assert.deepEqual([ENTRY, PERP, USDC].map((row) => isAtPar(saleTable(), row)), [true, false, false]);
  });

  it('is reached at the first second at which the auction takes it [P-251]', () => {
    const price = { accountSells: true, quantity: 7n, marks: { mark: 60_000_000_000n, payMark: 1_000_000n, feeMark: 1_000_000n, extra: 0n } };
    const takes = (payment: bigint, second: number): boolean => isPriceMet(price, payment, { ...clockAfter(rules, second), penalty: rules.penalty });
    for (const payment of [415_800n, 415_799n, 410_000n, 403_201n, 403_200n, 500_000n]) {
      const first = takesPaymentAfter(price, payment, rules);
      assert.equal(first, Array.from({ length: rules.fall + 1 }, (_, second) => second).find((second) => takes(payment, second)), `${payment}`);
    }
    assert.equal(takesPaymentAfter(price, 403_199n, rules), undefined, 'below 4 % no second takes it');
  });

  it('is dust below the least lot, what counts of a strike included', () => {
    const price = { accountSells: false, quantity: 1n, marks: { mark: 400n, payMark: 1n, feeMark: 1n, extra: 600n } };
    assert.deepEqual([isDust(price, { minLot: 1_000n }), isDust(price, { minLot: 1_001n })], [false, true]);
  });
});

describe('a bidder', () => {
  it('trades with the account, on the side that the lot leaves', () => {
    const offer = { bidder: 9n, quantity: 3n, payment: 4n, expiry: 5, nonce: 6n };
    assert.deepEqual(tradeOfSlice(lotOf(), offer), { buyer: 9n, seller: 5n, row: PERP, payRow: ENTRY, quantity: 3n, payment: 4n, expiry: 5, nonce: 6n });
    assert.deepEqual([tradeOfSlice(lotOf({ accountSells: false }), offer).buyer, tradeOfSlice(lotOf({ accountSells: false }), offer).seller], [5n, 9n]);
  });

  it('gains what it gets at the marks, less what it gives, penalty and subsidy included', () => {
    const marks = { mark: 100n, payMark: 10n, feeMark: 2n, extra: 0n };
    assert.equal(gainOfSlice({ accountSells: true, quantity: 5n, marks }, 45n, 30n, 10n), 500n - 450n - 40n);
    assert.equal(gainOfSlice({ accountSells: false, quantity: 5n, marks }, 55n, 30n, 10n), 550n - 500n - 40n);
  });
});
