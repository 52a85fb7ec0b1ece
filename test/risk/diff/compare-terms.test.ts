import assert from 'node:assert/strict';
import { changeText, compareTerms } from '../../../src/risk/diff/compare-terms.js';
import { termsOfSet, termsOfTable } from '../../../src/risk/diff/risk-terms.js';
import { parseStaticMarket } from '../../../src/risk/static-market.js';
import { readFileSync } from 'node:fs';
import { edited, exampleSet, exampleTable, riskFile } from '../../builders/risk-files.js';

const base = riskFile('parameter-set');
const differences = (text: string): string[] => compareTerms(termsOfSet(exampleSet(base)), termsOfSet(exampleSet(text))).map(changeText);

describe('the comparison of parameter sets', () => {
  it('finds nothing between equals, be they sets or tables', () => {
    assert.deepEqual(differences(base), []);
    const table = termsOfTable(exampleTable().table, 'table.json');
    assert.deepEqual(compareTerms(table, table), []);
  });

  const cases: readonly (readonly [title: string, path: string, value: unknown, words: readonly string[]])[] = [
    ['a haircut', 'assets[2].tiers[1].haircut', { maintenance: '0.12', initial: '0.14' }, [
      'BTC.2: haircut at maintenance 10 % -> 12 % (tighter)', 'BTC.2: haircut at initial 15 % -> 14 % (looser)',
    ]],
    ['a borrow factor', 'assets[0].borrow', '0.015', ['USD: borrow factor at maintenance 1 % -> 1.5 % (tighter)', 'USD: borrow factor at initial 2 % -> 1.5 % (looser)']],
    ['a margin', 'markets[1].margin.maintenance', '0.02', [
      'BTC-27MAR26: long margin at maintenance 1 % -> 2 % (tighter)', 'BTC-27MAR26: short margin at maintenance 1 % -> 2 % (tighter)',
    ]],
    ['a scan range, once for all options of a series', 'markets[2].scan.initial', '0.2', ['BTC-30JAN26 (6 options): scan range at initial 15 % -> 20 % (tighter)']],
    ['a volatility range', 'markets[2].volatilityScan.maintenance', '0.2', ['BTC-30JAN26: volatility range at maintenance 25 % -> 20 % (looser)']],
    ['a basis', 'markets[0].basis', '0.02', ['BTC-PERP: basis 1 % -> 2 % (tighter)', 'BTC-PERP.2: basis 1 % -> 2 % (tighter)']],
    ['what the forward of an option may stray', 'markets[3].basis', '0.03', ['BTC-27FEB26-100000-C: gap between index and forward 2 % -> 3 %']],
    ['the size of a tier, which a listed row never changes', 'markets[0].tiers[0].upTo', '60', [
      'BTC-PERP: instrument 5,BTC-PERP,perpetual,USD,8,5000000000,0,0 -> 5,BTC-PERP,perpetual,USD,8,6000000000,0,0 (the board never accepts this)',
    ]],
    ['the label', 'version', '2', ['set: label example 1 -> example 2']],
    ['an instrument taken out at the end', 'markets[3]', undefined, ['BTC-27FEB26-100000-C: row listed -> none (the board never accepts this)']],
    ['a strike added at the end', 'markets[3].strikes', ['100000', '110000'], ['BTC-27FEB26-110000-C: row none -> listed']],
  ];
  for (const [title, path, value, words] of cases) {
    it(`says in words that it changes ${title}`, () => {
      const text = edited(base, path, value);
      // A removed list entry leaves a hole that JSON writes as null.
      const whole = JSON.parse(text) as { markets: unknown[] };
      assert.deepEqual(differences(JSON.stringify({ ...whole, markets: whole.markets.filter((one) => one !== null) })), words);
    });
  }

  it('names scenarios that come, go or change', () => {
    const scenarios = [{ name: 'down', priceMove: '-1' }, { name: 'up', priceMove: '1' }];
    const older = termsOfSet(exampleSet(edited(base, 'scenarios', scenarios)));
    const newer = termsOfSet(exampleSet(edited(base, 'scenarios', [{ name: 'crash', priceMove: '-2' }, { name: 'up', priceMove: '1', basisMove: '1' }])));
    assert.deepEqual(compareTerms(older, newer).map(({ what, direction }) => [what, direction]), [['"down"', 'identity'], ['"up"', 'neutral'], ['"crash"', 'tighter']]);
  });

  it('refuses a table that no parameter set made', () => {
    const table = parseStaticMarket(readFileSync('test/vectors/venue/market.json', 'utf8'), 'market.json');
    assert.throws(() => termsOfTable(table, 'table.json'), { code: 'PARAMETER_UNKNOWN' });
  });
});
