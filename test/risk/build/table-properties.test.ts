import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluate, type Margin } from '../../../src/margin/margin.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import { MOVE_PARTS, RATE_SCALE } from '../../../src/risk/row-terms.js';
import { ratesAt } from '../../../src/risk/row-values.js';
import { instrumentsOf, splitIntoTiers } from '../../../src/risk/tiers.js';
import type { Holding } from '../../../src/venue/account.js';
import { isSettlementKind } from '../../../src/venue/instrument.js';
import { buildMarketTable } from '../../../src/risk/build/build-market-table.js';
import { boardPrice } from '../../../src/risk/parameter-set/instruments.js';
import { exampleSet, exampleSurface, exampleTable } from '../../builders/risk-files.js';

const maintenance = exampleTable('maintenance').table;
const initial = exampleTable('initial').table;
const set = exampleSet();
const surface = exampleSurface();
const TIME = 1_767_225_600;

/** Tables at odd prices, where everything rounds. */
const oddTable: fc.Arbitrary<MarketTable> = fc.record({
  bitcoin: fc.bigInt({ min: boardPrice('70000'), max: boardPrice('140000') }), coin: fc.bigInt({ min: boardPrice('0.5'), max: boardPrice('50') }),
  dollar: fc.bigInt({ min: boardPrice('0.8'), max: boardPrice('1.1') }),
}).map(({ bitcoin, coin, dollar }) => buildMarketTable(set, {
  time: TIME, file: 'odd',
  byFeed: new Map([['BTC-USD', bitcoin], ['ALT-USD', coin], ['USDC-USD', dollar]].map(([feed, price]) => [feed as string, { price: price as bigint, time: TIME }])),
}, { level: 'maintenance', surface }).table);

const listed = instrumentsOf(maintenance);
const quantity = fc.oneof(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.constantFrom(1n, -1n, 10n ** 10n, 10n ** 10n + 1n, -(5n * 10n ** 9n) - 1n));
/** Instrument-level holdings, possibly none. */
const holdings = (among: readonly MarketRow[] = listed): fc.Arbitrary<readonly Holding[]> =>
  fc.uniqueArray(fc.record({ index: fc.constantFrom(...among.map(({ index }) => index)), quantity }), { maxLength: 5, selector: ({ index }) => index })
    .map((held) => held.filter((one) => one.quantity !== 0n).sort((a, b) => a.index - b.index));
const single = fc.record({ index: fc.constantFrom(...listed.map(({ index }) => index)), quantity: quantity.filter((one) => one !== 0n) });

const marginOf = (table: MarketTable, held: readonly Holding[]): Margin => evaluate(table, splitIntoTiers(table, held));
const spare = (table: MarketTable, held: readonly Holding[]): bigint => marginOf(table, held).excess.reduce((least, one) => (one < least ? one : least));
const plus = (a: readonly Holding[], b: readonly Holding[]): Holding[] => {
  const sum = new Map<number, bigint>();
  for (const { index, quantity: held } of [...a, ...b]) sum.set(index, (sum.get(index) ?? 0n) + held);
  return [...sum].filter(([, held]) => held !== 0n).map(([index, held]) => ({ index, quantity: held })).sort((x, y) => x.index - y.index);
};
const size = (value: bigint): bigint => (value < 0n ? -value : value);

