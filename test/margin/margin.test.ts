import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explain } from '../../src/margin/explain.js';
import { evaluate } from '../../src/margin/margin.js';
import type { MarketRow, MarketTable } from '../../src/risk/market-table.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import type { Holding } from '../../src/venue/account.js';
import { UnknownInstrumentError } from '../../src/venue/unknown-instrument-error.js';
import { marketTable, tieredMarket } from '../builders/market.js';

const value = fc.bigInt({ min: -(2n ** 47n) + 1n, max: 2n ** 47n - 1n });
const charge = fc.bigInt({ min: 0n, max: 2n ** 47n - 1n });
const quantity = fc.oneof(fc.constantFrom(-(2n ** 64n), 2n ** 64n - 1n, 1n, -1n), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }))
  .filter((one) => one !== 0n);

interface Values {
  readonly mark: bigint;
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
  readonly pnl: readonly bigint[];
}

function tableOf(rows: readonly Values[], scenarios: number): MarketTable {
  return Object.freeze({
    level: 'maintenance', snapshotTime: 0, valueScale: 12, currency: 'USD', parameterSet: 'property',
    scenarios: Array.from({ length: scenarios }, (_, s) => `s${s + 1}`),
    rows: rows.map((row, index): MarketRow => Object.freeze({
      index, id: `R${index}`, kind: 'perpetual', asset: 'USD', quantityDecimals: 8, group: index, predecessor: 0, cap: 0n,
      activationEpoch: 0, oraclePrice: 0n, ...row,
    })),
  });
}

const table = fc.integer({ min: 0, max: 4 }).chain((scenarios) =>
  fc.array(fc.record({ mark: value, longCharge: charge, shortCharge: charge, pnl: fc.array(value, { minLength: scenarios, maxLength: scenarios }) }),
    { minLength: 1, maxLength: 6 }).map((rows) => tableOf(rows, scenarios)));

function book(rows: number): fc.Arbitrary<Holding[]> {
  return fc.uniqueArray(fc.integer({ min: 0, max: rows - 1 }), { maxLength: rows })
    .chain((indices) => fc.tuple(...indices.map((index) => quantity.map((one) => ({ index, quantity: one })))));
}

function sumOf(a: readonly Holding[], b: readonly Holding[]): Holding[] {
  const total = new Map<number, bigint>();
  for (const { index, quantity: one } of [...a, ...b]) total.set(index, (total.get(index) ?? 0n) + one);
  return [...total].map(([index, one]) => ({ index, quantity: one }));
}

const withBook = table.chain((one) => fc.tuple(fc.constant(one), book(one.rows.length)));
const withTwoBooks = table.chain((one) => fc.tuple(fc.constant(one), book(one.rows.length), book(one.rows.length)));

