import assert from 'node:assert/strict';
import { openingAfter, planTransition } from '../../src/clearing/apply-transition.js';
import type { AccountChange } from '../../src/clearing/follow-change.js';
import { clearedCommitment, derivedNonce, type ClearedOpening } from '../../src/commitment/cleared-account.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { followLiquidation, followSale, type LiquidationTrail } from '../../src/liquidation/follow-sale.js';
import { nextSlice } from '../../src/liquidation/liquidation-plan.js';
import { tradeOfSlice } from '../../src/liquidation/slice-trade.js';
import type { SoldSlice } from '../../src/liquidation/sold-slice.js';
import type { TransitionAct } from '../../src/statement/transition.js';
import { transitionDelta } from '../../src/statement/transition-delta.js';
import { packTransitionTerms } from '../../src/statement/transition-terms.js';
import { BAND, PERIOD } from '../builders/cleared.js';
import { accountOf, HANDLE, liquidationTerms, saleTable } from '../builders/liquidation.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { BTC, PERP, USDC, ENTRY } = TIERED_ROWS;
const BASE = 123n;
const TABLE = 6n;
const table = saleTable();
const terms = liquidationTerms({ discount: 10_000 });

interface Step { readonly change: AccountChange; readonly after: ClearedOpening }

/** What the chain tells after somebody without the owner's secret changed an account, and what it then is. */
function changed(before: ClearedOpening, act: TransitionAct, owned = false): Step {
  const plan = planTransition(table, before, { act, owned, period: PERIOD });
  const delta = transitionDelta(poseidon, BASE, TABLE, act);
  const after = openingAfter(plan, owned ? 31n : derivedNonce(poseidon, before.nonce, delta));
  return { after, change: { oldCommitment: clearedCommitment(poseidon, before), newCommitment: clearedCommitment(poseidon, after), marketCommitment: TABLE, terms: packTransitionTerms(act, plan.flags), delta } };
}

/** The best slice of an account, sold to handle 9. */
function sold(before: ClearedOpening): Step & { readonly slice: SoldSlice } {
  const next = nextSlice(terms, before, HANDLE);
  assert.ok(next !== undefined);
  const offer = { bidder: 9n, quantity: next.quantity, payment: next.payment, expiry: 1_790_000_600, nonce: 44n };
  const { lot: { row, payRow, accountSells } } = next;
  const act: TransitionAct = { kind: 'trade', seller: accountSells, trade: tradeOfSlice(next.lot, offer), band: BAND };
  return { ...changed(before, act), slice: { handle: HANDLE, bidder: 9n, row, payRow, accountSells, quantity: next.quantity, payment: next.payment, nonce: 44n, penalty: 3n, subsidy: 0n } };
}

const opening = accountOf({ [BTC]: 2n, [USDC]: -130_000n });
const first = sold(opening);
const paid = changed(first.after, { kind: 'collateral', opens: false, in: { row: USDC, amount: 400n }, context: 0n });
const trail = (change: Partial<LiquidationTrail> = {}): LiquidationTrail => ({
  base: BASE, changes: [first.change, paid.change], slices: [first.slice], tableOf: (commitment) => (commitment === TABLE ? table : undefined), ...change,
});
const unknown = { code: 'OPENING_UNKNOWN' } as const;

describe('who had the opening of an account that was liquidated', () => {
  it('has the opening of what each sale left, from what the chain tells [P-252]', () => {
    assert.deepEqual(followSale(poseidon, { base: BASE, table }, opening, first.change, first.slice), first.after);
  });

  it('has every opening after it, through sales and what others paid of its debt [P-252]', () => {
    assert.deepEqual(followLiquidation(poseidon, trail(), opening), [first.after, paid.after]);
    assert.deepEqual(followLiquidation(poseidon, trail(), first.after), [paid.after], 'from wherever it starts');
    assert.deepEqual(followLiquidation(poseidon, trail(), paid.after), []);
    const hedged = accountOf({ [BTC]: 2n, [PERP]: 4n, [USDC]: -130_000n, [ENTRY]: -240_000n }, 12);
    const one = sold(hedged);
    const two = sold(one.after);
    assert.deepEqual(followLiquidation(poseidon, trail({ changes: [one.change, two.change], slices: [two.slice, one.slice] }), hedged), [one.after, two.after], 'each sale with its own terms');
  });

  it('is told where a change does not follow: other terms, another venue, another account, or the owner\'s own', () => {
    const at = { base: BASE, table };
    assert.throws(() => followSale(poseidon, at, opening, first.change, { ...first.slice, payment: first.slice.payment + 1n }), unknown);
    assert.throws(() => followSale(poseidon, { ...at, base: 9n }, opening, first.change, first.slice), unknown);
    assert.throws(() => followSale(poseidon, at, { ...opening, nonce: 1n }, first.change, first.slice), unknown);
    assert.throws(() => followSale(poseidon, at, opening, { ...first.change, newCommitment: 1n }, first.slice), unknown);
    assert.throws(() => followLiquidation(poseidon, trail({ slices: [] }), opening), unknown);
    const own = changed(opening, { kind: 'collateral', opens: false, in: { row: USDC, amount: 5n }, context: 0n }, true);
    assert.throws(() => followLiquidation(poseidon, trail({ changes: [own.change] }), opening), unknown);
  });

  it('is told which table is missing', () => {
    assert.throws(() => followLiquidation(poseidon, trail({ tableOf: () => undefined }), opening), { ...unknown, message: /under the table 6, which is not at hand/ });
  });
});
