import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { marketFromHaircuts, type HaircutMarketOptions } from '../../src/risk/haircut-import.js';
import { parseStaticMarket, writeStaticMarket } from '../../src/risk/static-market.js';
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

  it('reads a published table where that is at hand', async () => {
    const path = '../shared/data/risk-binance-haircuts/cex_assets_info.csv';
    const source: ByteSource = existsSync(path) ? fileSource(path) : bytesSource(TABLE);
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