describe('the margin engine', () => {
  it('finds healthy exactly when equity covers the requirement', () => {
    fc.assert(fc.property(withBook, ([market, holdings]) => {
      const margin = evaluate(market, holdings);
      assert.equal(margin.healthy, margin.equity >= margin.requirement);
      assert.equal(margin.healthy, margin.excess.every((one) => one >= 0n));
      assert.equal(margin.excess.length, market.scenarios.length + 1);
      margin.excess.slice(1).forEach((one, s) => assert.equal(one, margin.equity - margin.charges + (margin.scenarioPnl[s] ?? 0n)));
    }));
  });

  it('keeps requirement and charges at zero or more and bad debt within the shortfall', () => {
    fc.assert(fc.property(withBook, ([market, holdings]) => {
      const margin = evaluate(market, holdings);
      assert.ok(margin.charges >= 0n && margin.requirement >= margin.charges);
      assert.ok(margin.badDebt >= 0n && margin.shortfall >= margin.badDebt);
      assert.equal(margin.shortfall > 0n, (margin.excess[0] ?? 0n) < 0n);
    }));
  });

  it('never asks more of a joint account than of its parts', () => {
    fc.assert(fc.property(withTwoBooks, ([market, a, b]) => {
      const joint = evaluate(market, sumOf(a, b));
      const [first, second] = [evaluate(market, a), evaluate(market, b)];
      assert.ok(joint.requirement <= first.requirement + second.requirement);
      assert.ok(joint.shortfall <= first.shortfall + second.shortfall);
      assert.equal(joint.equity, first.equity + second.equity);
    }));
  });

  it('grows linearly with the account', () => {
    fc.assert(fc.property(withBook, fc.bigInt({ min: 0n, max: 1000n }), ([market, holdings], times) => {
      const one = evaluate(market, holdings);
      const many = evaluate(market, holdings.map(({ index, quantity: held }) => ({ index, quantity: held * times })));
      assert.deepEqual([many.equity, many.requirement, many.shortfall], [one.equity * times, one.requirement * times, one.shortfall * times]);
    }));
  });

  it('never lets more collateral hurt where the charge stays within the worst value', () => {
    const collateral = fc.record({ mark: charge, fraction: fc.bigInt({ min: 0n, max: 100n }), loss: fc.bigInt({ min: 0n, max: 100n }) })
      .map(({ mark, fraction, loss }) => {
        const worst = mark - (mark * loss) / 100n;
        return { mark, longCharge: (worst * fraction) / 100n, shortCharge: mark, pnl: [worst - mark] };
      });
    const other = fc.record({ mark: value, longCharge: charge, shortCharge: charge, pnl: fc.array(value, { minLength: 1, maxLength: 1 }) });
    const amount = fc.bigInt({ min: 0n, max: 2n ** 63n });
    fc.assert(fc.property(collateral, other, quantity, amount, amount, (coin, position, held, before, added) => {
      const market = tableOf([coin, position], 1);
      const less = evaluate(market, [{ index: 0, quantity: before }, { index: 1, quantity: held }]);
      const more = evaluate(market, [{ index: 0, quantity: before + added }, { index: 1, quantity: held }]);
      more.excess.forEach((one, s) => assert.ok(one >= (less.excess[s] ?? 0n)));
      assert.ok(more.shortfall <= less.shortfall);
    }));
  });

  it('does not depend on the order of holdings and ignores zeros', () => {
    fc.assert(fc.property(withBook, ([market, holdings]) => {
      const held = new Set(holdings.map((one) => one.index));
      const zeros = market.rows.filter((row) => !held.has(row.index)).map((row) => ({ index: row.index, quantity: 0n }));
      assert.deepEqual(evaluate(market, [...zeros, ...holdings].reverse()), evaluate(market, holdings));
    }));
  });

  it('refuses a holding beyond the table, naming the row', () => {
    const market = tableOf([{ mark: 1n, longCharge: 0n, shortCharge: 0n, pnl: [] }], 0);
    for (const index of [1, -1, 65_536]) {
      for (const run of [evaluate, explain]) {
        assert.throws(() => run(market, [{ index, quantity: 1n }]), (error: unknown) =>
          error instanceof UnknownInstrumentError && error.code === 'UNKNOWN_INSTRUMENT' && error.details['index'] === index && error.details['rows'] === 1);
      }
    }
  });
});

describe('the explanation of a margin', () => {
  it('has lines that add up to the account', () => {
    fc.assert(fc.property(withBook, ([market, holdings]) => {
      const { lines, margin, worstPnl, worstScenario, distance } = explain(market, holdings);
      const total = (of: (line: (typeof lines)[number]) => bigint): bigint => lines.reduce((sum, line) => sum + of(line), 0n);
      assert.equal(total((line) => line.value), margin.equity);
      assert.equal(total((line) => line.charge), margin.charges);
      assert.equal(total((line) => line.worstPnl), worstPnl);
      assert.equal(margin.requirement, margin.charges - worstPnl);
      assert.equal(distance, margin.excess[worstScenario.number]);
      assert.ok(margin.excess.every((one) => one >= distance));
    }));
  });

  it('names the tier of each line, its cap and what is left of it', () => {
    const market = tieredMarket();
    const holdings = splitIntoTiers(market, [{ index: 0, quantity: 25_000_007n }, { index: 3, quantity: -10_000_300n }, { index: 5, quantity: 9n }]);
    const { lines } = explain(market, holdings);
    const coin = { instrument: 'BTC', firstRow: 0, of: 3 };
    const perpetual = { instrument: 'BTC-PERP', firstRow: 3, of: 2 };
    assert.deepEqual(lines.map((line) => [line.index, line.instrument, line.quantity, line.tier]), [
      [0, 'BTC', 5_000_000n, { ...coin, number: 1, cap: 5_000_000n, headroom: 0n }],
      [1, 'BTC.2', 20_000_000n, { ...coin, number: 2, cap: 20_000_000n, headroom: 0n }],
      [2, 'BTC.3', 7n, { ...coin, number: 3, cap: undefined, headroom: undefined }],
      [3, 'BTC-PERP', -10_000_000n, { ...perpetual, number: 1, cap: 10_000_000n, headroom: 0n }],
      [4, 'BTC-PERP.2', -300n, { ...perpetual, number: 2, cap: 1_000_000_000n, headroom: 999_999_700n }],
      [5, 'USDC', 9n, undefined],
    ]);
  });

  it('names a cap where there is but one tier', () => {
    const market = marketTable([{ id: 'BTC', kind: 'spot', mark: 1n, cap: 10n }]);
    assert.deepEqual(explain(market, [{ index: 0, quantity: 4n }]).lines[0]?.tier, { instrument: 'BTC', firstRow: 0, number: 1, of: 1, cap: 10n, headroom: 6n });
  });

  it('shows a broken cap as a negative headroom', () => {
    const { lines } = explain(tieredMarket(), [{ index: 3, quantity: -10_000_001n }]);
    assert.equal(lines[0]?.tier?.headroom, -1n);
  });
});
