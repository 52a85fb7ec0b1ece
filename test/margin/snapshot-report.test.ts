import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { reportSnapshot } from '../../src/margin/snapshot-report.js';
import { parseStaticMarket } from '../../src/risk/static-market.js';
import { listingLimit } from '../../src/risk/listing-limit.js';
import type { Account } from '../../src/venue/account.js';
import { tieredMarket } from '../builders/market.js';

const table = parseStaticMarket(readFileSync('test/vectors/margin/market.json', 'utf8'), 'market.json');
const shape = { slots: 3, excessBits: 84 };
const place = (id: string): number => table.rows.findIndex((row) => row.id === id);
const usd = (amount: bigint): bigint => amount * 10n ** 6n;
const sol = (amount: bigint): bigint => amount * 10n ** 8n;
const btc = (hundredths: bigint): bigint => hundredths * 10n ** 6n;

function account(userId: string, holdings: Readonly<Record<string, bigint>>, subAccount = 0): Account {
  return {
    userId, subAccount, owner: undefined,
    holdings: Object.entries(holdings).map(([id, quantity]) => ({ index: place(id), quantity })).sort((a, b) => a.index - b.index),
  };
}

const underWater = account('carol', { USD: usd(13_000n), 'BTC-PERP': btc(200n), 'USD-ENTRY': usd(-215_000n) });
const other = account('house', { USD: usd(500_000n), 'BTC-PERP': btc(-200n), 'USD-ENTRY': usd(215_000n) });
const lender = account('dave', { BTC: btc(300n) });
const debtor = account('erin', { USD: usd(200_000n), BTC: btc(-100n) }, 5);

describe('the report on a snapshot', () => {
  it('adds up accounts, health, shortfall, bad debt and the book exactly', async () => {
    const report = await reportSnapshot([underWater, other, lender, debtor], table, shape);
    assert.deepEqual([report.accounts, report.holdings, report.mostHoldings, report.unhealthy], [4, 9, 3, 1]);
    assert.deepEqual([report.shortfall, report.badDebt], [4_000n * 10n ** 12n, 2_000n * 10n ** 12n]);
    assert.equal(report.equity, (-2_000n + 515_000n + 300_000n + 100_000n) * 10n ** 12n);
    const coins = report.book[place('BTC')];
    assert.deepEqual([coins?.net, coins?.gross, coins?.deposits, coins?.loans, coins?.holders],
      [btc(200n), btc(400n), btc(300n), btc(100n), 2]);
    assert.deepEqual(coins?.largest, { quantity: btc(300n), userId: 'dave', subAccount: 0 });
    assert.deepEqual(report.findings, []);
  });

  it('gives the same figures for accounts that stream in', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source needs no waiting here
    async function* stream(): AsyncGenerator<Account> { yield* [underWater, other]; }
    assert.deepEqual(await reportSnapshot(stream(), table, shape), await reportSnapshot([underWater, other], table, shape));
  });

  it('finds every derivative and entry row that does not net to zero, and no coin', async () => {
    const { findings } = await reportSnapshot([underWater, lender], table, shape);
    assert.deepEqual(findings.map((one) => (one.kind === 'unmatched' ? [one.instrument, one.net] : one.kind)),
      [['USD-ENTRY', usd(-215_000n)], ['BTC-PERP', btc(200n)]]);
  });

  it('finds a holding beyond the listing rule, not one at it', async () => {
    const row = table.rows[place('BTC')];
    assert.ok(row !== undefined);
    const limit = listingLimit(row, shape.slots, 60);
    const at = await reportSnapshot([account('a', { BTC: -limit })], table, { slots: 3, excessBits: 60 });
    const beyond = await reportSnapshot([account('a', { BTC: -limit - 1n })], table, { slots: 3, excessBits: 60 });
    assert.deepEqual(at.findings, []);
    assert.deepEqual(beyond.findings.map((one) => (one.kind === 'listing-limit' ? [one.instrument, one.quantity, one.limit] : one.kind)),
      [['BTC', limit + 1n, limit]]);
  });

  it('finds an account with more holdings than slots', async () => {
    const { findings } = await reportSnapshot([underWater, other], table, { slots: 2, excessBits: 84 });
    assert.deepEqual(findings.map((one) => (one.kind === 'too-many-holdings' ? one.userId : one.kind)), ['carol', 'house']);
  });

  it('counts tiers as one instrument in the book and as holdings of their own against the slots', async () => {
    const whale = account('frank', { SOL: sol(6_000n), USD: usd(-700_000n) });
    const short = account('grace', { SOL: sol(-1_001n), USD: usd(300_000n) });
    const report = await reportSnapshot([whale, short], table, { slots: 4, tieredSlots: 3, excessBits: 84 });
    assert.deepEqual([report.holdings, report.mostHoldings, report.mostTiered], [7, 4, 4], 'every row before SOL\'s last tier is in the region');
    assert.deepEqual(report.findings.map((one) => [one.kind, 'userId' in one ? one.userId : '']), [['too-many-tiers', 'frank']]);
    assert.equal(report.book.length, table.rows.length - 2);
    const line = report.book[report.book.length - 1];
    assert.deepEqual([line?.instrument, line?.index, line?.deposits, line?.loans, line?.holders], ['SOL', place('SOL'), sol(6_000n), sol(1_001n), 2]);
    assert.deepEqual([report.unhealthy, report.equity], [0, (500_000n + 99_800n) * 10n ** 12n]);
    const narrow = await reportSnapshot([whale], table, { slots: 3, excessBits: 84 });
    assert.deepEqual(narrow.findings.map((one) => one.kind), ['too-many-holdings']);
    assert.match(narrow.findings[0]?.message ?? '', /holds 4 instruments, each tier in use counted, the circuit has 3 slots/);
  });

  it('finds a holding beyond the last tier, and leaves its margin out', async () => {
    const market = tieredMarket();
    const [at, beyond] = [1_010_000_000n, 1_010_000_001n].map((quantity): Account => ({ userId: 'heidi', subAccount: 2, owner: undefined, holdings: [{ index: 3, quantity: -quantity }] }));
    assert.ok(at !== undefined && beyond !== undefined);
    const wide = { slots: 8, excessBits: 96 };
    assert.deepEqual((await reportSnapshot([at], market, wide)).findings.map((one) => one.kind), ['unmatched']);
    const { findings, accounts, equity, holdings } = await reportSnapshot([beyond], market, wide);
    assert.deepEqual(findings.map((one) => one.kind), ['beyond-tiers', 'unmatched', 'listing-limit']);
    assert.match(findings[0]?.message ?? '', /^user "heidi", sub-account 2: 1010000001 quanta of BTC-PERP are 1 more than its tiers take/);
    assert.deepEqual([accounts, equity, holdings], [1, 0n, 0]);
  });

  it('refuses a holding beyond the table', async () => {
    const stray: Account = { userId: 'a', subAccount: 0, owner: undefined, holdings: [{ index: 99, quantity: 1n }] };
    await assert.rejects(reportSnapshot([stray], table, shape), { code: 'UNKNOWN_INSTRUMENT' });
  });
});
