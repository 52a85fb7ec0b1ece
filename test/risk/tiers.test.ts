import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClearproofError } from '../../src/error/clearproof-error.js';
import { evaluate } from '../../src/margin/margin.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import {
  capUsed, checkGreedySplit, instrumentsOf, isGreedySplit, splitIntoTiers, tieredRows, tiersOf,
} from '../../src/risk/tiers.js';
import type { Holding } from '../../src/venue/account.js';
import { marketTable, smallMarket, tieredMarket } from '../builders/market.js';

const table = tieredMarket();
const [FIRST, SECOND] = [5_000_000n, 20_000_000n];
const hold = (...pairs: readonly (readonly [index: number, quantity: bigint])[]): Holding[] => pairs.map(([index, quantity]) => ({ index, quantity }));
const refused = (code: string, message: RegExp) => (error: unknown): boolean => error instanceof ClearproofError && error.code === code && message.test(error.message);
const magnitude = (one: bigint): bigint => (one < 0n ? -one : one);

/** A coin and a perpetual with random tiers over one mark, charges rising. */
const randomTable = fc.tuple(
  fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 50n }), fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: 1000n })), { minLength: 1, maxLength: 4 }),
  fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
  fc.array(fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }), { minLength: 2, maxLength: 2 }),
).map(([tiers, mark, pnl]): MarketTable => {
  const rising = (which: 1 | 2): bigint[] => tiers.map((tier) => tier[which]).sort((a, b) => (a < b ? -1 : 1));
  const [longs, shorts] = [rising(1), rising(2)];
  return marketTable(tiers.map(([cap], place) => ({
    id: place === 0 ? 'BTC-PERP' : `BTC-PERP.${place + 1}`, kind: 'perpetual', mark, pnl, continues: place > 0,
    cap: place === tiers.length - 1 ? 0n : cap, longCharge: longs[place] ?? 0n, shortCharge: shorts[place] ?? 0n,
  })));
});
const size = fc.bigInt({ min: -250n, max: 250n }).filter((one) => one !== 0n);

/** A random split of the same total within the caps, mixed signs allowed: parts moved at random, the rest in the last tier. */
function otherSplit(market: MarketTable, total: bigint, moves: readonly bigint[]): Holding[] {
  let left = total;
  const parts = market.rows.map((row, index): Holding => {
    const last = index === market.rows.length - 1;
    const wanted = last ? left : (moves[index] ?? 0n);
    const cap = capUsed(row);
    const quantity = wanted > cap ? cap : wanted < -cap ? -cap : wanted;
    left -= quantity;
    return { index, quantity };
  });
  return parts.filter((one) => one.quantity !== 0n);
}

describe('the tiers of a table', () => {
  it('reach up to the last row with a cap or a tier below it', () => {
    assert.equal(tieredRows(smallMarket()), 0);
    assert.equal(tieredRows(table), 5);
    assert.equal(tieredRows(marketTable([{ id: 'A', kind: 'spot', mark: 1n }, { id: 'B', kind: 'spot', mark: 1n, cap: 9n }, { id: 'C', kind: 'spot', mark: 1n }])), 2);
  });

  it('leave the first row of each group as what an account can hold', () => {
    assert.deepEqual(instrumentsOf(table).map((row) => row.id), ['BTC', 'BTC-PERP', 'USDC', 'USD-ENTRY', 'BTC-CALL']);
    assert.deepEqual(instrumentsOf(smallMarket()), smallMarket().rows);
    for (const index of [0, 1, 2]) assert.deepEqual(tiersOf(table, index).map((row) => row.index), [0, 1, 2]);
    assert.deepEqual(tiersOf(table, 5).map((row) => row.index), [5]);
  });
});

