import assert from 'node:assert/strict';
import { ClearproofError } from '../../../src/error/clearproof-error.js';
import { buildMarketTable } from '../../../src/risk/build/build-market-table.js';
import { parameterWords } from '../../../src/risk/build/parameter-words.js';
import { planRows } from '../../../src/risk/build/row-plan.js';
import { instrumentText } from '../../../src/risk/instrument-list.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import { parseMarketTable, serializeMarketTable } from '../../../src/risk/market-table-json.js';
import { packRates } from '../../../src/risk/row-terms.js';
import { tieredRows } from '../../../src/risk/tiers.js';
import { edited, examplePrices, exampleSet, exampleSurface, exampleTable, riskFile } from '../../builders/risk-files.js';

const { table, warnings } = exampleTable();
const initial = exampleTable('initial').table;
const row = (id: string, from: MarketTable = table): MarketRow => {
  const found = from.rows.find((one) => one.id === id);
  assert.ok(found !== undefined, id);
  return found;
};
const setText = riskFile('parameter-set');
const build = (set: string, prices = riskFile('prices'), surface: string | null = riskFile('surface')): MarketTable =>
  buildMarketTable(exampleSet(set), examplePrices(prices), { level: 'maintenance', ...(surface === null ? {} : { surface: exampleSurface(surface) }) }).table;
const refused = (code: string, words: RegExp): (error: unknown) => true => (error) => {
  assert.ok(error instanceof ClearproofError, String(error));
  assert.deepEqual([error.code, words.test(error.message)], [code, true], error.message);
  return true;
};

