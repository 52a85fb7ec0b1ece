import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { evaluate } from '../../src/margin/margin.js';
import { marketFromHaircuts, type HaircutMarketOptions } from '../../src/risk/haircut-import.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { parseStaticMarket, writeStaticMarket } from '../../src/risk/static-market.js';
import { instrumentsOf, splitIntoTiers, tieredRows } from '../../src/risk/tiers.js';
import { fileSource, type ByteSource } from '../../src/venue/byte-source.js';
import { bytesSource, refusal } from '../venue/fixtures.js';

const HEADER = '"token","asset_usdt_price","collateral_vip_loan_ratio_tiers","collateral_margin_ratio_tiers","collateral_portfolio_margin_ratio_tiers"\n';
const TABLE = `${HEADER}"btc","100000.5000000000000000","[0-9:100]","[0-9:100]","[0-18446744073709551615:95]"
"sol","200.0000000000000000","[0-9:100]","[0-9:100]","[0-3000000:100, 3000000-6000000:95,6000000-8000000:80]"
"usdt","1.0000000000000000","[0-9:100]","[0-9:100]","[0-18446744073709551615:100]"
`;
const options: HaircutMarketOptions = {
  currency: 'USDT', level: 'maintenance', snapshotTime: 1_700_000_000, parameterSet: 'haircuts',
  instruments: [
    { id: 'BTC', symbol: 'BTC', quantityDecimals: 6 },
    { id: 'SOL', symbol: 'sol', quantityDecimals: 9 },
    { id: 'USDT', symbol: 'usdt', kind: 'cash', quantityDecimals: 6 },
    { id: 'MNGO', symbol: 'mngo', quantityDecimals: 6 },
    { id: 'SRM', symbol: 'srm', quantityDecimals: 6, price: '0.25' },
  ],
  scenarios: [{ name: 'down', ofMark: '-0.2' }, { name: 'up', ofMark: '0.2' }],
  leastShortCharge: '0.1',
};

const PUBLISHED = '../shared/data/risk-binance-haircuts/cex_assets_info.csv';

/** The rule of the published proof system: the ratio of each tier counts for the value inside it, nothing beyond the last. Exact up to a floor. */
function publishedCollateral(value: bigint, tiers: readonly (readonly [upTo: bigint, ratio: bigint])[], unit: bigint): bigint {
  let [counted, low] = [0n, 0n];
  for (const [upTo, ratio] of tiers) {
    const high = value < upTo * unit ? value : upTo * unit;
    if (high > low) counted += (high - low) * ratio;
    low = upTo * unit;
  }
  return counted / 100n;
}

