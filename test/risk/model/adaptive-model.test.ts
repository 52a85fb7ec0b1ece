import assert from 'node:assert/strict';
import fc from 'fast-check';
import { adaptiveParameters, basisParameters, type AssetHistory } from '../../../src/risk/model/adaptive-model.js';
import { ShortHistoryError } from '../../../src/risk/model/model-errors.js';
import { PPM } from '../../../src/risk/model/parts-per-million.js';
import { DEFAULT_SETTINGS, type ModelSettings } from '../../../src/risk/model/settings.js';
import { coinMoves, normal } from '../../builders/price-series.js';

const SETTINGS: ModelSettings = { ...DEFAULT_SETTINGS, warmUpDays: 150, garchWindowDays: 300, residualDays: 250 };
const QUICK: ModelSettings = { ...SETTINGS, volatility: 'ewma' };

const historyOf = (returns: readonly number[]): AssetHistory => ({ asset: 'COIN', returns, volumes: returns.map(() => 5e8) });

describe('adaptive parameters', () => {
  it('stand for every day after the warm-up and the one after the last', () => {
    const parameters = adaptiveParameters(historyOf(coinMoves(1, 200)), SETTINGS);
    assert.deepEqual(parameters.map((one) => one.index), Array.from({ length: 51 }, (_, i) => 150 + i));
  });

  for (const volatility of ['ewma', 'garch', 'larger'] as const) {
    it(`do not change when the future does (${volatility})`, () => {
      const returns = coinMoves(2, 330);
      const settings = { ...SETTINGS, volatility };
      const before = adaptiveParameters(historyOf(returns), settings);
      for (const from of [160, 213, 214, 329]) {
        const other = adaptiveParameters({
          asset: 'COIN', returns: returns.map((move, i) => (i < from ? move : 3 * move - 0.1)), volumes: returns.map((_, i) => (i < from ? 5e8 : 1)),
        }, settings);
        const known = from - settings.warmUpDays + 1;
        assert.deepEqual(other.slice(0, known), before.slice(0, known));
        assert.notDeepEqual(other.slice(known), before.slice(known));
      }
    });
  }

  it('never ask less of a more volatile series', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 1, max: 5, noNaN: true }), (seed, times) => {
      const returns = coinMoves(seed, 220);
      const calm = adaptiveParameters(historyOf(returns), QUICK);
      const wild = adaptiveParameters(historyOf(returns.map((move) => move * times)), QUICK);
      calm.forEach((one, i) => {
        const other = wild[i] as typeof one;
        assert.ok(other.haircut >= one.haircut && other.priceScanRange >= one.priceScanRange, `seed ${seed}, times ${times}, day ${i}`);
      });
    }), { seed: 61, numRuns: 25 });
  });

  it('never ask less of a more volatile series by GARCH either', () => {
    const returns = coinMoves(62, 300);
    const calm = adaptiveParameters(historyOf(returns), SETTINGS);
    const wild = adaptiveParameters(historyOf(returns.map((move) => move * 2)), SETTINGS);
    calm.forEach((one, i) => assert.ok((wild[i] as typeof one).haircut >= one.haircut));
  });

  it('keep falls within the price and haircuts within the whole', () => {
    const crash = coinMoves(3, 260).map((move, i) => (i % 40 === 39 ? -1 : move));
    for (const one of adaptiveParameters(historyOf(crash), SETTINGS)) {
      assert.ok(one.ranges.down.range <= PPM && one.haircut <= PPM && one.haircut >= one.ranges.down.range);
      assert.ok(one.priceScanRange >= one.ranges.both.floor);
    }
  });

  it('take a price that never moves', () => {
    const still = adaptiveParameters(historyOf(new Array<number>(200).fill(0)), SETTINGS).at(-1);
    assert.equal(still?.ranges.down.range, 1_000n);
  });

  it('ask more for a longer margin period', () => {
    const history = historyOf(coinMoves(4, 260));
    const day = adaptiveParameters(history, SETTINGS);
    adaptiveParameters(history, { ...SETTINGS, marginPeriodDays: 4 }).forEach((one, i) => assert.ok(one.forecast.sides.down.base > (day[i] as typeof one).forecast.sides.down.base));
  });

  it('refuse a history shorter than the warm-up, naming the asset', () => {
    assert.throws(() => adaptiveParameters(historyOf(coinMoves(5, 149)), SETTINGS), (error) =>
      error instanceof ShortHistoryError && error.details['asset'] === 'COIN' && error.details['needed'] === 150);
  });
});

describe('basis parameters', () => {
  const spot = coinMoves(71, 260);
  const noise = normal(72);
  const perpetual = spot.map((move) => move + 0.001 * noise());

  it('give a perpetual a small range against its spot and a large credit', () => {
    const last = basisParameters('COIN/PERP', spot, perpetual, QUICK).at(-1);
    assert.ok(last !== undefined && last.correlation > 0.99, String(last?.correlation));
    assert.ok(last.credit > 600_000n && last.credit <= 800_000n, String(last.credit));
    assert.ok(last.basisRange > 1_500n && last.basisRange < 10_000n, String(last.basisRange));
  });

  it('do not change when the future does', () => {
    const before = basisParameters('COIN/PERP', spot, perpetual, QUICK);
    const other = basisParameters('COIN/PERP', spot, perpetual.map((move, i) => (i < 200 ? move : -move)), QUICK);
    assert.deepEqual(other.slice(0, 51), before.slice(0, 51));
    assert.notDeepEqual(other.slice(51), before.slice(51));
  });
});
