import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ClearproofError } from '../../../src/error/clearproof-error.js';
import { dateOf, dayOf, yearOf } from '../../../src/risk/backtest/calendar.js';
import { dailyMoves } from '../../../src/risk/backtest/daily-moves.js';
import { readPriceFile, type PricePoint } from '../../../src/risk/backtest/price-file.js';
import { readPriceFolders } from '../../../src/risk/backtest/price-folders.js';
import { aaveHaircuts, binanceHaircuts } from '../../../src/risk/backtest/published-haircuts.js';
import type { ByteSource } from '../../../src/venue/byte-source.js';

function source(name: string, text: string): ByteSource {
  return { name, bytes: (async function* bytes() { yield await Promise.resolve(Buffer.from(text)); })() };
}

const csv = (...rows: readonly string[]): string => ['Date,Close,Volume', ...rows, ''].join('\n');
const tsv = (...rows: readonly string[]): string => ['id\toutput', ...rows].join('\n');
const read = (text: string, name = 'COIN-USD.csv'): Promise<PricePoint[]> => readPriceFile(source(name, text));

/** Refused with this code and a message that begins with file and row. */
const refusedAt = (code: string, place: string) => (error: unknown): boolean => {
  assert.ok(error instanceof ClearproofError, String(error));
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.startsWith(`${place}`), error.message);
  return true;
};

describe('days', () => {
  it('are read strictly and written back', () => {
    assert.equal(dayOf('1970-01-02'), 1);
    assert.equal(dateOf(dayOf('2020-02-29 00:00:00+00:00') ?? 0), '2020-02-29');
    assert.equal(yearOf(dayOf('2024-12-31') ?? 0), 2024);
    for (const wrong of ['2021-02-29', '2021-13-01', '12/03/2020', '2020-3-12', '2020-03-12 01:00:00+00:00', '2020-03-12 00:00:00+02:00', '']) assert.equal(dayOf(wrong), undefined, wrong);
  });
});

describe('price files', () => {
  it('are read from comma and tab, plain and quoted', async () => {
    const points = await read(csv('2020-01-01 00:00:00+00:00,10.5,1000', '2020-01-02,11,0', '2020-01-03,12,'));
    assert.deepEqual(points.map(({ day, price, volume }) => [dateOf(day), price, volume]), [['2020-01-01', 10.5, 1000], ['2020-01-02', 11, undefined], ['2020-01-03', 12, undefined]]);
    assert.deepEqual((await read(tsv('"2020-01-01"\t0.25', '"2020-01-02"\t0.5'), 'COIN_USD.tsv')).map((one) => one.price), [0.25, 0.5]);
  });

  const refused: readonly (readonly [string, string, string, string])[] = [
    ['a price of zero', csv('2020-01-01,1,1', '2020-01-02,0,1'), 'SERIES_PRICE', 'COIN-USD.csv, row 3, field Close'],
    ['a negative price', csv('2020-01-01,-1,1'), 'SERIES_PRICE', 'COIN-USD.csv, row 2, field Close'],
    ['a price with an exponent', csv('2020-01-01,1e3,1'), 'SERIES_PRICE', 'COIN-USD.csv, row 2, field Close'],
    ['a missing price', csv('2020-01-01,,1'), 'SERIES_PRICE', 'COIN-USD.csv, row 2, field Close'],
    ['a negative volume', csv('2020-01-01,1,-5'), 'SERIES_VOLUME', 'COIN-USD.csv, row 2, field Volume'],
    ['a day out of order', csv('2020-01-02,1,1', '2020-01-03,1,1', '2020-01-01,1,1'), 'SERIES_ORDER', 'COIN-USD.csv, row 4, field Date'],
    ['a day twice', csv('2020-01-02,1,1', '2020-01-02,1,1'), 'SERIES_ORDER', 'COIN-USD.csv, row 3, field Date'],
    ['a day that is none', csv('2020-02-30,1,1'), 'SERIES_DATE', 'COIN-USD.csv, row 2, field Date'],
    ['a column nobody knows', 'Date,Close,Mood\n2020-01-01,1,good\n', 'CSV_HEADER', 'COIN-USD.csv, row 1, field Mood'],
    ['a row with a cell too many', csv('2020-01-01,1,1,1'), 'CSV_ROW', 'COIN-USD.csv, row 2'],
    ['an empty file', '', 'CSV_HEADER', 'COIN-USD.csv'],
  ];
  for (const [what, text, code, place] of refused) {
    it(`with ${what} are refused, file and row named`, () => assert.rejects(read(text), refusedAt(code, place)));
  }
});

