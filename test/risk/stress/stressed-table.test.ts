import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseStaticMarket } from '../../../src/risk/static-market.js';
import { serializeMarketTable } from '../../../src/risk/market-table-json.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import { baseValue, linearValues } from '../../../src/risk/row-values.js';
import { parseStressSet, stressLabel, STRESS_PREFIX, type StressScenario, type StressSet } from '../../../src/risk/stress/stress-set.js';
import { stressedTable } from '../../../src/risk/stress/stressed-table.js';
import { exampleSet, exampleSurface, exampleTable } from '../../builders/risk-files.js';
import { termedMarket } from '../../builders/termed-market.js';
import { refusal } from '../../venue/fixtures.js';

const SETS = 'src/risk/stress/sets';

/** A set of one scenario. */
function setOf(prices: Record<string, string>, more: Record<string, unknown> = {}, top: Record<string, unknown> = {}): StressSet {
  return parseStressSet(JSON.stringify({
    formatVersion: '1', name: 'test', version: '3', classes: { stable: ['USDC', 'UST'] }, ...top,
    scenarios: [{ name: 'shock', title: 'A shock', prices, sources: ['assumption'], ...more }],
  }), 'set.json');
}

function scenarioOf(set: StressSet): StressScenario {
  return set.scenarios[0] ?? assert.fail();
}

function stressed(table: MarketTable, prices: Record<string, string>, more: Record<string, unknown> = {}, top: Record<string, unknown> = {}): MarketTable {
  const set = setOf(prices, more, top);
  return stressedTable(table, set, scenarioOf(set)).table;
}

function row(table: MarketTable, id: string): MarketRow {
  return table.rows.find((one) => one.id === id) ?? assert.fail(id);
}

const STATIC = parseStaticMarket(readFileSync('test/vectors/margin/market.json', 'utf8'), 'market.json');
/** Coins, entry rows and derivatives but options, which a termed table values from a surface. */
const LINEAR: MarketTable = (() => {
  const table = termedMarket();
  return { ...table, rows: table.rows.filter(({ kind }) => kind !== 'option') };
})();

describe('a stress set', () => {
  it('that comes with the program can be read, has a source for every scenario and labels that fit', () => {
    const files = readdirSync(SETS).sort();
    assert.deepEqual(files, ['depegs.json', 'historical-days.json', 'uniform-moves.json', 'volatility-spikes.json']);
    for (const file of files) {
      const set = parseStressSet(readFileSync(`${SETS}/${file}`, 'utf8'), file);
      assert.equal(`${set.name}.json`, file);
      for (const scenario of set.scenarios) assert.ok(stressLabel(set, scenario).length <= 64 && scenario.sources.length > 0, scenario.name);
    }
  });

  it('is read as docs/formats.md shows it', () => {
    const shown = /### Stress set\n.*?```json\n(.*?)^```$/ms.exec(readFileSync('docs/formats.md', 'utf8'))?.[1] ?? '';
    const set = parseStressSet(shown, 'docs');
    assert.equal(stressLabel(set, scenarioOf(set)), 'stress:historical-days.1/2020-03-12');
  });

  const wrong: readonly (readonly [string, () => unknown, string, string])[] = [
    ['a price that falls to nothing', () => setOf({ BTC: '-1' }), 'STRESS', 'scenarios[0].prices.BTC'],
    ['a seventh decimal', () => setOf({ BTC: '-0.1234567' }), 'STRESS', 'scenarios[0].prices.BTC'],
    ['a class it does not list', () => setOf({ '@meme': '-0.5' }), 'STRESS', 'scenarios[0].prices.@meme'],
    ['a factor of 0', () => setOf({}, { volatility: '0' }), 'STRESS', 'scenarios[0].volatility'],
    ['a scenario without a source', () => setOf({}, { sources: [] }), 'JSON_SHAPE', 'scenarios[0].sources'],
    ['a name with a space', () => setOf({}, { name: 'a b' }), 'JSON_SHAPE', 'scenarios[0].name'],
    ['an unknown field', () => setOf({}, { vol: '2' }), 'JSON_SHAPE', 'scenarios[0].vol'],
  ];
  for (const [title, make, code, field] of wrong) {
    it(`is refused with ${title}`, () => assert.throws(make, refusal(code, { file: 'set.json', field })));
  }
});

