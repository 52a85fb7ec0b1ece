import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rational } from '../../../src/fixed-point/rational.js';
import { ONE } from '../../../src/fixed-point/real.js';
import { blackPrice, realOf, type BlackTerms } from '../../../src/risk/option/black-76.js';
import { revalue, staysPositive } from '../../../src/risk/option/revaluation.js';
import { defaultScenarios } from '../../../src/risk/parameter-set/scenario.js';

const scenarios = defaultScenarios();
const ranges = { scan: 123_457n, volatilityScan: 271_829n };
const terms: fc.Arbitrary<BlackTerms> = fc.record({
  forward: fc.bigInt({ min: 1n, max: 10n ** 7n }).map((price) => realOf(price, 7n)), strike: fc.bigInt({ min: 1n, max: 10n ** 7n }).map((price) => realOf(price, 7n)),
  volatility: fc.bigInt({ min: 10_000n, max: 3_000_000n }).map((ppm) => realOf(ppm, 10n ** 6n)), years: fc.bigInt({ min: -1n, max: 1000n }).map((days) => realOf(days, 365n)),
  discount: fc.bigInt({ min: 900n, max: 1000n }).map((part) => realOf(part, 1000n)), put: fc.boolean(),
});

/** P&L of one unit in a scenario, exactly but for the price's own digits: numerator over ONE times the second value. */
function exactPnl(at: BlackTerms, scenario: (typeof scenarios)[number]): { readonly numerator: bigint; readonly denominator: bigint } {
  const moved = (value: bigint, { numerator, denominator }: { numerator: bigint; denominator: bigint }, range: bigint): bigint =>
    (value * (denominator * 10n ** 6n + numerator * range)) / (denominator * 10n ** 6n);
  const then = blackPrice({ ...at, forward: moved(at.forward, scenario.priceMove, ranges.scan), volatility: moved(at.volatility, scenario.volatilityMove, ranges.volatilityScan) });
  return { numerator: (then - blackPrice(at)) * scenario.cover.numerator, denominator: scenario.cover.denominator };
}

describe('the revaluation of an option', () => {
  const unit = rational(10_000n);

  it('floors mark and mark plus P&L: a long never counts more, a short at most one value unit, which it is charged', () => {
    fc.assert(fc.property(terms, (at) => {
      const { mark, pnl } = revalue(at, ranges, scenarios, unit);
      const value = blackPrice(at) * unit.numerator;
      assert.ok(mark * ONE <= value && value < (mark + 1n) * ONE && mark >= 0n);
      scenarios.forEach((scenario, s) => {
        const { numerator, denominator } = exactPnl(at, scenario);
        const exact = value * denominator + numerator * unit.numerator;
        const rounded = (mark + (pnl[s] ?? 0n)) * ONE * denominator;
        assert.ok(rounded <= exact && exact < rounded + ONE * denominator);
        assert.ok(mark + (pnl[s] ?? 0n) >= 0n, 'no option falls below zero');
      });
    }), { numRuns: 40 });
  });

  it('has a long lose most with everything against it, and a short with everything for the long', () => {
    const at = { forward: realOf(100n, 1n), strike: realOf(110n, 1n), volatility: realOf(1n, 2n), years: realOf(1n, 4n), discount: ONE };
    const place = (price: number, volatility: number): number => scenarios.findIndex(({ move, volatilityMove }) => move.price === price && volatilityMove.numerator === BigInt(volatility));
    for (const put of [false, true]) {
      const { pnl } = revalue({ ...at, put }, ranges, scenarios, unit);
      const down = put ? -60 : 60;
      const [least, most] = [pnl.reduce((a, b) => (a < b ? a : b)), pnl.reduce((a, b) => (a > b ? a : b))];
      assert.equal(pnl[place(-down, -1)], least);
      assert.equal(pnl[place(down, 1)], most);
    }
  });

  it('keeps put-call parity in every scenario, but for the floors', () => {
    fc.assert(fc.property(terms, (at) => {
      const [call, put] = [false, true].map((one) => revalue({ ...at, put: one }, ranges, scenarios, unit)) as [ReturnType<typeof revalue>, ReturnType<typeof revalue>];
      scenarios.forEach(({ move }, s) => {
        // F moves by scan * P/60 counted after cover.
        const expected = (at.discount * at.forward * ranges.scan * BigInt(move.price) * unit.numerator) / (ONE * ONE * 60n * 10n ** 6n);
        const difference = (call.pnl[s] ?? 0n) - (put.pnl[s] ?? 0n) - expected;
        assert.ok(difference >= -3n && difference <= 3n, `${difference}`);
      });
    }), { numRuns: 40 });
  });

  it('knows moves that leave nothing', () => {
    assert.equal(staysPositive(rational(-2n), 499_999n), true);
    assert.equal(staysPositive(rational(-2n), 500_000n), false);
  });
});