describe('a market table built from parameters and prices', () => {
  it('has every row follow from its price and terms, and is read back from its canonical form', () => {
    for (const one of [table, initial]) assert.deepEqual(parseMarketTable(serializeMarketTable(one)), one);
    assert.deepEqual(warnings, []);
  });

  it('lists instruments with tiers first, then assets, entries and markets', () => {
    assert.deepEqual(table.rows.slice(0, 12).map(({ id }) => id), [
      'BTC', 'BTC.2', 'BTC.3', 'ALT', 'ALT.2', 'BTC-PERP', 'BTC-PERP.2', 'USD', 'USDC', 'USD-ENTRY', 'BTC-27MAR26', 'BTC-30JAN26-80000-C',
    ]);
    assert.equal(tieredRows(table), 7);
    assert.deepEqual(table.rows.slice(0, 3).map(({ cap }) => cap), [100n * 10n ** 8n, 900n * 10n ** 8n, 0n]);
  });

  it('has the integers worked by hand for a perpetual at 100,000', () => {
    // A quantum of 10^-8 BTC is worth 0.001 USD: 10^9 value units. 0.5 % and 2.5 % margin; a short one unit more for the floor, and its part of it rounded up.
    const { mark, longCharge, shortCharge, pnl } = row('BTC-PERP');
    assert.deepEqual([mark, longCharge, shortCharge], [1_000_000_000n, 5_000_000n, 5_000_002n]);
    // 12 % of the mark in sixtieths is 2,000,000; 1 % is 166,666.67, rounded up.
    assert.deepEqual(pnl.slice(0, 3), [-42n * 2_000_000n - 21n * 166_667n, -60n * 2_000_000n - 60n * 166_667n, -60n * 2_000_000n + 60n * 166_667n]);
    assert.deepEqual([row('BTC-PERP', initial).longCharge, row('BTC-PERP', initial).pnl[1]], [10_000_000n, -60n * 2_500_000n - 60n * 166_667n]);
  });

  it('charges entry rows and exact marks nothing for a floor', () => {
    const { longCharge, shortCharge, terms } = row('USD-ENTRY');
    assert.deepEqual([longCharge, shortCharge, terms?.exact], [0n, 0n, true]);
    assert.deepEqual([row('USD').shortCharge, row('USDC').shortCharge], [10_000n, 1n + 19_997n]);
  });

  it('stresses the spread between spot, perpetual and future both ways at every price', () => {
    const [spot, perpetual, future] = [row('BTC').pnl, row('BTC-PERP').pnl, row('BTC-27MAR26').pnl];
    for (let scenario = 1; scenario < 15; scenario += 2) {
      for (const [one, other] of [[spot, perpetual], [perpetual, future], [spot, future]] as const) {
        const spread = (s: number): bigint => (other[s] ?? 0n) - (one[s] ?? 0n);
        assert.ok(spread(scenario) < 0n && spread(scenario + 1) > 0n, `scenario ${scenario}`);
      }
    }
  });

  it('covers extreme moves in part, of options too: what a short far option loses there is more than its share of the whole range', () => {
    const call = row('BTC-30JAN26-120000-C');
    assert.ok((call.pnl[15] ?? 0n) > 0n);
    const uncovered = edited(setText, 'scenarios', [{ name: 'up', priceMove: '2', basisMove: '1' }]);
    const whole = build(uncovered).rows.find(({ id }) => id === call.id)?.pnl[0] ?? 0n;
    const partly = ((call.pnl[15] ?? 0n) * 20n) / 7n;
    assert.ok(whole - partly >= -3n && whole - partly <= 3n);
  });

  it('carries volatilities in option rows only, those of the surface at listed strikes and expiries', () => {
    assert.deepEqual(table.rows.map(({ kind, volatility }) => (volatility !== undefined) === (kind === 'option')), table.rows.map(() => true));
    assert.deepEqual([row('BTC-30JAN26-80000-P').volatility, row('BTC-27FEB26-100000-C').volatility], [580_000n, 510_000n]);
  });

  it('values an expired option at what exercise brings, without a surface', () => {
    const late = edited(edited(riskFile('prices'), 'time', '1772179200'), 'prices.USDC-USD', '1');
    const expired = build(setText, late, null);
    assert.deepEqual(['80000-C', '80000-P', '120000-P'].map((strike) => {
      const { mark, volatility } = row(`BTC-30JAN26-${strike}`, expired);
      return [mark, volatility];
    }), [[200_000_000n, 0n], [0n, 0n], [200_000_000n, 0n]]);
    assert.deepEqual([row('BTC-30JAN26-80000-C', build(setText, late)).mark, row('BTC-30JAN26-80000-C', build(setText, late)).volatility], [200_000_000n, 580_000n],
      'the volatility stays while the surface has the expiry');
  });

  it('multiplies by the size of a contract', () => {
    const tenth = build(edited(setText, 'markets[1].contractSize', '0.1'));
    assert.equal(row('BTC-27MAR26', tenth).mark, 100_000_000n);
    const optionTenth = build(edited(setText, 'markets[2].contractSize', '0.1'));
    const [small, whole] = [row('BTC-30JAN26-100000-C', optionTenth).mark, row('BTC-30JAN26-100000-C').mark];
    assert.ok(whole / 10n === small);
    assert.equal(row('BTC-30JAN26-100000-C', optionTenth).terms?.strike, 100_000_000n);
  });

  it('keeps the order that a set gives, so that a listed row never changes its index, and appends what is new', () => {
    const order = table.rows.filter(({ predecessor }) => predecessor === 0).map(({ id }) => id);
    const more = edited(edited(setText, 'order', order), 'markets[2].strikes', ['80000', '90000', '100000', '120000']);
    const rows = planRows(exampleSet(more));
    assert.deepEqual(rows.slice(0, table.rows.length).map(({ id }) => id), table.rows.map(({ id }) => id));
    assert.deepEqual(rows.slice(table.rows.length).map(({ id }) => id), ['BTC-30JAN26-90000-C', 'BTC-30JAN26-90000-P']);
    assert.throws(() => planRows(exampleSet(edited(setText, 'order', ['BTC', 'GONE']))), refused('PARAMETER_UNKNOWN', /GONE/));
    assert.throws(() => planRows(exampleSet(edited(setText, 'order', ['BTC', 'BTC']))), refused('PARAMETER_DUPLICATE', /BTC/));
  });

  it('has the words of the board: rates and multiplier of each row, moves, and a line of text an instrument', () => {
    const words = parameterWords(exampleSet());
    assert.deepEqual(words.moves, table.moves);
    assert.deepEqual(words.instruments.map(({ line }) => line), table.rows.map(instrumentText));
    words.rows.forEach((word, index) => {
      const terms = table.rows[index]?.terms;
      assert.ok(terms !== undefined && word === packRates(terms) + terms.multiplier * 2n ** 170n && word < 2n ** 234n);
    });
    assert.deepEqual(words.instruments[1], { line: '1,BTC.2,spot,BTC,8,90000000000,1,0', feed: 'BTC-USD', strike: 0n });
    assert.equal(words.instruments.find(({ line }) => line.includes('80000-C'))?.strike, 800_000_000n);
  });

  it('warns of a quantum so small that rounding moves a range by over 1 %', () => {
    const set = exampleSet(edited(setText, 'assets[1].quantityDecimals', '8'));
    const made = buildMarketTable(set, examplePrices(), { level: 'maintenance', surface: exampleSurface() });
    assert.deepEqual(made.warnings.map((one) => one.row), ['USDC']);
    assert.match(made.warnings[0]?.message ?? '', /scan range over 1 % larger, give it fewer quantityDecimals/);
  });

  it('warns of a coin of which more leaves less to spare', () => {
    const set = exampleSet(edited(setText, 'assets[3].tiers[1].haircut', '0.600001'));
    const made = buildMarketTable(set, examplePrices(), { level: 'maintenance', surface: exampleSurface() });
    assert.deepEqual(made.warnings.map((one) => one.row), ['ALT.2']);
    assert.match(made.warnings[0]?.message ?? '', /holding more of it leaves less to spare/);
  });
});

