import assert from 'node:assert/strict';
import { evaluate } from '../../src/margin/margin.js';
import { effectOf } from '../../src/margin/table-effect.js';
import { buildMarketTable } from '../../src/risk/build/build-market-table.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import type { Account } from '../../src/venue/account.js';
import { edited, examplePrices, exampleSet, exampleSurface, exampleTable, riskFile } from '../builders/risk-files.js';

const { table } = exampleTable();
const madeOf = (path: string, value: unknown): MarketTable =>
  buildMarketTable(exampleSet(edited(riskFile('parameter-set'), path, value)), examplePrices(), { level: 'maintenance', surface: exampleSurface() }).table;
const account = (userId: string, holdings: Readonly<Record<string, bigint>>): Account => ({
  userId, subAccount: 0, owner: undefined,
  holdings: Object.entries(holdings).map(([id, quantity]) => ({ index: table.rows.find((row) => row.id === id)?.index ?? -1, quantity })).sort((a, b) => a.index - b.index),
});
const BTC = 10n ** 8n;
const USD = 10n ** 6n;
const accounts: readonly Account[] = [
  account('long', { 'BTC-PERP': BTC, 'USD-ENTRY': -100_000n * USD, USD: 14_000n * USD }),
  account('large', { 'BTC-PERP': 60n * BTC, 'USD-ENTRY': -6_000_000n * USD, USD: 10_000_000n * USD }),
  account('saver', { USD: 100n * USD }),
];

describe('the effect of another table on a snapshot', () => {
  it('counts who needs more, who becomes unhealthy, and ranks by the rise', () => {
    const after = madeOf('markets[0].scan', { maintenance: '0.14', initial: '0.15' });
    const effect = effectOf(accounts, table, table, after, 1);
    assert.deepEqual([effect.accounts, effect.rises, effect.falls, effect.newlyUnhealthy, effect.newlyHealthy], [3, 2, 0, 1, 0]);
    assert.deepEqual(effect.largest.map(({ userId }) => userId), ['large']);
    const sum = (one: MarketTable): bigint => accounts.reduce((total, { holdings }) => total + evaluate(one, splitIntoTiers(one, holdings)).requirement, 0n);
    assert.deepEqual([effect.requirementBefore, effect.requirementAfter], [sum(table), sum(after)]);
    const back = effectOf(accounts, table, after, table);
    assert.deepEqual([back.rises, back.falls, back.newlyHealthy, back.largest], [0, 2, 1, []]);
  });

  it('matches instruments by id, whatever their rows', () => {
    const order = ['USD', 'BTC-PERP', 'USD-ENTRY'];
    assert.notDeepEqual(madeOf('order', order).rows.map(({ id }) => id), table.rows.map(({ id }) => id));
    const effect = effectOf(accounts, table, table, madeOf('order', order));
    assert.deepEqual([effect.rises, effect.falls], [0, 0]);
  });

  it('refuses a table that lacks what an account holds, or counts it in other quanta', () => {
    assert.throws(() => effectOf(accounts, table, table, madeOf('markets[0].id', 'BTC-SWAP')), { code: 'UNKNOWN_INSTRUMENT' });
    assert.throws(() => effectOf(accounts, table, table, madeOf('markets[0].quantityDecimals', '6')), { code: 'UNKNOWN_INSTRUMENT' });
  });
});