describe('requirements of a built table', () => {
  const coins = listed.filter(({ kind }) => isSettlementKind(kind));

  it('leave no less to spare when collateral is added, but for the rounding of its range', () => {
    const added = fc.record({ index: fc.constantFrom(...coins.map(({ index }) => index)), quantity: fc.bigInt({ min: 1n, max: 10n ** 12n }) });
    fc.assert(fc.property(holdings(), added, fc.constantFrom(maintenance, initial), (held, more, table) => {
      // Where the account owes the coin the debt shrinks; a range rounds up by less than 60 value units a quantum.
      assert.ok(spare(table, plus(held, [more])) >= spare(table, held) - MOVE_PARTS * more.quantity);
    }), { numRuns: 500 });
  });

  it('grow with the size of a position, and of a whole account', () => {
    fc.assert(fc.property(holdings(), single, fc.bigInt({ min: 1n, max: 7n }), (held, one, factor) => {
      const scaled = (all: readonly Holding[]): Holding[] => all.map(({ index, quantity: q }) => ({ index, quantity: q * factor }));
      for (const account of [held, [one]]) assert.ok(marginOf(maintenance, scaled(account)).requirement >= marginOf(maintenance, account).requirement);
    }), { numRuns: 500 });
  });

  it('of accounts with nothing in common, or with opposite positions, are not above their sum when they are netted', () => {
    fc.assert(fc.property(holdings(), holdings(), (one, other) => {
      const opposed = other.map((held) => {
        const mine = one.find(({ index }) => index === held.index);
        return mine !== undefined && (mine.quantity < 0n) === (held.quantity < 0n) ? { ...held, quantity: -held.quantity } : held;
      });
      assert.ok(marginOf(maintenance, plus(one, opposed)).requirement <= marginOf(maintenance, one).requirement + marginOf(maintenance, opposed).requirement);
    }), { numRuns: 500 });
  });

  it('rise by no less for each further quantum of a tiered instrument', () => {
    const bounds = maintenance.rows.filter(({ cap }) => cap > 0n).map(({ cap }) => cap);
    const tiered = listed.filter(({ cap }) => cap > 0n).map(({ index }) => index);
    fc.assert(fc.property(fc.constantFrom(...tiered), fc.oneof(fc.constantFrom(...bounds), fc.bigInt({ min: 2n, max: 10n ** 12n })), fc.constantFrom(1n, -1n), (index, at, sign) => {
      const need = (q: bigint): bigint => marginOf(maintenance, q === 0n ? [] : [{ index, quantity: sign * q }]).requirement;
      assert.ok(need(at + 1n) - need(at) >= need(at) - need(at - 1n));
    }), { numRuns: 500 });
  });

  it('are no less at initial than at maintenance for a single instrument, and for coins, perpetuals and futures of one underlying', () => {
    const ofBitcoin = listed.filter(({ id, kind }) => id.startsWith('BTC') && kind !== 'option');
    fc.assert(fc.property(single, holdings(ofBitcoin), (one, held) => {
      for (const account of [[one], held]) assert.ok(marginOf(initial, account).requirement >= marginOf(maintenance, account).requirement);
    }), { numRuns: 1_000 });
  });
});

/** Excess in each scenario by exact fractions: value units times 10^18 * 60 * 10^6. Linear rows only; charges in whole tiers. */
function exactSpare(table: MarketTable, held: readonly Holding[]): bigint {
  const whole = MOVE_PARTS * RATE_SCALE;
  const excess = [{ price: 0, basis: 0 }, ...(table.moves ?? [])].map(({ price, basis }) => splitIntoTiers(table, held).reduce((sum, { index, quantity: q }) => {
    const row = table.rows[index];
    if (row?.terms === undefined) throw new RangeError('a row without terms');
    const { longRate, shortRate, scanRate } = ratesAt(row.terms, table.level);
    const value = row.oraclePrice * row.terms.multiplier;
    const rates = whole + scanRate * BigInt(price) + row.terms.basisRate * BigInt(basis);
    return sum + value * (q * rates - size(q) * MOVE_PARTS * (q < 0n ? shortRate : longRate));
  }, 0n));
  return excess.reduce((least, one) => (one < least ? one : least));
}

describe('rounding of a built table', () => {
  const linear = listed.filter(({ kind }) => kind !== 'option');
  const unit = 10n ** 18n * MOVE_PARTS * RATE_SCALE;

  it('never leaves an account of one instrument more to spare than exact fractions do', () => {
    fc.assert(fc.property(oddTable, fc.array(single.filter(({ index }) => linear.some((row) => row.index === index)), { minLength: 1, maxLength: 20 }), (table, accounts) => {
      for (const one of accounts) assert.ok(spare(table, [one]) * unit <= exactSpare(table, [one]));
    }), { numRuns: 60 });
  });

  it('leaves a hedged account at most 120 value units a quantum more: ranges round up on both sides of a hedge', () => {
    fc.assert(fc.property(oddTable, fc.array(holdings(linear), { minLength: 1, maxLength: 20 }), (table, accounts) => {
      for (const held of accounts) {
        const quanta = held.reduce((sum, { quantity: q }) => sum + size(q), 0n);
        assert.ok((spare(table, held) - 2n * MOVE_PARTS * quanta) * unit <= exactSpare(table, held));
      }
    }), { numRuns: 60 });
  });
});
