import { Random } from '../margin/synthetic/random.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import type { RowTerms, ScenarioMove } from '../risk/row-terms.js';
import { baseValue, linearValues, optionBounds, optionValues } from '../risk/row-values.js';

/** Of one quantum of 10^-6, in value units of 10^-12. */
const MULTIPLIER = 10n ** 16n;
const DOLLAR = 100_000_000n;
const SNAPSHOT_TIME = 1_767_225_600;

/**
 * A table whose every row is listed and follows from a price and terms, as a parameter set makes them: a dollar, then coins, each
 * with a perpetual, a call and a put. Made up; what a `market-table` circuit has most work with.
 *
 * @param rows 1 or more, @param scenarios 1 or more
 */
export function fullTermedTable(rows: number, scenarios: number): MarketTable {
  const random = Random.fromSeed('bench market');
  const moves = Array.from({ length: scenarios }, (): ScenarioMove => ({ price: Number(random.between(-60, 60)), basis: Number(random.between(-60, 60)) }));
  const listed: MarketRow[] = [rowOf(0, 'USDC', 'cash', DOLLAR, linearTerms(random, true), moves, random)];
  for (let coin = 0; listed.length < rows; coin += 1) {
    const price = random.between(1_000_000, 4_000_000_000) * 1_000n + 7n;
    const asset = `COIN${coin}`;
    listed.push(rowOf(listed.length, asset, 'spot', price, linearTerms(random, false), moves, random));
    listed.push(rowOf(listed.length, `${asset}-PERP`, 'perpetual', price, linearTerms(random, false, 5_000n), moves, random));
    for (const put of [false, true]) listed.push(rowOf(listed.length, `${asset}-${put ? 'PUT' : 'CALL'}`, 'option', price, optionTerms(random, price, put), moves, random));
  }
  return Object.freeze({
    level: 'maintenance', snapshotTime: SNAPSHOT_TIME, valueScale: 12, currency: 'USD', parameterSet: 'bench',
    scenarios: moves.map((_, place) => `move ${place + 1}`), moves, rows: listed.slice(0, rows),
  });
}

function rowOf(index: number, id: string, kind: MarketRow['kind'], oraclePrice: bigint, terms: RowTerms, moves: readonly ScenarioMove[], random: Random): MarketRow {
  const values = kind === 'option' ? optionRow(oraclePrice, terms, moves, random) : linearValues(oraclePrice, terms, 'maintenance', moves);
  return {
    index, id, kind, asset: id.split('-')[0] as string, quantityDecimals: 6, group: index, predecessor: 0, cap: 0n, activationEpoch: 0, oraclePrice, terms, ...values,
    ...(kind === 'option' ? { volatility: random.between(200_000, 900_000) } : {}),
  };
}

/** A mark a tenth above the least it may be, or a tenth of what it is on, and P&L that never makes an option worth less than nothing. */
function optionRow(oraclePrice: bigint, terms: RowTerms, moves: readonly ScenarioMove[], random: Random): ReturnType<typeof optionValues> {
  const { least, most } = optionBounds(oraclePrice, terms);
  const mark = least + (most - least) / 10n;
  return optionValues(oraclePrice, terms, 'maintenance', { mark, pnl: moves.map(() => (mark * random.between(-90, 90)) / 100n) });
}

function linearTerms(random: Random, exact: boolean, basisRate = 0n): RowTerms {
  const rate = exact ? 0n : random.between(10_000, 100_000);
  const scanRate = exact ? 0n : random.between(50_000, 250_000);
  const at = (factor: bigint) => ({ longRate: factor * rate, shortRate: factor * rate + 20_000n, scanRate: factor * scanRate });
  return { multiplier: MULTIPLIER, maintenance: at(1n), initial: at(2n), basisRate, exact, put: false, strike: 0n };
}

function optionTerms(random: Random, oraclePrice: bigint, put: boolean): RowTerms {
  const at = (factor: bigint) => ({ longRate: factor * 10_000n, shortRate: factor * 15_000n, scanRate: 0n });
  const base = baseValue(oraclePrice, { multiplier: MULTIPLIER });
  return { multiplier: MULTIPLIER, maintenance: at(1n), initial: at(2n), basisRate: 20_000n, exact: false, put, strike: (base * random.between(80, 120)) / 100n };
}
