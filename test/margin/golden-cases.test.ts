import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/fixed-point/decimal.js';
import { explain } from '../../src/margin/explain.js';
import { evaluate } from '../../src/margin/margin.js';
import { tieredRows } from '../../src/risk/tiers.js';
import { goldenCases } from '../builders/golden-cases.js';

const cases = goldenCases();

describe('worked cases from parameters and prices to a verdict', () => {
  it('has the seven situations of the risk engine and three that contrast with them', () => {
    assert.deepEqual(cases.map(({ file }) => file.replace(/^.*\/|\.json$/g, '')), [
      'calendar', 'call-spread', 'concentrated-illiquid-collateral', 'cross-margin', 'depegged-stablecoin', 'hedged-spot-perpetual', 'isolated-group',
      'large-perpetual-at-initial', 'short-strangle', 'spot-against-future',
    ]);
  });

  for (const one of cases) {
    // Expected values come from a second program in exact fractions and 60-digit floats, not from this engine.
    it(`${one.name} comes out as worked, in the engine and in the explanation`, () => {
      const money = (value: bigint): string => formatDecimal(value, one.table.valueScale);
      const margin = evaluate(one.table, one.rowHoldings);
      const explanation = explain(one.table, one.rowHoldings);
      const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
      assert.deepEqual({
        equity: money(margin.equity), charges: money(margin.charges), scenarioPnl: margin.scenarioPnl.map(money), requirement: money(margin.requirement),
        healthy: margin.healthy, shortfall: money(margin.shortfall), badDebt: money(margin.badDebt),
        worstScenario: explanation.worstScenario.name, distance: money(explanation.distance),
      }, one.expected);
      assert.deepEqual(explanation.margin, margin);
      assert.equal(sum(explanation.lines.map(({ value }) => value)), margin.equity);
      assert.equal(sum(explanation.lines.map(({ charge }) => charge)), margin.charges);
      assert.equal(sum(explanation.lines.map(({ worstPnl }) => worstPnl)), explanation.worstPnl);
    });

    it(`${one.name} fits the circuits of the tests`, () => {
      const region = tieredRows(one.table);
      assert.ok(one.rowHoldings.length <= 5 && one.rowHoldings.filter(({ index }) => index < region).length <= 2 && one.table.rows.length <= 32);
    });
  }

  it('nets what is held together: cross margin needs less than isolated groups', () => {
    const requirement = (name: string): bigint => {
      const found = cases.find(({ file }) => file.endsWith(`/${name}.json`));
      assert.ok(found !== undefined);
      return evaluate(found.table, found.rowHoldings).requirement;
    };
    assert.ok(requirement('cross-margin') * 3n < requirement('isolated-group'));
  });

  it('has a table of two scenarios for the circuits of the tests, too', () => {
    for (const { table } of goldenCases('two')) assert.deepEqual(table.scenarios, ['down', 'up']);
  });
});