describe('a market from a table of haircuts', () => {
  it('takes the strictest tier as haircut and charges debt at least as much', async () => {
    const { rows } = parseStaticMarket(writeStaticMarket(await marketFromHaircuts(bytesSource(TABLE), options)), 'made');
    const [btc, sol, usdt] = rows;
    assert.deepEqual([btc?.mark, btc?.longCharge, btc?.shortCharge, btc?.pnl],
      [100_000_500_000n, 5_000_025_000n, 10_000_050_000n, [-20_000_100_000n, 20_000_100_000n]]);
    assert.deepEqual([sol?.mark, sol?.longCharge, sol?.shortCharge], [200_000n, 40_000n, 40_000n]);
    assert.deepEqual([usdt?.kind, usdt?.longCharge, usdt?.shortCharge, usdt?.pnl], ['cash', 0n, 100_000n, [0n, 0n]]);
  });

  it('counts a coin the table lacks as nothing, with or without a given price, and never lets its debt be free', async () => {
    const { rows } = parseStaticMarket(writeStaticMarket(await marketFromHaircuts(bytesSource(TABLE), options)), 'made');
    const [, , , mngo, srm] = rows;
    assert.deepEqual([mngo?.mark, mngo?.longCharge, mngo?.shortCharge, mngo?.pnl], [0n, 0n, 1_000_000n, [0n, 0n]]);
    assert.deepEqual([srm?.mark, srm?.longCharge, srm?.shortCharge], [250_000n, 250_000n, 250_000n]);
  });

  describe('with the size tiers of a schedule', () => {
    const schedule = [[3_000_000n, 100n], [6_000_000n, 95n], [8_000_000n, 80n]] as const;
    const tiered = async (change: Partial<HaircutMarketOptions> = {}, text = TABLE): Promise<MarketTable> =>
      parseStaticMarket(writeStaticMarket(await marketFromHaircuts(bytesSource(text), { ...options, sizes: 'tiers', ...change })), 'made');

    it('charges each part of a holding its own haircut, and what is beyond the last bound its whole price', async () => {
      const { rows } = await tiered();
      assert.deepEqual(rows.map((row) => row.id), ['SOL', 'SOL.2', 'SOL.3', 'SOL.4', 'BTC', 'USDT', 'MNGO', 'SRM']);
      const quanta = (value: bigint): bigint => (value * 10n ** 9n) / 200n;
      assert.deepEqual(rows.slice(0, 4).map((row) => [row.cap, row.longCharge, row.shortCharge]), [
        [quanta(3_000_000n), 0n, 20_000n], [quanta(3_000_000n), 10_000n, 20_000n], [quanta(2_000_000n), 40_000n, 40_000n], [0n, 200_000n, 200_000n],
      ]);
      assert.deepEqual([rows[4]?.cap, rows[4]?.longCharge, rows[4]?.shortCharge], [0n, 5_000_025_000n, 10_000_050_000n]);
    });

    it('counts as much collateral as the published rule, at every size and around each bound', async () => {
      const table = await tiered({ leastShortCharge: '0' });
      const quantum = 200_000n;
      const bounds = schedule.map(([value]) => (value * 10n ** 9n) / 200n);
      const sizes = fc.oneof(fc.constantFrom(...bounds.flatMap((one) => [one - 1n, one, one + 1n])), fc.bigInt({ min: 1n, max: 10n ** 17n }));
      fc.assert(fc.property(sizes, (quantity) => {
        const { equity, charges } = evaluate(table, splitIntoTiers(table, [{ index: 0, quantity }]));
        assert.equal(equity - charges, publishedCollateral(quantity * quantum, schedule, 10n ** 12n));
        assert.equal(evaluate(table, splitIntoTiers(table, [{ index: 0, quantity: -quantity }])).charges, charges, 'debt is charged the same');
      }));
    });

    it('rounds bounds down to a quantum, so that nothing counts more than published', async () => {
      const table = await tiered({ leastShortCharge: '0' }, TABLE.replace('200.0000000000000000', '170.3'));
      assert.deepEqual(table.rows.slice(0, 2).map((row) => row.cap), [17_615_971_814_445n, 17_615_971_814_445n]);
      fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 14n }), (quantity) => {
        const { equity, charges } = evaluate(table, splitIntoTiers(table, [{ index: 0, quantity }]));
        const published = publishedCollateral(quantity * 170_300n, schedule, 10n ** 12n);
        assert.ok(equity - charges <= published && published - (equity - charges) <= 3n * 170_300n + quantity);
      }));
    });

    it('drops bounds that hold no quantum and those that no account can reach', async () => {
      const text = TABLE.replace('[0-3000000:100, 3000000-6000000:95,6000000-8000000:80]', '[0-199:100, 199-6000:95,6000-8000:80]');
      const instruments = [{ id: 'COARSE', symbol: 'sol', quantityDecimals: 0 }, { id: 'FINE', symbol: 'sol', quantityDecimals: 18 }];
      const market = await marketFromHaircuts(bytesSource(text), { ...options, sizes: 'tiers', instruments });
      const bounds = market.instruments.map((one) => ('tiers' in one ? one.tiers.map(({ upTo, longCharge }) => [upTo, longCharge]) : []));
      assert.deepEqual(bounds, [
        [['30', { ofMark: '0.05' }], ['40', { ofMark: '0.2' }], [undefined, { ofMark: '1' }]],
        [['0.995', { ofMark: '0' }], [undefined, { ofMark: '0.05' }]],
      ]);
    });

    it('can take another schedule, and counts nothing of a coin that the schedule leaves empty', async () => {
      const text = TABLE.replace('"[0-9:100]","[0-9:100]","[0-18446744073709551615:95]"', '"","[0-5000000:50]","[0-18446744073709551615:95]"');
      const margin = await tiered({ schedule: 'margin', instruments: [{ id: 'BTC', symbol: 'btc', quantityDecimals: 6 }] }, text);
      assert.deepEqual(margin.rows.map((row) => [row.id, row.cap, row.longCharge]), [['BTC', 49_999_750n, 50_000_250_000n], ['BTC.2', 0n, 100_000_500_000n]]);
      const loan = await tiered({ schedule: 'vip-loan', instruments: [{ id: 'BTC', symbol: 'btc', quantityDecimals: 6 }] }, text);
      assert.deepEqual(loan.rows.map((row) => [row.cap, row.longCharge]), [[0n, 100_000_500_000n]]);
    });

    for (const schedule of existsSync(PUBLISHED) ? (['portfolio-margin', 'margin', 'vip-loan'] as const) : []) {
      it(`takes every coin of the published ${schedule} schedule`, async () => {
        const instruments = (await readFile(PUBLISHED, 'utf8')).split('\n').slice(1).filter((line) => line !== '')
          .map((line) => line.split(',')[0]?.replaceAll('"', '') ?? '').map((symbol) => ({ id: symbol, symbol, quantityDecimals: 8 }));
        const market = await marketFromHaircuts(fileSource(PUBLISHED), { ...options, sizes: 'tiers', schedule, instruments });
        const table = parseStaticMarket(writeStaticMarket(market), 'made');
        assert.equal(instrumentsOf(table).length, 483);
        assert.equal(tieredRows(table) > 0, schedule !== 'portfolio-margin');
        // Bounds of 30, 50, 100 ... million USDT at 115,770 USDT: the table's own numbers, not the importer's.
        const caps = table.rows.filter((row) => /^btc(\.|$)/.test(row.id)).map((row) => row.cap);
        assert.deepEqual(caps.slice(0, 3), schedule === 'margin' ? [25_913_449_080n, 17_275_632_720n, 43_189_081_800n] : [0n]);
      });
    }
  });

  it('reads a published table where that is at hand', async () => {
    const source: ByteSource = existsSync(PUBLISHED) ? fileSource(PUBLISHED) : bytesSource(TABLE);
    const { rows } = parseStaticMarket(writeStaticMarket(await marketFromHaircuts(source, options)), 'made');
    const [btc, sol] = rows;
    assert.ok(btc !== undefined && sol !== undefined && btc.mark > sol.mark * 10n ** 4n);
    assert.equal(btc.longCharge * 20n, btc.mark);
    assert.ok(sol.longCharge > 0n && sol.longCharge < sol.mark);
  });

  const file = 'accounts.test';
  const field = 'collateral_portfolio_margin_ratio_tiers';
  const refusals: [title: string, text: string, code: string, place: Record<string, string | number>][] = [
    ['a token twice', TABLE.replace('"sol"', '"btc"'), 'HAIRCUT_TABLE', { file, row: 3, field: 'token' }],
    ['a price in exponent form', TABLE.replace('200.0000000000000000', '2e2'), 'HAIRCUT_TABLE', { file, row: 3, field: 'asset_usdt_price' }],
    ['a negative price', TABLE.replace('200.0', '-200.0'), 'HAIRCUT_TABLE', { file, row: 3, field: 'asset_usdt_price' }],
    ['no tiers', TABLE.replace('[0-18446744073709551615:95]', '[]'), 'HAIRCUT_TABLE', { file, row: 2, field }],
    ['a gap between tiers', TABLE.replace('3000000-6000000', '3000001-6000000'), 'HAIRCUT_TABLE', { file, row: 3, field }],
    ['a tier that ends below its start', TABLE.replace('6000000-8000000', '6000000-6000000'), 'HAIRCUT_TABLE', { file, row: 3, field }],
    ['a tier above one without end', TABLE.replace(':95]', ':95,18446744073709551615-18446744073709551616:90]'), 'HAIRCUT_TABLE', { file, row: 2, field }],
    ['a ratio that rises with size', TABLE.replace('8000000:80', '8000000:96'), 'HAIRCUT_TABLE', { file, row: 3, field }],
    ['a ratio above 100', TABLE.replace(':95]', ':101]'), 'HAIRCUT_TABLE', { file, row: 2, field }],
    ['tiers without brackets', TABLE.replace('"[0-18446744073709551615:95]"', '0-1:95'), 'HAIRCUT_TABLE', { file, row: 2, field }],
    ['a missing column', TABLE.replace(',"asset_usdt_price"', ''), 'CSV_HEADER', { file, row: 1, field: 'asset_usdt_price' }],
  ];
  for (const [title, text, code, place] of refusals) {
    it(`refuses a table with ${title}`, async () => {
      await assert.rejects(marketFromHaircuts(bytesSource(text), options), refusal(code, place));
    });
  }
});
