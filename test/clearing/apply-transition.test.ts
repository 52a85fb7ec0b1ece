import assert from 'node:assert/strict';
import { emptyAccount } from '../../src/clearing/apply-transition.js';
import type { TransitionWish } from '../../src/clearing/transition-plan.js';
import type { ClearedOpening } from '../../src/commitment/cleared-account.js';
import { evaluate } from '../../src/margin/margin.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { payIn, type CollateralAct, type ExpiryAct, type FundingAct, type TransitionAct } from '../../src/statement/transition.js';
import { PERIOD, callTrade, clearedAccount, heldBy, initialTable, planned, tradeAct, tradeTerms } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { BTC, BTC2, BTC3, PERP, PERP2, ETH, ETH2, USDC, ENTRY, CALL, DUST } = TIERED_ROWS;
const GROUP = { PERP: 1, ETH: 2 } as const;

function collateral(change: Partial<CollateralAct>): CollateralAct {
  return { kind: 'collateral', opens: false, context: 0n, ...change };
}

function expiry(change: Partial<ExpiryAct> = {}): ExpiryAct {
  return { kind: 'expiry', row: CALL, payRow: USDC, deliverRow: BTC, value: 2_500_000n, unit: 1_000_000n, deliver: 0n, ...change };
}

function funding(rate: bigint, change: Partial<FundingAct> = {}): FundingAct {
  return { kind: 'funding', payRow: USDC, fromPeriod: PERIOD, rates: [{ group: GROUP.PERP, rate }], ...change };
}

function refuses(before: ClearedOpening, act: TransitionAct, code: string, words: RegExp, wish: Partial<TransitionWish> = {}, table: MarketTable = initialTable()): void {
  assert.throws(() => planned(before, act, wish, table), (error: Error & { code?: string }) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.ok(!error.message.includes(before.nonce.toString()), 'no nonce in an error');
    return true;
  });
}

