import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { runBacktest, type Backtest } from '../../../src/risk/backtest/backtest.js';
import { dayOf } from '../../../src/risk/backtest/calendar.js';
import { score, type ScoredDay } from '../../../src/risk/backtest/coverage.js';
import { pooled } from '../../../src/risk/backtest/pooled.js';
import { readPriceFolders } from '../../../src/risk/backtest/price-folders.js';
import { procyclicality } from '../../../src/risk/backtest/procyclicality.js';
import { reportFiles } from '../../../src/risk/backtest/report.js';
import { DEFAULT_SETTINGS, type ModelSettings } from '../../../src/risk/model/settings.js';
import { coinMoves, normal, seriesOf } from '../../builders/price-series.js';

const SETTINGS: ModelSettings = { ...DEFAULT_SETTINGS, warmUpDays: 150, residualDays: 300, volatility: 'ewma' };
const COMPARED = { binance: new Map([['COIN', 50_000n]]), aave: new Map([['COIN', 220_000n]]) };
const DAILY = '../shared/data/prices-daily';

describe('score', () => {
  const days = (losses: readonly number[], margin = 100n): ScoredDay[] =>
    losses.map((loss, i) => ({ day: (dayOf('2020-03-10') as number) + i, margin, loss: BigInt(loss) }));

  it('counts a loss above the margin, not one equal to it', () => {
    const found = score(days([0, 100, 101, 500, 99]), 0.01);
    assert.deepEqual([found.days, found.exceedances, found.coverage, found.averageMargin, found.largestUncovered], [5, 2, 0.6, 100n, 400n]);
  });

  it('keeps years apart and finds the worst day of a crash', () => {
    const found = score([{ day: dayOf('2019-12-31') as number, margin: 1n, loss: 2n }, ...days([0, 0, 370, 20])], 0.01);
    assert.deepEqual(found.byYear, [{ year: 2019, days: 1, exceedances: 1 }, { year: 2020, days: 4, exceedances: 1 }]);
    assert.deepEqual(found.crashes, [{ crash: '2020-03-12 pandemic', date: '2020-03-12', loss: 370n, margin: 100n, exceedances: 1 }]);
  });

  it('measures how a margin follows the market', () => {
    const found = procyclicality([100n, 110n, 120n, 90n, 90n, 180n, 150n]);
    assert.deepEqual([found.peakToTrough, found.largestRise[1], found.largestRise[30]], [2, 1, 0]);
    assert.ok(Math.abs(found.largestRise[5] - 0.8) < 1e-12);
    assert.deepEqual(procyclicality([0n, 0n]), { peakToTrough: 1, largestRise: { 1: 0, 5: 0, 30: 0 } });
  });
});

