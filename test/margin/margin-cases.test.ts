import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDecimal, parseDecimal } from '../../src/fixed-point/decimal.js';
import { explain } from '../../src/margin/explain.js';
import { evaluate } from '../../src/margin/margin.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { parseStaticMarket } from '../../src/risk/static-market.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import type { Holding } from '../../src/venue/account.js';

interface MarginCase {
  readonly name: string;
  readonly why: string;
  readonly holdings: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

const FOLDER = 'test/vectors/margin';
const table = parseStaticMarket(readFileSync(join(FOLDER, 'market.json'), 'utf8'), 'market.json');
const cases = readdirSync(FOLDER)
  .filter((name) => name !== 'market.json')
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as MarginCase);

function holdingsOf(one: MarginCase, market: MarketTable): Holding[] {
  return Object.entries(one.holdings).map(([id, text]) => {
    const row = market.rows.find((listed) => listed.id === id);
    assert.ok(row !== undefined, id);
    return { index: row.index, quantity: parseDecimal(text, row.quantityDecimals) };
  }).sort((a, b) => a.index - b.index);
}

describe('margin of worked cases', () => {
  it('has the eight situations every engine must get right, and the empty account', () => {
    assert.equal(cases.length, 9);
  });

  for (const one of cases) {
    it(`of ${one.name} comes out as worked by hand: ${one.why}`, () => {
      const holdings = splitIntoTiers(table, holdingsOf(one, table));
      const margin = evaluate(table, holdings);
      const explanation = explain(table, holdings);
      const money = (value: bigint): string => formatDecimal(value, table.valueScale);
      assert.deepEqual({
        equity: money(margin.equity),
        charges: money(margin.charges),
        scenarioPnl: margin.scenarioPnl.map(money),
        excess: margin.excess.map(money),
        requirement: money(margin.requirement),
        healthy: margin.healthy,
        shortfall: money(margin.shortfall),
        badDebt: money(margin.badDebt),
        worstScenario: explanation.worstScenario.name,
        distance: money(explanation.distance),
      }, one.expected);
    });
  }
});