describe('splitting holdings into tiers', () => {
  const cases: [title: string, held: bigint, rows: readonly (readonly [number, bigint])[]][] = [
    ['one quantum', 1n, [[0, 1n]]],
    ['one below the cap', FIRST - 1n, [[0, FIRST - 1n]]],
    ['the cap', FIRST, [[0, FIRST]]],
    ['one above the cap', FIRST + 1n, [[0, FIRST], [1, 1n]]],
    ['both caps', FIRST + SECOND, [[0, FIRST], [1, SECOND]]],
    ['one above both caps', FIRST + SECOND + 1n, [[0, FIRST], [1, SECOND], [2, 1n]]],
    ['a debt one below the cap', 1n - FIRST, [[0, 1n - FIRST]]],
    ['a debt of the cap', -FIRST, [[0, -FIRST]]],
    ['a debt one above the cap', -FIRST - 1n, [[0, -FIRST], [1, -1n]]],
    ['the largest holding', 2n ** 64n - 1n, [[0, FIRST], [1, SECOND], [2, 2n ** 64n - 1n - FIRST - SECOND]]],
    ['the largest debt', -(2n ** 64n), [[0, -FIRST], [1, -SECOND], [2, FIRST + SECOND - 2n ** 64n]]],
  ];
  for (const [title, held, rows] of cases) {
    it(`fills from the lowest tier up: ${title}`, () => {
      assert.deepEqual(splitIntoTiers(table, hold([0, held])), hold(...rows));
      assert.ok(isGreedySplit(table, hold(...rows)));
    });
  }

  it('keeps the order of rows and leaves instruments without tiers as they are', () => {
    assert.deepEqual(splitIntoTiers(table, hold([0, FIRST + 1n], [3, -7n], [5, -3n], [7, 2n])), hold([0, FIRST], [1, 1n], [3, -7n], [5, -3n], [7, 2n]));
    assert.deepEqual(splitIntoTiers(smallMarket(), hold([1, -(2n ** 64n)])), hold([1, -(2n ** 64n)]));
    assert.deepEqual(splitIntoTiers(table, []), []);
  });

  it('takes exactly what a capped last tier takes, long and short', () => {
    const most = 10_000_000n + 1_000_000_000n;
    for (const sign of [1n, -1n]) {
      assert.deepEqual(splitIntoTiers(table, hold([3, sign * most])), hold([3, sign * 10_000_000n], [4, sign * 1_000_000_000n]));
      assert.throws(() => splitIntoTiers(table, hold([3, sign * (most + 1n)])), refused('TIER_CAPACITY', /1010000001 quanta of BTC-PERP are 1 more than/));
    }
  });

  it('refuses a tier where an instrument is meant, and rows beyond the table', () => {
    assert.throws(() => splitIntoTiers(table, hold([2, 1n])), refused('UNKNOWN_INSTRUMENT', /row 2, BTC\.3, a tier: name the instrument, row 0, BTC,/));
    assert.throws(() => splitIntoTiers(table, hold([8, 1n])), refused('UNKNOWN_INSTRUMENT', /names row 8, the market table lists 8 rows/));
  });

  it('loses no quantum', () => {
    fc.assert(fc.property(randomTable, size, (market, held) => {
      assert.equal(splitIntoTiers(market, hold([0, held])).reduce((sum, one) => sum + one.quantity, 0n), held);
    }));
  });

  it('keeps equity and scenario P&L of every other split and is never charged more', () => {
    fc.assert(fc.property(randomTable, size, fc.array(fc.bigInt({ min: -60n, max: 60n }), { minLength: 4, maxLength: 4 }), (market, held, moves) => {
      const greedy = evaluate(market, splitIntoTiers(market, hold([0, held])));
      const other = evaluate(market, otherSplit(market, held, moves));
      assert.equal(other.equity, greedy.equity);
      assert.deepEqual(other.scenarioPnl, greedy.scenarioPnl);
      assert.ok(other.charges >= greedy.charges && other.requirement >= greedy.requirement && other.shortfall >= greedy.shortfall);
      other.excess.forEach((one, s) => assert.ok(one <= (greedy.excess[s] ?? 0n)));
    }));
  });

  it('charges a larger holding at least in proportion', () => {
    fc.assert(fc.property(randomTable, size, fc.bigInt({ min: 1n, max: 5n }), (market, held, times) => {
      const charges = (quantity: bigint): bigint => evaluate(market, splitIntoTiers(market, hold([0, quantity]))).charges;
      assert.ok(charges(held * times) >= charges(held) * times);
    }));
  });
});

describe('the check of a split', () => {
  it('accepts the greedy split and no other of the same holding', () => {
    fc.assert(fc.property(randomTable, size, fc.array(fc.bigInt({ min: -60n, max: 60n }), { minLength: 4, maxLength: 4 }), (market, held, moves) => {
      const greedy = splitIntoTiers(market, hold([0, held]));
      const other = otherSplit(market, held, moves);
      const same = JSON.stringify(other, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
        === JSON.stringify(greedy, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
      assert.ok(isGreedySplit(market, greedy));
      assert.equal(isGreedySplit(market, other), same);
      assert.ok(greedy.every((one) => magnitude(one.quantity) <= capUsed(market.rows[one.index] ?? assert.fail())));
    }));
  });

  const bent: [title: string, rows: Holding[], message: RegExp][] = [
    ['a second tier while the first has room', hold([0, FIRST - 1n], [1, 1n]), /^BTC is held as 4999999 in BTC, 1 in BTC\.2 quanta, filled from the lowest tier up it is 5000000 in BTC: .*healthy account look unhealthy/],
    ['a second tier alone', hold([1, 4n]), /held as 4 in BTC\.2 quanta, .* it is 4 in BTC:/],
    ['a tier left out', hold([0, FIRST], [2, 1n]), /it is 5000000 in BTC, 1 in BTC\.2:/],
    ['a tier above its cap', hold([0, FIRST + 1n]), /it is 5000000 in BTC, 1 in BTC\.2:/],
    ['tiers of both signs', hold([0, 5n], [1, -2n]), /it is 3 in BTC:/],
    ['tiers that cancel', hold([0, 5n], [1, -5n]), /it is nothing:/],
    ['a perpetual beyond all its tiers', hold([3, 10_000_000n], [4, 1_000_000_001n]), /^BTC-PERP is held as .* its tiers take 1010000000 in all/],
    ['a second instrument split wrongly', hold([0, FIRST], [1, 1n], [4, -1n]), /^BTC-PERP is held as -1 in BTC-PERP\.2 quanta, .* it is -1 in BTC-PERP:/],
  ];
  for (const [title, rows, message] of bent) {
    it(`refuses ${title} and names the instrument`, () => {
      assert.equal(isGreedySplit(table, rows), false);
      assert.throws(() => { checkGreedySplit(table, rows); }, refused('GREEDY_SPLIT', message));
    });
  }

  it('accepts anything where nothing has tiers, and refuses rows beyond the table', () => {
    checkGreedySplit(smallMarket(), hold([0, 1n], [1, -(2n ** 64n)], [3, 5n]));
    assert.throws(() => { checkGreedySplit(table, hold([8, 1n])); }, refused('UNKNOWN_INSTRUMENT', /names row 8/));
  });
});