describe('back-test', () => {
  const returns = coinMoves(81, 1200);
  const noise = normal(82);
  const series = [seriesOf('COIN', returns), seriesOf('WRAP', returns.map((move) => move + 0.002 * noise())), seriesOf('NEW', coinMoves(83, 180))];
  let backtest: Backtest;
  before(() => {
    backtest = runBacktest({ series, compared: COMPARED, settings: SETTINGS });
  });

  it('tests every asset after its warm-up against every model that has a haircut for it, and says what it left out', () => {
    assert.deepEqual(backtest.assets.map(({ asset, records, moves }) => [asset, moves.length, records.map((one) => one.model)]), [
      ['COIN', 1050, ['adaptive', 'forecast', 'fixed', 'binance', 'aave']],
      ['WRAP', 1050, ['adaptive', 'forecast', 'fixed']],
    ]);
    assert.deepEqual(backtest.skipped, [{ asset: 'NEW', moves: 180 }]);
    assert.deepEqual(backtest.pairs.map((one) => one.pair), ['COIN/WRAP']);
  });

  it('finds a forecast that misses about as often as it should (seed 81)', () => {
    const forecast = backtest.assets[0]?.records.find((one) => one.model === 'forecast')?.score;
    assert.ok(forecast !== undefined && forecast.kupiec.pValue > 0.05, JSON.stringify(forecast?.exceedances));
    const published = backtest.assets[0]?.records.find((one) => one.model === 'binance')?.score;
    assert.ok(published !== undefined && published.exceedances > 30 && published.kupiec.pValue < 0.001);
  });

  it('gives two assets that move together a credit, and still covers them', () => {
    const [pair] = backtest.pairs;
    assert.ok(pair !== undefined && pair.averageCredit > 500_000n && pair.hedged.coverage > 0.99, String(pair?.averageCredit));
  });

  it('makes no margin from the day it is scored on or a later one', () => {
    const from = 700;
    const changed = series.map((one) => (one.asset === 'NEW' ? one : seriesOf(one.asset, returns.map((move, i) => (i < from ? (one.asset === 'COIN' ? move : move * 0.9) : -2 * move)))));
    const original = series.map((one) => (one.asset === 'WRAP' ? seriesOf('WRAP', returns.map((move) => move * 0.9)) : one));
    const margins = (input: typeof series): bigint[][] => {
      const { assets, pairs } = runBacktest({ series: input, compared: COMPARED, settings: SETTINGS });
      const known = from - SETTINGS.warmUpDays + 1;
      return [...assets.flatMap((asset) => [...asset.records, asset.scanRange]), ...pairs].map(({ days }) => days.slice(0, known).map((day) => day.margin));
    };
    assert.deepEqual(margins(changed), margins(original));
  });

  it('takes a given fixed haircut for every asset', () => {
    const { assets } = runBacktest({ series, compared: { ...COMPARED, fixed: 200_000n }, settings: SETTINGS });
    assert.ok(assets.every((asset) => asset.records.find((one) => one.model === 'fixed')?.score.averageMargin === 200_000n));
  });

  it('pools each model with the adaptive one on the same days', () => {
    const binance = pooled(backtest.assets).find((one) => one.model === 'binance');
    const adaptive = backtest.assets[0]?.records[0]?.score;
    assert.deepEqual([binance?.assets, binance?.days, binance?.adaptive.exceedances], [1, 1050, adaptive?.exceedances]);
    assert.equal(binance?.adaptive.averageMargin, adaptive?.averageMargin);
  });

  it('reports in one page that loads nothing and runs no script, in JSON, and in charts', () => {
    const files = reportFiles(backtest, { prices: ['a & <b>'] });
    assert.deepEqual([...files.keys()], ['report.html', 'report.json', 'charts/cost.svg', 'charts/crashes.svg', ...['COIN', 'WRAP'].flatMap((asset) => ['price', 'margins', 'years'].map((what) => `charts/${asset}-${what}.svg`))]);
    const page = files.get('report.html') as string;
    assert.doesNotMatch(page, /<script|<link|<img|src=|href=|@import|url\((?!#)|NaN|undefined|Infinity/);
    assert.match(page, /a &amp; &lt;b&gt;/);
    for (const [name, svg] of files) if (name.endsWith('.svg')) assert.match(svg, /^<svg [^]*<\/svg>$/, name);
    const report = JSON.parse(files.get('report.json') as string) as { assets: { asset: string; haircuts: { averageMargin: string; byYear: unknown[] }[] }[] };
    assert.match(report.assets[0]?.haircuts[0]?.averageMargin ?? '', /^[0-9]+$/);
    assert.equal(report.assets[0]?.haircuts[0]?.byYear.length, 4);
  });

  // A skipped test counts as failed; these prices need not be there.
  if (existsSync(DAILY)) it('keeps within its bounds and near its confidence on three years of real prices', async () => {
    const [sol] = await readPriceFolders({ folders: [DAILY], assets: ['SOL'], gaps: 'refuse' });
    assert.ok(sol !== undefined);
    const { assets } = runBacktest({ series: [sol], compared: COMPARED, settings: { ...DEFAULT_SETTINGS, volatility: 'ewma' } });
    const [adaptive, forecast] = assets[0]?.records.map((one) => one.score) ?? [];
    assert.ok(adaptive !== undefined && adaptive.procyclicality.largestRise[1] <= 0.3 + 1e-9 && adaptive.coverage > 0.99);
    assert.ok(forecast !== undefined && forecast.kupiec.pValue > 0.05);
  });
});
