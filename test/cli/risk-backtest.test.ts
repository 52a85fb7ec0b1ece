import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coinMoves, dailyCsv } from '../builders/price-series.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

const BINANCE = '"token","asset_usdt_price","collateral_vip_loan_ratio_tiers","collateral_margin_ratio_tiers","collateral_portfolio_margin_ratio_tiers"\n"coin","100","","","[0-100:95]"\n';
const AAVE = JSON.stringify({ reserves: { '0x1': { symbol: 'COIN', liquidationThreshold: 7800 } } });

describe('clearproof risk backtest', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    await mkdir(join(folder, 'prices'));
    await mkdir(join(folder, 'holed'));
    const text = dailyCsv(coinMoves(91, 400));
    await writeFile(join(folder, 'prices', 'COIN-USD.csv'), text);
    await writeFile(join(folder, 'holed', 'COIN-USD.csv'), text.split('\n').filter((_, i) => i !== 200).join('\n'));
    await writeFile(join(folder, 'binance.csv'), BINANCE);
    await writeFile(join(folder, 'aave.json'), AAVE);
  });
  after(() => remove());

  it('writes a page, JSON and charts, and prints the same JSON; the same input gives the same figures', async () => {
    const out = join(folder, 'report');
    const given = ['--prices', join(folder, 'prices'), '--binance', join(folder, 'binance.csv'), '--aave', join(folder, 'aave.json'), '--warm-up', '200', '--volatility', 'ewma'];
    const ended = await clearproof('risk', 'backtest', ...given, '--out', out, '--json');
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual((await readdir(out)).sort(), ['charts', 'report.html', 'report.json']);
    assert.deepEqual((await readdir(join(out, 'charts'))).sort(), ['COIN-margins.svg', 'COIN-price.svg', 'COIN-years.svg', 'cost.svg', 'crashes.svg']);
    const report = oneJson(ended);
    assert.deepEqual(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')), report);
    const [asset] = report['assets'] as { asset: string; haircuts: { model: string; days: number; averageMargin: string }[] }[];
    assert.deepEqual(asset?.haircuts.map((one) => [one.model, one.days]), ['adaptive', 'forecast', 'fixed', 'binance', 'aave'].map((model) => [model, 200]));
    assert.deepEqual(asset?.haircuts.slice(3).map((one) => one.averageMargin), ['50000', '220000']);
    const again = await clearproof('risk', 'backtest', ...given, '--out', out);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^model +assets +asset-days[^]*Binance, published +1 +200[^]*report in /);
    assert.deepEqual(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')), report);
  });

  it('refuses a missing day with file and row unless told to skip it, and writes nothing', async () => {
    const out = join(folder, 'refused');
    const given = ['risk', 'backtest', '--prices', join(folder, 'holed'), '--warm-up', '200', '--volatility', 'ewma', '--out', out, '--json'];
    const refused = await clearproof(...given);
    assert.equal(refused.code, 1);
    const { code, message, details } = errorOf(refused);
    assert.equal(code, 'SERIES_GAP', message);
    assert.deepEqual(details, { file: join(folder, 'holed', 'COIN-USD.csv'), row: 201 });
    assert.ok(!(await readdir(folder)).includes('refused'));
    const skipped = await clearproof(...given, '--gaps', 'skip');
    assert.equal(skipped.code, 0, skipped.stderr);
    assert.deepEqual((oneJson(skipped)['assets'] as { gaps: unknown }[])[0]?.gaps, [{ after: '2019-07-18', before: '2019-07-20' }]);
  });

  it('refuses an asset that has no prices, and a confidence that is none', async () => {
    const base = ['risk', 'backtest', '--prices', join(folder, 'prices'), '--out', join(folder, 'none'), '--json'];
    const unknown = await clearproof(...base, '--assets', 'DOGE');
    assert.deepEqual([unknown.code, errorOf(unknown).code], [1, 'UNKNOWN_ASSET']);
    const wrong = await clearproof(...base, '--confidence', '99');
    assert.deepEqual([wrong.code, errorOf(wrong).code], [2, 'USAGE']);
  });
});
