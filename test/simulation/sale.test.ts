import assert from 'node:assert/strict';
import { marginOf, onlyReduces } from '../../src/simulation/accounts.js';
import { CASH, coinRow, ENTRY, perpetualRow, tablesOf } from '../../src/simulation/market.js';
import { POLICIES } from '../../src/simulation/policies.js';
import { afterSlice, clockOf, largestSlice, mayCarry, MIN_LOT, nextRow, sliceOf, type SaleRules } from '../../src/simulation/sale.js';
import { openVenue } from '../../src/simulation/venue.js';
import { BOUNDS, SHARES, Waterfall } from '../../src/simulation/waterfall.js';
import type { SimulatedAccount } from '../../src/simulation/accounts.js';

const RULES: SaleRules = { maxDiscount: 50_000n, maxSubsidy: 30_000n, penalty: 10_000n, paidIn: 'cash', fall: 1_000 };
const PERPETUAL = perpetualRow(0);
const COIN = 100_000_000n;
const at = { pricedAt: 0, acceptedAt: 0 };
/** A coin at so many dollars, a tenth of it maintenance and 15 % initial range. */
const tablesAt = (price: bigint) => tablesOf(['BTC'], { prices: [price * COIN], scans: [100_000n] }, 1_500_000n, at);
const tables = tablesAt(10_000n);

/** Ten coins long, bought at 10,000, with so many dollars of cash. */
function longWith(dollars: bigint): SimulatedAccount {
  const [account] = openVenue(20, ['BTC'], tables, 'a').accounts;
  assert.ok(account !== undefined);
  const quantities = [dollars * 1_000_000n, -100_000n * 1_000_000n, 0n, 10n * COIN];
  return { ...account, quantities, dust: 0 };
}

describe('a slice for sale', () => {
  it('has the price that the clock asks for, rounded for the account as the contract allows, and a penalty rounded up', () => {
    const lot = { row: PERPETUAL, accountSells: true, elapsed: 500 };
    assert.deepEqual(clockOf(RULES, 500), { discount: 25_000n, subsidy: 0n });
    assert.deepEqual(clockOf(RULES, 1_500), { discount: 50_000n, subsidy: 15_000n });
    assert.deepEqual(clockOf(RULES, 9_999), { discount: 50_000n, subsidy: 30_000n });
    const mark = tables.initial.rows[PERPETUAL]?.mark ?? 0n;
    for (const quantity of [1n, 7n, 12_345n, COIN]) {
      for (const accountSells of [true, false]) {
        const slice = sliceOf(tables, { ...lot, accountSells }, quantity, RULES);
        const [least, most] = [quantity * mark * (1_000_000n - 25_000n - 10_000n), quantity * mark * (1_000_000n + 25_000n + 10_000n)];
        // The contract's two inequalities, with a payment one quantum off on the other side of each.
        if (accountSells) assert.ok(slice.payment * 1_000_000n * 1_000_000n >= least && (slice.payment - 1n) * 1_000_000n * 1_000_000n < least);
        else assert.ok(slice.payment * 1_000_000n * 1_000_000n <= most && (slice.payment + 1n) * 1_000_000n * 1_000_000n > most);
        assert.equal(slice.penalty, (quantity * mark * 10_000n + 999_999_999_999n) / 1_000_000_000_000n);
      }
    }
  });

  it('is never more than brings the account back below initial margin, to the quantum, and is nothing of a healthy account', () => {
    const lot = { row: PERPETUAL, accountSells: true, elapsed: 0 };
    const account = longWith(10_000n);
    assert.ok(!marginOf(tables.maintenance, account.quantities).healthy);
    const slice = largestSlice(tables, account, lot, RULES);
    assert.ok(slice !== undefined && slice.quantity < 10n * COIN && slice.value >= MIN_LOT);
    const sold = (quantity: bigint) => marginOf(tables.initial, afterSlice(account.quantities, account.quantities, sliceOf(tables, lot, quantity, RULES), RULES).account);
    assert.ok(!sold(slice.quantity).healthy);
    assert.ok(sold(slice.quantity + 1n).healthy);
    assert.equal(largestSlice(tables, longWith(11_000n), lot, RULES), undefined);
  });

  it('is dust where any slice that counts would be too much, and not once a liquidation has had its dust', () => {
    const lot = { row: PERPETUAL, accountSells: true, elapsed: 0 };
    const account = { ...longWith(400n), quantities: [401n * 100_000n, -400n * 1_000_000n, 0n, 4_000_000n] };
    assert.ok(!marginOf(tables.maintenance, account.quantities).healthy);
    const slice = largestSlice(tables, account, lot, RULES);
    assert.ok(slice !== undefined && slice.value < MIN_LOT);
    assert.equal(largestSlice(tables, { ...account, dust: 16 }, lot, RULES), undefined);
  });

  it('gives away at most half of what the risk goes down by, whatever the clock asks', () => {
    // A range of 4 %: half of 4.5 % is less than discount and penalty together.
    const narrow = tablesOf(['BTC'], { prices: [10_000n * COIN], scans: [27_000n] }, 1_500_000n, at);
    const lot = { row: PERPETUAL, accountSells: true, elapsed: 1_000 };
    const account = longWith(1_000n);
    const slice = largestSlice(narrow, account, lot, RULES);
    assert.ok(slice !== undefined && slice.discount > 0n && slice.discount < 50_000n, String(slice?.discount));
    const after = (discount: bigint) => marginOf(narrow.initial, afterSlice(account.quantities, account.quantities, sliceOf(narrow, lot, slice.quantity, RULES, discount), RULES).account);
    assert.ok(onlyReduces(marginOf(narrow.initial, account.quantities), after(slice.discount)));
    assert.ok(!onlyReduces(marginOf(narrow.initial, account.quantities), after(slice.discount + 1n)));
  });

  it('is of perpetuals before coins, the largest first', () => {
    const two = tablesOf(['BTC', 'ETH'], { prices: [10_000n * COIN, 500n * COIN], scans: [100_000n, 100_000n] }, 1_500_000n, at);
    assert.deepEqual(nextRow(two, [5n, -9n, 10n * COIN, COIN, 0n, -40n * COIN]), { row: perpetualRow(1), accountSells: false });
    assert.deepEqual(nextRow(two, [5n, -9n, 10n * COIN, 0n, COIN, 0n]), { row: coinRow(0), accountSells: true });
    assert.equal(nextRow(two, [5n, -9n, 0n, 0n, 0n, 0n]), undefined);
  });

  it('takes a bidder\'s cash for all of it, or his margin where it is paid in the entry row', () => {
    const lot = { row: PERPETUAL, accountSells: true, elapsed: 0 };
    const bidder = [30_000n * 1_000_000n, 0n, 0n, 0n];
    const carries = (paidIn: SaleRules['paidIn']): boolean => {
      const rules = { ...RULES, paidIn };
      return mayCarry(tables, bidder, afterSlice(longWith(9_000n).quantities, bidder, sliceOf(tables, lot, 5n * COIN, rules), rules).bidder);
    };
    assert.deepEqual([carries('cash'), carries('entry')], [false, true]);
  });
});