describe('building a market table', () => {
  const prices = riskFile('prices');
  const surface = riskFile('surface');
  const cases: readonly (readonly [title: string, code: string, words: RegExp, () => unknown])[] = [
    ['without a price', 'PRICE', /prices\.ALT-USD: the feed ALT-USD has no price/, () => build(setText, edited(prices, 'prices.ALT-USD', undefined))],
    ['with a price of an unknown feed', 'PRICE', /prices\.XRP-USD: the parameter set has no feed XRP-USD/, () => build(setText, edited(prices, 'prices.XRP-USD', '1'))],
    ['with a stale price', 'PRICE', /prices\.USDC-USD: .*86401 seconds old/, () => build(setText, edited(prices, 'prices.USDC-USD.time', '1767139199'))],
    ['with another price for a constant feed', 'PRICE', /prices\.USD: .*constant at 1/, () => build(setText, edited(prices, 'prices.USD', '1.01'))],
    ['without a surface', 'SURFACE', /markets\[2\]: BTC-30JAN26-80000-C needs a volatility surface/, () => build(setText, prices, null)],
    ['without the underlying\'s surface', 'SURFACE', /surfaces\.BTC-USD/, () => build(setText, prices, '{"formatVersion":"1","time":"1","surfaces":{}}')],
    ['with a volatility outside the series\' bounds', 'SURFACE', /BTC-30JAN26-80000-C is 3000001 ppm, outside \[100000, 3000000\]/,
      () => build(setText, prices, edited(surface, 'surfaces.BTC-USD[0].points[0].volatility', '3.000001'))],
    ['with a forward further from the index than the basis allows', 'ROW_BOUNDS', /markets\[2\]: BTC-30JAN26-120000-P.*raise that or correct the surface/,
      () => build(edited(setText, 'markets[2].basis', '0.001'), prices, edited(edited(surface, 'surfaces.BTC-USD[0].forwardFactor', '1.3'), 'surfaces.BTC-USD[0].points', [{ strike: '80000', volatility: '0.1' }]))],
    ['with a coin that a scenario takes below zero', 'ROW_BOUNDS', /assets\[3\]: ALT would lose 102 % of its price/,
      () => build(edited(setText, 'scenarios', [{ name: 'crash', priceMove: '-2.55' }]))],
    ['with a volatility that a scenario takes below zero', 'ROW_BOUNDS', /markets\[2\]: .*volatility of BTC-30JAN26-80000-C/,
      () => build(edited(setText, 'scenarios', [{ name: 'calm', volatilityMove: '-4' }]))],
    ['with an underlying that a scenario takes below zero', 'ROW_BOUNDS', /markets\[2\]: .*underlying of BTC-30JAN26-80000-C/,
      () => build(edited(edited(setText, 'scenarios', [{ name: 'crash', priceMove: '-10', cover: '0.1' }]), 'markets[2].scan', '0.1'))],
    ['with a price that makes a quantum too valuable', 'MARKET_RANGE', /do not fit 47 bits/, () => build(edited(setText, 'assets[3].scan', '0'), edited(prices, 'prices.ALT-USD', '200000000'))],
    ['with a range unit beyond 38 bits', 'ROW_BOUNDS', /BTC-PERP is \d+ value units per quantum, over 38 bits/,
      () => build(edited(edited(setText, 'markets[0].quantityDecimals', '4'), 'markets[0].scan', '2'))],
    ['with an option whose underlying does not fit', 'ROW_BOUNDS', /BTC-27FEB26-100000-C has an underlying worth \d+ value units, over 47 bits/,
      () => {
        const only = edited(edited(setText, 'assets[2].quantityDecimals', '12'), 'assets[2].tiers', [{ haircut: '0', borrow: '0' }]);
        const { markets, ...rest } = JSON.parse(only) as { markets: object[] };
        return build(JSON.stringify({ ...rest, markets: markets.slice(3) }), edited(prices, 'prices.BTC-USD', '15000000000'));
      }],
    ['with a quantum worth nothing', 'ROW_BOUNDS', /a quantum of ALT is worth less than one value unit/,
      () => build(edited(edited(setText, 'assets[3].quantityDecimals', '13'), 'assets[3].tiers', [{ haircut: '1', borrow: '1' }]))],
    ['with ids that are too long', 'ROW_BOUNDS', /over 32 characters/, () => build(edited(setText, 'markets[2].id', 'B'.repeat(24)))],
  ];
  for (const [title, code, words, work] of cases) {
    it(`is refused ${title}, with the row named`, () => {
      assert.throws(work, refused(code, words));
    });
  }
});
