import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ClearedOpening } from '../../src/commitment/cleared-account.js';
import type { Lot } from '../../src/liquidation/auction.js';
import { limitPayment, marksOf } from '../../src/liquidation/auction-price.js';
import { largestSlice, sliceOf, sliceUpTo, type Slice, type SliceTerms } from '../../src/liquidation/largest-slice.js';
import { leastExcess, marginOf, requireUnderWater } from '../../src/liquidation/liquidated-account.js';
import { accountOf, liquidationRules, liquidationTerms, lotOf, maintenanceTable, perpetualAccount, saleTable } from '../builders/liquidation.js';
import { heldBy } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { BTC, PERP, USDC, ENTRY, CALL } = TIERED_ROWS;
const terms = liquidationTerms();

/** What any quantity would be sold as; undefined for one that is refused. */
function attempt(wanted: SliceTerms, opening: ClearedOpening, lot: Lot, quantity: bigint, discount: number): Slice | undefined {
  const price = { accountSells: lot.accountSells, quantity, marks: marksOf(wanted.initial, lot, wanted.rules) };
  try {
    return sliceOf(wanted, opening, lot, quantity, limitPayment(price, { discount, penalty: wanted.rules.penalty }));
  } catch {
    return undefined;
  }
}

describe('the largest slice', () => {
  it('leaves the account below initial margin, and one quantum more would not [P-250]', () => {
    const account = perpetualAccount(50_000n);
    const slice = largestSlice(terms, account, lotOf(), 0);
    assert.deepEqual([slice.quantity, slice.dust, slice.after.healthy], [6n, false, false]);
    // 1 % of 360,000 goes to the penalty, which the account pays by its price.
    assert.deepEqual([slice.payment, slice.penalty, slice.value], [356_400n, 3_600n, 360_000_000_000n]);
    assert.deepEqual(heldBy(slice.plan), { [PERP]: 4n, [USDC]: 50_000n, [ENTRY]: -243_600n });
    assert.throws(() => sliceOf(terms, account, lotOf(), 7n, 415_800n), { code: 'NO_SLICE', message: /above initial margin: sell less/ });
    assert.equal(sliceOf(terms, account, lotOf(), 6n, slice.payment).quantity, 6n);
  });

  it('stops before initial margin is met exactly', () => {
    const free = liquidationTerms({ rules: liquidationRules({ penalty: 0 }) });
    // Seven perpetuals need 102,900.
    assert.equal(largestSlice(free, perpetualAccount(102_900n), lotOf(), 0).quantity, 2n);
    assert.equal(largestSlice(free, perpetualAccount(102_899n), lotOf(), 0).quantity, 3n);
  });

  it('of what hedges something stops where initial margin is first met, though all of it could be sold [P-250]', () => {
    const free = liquidationTerms({ rules: liquidationRules({ penalty: 0 }) });
    // Worth 40: seven sold leave a requirement of 41.1, eight 26.4, nine 38.7 and ten 51.
    const hedged = accountOf({ [BTC]: -2n, [PERP]: 10n, [USDC]: 160_000n, [ENTRY]: -600_000n }, 12);
    assert.equal(sliceOf(free, hedged, lotOf(), 10n, 600_000n).after.healthy, false);
    assert.equal(largestSlice(free, hedged, lotOf(), 0).quantity, 7n);
  });

  it('is all of a position that does not bring the account so far, and no more than is asked for', () => {
    const bankrupt = perpetualAccount(-10_000n);
    assert.equal(largestSlice(terms, bankrupt, lotOf(), 0).quantity, 10n);
    assert.equal(largestSlice(terms, bankrupt, lotOf(), 0, 3n).quantity, 3n);
  });

  it('buys back what the account is short of', () => {
    const short = accountOf({ [PERP]: -10n, [ENTRY]: 600_000n, [USDC]: 50_000n });
    const slice = largestSlice(terms, short, lotOf({ accountSells: false }), 10_000);
    assert.deepEqual([slice.quantity, slice.payment], [7n, 428_400n], '2 % above the mark');
    assert.deepEqual(heldBy(slice.plan), { [PERP]: -3n, [USDC]: 50_000n, [ENTRY]: 171_600n });
  });

  it('is found as trying every quantity finds it [P-250]', () => {
    const accounts = fc.record({ perp: fc.integer({ min: -45, max: 45 }), btc: fc.integer({ min: -4, max: 4 }), call: fc.integer({ min: -4, max: 4 }), cash: fc.integer({ min: -100_000, max: 700_000 }) });
    let [found, partial] = [0, 0];
    fc.assert(fc.property(accounts, fc.constantFrom(0, 10_000, 30_000), fc.constantFrom(PERP, BTC, CALL), ({ perp, btc, call, cash }, discount, row) => {
      const opening = accountOf({ [BTC]: BigInt(btc), [PERP]: BigInt(perp), [USDC]: BigInt(cash - 60_000 * (btc + perp)), [CALL]: BigInt(call) }, 12);
      const held = { [PERP]: perp, [BTC]: btc, [CALL]: call }[row] ?? 0;
      if (held === 0 || marginOf(saleTable(), opening).healthy) return;
      const lot = lotOf({ row, payRow: USDC, accountSells: held > 0 });
      const quantities = Array.from({ length: Math.abs(held) }, (_, place) => BigInt(place + 1));
      const tried = quantities.map((quantity) => attempt(terms, opening, lot, quantity, discount));
      let last: Slice | undefined;
      for (const slice of tried) {
        if (slice === undefined || (slice.dust && last !== undefined)) break;
        last = slice;
        if (slice.dust) break;
      }
      const slice = attemptLargest(opening, lot, discount);
      assert.equal(slice?.quantity, last?.quantity);
      found += last === undefined ? 0 : 1;
      partial += last !== undefined && last.quantity < BigInt(Math.abs(held)) ? 1 : 0;
    }), { numRuns: 250, seed: 11 });
    assert.ok(found > 60 && partial > 15, `${found} slices, ${partial} of them of a part`);
  });

  it('is one quantum of dust where one is more than the buffer', () => {
    const account = accountOf({ [PERP]: 1n, [USDC]: 14_000n, [ENTRY]: -60_000n });
    assert.throws(() => largestSlice(terms, account, lotOf(), 0), { code: 'NO_SLICE', message: /one quantum of row 3 would leave the account above initial margin, and is no dust/ });
    const small = liquidationTerms({ rules: liquidationRules({ minLot: 60_000_000_001n }) });
    assert.deepEqual([largestSlice(small, account, lotOf(), 0).dust, largestSlice(small, account, lotOf(), 0).quantity], [true, 1n]);
    assert.equal(largestSlice(small, perpetualAccount(50_000n), lotOf(), 0, 1n).dust, false, 'with the second verdict none is counted');
  });

  it('is not what adds risk, nothing of what is not held, and nothing beyond half of what risk falls by', () => {
    const hedged = accountOf({ [BTC]: 10n, [PERP]: -10n, [USDC]: -590_000n, [ENTRY]: 600_000n });
    assert.throws(() => largestSlice(terms, hedged, lotOf({ row: PERP, accountSells: false }), 0), { code: 'NO_SLICE', message: /not even one quantum of row 3 can be sold: the trade does not only reduce risk/ });
    assert.throws(() => largestSlice(terms, hedged, lotOf({ row: PERP }), 0), { code: 'LOT', message: /holds -10 quanta of BTC-PERP: it has nothing to sell/ });
  });

  it('is sold at the largest discount that has a proof, where the clock\'s has none', () => {
    const calm = liquidationTerms({ initial: { ...saleTable(), rows: saleTable().rows.map((row) => (row.index === PERP ? { ...row, longCharge: 300_000_000n, pnl: [-600_000_000n, 600_000_000n] } : row)) } });
    const account = perpetualAccount(1_000n);
    assert.throws(() => largestSlice(calm, account, lotOf(), 5_000), { code: 'NO_SLICE', message: /does not only reduce risk/ });
    const slice = sliceUpTo(calm, account, lotOf(), 5_000);
    // Risk is 2 % of the value, so half of it, less the penalty of 1 %.
    // Risk is 1.5 % of the value, and half of it, less the penalty of 1 %, minus 0.25 %; eight quanta are rounded up by 2 ppm.
    assert.deepEqual([slice.discount, slice.quantity], [-2_498, 8n]);
    assert.equal(slice.payment, limitPayment({ accountSells: true, quantity: slice.quantity, marks: marksOf(calm.initial, lotOf(), calm.rules) }, { discount: -2_498, penalty: 10_000 }));
    assert.equal(sliceUpTo(terms, perpetualAccount(50_000n), lotOf(), 10_000).discount, 10_000);
  });

  it('of an entry is exchanged at par, whatever discount and penalty are', () => {
    const account = accountOf({ [USDC]: 500_000n, [ENTRY]: -600_000n });
    const slice = largestSlice(terms, account, lotOf({ row: ENTRY, payRow: USDC, accountSells: false }), 30_000, 500_000n);
    assert.deepEqual([slice.quantity, slice.payment, slice.penalty], [500_000n, 500_000n, 0n]);
  });

  it('waits for the funding that the account owes', () => {
    assert.throws(() => largestSlice(terms, { ...perpetualAccount(50_000n), period: 3 }, lotOf(), 0), { code: 'FUNDING_UNSETTLED' });
  });
});

describe('an account that meets maintenance level', () => {
  it('has nothing to sell', () => {
    assert.throws(() => requireUnderWater(maintenanceTable(), perpetualAccount(96_000n)), { code: 'NOT_UNDER_WATER' });
    assert.equal(leastExcess(requireUnderWater(maintenanceTable(), perpetualAccount(95_999n))), -1_000_000n);
  });
});

function attemptLargest(opening: ClearedOpening, lot: Lot, discount: number): Slice | undefined {
  try {
    return largestSlice(terms, opening, lot, discount);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'NO_SLICE');
    return undefined;
  }
}
