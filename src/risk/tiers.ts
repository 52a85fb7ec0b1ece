import { ClearproofError } from '../error/clearproof-error.js';
import { MAX_QUANTITY, type Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { UnknownInstrumentError } from '../venue/unknown-instrument-error.js';
import type { MarketRow, MarketTable } from './market-table.js';

/** An account holds more of an instrument than the caps of its tiers take. */
export class TierCapacityError extends ClearproofError {
  readonly code = 'TIER_CAPACITY';
}

/** An account's tiers are not filled from the lowest up. */
export class GreedySplitError extends ClearproofError {
  readonly code = 'GREEDY_SPLIT';
}

/** What an uncapped row takes, in quanta: no |quantity| is larger. */
const UNCAPPED = MAX_QUANTITY + 1n;

/** Rows 0 to this number - 1 are the tiered region: all up to the last row with a cap or a tier below it. 0: no tiers. */
export function tieredRows(table: MarketTable): number {
  return 1 + table.rows.findLastIndex((row) => row.cap > 0n || row.predecessor > 0);
}

/** The first row of each group: what a snapshot can name. */
export function instrumentsOf(table: MarketTable): readonly MarketRow[] {
  return table.rows.filter((row) => row.predecessor === 0);
}

/** The settlement assets in row order: first rows of cash and spot instruments, for the tiers of an asset are one asset. */
export function settlementRows(table: Pick<MarketTable, 'rows'>): readonly MarketRow[] {
  return table.rows.filter((row) => row.predecessor === 0 && isSettlementKind(row.kind));
}

/** The rows of the instrument that row `index` belongs to, lowest tier first. @throws UnknownInstrumentError */
export function tiersOf(table: MarketTable, index: number): readonly MarketRow[] {
  let first = rowAt(table, index);
  while (first.predecessor > 0) first = rowAt(table, first.predecessor - 1);
  const tiers = [first];
  for (let next = table.rows[first.index + 1]; next !== undefined && next.predecessor > 0; next = table.rows[next.index + 1]) tiers.push(next);
  return tiers;
}

/** The most quanta that one account may hold in a row, long or short; 2^64 for an uncapped row. */
export function capUsed(row: MarketRow): bigint {
  return row.cap === 0n ? UNCAPPED : row.cap;
}

/**
 * Instrument-level holdings (first row of each group, whole quantity) as row-level holdings: tier 1 filled to its cap, then
 * tier 2 and so on. Charges do not fall from tier to tier, so no other split is charged less.
 *
 * @param holdings by increasing index, as in Account.holdings; so is the result, without zeros
 * @throws UnknownInstrumentError for an index that is no first row of the table
 * @throws TierCapacityError when the last tier is capped and full
 */
export function splitIntoTiers(table: MarketTable, holdings: readonly Holding[]): readonly Holding[] {
  return holdings.flatMap((holding) => {
    const row = rowAt(table, holding.index);
    if (row.predecessor > 0) {
      const [first = row] = tiersOf(table, row.index);
      throw new UnknownInstrumentError(
        `a holding names row ${row.index}, ${row.id}, a tier: name the instrument, row ${first.index}, ${first.id}, with its whole quantity`,
        { index: row.index },
      );
    }
    return fill(tiersOf(table, row.index), holding.quantity);
  });
}

/** Whether row-level holdings are filled from the lowest tier up. Requires distinct indices. @throws UnknownInstrumentError */
export function isGreedySplit(table: MarketTable, holdings: readonly Holding[]): boolean {
  return splitFault(table, holdings) === undefined;
}

/** @throws GreedySplitError naming the first instrument that is split otherwise, and both splits; UnknownInstrumentError */
export function checkGreedySplit(table: MarketTable, holdings: readonly Holding[]): void {
  const fault = splitFault(table, holdings);
  if (fault !== undefined) throw fault;
}

function splitFault(table: MarketTable, holdings: readonly Holding[]): GreedySplitError | undefined {
  const firsts = new Set(holdings.map(({ index }) => tiersOf(table, index)[0]?.index ?? index));
  for (const first of firsts) {
    const tiers = tiersOf(table, first);
    const held = tiers.flatMap(({ index }) => holdings.filter((one) => one.index === index && one.quantity !== 0n));
    const total = held.reduce((sum, one) => sum + one.quantity, 0n);
    const room = tiers.reduce((sum, row) => sum + capUsed(row), 0n);
    const greedy = magnitude(total) > room ? undefined : fill(tiers, total);
    if (greedy !== undefined && describe(table, held) === describe(table, greedy)) continue;
    const instrument = table.rows[first]?.id ?? '';
    const should = greedy === undefined ? `its tiers take ${room} in all` : `filled from the lowest tier up it is ${describe(table, greedy)}`;
    return new GreedySplitError(
      `${instrument} is held as ${describe(table, held)} quanta, ${should}: higher tiers are charged more, so another split can make `
        + 'a healthy account look unhealthy; the venue must split it anew',
      { instrument },
    );
  }
  return undefined;
}

/** @throws TierCapacityError */
function fill(tiers: readonly MarketRow[], quantity: bigint): Holding[] {
  const filled: Holding[] = [];
  let left = magnitude(quantity);
  for (const row of tiers) {
    if (left === 0n) break;
    const part = left < capUsed(row) ? left : capUsed(row);
    filled.push({ index: row.index, quantity: quantity < 0n ? -part : part });
    left -= part;
  }
  if (left === 0n) return filled;
  const [first] = tiers;
  throw new TierCapacityError(
    `${magnitude(quantity)} quanta of ${first?.id ?? ''} are ${left} more than its tiers take: list a last tier without a cap or split the account`,
    { index: first?.index ?? 0 },
  );
}

function describe(table: MarketTable, holdings: readonly Holding[]): string {
  return holdings.length === 0 ? 'nothing' : holdings.map(({ index, quantity }) => `${quantity} in ${table.rows[index]?.id ?? index}`).join(', ');
}

function magnitude(quantity: bigint): bigint {
  return quantity < 0n ? -quantity : quantity;
}

/** The row a holding stands in. @throws UnknownInstrumentError */
export function rowAt(table: MarketTable, index: number): MarketRow {
  const row = table.rows[index];
  if (row !== undefined) return row;
  throw new UnknownInstrumentError(
    `a holding names row ${index}, the market table lists ${table.rows.length} rows: take the table of the same epoch`,
    { index, rows: table.rows.length },
  );
}
