import { toField } from '../field/scalar-field.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { tieredRows } from '../risk/tiers.js';
import { kindCode } from '../venue/instrument.js';
import type { BookRow, WeightedRow } from './epoch-chain.js';
import { absorb } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** Rows that enter a digest together; every close takes a multiple of them. */
export const PAGE_ROWS = 16;

/** What stands for no bound in a committed row: no quantity exceeds 2^64. */
export const NO_CAP = 2n ** 64n;

/** Chained digests of table, book and weighted book, which the close opens row by row. */
export interface TableDigests {
  readonly rows: bigint;
  readonly book: bigint;
  readonly weighted: bigint;
}

/** A row as the close takes it in. Not listed: all zero. */
export interface CommittedRow {
  /** kind + 8 * (1 where the row is a further tier of the row before) + 16 * (1 in the tiered region). */
  readonly class: bigint;
  readonly mark: bigint;
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
  /** Quanta; 2^64 where uncapped. */
  readonly cap: bigint;
  readonly pnl: readonly bigint[];
}

/** Rows 0..count-1 of a table as the close takes them in. */
export function committedRows(table: MarketTable, count: number): CommittedRow[] {
  const region = tieredRows(table);
  return Array.from({ length: count }, (_, index) => {
    const row = table.rows[index];
    return row === undefined ? unlistedRow(table) : { ...row, class: classOf(row, region), cap: row.cap === 0n ? NO_CAP : row.cap };
  });
}

function unlistedRow(table: MarketTable): CommittedRow {
  return { class: 0n, mark: 0n, longCharge: 0n, shortCharge: 0n, cap: 0n, pnl: table.scenarios.map(() => 0n) };
}

function classOf(row: MarketRow, region: number): bigint {
  return BigInt(kindCode(row.kind)) + (row.predecessor > 0 ? 8n : 0n) + (row.index < region ? 16n : 0n);
}

/** Digest of a table's rows, page by page; what is beyond the last listed page does not enter. The header gives the number of rows. */
export function rowsDigest(poseidon: Poseidon, table: MarketTable): bigint {
  const tiers = tieredRows(table) > 0;
  const rows = committedRows(table, Math.ceil(table.rows.length / PAGE_ROWS) * PAGE_ROWS);
  return pagesOf(rows).reduce((state, page) => absorb(poseidon, state, page.flatMap((row) => rowElements(row, tiers))), rowsTag(table));
}

/**
 * The three digests before the first page and after each.
 *
 * @param book, weighted  U rows each, a multiple of 16
 */
export function digestsAtPages(
  poseidon: Poseidon, table: MarketTable, book: readonly BookRow[], weighted: readonly WeightedRow[],
): TableDigests[] {
  const tiers = tieredRows(table) > 0;
  const rows = committedRows(table, book.length);
  const states: TableDigests[] = [{
    rows: rowsTag(table), book: tagOf('bookRows', book.length), weighted: tagOf('weightedRows', book.length, tiers ? 1 : 0),
  }];
  for (let first = 0; first < book.length; first += PAGE_ROWS) {
    const before = states[states.length - 1] as TableDigests;
    const page = <Row>(list: readonly Row[], elements: (row: Row) => readonly bigint[]): bigint[] => list.slice(first, first + PAGE_ROWS).flatMap(elements);
    states.push({
      rows: first < table.rows.length ? absorb(poseidon, before.rows, page(rows, (row) => rowElements(row, tiers))) : before.rows,
      book: absorb(poseidon, before.book, page(book, ({ net, gross }) => [toField(net), gross])),
      weighted: absorb(poseidon, before.weighted, page(weighted, (row) => (tiers ? [row.net, row.gross, row.tiers] : [row.net, row.gross]))),
    });
  }
  return states;
}

function rowsTag(table: MarketTable): bigint {
  return tagOf('rows', table.scenarios.length, tieredRows(table) > 0 ? 1 : 0);
}

/** Tables without tiers have no caps to commit to. */
function rowElements(row: CommittedRow, tiers: boolean): bigint[] {
  return [row.class, toField(row.mark), row.longCharge, row.shortCharge, ...(tiers ? [row.cap] : []), ...row.pnl.map(toField)];
}

function pagesOf<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: rows.length / PAGE_ROWS }, (_, page) => rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS));
}
