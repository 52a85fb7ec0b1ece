import assert from 'node:assert/strict';
import type { ClearedOpening } from '../../src/commitment/cleared-account.js';
import { debtsOf, lotsOf, nextSlice, planLiquidation, type LiquidationPlan } from '../../src/liquidation/liquidation-plan.js';
import { accountOf, HANDLE, liquidationTerms, perpetualAccount, saleTable } from '../builders/liquidation.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { BTC, PERP, ETH, USDC, ENTRY, CALL, DUST } = TIERED_ROWS;
const terms = liquidationTerms({ discount: 10_000 });
const plan = (opening: ClearedOpening): LiquidationPlan => planLiquidation(terms, opening, HANDLE);
const sold = ({ slices }: LiquidationPlan): readonly (readonly [number, number, boolean, bigint])[] => slices.map(({ lot: { row, payRow, accountSells }, quantity }) => [row, payRow, accountSells, quantity]);

describe('the plan of a liquidation', () => {
  it('restores the buffer by one slice and leaves the rest alone [P-250]', () => {
    const made = plan(perpetualAccount(50_000n));
    assert.deepEqual([sold(made), made.end, made.debts], [[[PERP, ENTRY, true, 7n]], 'healthy', []]);
    assert.ok(made.excess >= 0n);
    assert.equal(made.slices[0]?.after.healthy, false, 'still below initial margin');
  });

  it('takes the position that makes the account healthy with the least value sold', () => {
    const made = plan(accountOf({ [PERP]: 10n, [ETH]: 5n, [USDC]: 96_500n, [ENTRY]: -615_000n }, 12));
    // The small position is all that has to go.
    assert.deepEqual([sold(made), made.end], [[[ETH, ENTRY, true, 5n]], 'healthy']);
  });

  it('else takes what frees most of the requirement for its value first, however small', () => {
    const made = plan(accountOf({ [BTC]: 2n, [PERP]: 10n, [USDC]: -200_000n, [ENTRY]: -600_000n }, 12));
    assert.deepEqual(sold(made).slice(0, 2), [[BTC, USDC, true, 2n], [PERP, ENTRY, true, 10n]]);
  });

  it('sells spot for the cash that is owed', () => {
    const made = plan(accountOf({ [BTC]: 10n, [USDC]: -500_000n }));
    assert.equal(made.end, 'healthy');
    assert.ok(made.slices.every(({ lot }) => lot.row === BTC && lot.payRow === USDC && lot.accountSells));
    assert.ok(made.left.some(({ index, quantity }) => index === BTC && quantity > 0n), 'no more than needed');
  });

  it('buys options back, and counts their penalty on a share of the strike', () => {
    const made = plan(accountOf({ [CALL]: -5n, [USDC]: 30_000n }));
    assert.equal(made.slices[0]?.lot.accountSells, false);
    assert.equal(made.slices[0]?.value, (made.slices[0]?.quantity ?? 0n) * (4_000_000_000n + 1_400_000_000n));
  });

  it('sells no row that expired: it is settled', () => {
    const opening = accountOf({ [CALL]: -5n, [USDC]: 30_000n });
    assert.equal(planLiquidation({ ...terms, expired: [CALL] }, opening, HANDLE).slices.length, 0);
    assert.equal(planLiquidation({ ...terms, expired: [PERP] }, opening, HANDLE).slices[0]?.lot.row, CALL);
  });

  it('of an account worth less than nothing ends in debts, for others to pay [P-250]', () => {
    const made = plan(accountOf({ [BTC]: 2n, [USDC]: -130_000n }));
    assert.deepEqual([sold(made), made.end], [[[BTC, USDC, true, 2n]], 'debts']);
    // Two of 60,000 at 2 % less are 117,600.
    assert.deepEqual(made.debts, [{ row: USDC, quanta: 12_400n }]);
  });

  it('exchanges entries for cash at par, and into a debt of cash where nothing else is left', () => {
    const paid = plan(accountOf({ [PERP]: 1n, [USDC]: 70_000n, [ENTRY]: -150_000n }));
    assert.deepEqual(sold(paid).slice(0, 2), [[PERP, ENTRY, true, 1n], [ENTRY, USDC, false, 91_200n]]);
    assert.deepEqual([paid.slices[1]?.payment, paid.slices[1]?.penalty], [91_200n, 0n]);
    assert.deepEqual([paid.end, paid.debts], ['debts', [{ row: USDC, quanta: 21_200n }]]);
  });

  it('says where nothing more can be sold: a hedge whose sides only add risk one by one', () => {
    const made = plan(accountOf({ [BTC]: 10n, [PERP]: -10n, [USDC]: -700_000n, [ENTRY]: 600_000n }));
    assert.equal(made.end, 'stuck');
    assert.ok(made.excess < 0n && made.left.length > 0);
  });

  it('starts from an account under water alone', () => {
    assert.throws(() => plan(perpetualAccount(96_000n)), { code: 'NOT_UNDER_WATER' });
    assert.throws(() => plan({ ...perpetualAccount(1n), period: 2 }), { code: 'FUNDING_UNSETTLED' });
  });

  it('is the same for who plans from the next account on', () => {
    const opening = accountOf({ [BTC]: 2n, [PERP]: 4n, [USDC]: -130_000n, [ENTRY]: -240_000n }, 12);
    const made = plan(opening);
    assert.deepEqual(nextSlice(terms, opening, HANDLE)?.lot, made.slices[0]?.lot);
    assert.ok(made.slices.length >= 2);
  });
});

describe('what an account has for sale', () => {
  it('are its positions, for what it owes or has; perpetuals for entries first, cash only for other cash', () => {
    const held = accountOf({ [PERP]: 1n, [USDC]: 5n, [CALL]: -2n, [DUST]: 7n }, 12);
    assert.deepEqual(lotsOf(saleTable(), held, HANDLE).map(({ row, payRow, accountSells }) => [row, payRow, accountSells]), [
      [PERP, ENTRY, true], [PERP, USDC, true], [CALL, USDC, false], [DUST, USDC, true],
    ]);
  });

  it('is a debt for others only where nothing is left, and in cash and spot alone', () => {
    assert.deepEqual(debtsOf(saleTable(), accountOf({ [USDC]: -4n, [BTC]: -3n })), [{ row: BTC, quanta: 3n }, { row: USDC, quanta: 4n }]);
    assert.deepEqual(debtsOf(saleTable(), accountOf({ [USDC]: -4n, [DUST]: 1n })), []);
    assert.deepEqual(debtsOf(saleTable(), accountOf({ [USDC]: -4n, [ENTRY]: -1n })), [{ row: USDC, quanta: 4n }]);
  });
});
