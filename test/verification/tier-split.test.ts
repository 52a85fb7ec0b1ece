import assert from 'node:assert/strict';
import { evaluate } from '../../src/margin/margin.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import { checkTierSplit } from '../../src/verification/account-check.js';
import { checkSettlement, checkTableRange } from '../../src/verification/market-check.js';
import { StepLog } from '../../src/verification/report.js';
import type { Holding } from '../../src/venue/account.js';
import { smallMarket, tieredMarket } from '../builders/market.js';

const market = tieredMarket();
/** 7 BTC against a debt of 310,000 USDC: just healthy while the first 5 are charged the low rate. */
const account: readonly Holding[] = [{ index: 0, quantity: 7_000_000n }, { index: 5, quantity: -310_000_000_000n }];
const greedy = splitIntoTiers(market, account);
const bent: readonly Holding[] = [{ index: 1, quantity: 7_000_000n }, { index: 5, quantity: -310_000_000_000n }];

describe('the check that a receipt fills its tiers from the lowest up', () => {
  it('passes the greedy split and says how many holdings it looked at', () => {
    assert.deepEqual(checkTierSplit({ market, holdings: greedy }), { outcome: 'passed', detail: '2 holdings in size tiers, each filled from the lowest up' });
    assert.deepEqual(checkTierSplit({ market: smallMarket(), holdings: [{ index: 1, quantity: 5n }] }), { outcome: 'passed', detail: 'no holding has size tiers' });
  });

  it('fails a split that makes a healthy account look unhealthy, naming instrument and remedy', async () => {
    const [right, shown] = [evaluate(market, greedy), evaluate(market, bent)];
    assert.deepEqual([right.healthy, shown.healthy, right.equity], [true, false, shown.equity]);
    const log = new StepLog();
    await log.run('tiers', () => checkTierSplit({ market, holdings: bent }));
    const [step] = log.steps;
    assert.deepEqual([step?.id, step?.outcome, step?.code], ['tiers', 'failed', 'GREEDY_SPLIT']);
    assert.match(step?.detail ?? '', /^BTC is held as 7000000 in BTC\.2 quanta, filled from the lowest tier up it is 5000000 in BTC, 2000000 in BTC\.2: .*can make a healthy account look unhealthy/);
  });

  it('fails a holding beyond the table', async () => {
    const log = new StepLog();
    await log.run('tiers', () => checkTierSplit({ market, holdings: [{ index: 9, quantity: 1n }] }));
    assert.deepEqual([log.steps[0]?.outcome, log.steps[0]?.code], ['failed', 'UNKNOWN_INSTRUMENT']);
  });
});

describe('the checks of a table with tiers', () => {
  it('pass it, and fail one whose charges fall with size', () => {
    assert.equal(checkTableRange(market, greedy, 1, 'receipt').outcome, 'passed');
    const falling = { ...market, rows: market.rows.map((row) => (row.index === 1 ? { ...row, longCharge: 3_000_000_000n } : row)) };
    assert.throws(() => checkTableRange(falling, greedy, 1, 'receipt'), { code: 'MARKET_TIERS', details: { file: 'receipt', field: 'market.rows[1].longCharge' } });
  });

  it('fail a cap beyond every quantity', () => {
    const boundless = { ...market, rows: market.rows.map((row) => (row.index === 0 ? { ...row, cap: 2n ** 64n } : row)) };
    assert.throws(() => checkTableRange(boundless, greedy, 1, 'receipt'), { code: 'MARKET_TIERS', details: { file: 'receipt', field: 'market.rows[0].cap' } });
  });

  it('ask for one deposit and one loan an instrument, not a tier', () => {
    assert.deepEqual(checkSettlement(market, [1n, 2n, 3n, 4n]), { outcome: 'passed', detail: 'deposits and loans of BTC, USDC' });
    assert.equal(checkSettlement(market, [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]).outcome, 'failed');
  });
});