describe('a stressed table', () => {
  it('has the rows, level and time of the table and a label of its own', () => {
    const table = stressed(LINEAR, { '*': '-0.2' });
    assert.equal(table.parameterSet, `${STRESS_PREFIX}test.3/shock`);
    assert.deepEqual([table.level, table.snapshotTime, table.rows.map(({ id }) => id)], [LINEAR.level, LINEAR.snapshotTime, LINEAR.rows.map(({ id }) => id)]);
  });

  it('asks the instrument first, then underlying, class and the rest; the settlement currency never moves', () => {
    const prices = { 'BTC-PERP': '-0.5', BTC: '-0.4', '@stable': '-0.1', '*': '0.3' };
    const table = stressed(LINEAR, prices);
    const ratio = (id: string): number => Number((row(table, id).oraclePrice * 1_000n) / row(LINEAR, id).oraclePrice);
    assert.deepEqual([ratio('BTC'), ratio('BTC-PERP'), ratio('USDC'), ratio('USD-ENTRY')], [599, 499, 900, 1_000]);
    const renamed = stressed(LINEAR, { ETH: '-0.4' }, {}, { underlyings: { BTC: 'ETH', 'BTC-PERP': 'ETH' } });
    assert.ok(row(renamed, 'BTC').mark < row(LINEAR, 'BTC').mark);
    assert.equal(serializeMarketTable(stressed(LINEAR, {})).replace('stress:test.3/shock', LINEAR.parameterSet), serializeMarketTable(LINEAR));
  });

  it('follows from the shocked price by the rule of the board, rounded against the accounts', () => {
    const table = stressed(LINEAR, { '*': '-0.271828' });
    const before = row(LINEAR, 'BTC-PERP');
    const after = row(table, 'BTC-PERP');
    assert.equal(after.oraclePrice, (before.oraclePrice * 728_172n) / 1_000_000n);
    const terms = after.terms ?? assert.fail();
    const { mark, longCharge, shortCharge, pnl } = after;
    assert.deepEqual({ mark, longCharge, shortCharge, pnl }, linearValues(after.oraclePrice, terms, table.level, table.moves ?? []));
    assert.equal(mark, baseValue(after.oraclePrice, terms));
  });

  it('widens ranges by the factor, those of a coin no further than to a price of 0', () => {
    const twice = stressed(LINEAR, {}, { ranges: '2' });
    assert.equal(row(twice, 'BTC-PERP').terms?.maintenance.scanRate, 2n * (row(LINEAR, 'BTC-PERP').terms?.maintenance.scanRate ?? 0n));
    const ten = row(stressed(LINEAR, {}, { ranges: '10' }), 'BTC');
    assert.ok(ten.pnl.every((one) => ten.mark + one >= -1n) && Math.min(...ten.pnl.map(Number)) < -0.9 * Number(ten.mark));
  });

  it('without terms is scaled in proportion, never in favour of an account', () => {
    fc.assert(fc.property(fc.integer({ min: -900_000, max: 900_000 }), (ppm) => {
      const text = `${ppm < 0 ? '-' : ''}0.${String(Math.abs(ppm)).padStart(6, '0')}`;
      if (ppm === 0) return;
      const table = stressed(STATIC, { '*': text });
      for (const one of STATIC.rows) {
        const after = row(table, one.id);
        if (one.kind === 'option' || one.asset === STATIC.currency && (one.kind === 'cash' || one.kind === 'entry')) {
          assert.deepEqual(after, one);
          continue;
        }
        const exact = (value: bigint): bigint => value * BigInt(1_000_000 + ppm);
        for (const [pnl, was] of [[0n, 0n], ...after.pnl.map((value, place) => [value, one.pnl[place] ?? 0n] as const)] as const) {
          // Held long, then short: never above the exact value after charges.
          assert.ok((after.mark + pnl - after.longCharge) * 1_000_000n <= exact(one.mark + was - one.longCharge), `${one.id} long`);
          if (one.kind !== 'entry') assert.ok((-after.mark - pnl - after.shortCharge) * 1_000_000n <= exact(-one.mark - was - one.shortCharge), `${one.id} short`);
        }
      }
    }), { numRuns: 50 });
  });

  it('says which options of a table without terms it leaves alone, and moves those it names', () => {
    const option = STATIC.rows.find(({ kind }) => kind === 'option') ?? assert.fail();
    const set = setOf({ '*': '-0.3' });
    const { table, unmoved } = stressedTable(STATIC, set, scenarioOf(set));
    assert.ok(unmoved.includes(option.id));
    assert.deepEqual(row(table, option.id), option);
    assert.equal(row(stressed(STATIC, { [option.id]: '-0.5' }), option.id).mark, option.mark / 2n);
  });

  it('values options anew from the parameter set and a scaled surface', () => {
    const { table } = exampleTable();
    const options = { set: exampleSet(), surface: exampleSurface() };
    const spike = setOf({}, { volatility: '1.5' });
    const after = stressedTable(table, spike, scenarioOf(spike), options).table;
    for (const before of table.rows.filter(({ kind }) => kind === 'option')) {
      const now = row(after, before.id);
      assert.ok(now.mark > before.mark, `${before.id} is dearer when volatility rises`);
      assert.ok(Math.abs(Number(now.volatility ?? 0n) - 1.5 * Number(before.volatility ?? 0n)) <= 3, before.id);
    }
    const fall = setOf({ BTC: '-0.3' });
    const fallen = stressedTable(table, fall, scenarioOf(fall), options).table;
    for (const before of table.rows.filter(({ kind }) => kind === 'option')) {
      const now = row(fallen, before.id);
      assert.equal(now.mark > before.mark, before.id.endsWith('-P'), `${before.id} after a fall`);
    }
    const still = setOf({});
    assert.equal(serializeMarketTable({ ...stressedTable(table, still, scenarioOf(still), options).table, parameterSet: table.parameterSet }), serializeMarketTable(table));
  });

  it('is refused with options whose sources are not given or are of another set', () => {
    const set = setOf({ '*': '-0.1' });
    assert.throws(() => stressedTable(exampleTable().table, set, scenarioOf(set)), /give both/);
    assert.throws(() => stressedTable(LINEAR, set, scenarioOf(set), { set: exampleSet(), surface: exampleSurface() }), /was not made from this parameter set/);
  });

  it('is refused of a stressed table, and with a price that vanishes or does not fit', () => {
    const set = setOf({ '*': '-0.1' });
    const once = stressedTable(LINEAR, set, scenarioOf(set)).table;
    assert.throws(() => stressedTable(once, set, scenarioOf(set)), refusal('STRESS', { file: 'set.json' }));
    const cheap = { ...LINEAR, rows: LINEAR.rows.map((one) => (one.id === 'BTC' ? { ...one, oraclePrice: 1n } : one)) };
    assert.throws(() => stressed(cheap, { BTC: '-0.5' }), refusal('STRESS', { file: 'set.json', field: 'shock: BTC' }));
    const dear = { ...STATIC, rows: STATIC.rows.map((one) => (one.id === 'BTC' ? { ...one, mark: 2n ** 46n } : one)) };
    assert.throws(() => stressed(dear, { BTC: '1' }), /do not fit 47 bits/);
  });
});