describe('a waterfall', () => {
  it('pays in order and within the bounds of an epoch, and shares what is left up to its own', () => {
    const waterfall = new Waterfall(1_000n, 3_000n);
    assert.equal(waterfall.pay(400n, 100_000n), 400n);
    assert.deepEqual([waterfall.paidFirstLoss, waterfall.paidInsurance, waterfall.shared], [400n, 0n, 0n]);
    assert.equal(waterfall.pay(9_999n, 100_000n), 3_600n);
    assert.deepEqual([waterfall.paidFirstLoss, waterfall.paidInsurance, waterfall.shared, waterfall.shortfall], [500n, 1_500n, 2_000n, 2_000n]);
    assert.equal(waterfall.pay(1n, 100_000n), 0n);
    waterfall.nextEpoch();
    assert.equal(waterfall.pay(9_999n, 50_000n), 250n + 750n + 1_000n);
    assert.deepEqual([waterfall.firstLoss, waterfall.insurance, waterfall.debts], [250n, 750n, 6_000n]);
    assert.deepEqual(BOUNDS, { firstLoss: 500_000n, insurance: 500_000n, shared: 20_000n });
  });

  it('pays subsidies from tranches alone, and splits penalties without losing a quantum', () => {
    const waterfall = new Waterfall(100n, 100n);
    assert.equal(waterfall.subsidyRoom(1_000n, 1_000_000n), 100n);
    waterfall.subsidise(100n, 1_000_000n);
    assert.deepEqual([waterfall.subsidyRoom(1n, 1_000_000n), waterfall.shared, waterfall.subsidies], [0n, 0n, 100n]);
    waterfall.takePenalty(11n);
    assert.deepEqual([waterfall.rewards, waterfall.insurance, waterfall.firstLoss], [2n, 55n, 54n]);
    assert.deepEqual(SHARES, { keeper: 200_000n, fund: 500_000n });
  });
});

describe('a simulated venue', () => {
  it('opens healthy at initial margin under every set, every perpetual netting to nothing, alike for the same seed', () => {
    for (const policy of POLICIES) {
      const opened = tablesOf(['BTC', 'ETH'], { prices: [10_000n * COIN, 500n * COIN], scans: ['BTC', 'ETH'].map((asset) => policy.scanOf(asset, { recent: 20_000n, longRun: 40_000n })) }, policy.initialPpm, at);
      const venue = openVenue(60, ['BTC', 'ETH'], opened, 'b');
      assert.ok(venue.accounts.every(({ quantities }) => marginOf(opened.initial, quantities).healthy));
      for (const row of [ENTRY, perpetualRow(0), perpetualRow(1)]) assert.equal(venue.accounts.reduce((sum, { quantities }) => sum + (quantities[row] ?? 0n), 0n), 0n);
      assert.ok(venue.openInterest > 0n && venue.accounts.every(({ quantities }) => (quantities[CASH] ?? 0n) >= 0n));
      assert.deepEqual(openVenue(60, ['BTC', 'ETH'], opened, 'b'), venue);
    }
    assert.throws(() => openVenue(19, ['BTC'], tables, 'b'), (error: Error & { code?: string }) => error.code === 'SIMULATION_SHAPE' && /19 accounts/.test(error.message));
  });
});