describe('a transition, before it is proven', () => {
  describe('of collateral', () => {
    it('opens an account with what comes in, filled from the lowest tier up', () => {
      const plan = planned(emptyAccount(77n, 4, PERIOD), collateral({ opens: true, in: { row: BTC, amount: 170n } }));
      assert.deepEqual(heldBy(plan), { [BTC]: 100n, [BTC2]: 50n, [BTC3]: 20n });
      assert.deepEqual(plan.flags, { owned: true, reducing: false, unmargined: true, period: PERIOD });
    });

    it('leaves unused slots the indices that follow, so that nothing can be hidden in them', () => {
      assert.deepEqual(emptyAccount(77n, 4, PERIOD).slots.map(({ index }) => index), [0, 1, 2, 3]);
      assert.deepEqual(planned(clearedAccount({}), collateral({ in: { row: USDC, amount: 5n } })).slots.map(({ index }) => index), [USDC, 8, 9, 10]);
    });

    it('keeps the slot of what goes out to the last quantum', () => {
      const plan = planned(clearedAccount({ [USDC]: 5n }), collateral({ out: { row: USDC, amount: 5n } }));
      assert.deepEqual(plan.slots[0], { index: USDC, quantity: 0n });
      assert.equal(plan.flags.unmargined, true);
    });

    it('is not called unmargined while a derivative or a debt is left', () => {
      assert.equal(planned(clearedAccount({ [CALL]: 1n }), collateral({ in: { row: USDC, amount: 5n } })).flags.unmargined, false);
      refuses(clearedAccount({ [CALL]: 1n }), collateral({ in: { row: USDC, amount: 5n } }), 'STILL_MARGINED', /would still hold BTC-CALL/, { unmargined: true });
    });

    it('that would leave a debt is refused, also one that collateral covers', () => {
      refuses(clearedAccount({ [BTC]: 50n, [USDC]: 5n }), collateral({ out: { row: USDC, amount: 6n } }), 'BORROWS_CASH', /owe 1 quanta of USDC: the clearing house lends nothing/);
    });

    it('that breaks margin is refused with scenario and missing amount, and is taken to the exact limit', () => {
      const table = initialTable();
      const short = { [PERP]: -1n, [USDC]: 1_000_000n, [ENTRY]: 60_000n };
      const spare = evaluate(table, Object.entries(short).map(([index, quantity]) => ({ index: Number(index), quantity }))).excess.reduce((least, one) => (one < least ? one : least));
      const most = spare / 1_000_000n;
      assert.equal(heldBy(planned(clearedAccount(short), collateral({ out: { row: USDC, amount: most } })))[USDC], 1_000_000n - most);
      refuses(clearedAccount(short), collateral({ out: { row: USDC, amount: most + 1n } }), 'INSUFFICIENT_MARGIN', /not meet the initial table: in the scenario "up" it would lack \d+ value units \(scale 12\): take out less/);
    });

    it('comes in whatever the account is worth', () => {
      assert.equal(heldBy(planned(clearedAccount({ [PERP]: 10n }), collateral({ in: { row: USDC, amount: 1n } })))[USDC], 1n);
    });

    it('comes in without the owner where it pays a debt of an account that holds nothing, and no quantum more than the debt', () => {
      const owes = clearedAccount({ [USDC]: -7n, [PERP]: -2n });
      const paid = planned(owes, payIn(USDC, 7n), { owned: false });
      assert.deepEqual([heldBy(paid), paid.flags.owned, paid.flags.unmargined], [{ [PERP]: -2n }, false, false]);
      assert.equal(planned(clearedAccount({ [USDC]: -7n }), payIn(USDC, 7n), { owned: false }).flags.unmargined, true);
      refuses(owes, payIn(USDC, 8n), 'STILL_HOLDS', /would hold 1 quanta of USDC: sell what it holds first, and pay no more than it owes/, { owned: false });
      refuses(clearedAccount({ [USDC]: -7n, [BTC]: 1n }), payIn(USDC, 7n), 'STILL_HOLDS', /would hold 1 quanta of BTC/, { owned: false });
      refuses(clearedAccount({}), payIn(USDC, 1n), 'STILL_HOLDS', /would hold 1 quanta of USDC/, { owned: false });
    });

    it('goes out by its owner alone, who alone opens an account', () => {
      const without = { owned: false };
      const owes = clearedAccount({ [USDC]: -7n });
      refuses(owes, { ...payIn(USDC, 7n), opens: true }, 'OWNER_NEEDED', /only a debt is paid/, without);
      refuses(owes, { ...payIn(USDC, 7n), out: { row: BTC, amount: 1n } }, 'OWNER_NEEDED', /nothing goes out/, without);
      refuses(owes, collateral({}), 'OWNER_NEEDED', /only a debt is paid/, without);
    });

    it('is of cash and spot instruments, by their first row, and never of nothing', () => {
      refuses(clearedAccount({}), collateral({ in: { row: PERP, amount: 1n } }), 'POSTING_ROW', /collateral is cash or spot, and row 3, BTC-PERP, is neither/);
      refuses(clearedAccount({}), collateral({ in: { row: BTC2, amount: 1n } }), 'POSTING_ROW', /row 1, BTC\.2, is a tier: name its instrument, row 0/);
      refuses(clearedAccount({}), collateral({ in: { row: USDC, amount: 0n } }), 'POSTING_RANGE', /must lie in \[1, 2\^64\)/);
      refuses(clearedAccount({}), collateral({ in: { row: USDC, amount: 2n ** 64n } }), 'POSTING_RANGE', /must lie in \[1, 2\^64\)/);
    });

    it('that needs more slots than there are is refused', () => {
      refuses(clearedAccount({ [BTC]: 1n, [ETH]: 1n, [USDC]: 9n, [DUST]: 1n }, 4), collateral({ in: { row: BTC, amount: 120n } }), 'NO_FREE_SLOT', /needs 5 slots.*the account has 4/);
    });
  });

  describe('of a trade', () => {
    const rich = { [USDC]: 10_000_000n };

    it('gives the buyer the quantity for the payment, and the seller the opposite', () => {
      assert.deepEqual(heldBy(planned(clearedAccount(rich), tradeAct(tradeTerms()))), { [PERP]: 10n, [USDC]: 10_000_000n, [ENTRY]: -600_000n });
      assert.deepEqual(heldBy(planned(clearedAccount(rich), tradeAct(tradeTerms(), true))), { [PERP]: -10n, [USDC]: 10_000_000n, [ENTRY]: 600_000n });
    });

    it('is filled over tiers, and over tiers anew when caps have changed since', () => {
      assert.deepEqual(heldBy(planned(clearedAccount(rich), tradeAct(tradeTerms({ quantity: 45n, payment: 2_700_000n })))), { [PERP]: 40n, [PERP2]: 5n, [USDC]: 10_000_000n, [ENTRY]: -2_700_000n });
      const split = clearedAccount({ [ETH]: 3n, [ETH2]: 5n, [USDC]: 10_000_000n }, 8);
      assert.deepEqual(heldBy(planned(split, tradeAct(callTrade()))), { [ETH]: 8n, [USDC]: 9_996_000n, [CALL]: 1n });
    });

    it('that margin does not cover is refused, and taken where it only reduces risk', () => {
      refuses(clearedAccount({ [USDC]: 1_000n }), tradeAct(tradeTerms()), 'INSUFFICIENT_MARGIN', /in the scenario "down" it would lack \d+ value units \(scale 12\): trade less/);
      const broken = { [PERP]: 10n, [ENTRY]: -600_000n, [USDC]: 1_000n };
      assert.equal(evaluate(initialTable(), clearedAccount(broken).slots).healthy, false);
      const plan = planned(clearedAccount(broken), tradeAct(tradeTerms({ quantity: 5n, payment: 300_000n }), true));
      assert.equal(plan.flags.reducing, true);
      assert.deepEqual(heldBy(plan), { [PERP]: 5n, [ENTRY]: -300_000n, [USDC]: 1_000n });
    });

    it('gives an accomplice at most half of what risk falls by, to the quantum', () => {
      // Ten perpetuals of requirement 9.6e9 each are sold for less than their mark: R falls by 96e9, so V may fall by 48e9, 48,000 quanta of entry.
      const broken = clearedAccount({ [PERP]: 10n, [ENTRY]: -600_000n, [USDC]: 1_000n });
      const wide = (payment: bigint): TransitionAct => ({ ...tradeAct(tradeTerms({ payment }), true), band: 200_000 });
      assert.equal(planned(broken, wide(552_000n), { reducing: true }).flags.reducing, true);
      refuses(broken, wide(551_999n), 'NOT_REDUCING', /equity not fall by more than half/, { reducing: true });
    });

    it('must reduce risk where it is asked to, as when a venue only lets risk be reduced', () => {
      refuses(clearedAccount(rich), tradeAct(tradeTerms()), 'NOT_REDUCING', /does not only reduce risk/, { reducing: true });
      assert.equal(planned(clearedAccount({ ...rich, [PERP]: 10n }), tradeAct(tradeTerms(), true), { reducing: true }).flags.reducing, true);
      assert.equal(planned(clearedAccount({ ...rich, [PERP]: 10n }), tradeAct(tradeTerms(), true)).flags.reducing, false);
    });

    it('borrows no cash and sells no coin that is not there, but entries may be owed', () => {
      refuses(clearedAccount({ [USDC]: 3_999n, [BTC]: 50n }), tradeAct(callTrade()), 'BORROWS_CASH', /owe 1 quanta of USDC/);
      refuses(clearedAccount(rich), tradeAct(tradeTerms({ row: BTC, payRow: USDC, quantity: 1n, payment: 60_000n }), true), 'BORROWS_CASH', /owe 1 quanta of BTC/);
    });

    it('lies in the band around the mark, whose edges are taken', () => {
      // 10 quanta of mark 6e10 with short charge 6e8: 5 % of 606e9 are 30,300 quanta of entry, and one is rounding.
      const at = (payment: bigint): TransitionAct => tradeAct(tradeTerms({ payment }));
      for (const payment of [600_000n + 30_301n, 600_000n - 30_301n]) assert.equal(heldBy(planned(clearedAccount(rich), at(payment)))[PERP], 10n);
      refuses(clearedAccount(rich), at(600_000n + 30_302n), 'PRICE_OUTSIDE_BAND', /further from the mark, 600000, than the venue's band of 50000 ppm/);
      refuses(clearedAccount(rich), at(600_000n - 30_302n), 'PRICE_OUTSIDE_BAND', /agree on another price/);
    });

    it('is of two instruments, paid in cash, spot or entry, and of something', () => {
      refuses(clearedAccount(rich), tradeAct(tradeTerms({ payRow: CALL, payment: 150n })), 'POSTING_ROW', /paid in cash, spot or entry, and BTC-CALL is none/);
      refuses(clearedAccount(rich), tradeAct(tradeTerms({ row: USDC, payRow: USDC, quantity: 5n, payment: 5n })), 'POSTING_ROW', /USDC cannot be paid in itself/);
      refuses(clearedAccount(rich), tradeAct(tradeTerms({ quantity: 0n, payment: 0n })), 'POSTING_RANGE', /quantity of a trade must lie in \[1/);
      refuses(clearedAccount(rich), tradeAct(tradeTerms({ row: PERP2 })), 'POSTING_ROW', /is a tier/);
    });

    it('waits until the funding of a perpetual is settled, also of one that it does not touch', () => {
      refuses({ ...clearedAccount({ ...rich, [PERP]: 1n }), period: PERIOD - 2 }, tradeAct(callTrade()), 'FUNDING_UNSETTLED', /owes funding of periods 5 to 7: settle its funding first/);
      assert.equal(planned({ ...clearedAccount(rich), period: PERIOD - 2 }, tradeAct(callTrade())).flags.period, PERIOD);
    });

    it('without the owner takes a position towards zero, and never across it', () => {
      const held = clearedAccount({ [PERP]: 10n, [ENTRY]: -600_000n, [USDC]: 1_000n });
      const plan = planned(held, tradeAct(tradeTerms({ quantity: 4n, payment: 240_000n }), true), { owned: false });
      assert.deepEqual([plan.flags.owned, plan.flags.reducing], [false, true]);
      refuses(held, tradeAct(tradeTerms({ quantity: 15n, payment: 900_000n }), true), 'OWNER_NEEDED', /away from zero, or across it/, { owned: false });
      refuses(held, tradeAct(tradeTerms({ quantity: 1n, payment: 60_000n })), 'NOT_REDUCING', /does not only reduce risk/, { owned: false });
    });

    it('takes an entry for cash without the owner where nothing is left to sell, and no further than to nothing', () => {
      const at = (quantity: bigint): TransitionAct => tradeAct(tradeTerms({ row: ENTRY, payRow: USDC, quantity, payment: quantity }));
      const owes = clearedAccount({ [USDC]: -7n, [ENTRY]: -100n });
      assert.deepEqual(heldBy(planned(owes, at(100n), { owned: false })), { [USDC]: -107n });
      refuses(owes, at(101n), 'NOT_REDUCING', /does not only reduce risk/, { owned: false });
      refuses(clearedAccount({ [USDC]: -7n, [BTC]: 1n, [ENTRY]: -100n }), at(100n), 'NOT_REDUCING', /does not only reduce risk/, { owned: false });
    });
  });

  describe('of what is owed', () => {
    it('turns an expired option into cash, rounded so that whoever pays pays up', () => {
      assert.deepEqual(heldBy(planned(clearedAccount({ [CALL]: 3n }), expiry())), { [USDC]: 7n });
      assert.deepEqual(heldBy(planned(clearedAccount({ [CALL]: -3n, [USDC]: 100n }), expiry())), { [USDC]: 92n });
    });

    it('may leave a debt and a broken account: what is owed is owed', () => {
      assert.deepEqual(heldBy(planned(clearedAccount({ [CALL]: -3n }), expiry(), { owned: false })), { [USDC]: -8n });
    });

    it('delivers coins for the strike in an exercised call, and needs no row where it expired worthless', () => {
      const physical = expiry({ value: -50_000_000_000n, deliver: 1n });
      assert.deepEqual(heldBy(planned(clearedAccount({ [CALL]: 2n, [USDC]: 200_000n }), physical)), { [BTC]: 2n, [USDC]: 100_000n });
      assert.deepEqual(planned(clearedAccount({ [CALL]: 2n }, 1), expiry({ value: 0n })).slots, [{ index: CALL, quantity: 0n }]);
    });

    it('is nothing for who holds nothing of the row', () => {
      refuses(clearedAccount({ [USDC]: 5n }), expiry(), 'NOTHING_TO_SETTLE', /holds nothing of BTC-CALL/);
    });

    it('takes funding from longs and gives it to shorts, rounded down on both sides', () => {
      const due = (quantity: bigint): bigint | undefined => heldBy(planned({ ...clearedAccount({ [PERP]: quantity, [USDC]: 100n }), period: 3 }, funding(150_000n, { fromPeriod: 3 })))[USDC];
      // 10 at 0.15 quanta: 1.5, of which the long pays 2 and the short gets 1.
      assert.deepEqual([due(10n), due(-10n)], [98n, 101n]);
    });

    it('charges every tier of a perpetual, and none that is not listed', () => {
      const both = { ...clearedAccount({ [PERP]: 40n, [PERP2]: 10n, [ETH]: 5n, [USDC]: 100n }, 4), period: 3 };
      assert.equal(heldBy(planned(both, funding(1_000_000n, { fromPeriod: 3 })))[USDC], 50n);
    });

    it('is funding from the very period that the account is settled up to, and not twice', () => {
      const account = { ...clearedAccount({ [PERP]: 1n }), period: 3 };
      refuses(account, funding(1n, { fromPeriod: 4 }), 'FUNDING_UNSETTLED', /settled up to period 3, the transition goes from 4: start from 3/);
      refuses(clearedAccount({ [PERP]: 1n }), funding(1n), 'NOTHING_TO_SETTLE', /period 7, which is the present one/);
      refuses({ ...clearedAccount({ [USDC]: 1n }), period: 3 }, funding(1n, { fromPeriod: 3 }), 'NOTHING_TO_SETTLE', /holds no perpetual/);
    });
  });
});