describe('daily moves', () => {
  const pointsOf = (file: string, days: readonly (readonly [string, number])[]): PricePoint[] =>
    days.map(([date, price], i) => ({ day: dayOf(date) as number, price, volume: undefined, place: { file, row: i + 2 } }));
  const holed = pointsOf('COIN-USD.csv', [['2020-01-01', 1], ['2020-01-02', 2], ['2020-01-05', 3], ['2020-01-06', 4]]);

  it('refuse a gap, naming file and row behind it', () => {
    assert.throws(() => dailyMoves('COIN', [holed], 'refuse'), refusedAt('SERIES_GAP', 'COIN-USD.csv, row 4: 2 days are missing before 2020-01-05'));
  });

  it('leave the move across a gap out when told to', () => {
    const { moves, gaps } = dailyMoves('COIN', [holed], 'skip');
    assert.deepEqual(moves.map(({ day, from, to }) => [dateOf(day), from, to]), [['2020-01-02', 1, 2], ['2020-01-06', 3, 4]]);
    assert.deepEqual(gaps, [{ after: '2020-01-02', before: '2020-01-05' }]);
  });

  it('drop what stands before a long gap', () => {
    const sparse = pointsOf('COIN-USD.csv', [['2019-11-30', 1], ['2019-12-31', 2], ['2020-01-31', 3], ['2020-02-01', 4]]);
    const { moves, gaps } = dailyMoves('COIN', [sparse], 'skip');
    assert.deepEqual([moves.length, gaps.length], [1, 0]);
  });

  it('join files of one asset, the first file counting, and refuse prices that disagree', () => {
    const first = pointsOf('a/COIN-USD.csv', [['2020-01-01', 10], ['2020-01-02', 11]]);
    const { moves } = dailyMoves('COIN', [first, pointsOf('b/COIN_USD.tsv', [['2020-01-02', 11.2], ['2020-01-03', 12]])], 'refuse');
    assert.deepEqual(moves.map(({ from, to }) => [from, to]), [[10, 11], [11, 12]]);
    assert.throws(() => dailyMoves('COIN', [first, pointsOf('b/COIN_USD.tsv', [['2020-01-02', 14], ['2020-01-03', 12]])], 'refuse'), refusedAt('SERIES_DISAGREEMENT', 'b/COIN_USD.tsv, row 2'));
  });
});

describe('price folders', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-prices-'));
    await mkdir(join(folder, 'daily'));
    await writeFile(join(folder, 'daily', 'COIN-USD.csv.gz'), gzipSync(csv('2020-01-01,1,1', '2020-01-02,2,1')));
    await writeFile(join(folder, 'daily', 'OTHER_USD.tsv'), tsv('"2020-01-01"\t5', '"2020-01-02"\t6'));
    await writeFile(join(folder, 'daily', 'SOURCE.md'), 'not prices');
  });
  after(() => rm(folder, { recursive: true }));

  it('give every asset by its file name', async () => {
    const series = await readPriceFolders({ folders: [join(folder, 'daily')], gaps: 'refuse' });
    assert.deepEqual(series.map(({ asset, moves }) => [asset, moves.length]), [['COIN', 1], ['OTHER', 1]]);
  });

  it('refuse an asset they do not have, listing those they have', () => assert.rejects(
    readPriceFolders({ folders: [join(folder, 'daily')], assets: ['DOGE'], gaps: 'refuse' }), refusedAt('UNKNOWN_ASSET', '"DOGE" has no price file')));

  it('refuse a folder without prices, and none at all', async () => {
    await assert.rejects(readPriceFolders({ folders: [folder], gaps: 'refuse' }), refusedAt('PRICE_FOLDER', `${folder} holds no price files`));
    await assert.rejects(readPriceFolders({ folders: [join(folder, 'nowhere')], gaps: 'refuse' }), refusedAt('PRICE_FOLDER', `${join(folder, 'nowhere')} cannot be listed`));
  });
});

describe('published haircuts', () => {
  it('are 100 % less Binance\'s ratio of the first tier', async () => {
    const text = '"token","asset_usdt_price","collateral_vip_loan_ratio_tiers","collateral_margin_ratio_tiers","collateral_portfolio_margin_ratio_tiers"\n'
      + '"btc","100000","[0-100:100]","[0-5:98, 5-10:50]","[0-100:95]"\n"new","1","","",""\n';
    const table = (schedule: 'margin' | 'portfolio-margin') => binanceHaircuts(source('t.csv', text), ['BTC', 'NEW', 'GONE'], schedule);
    assert.deepEqual([...await table('margin')], [['BTC', 20_000n]]);
    assert.deepEqual([...await table('portfolio-margin')], [['BTC', 50_000n]]);
  });

  it('are 100 % less Aave\'s liquidation threshold, of the wrapped coin, where the reserve is collateral', () => {
    const reserves = {
      '0x1': { symbol: 'WBTC', liquidationThreshold: 7800 }, '0x2': { symbol: 'AAVE', liquidationThreshold: 7601 }, '0x3': { symbol: 'GHO', liquidationThreshold: 0 },
    };
    assert.deepEqual([...aaveHaircuts(JSON.stringify({ reserves }), 'aave.json', ['BTC', 'AAVE', 'GHO', 'SOL'])], [['BTC', 220_000n], ['AAVE', 239_900n]]);
    assert.throws(() => aaveHaircuts('{"reserves":{"0x1":{"symbol":"X","liquidationThreshold":"1"}}}', 'aave.json', []), refusedAt('JSON_SHAPE', 'aave.json, field reserves.0x1.liquidationThreshold'));
  });
});
