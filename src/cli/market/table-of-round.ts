import { ClearproofError } from '../../error/clearproof-error.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { parameterWord, type ParameterWords } from '../../risk/build/parameter-words.js';
import { PRICE_SCALE } from '../../risk/parameter-set/instruments.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { NamedRound } from './round-file.js';

/** A table does not follow from the round and parameters named with it; the board would refuse its proof. */
export class TableMismatchError extends ClearproofError {
  readonly code = 'TABLE_MISMATCH';
}

/** @throws TableMismatchError for a table of another moment */
export function requireTableOfRound(round: NamedRound, table: MarketTable): void {
  if (table.snapshotTime === round.time) return;
  throw new TableMismatchError(`the table is of ${table.snapshotTime}, round ${round.id} of ${round.time}: build it with "clearproof risk build --round"`, {
    table: table.snapshotTime, round: round.time,
  });
}

/** @throws TableMismatchError for a table of another moment, with a price that the round has not, or with other parameters */
export function requireTableOf(round: NamedRound, words: ParameterWords, table: MarketTable): void {
  requireTableOfRound(round, table);
  if (table.rows.length !== words.rows.length) {
    throw new TableMismatchError(`the table has ${table.rows.length} rows, the parameter set ${words.rows.length}: name the set it was built from`, {});
  }
  const prices = new Map(round.feeds.map((feed, place) => [feed, round.prices[place]]));
  for (const row of table.rows) {
    const price = prices.get(words.instruments[row.index]?.feed ?? '');
    if (price !== row.oraclePrice) {
      const given = price === undefined ? 'none' : formatDecimal(price, PRICE_SCALE);
      throw new TableMismatchError(`${row.id} has the price ${formatDecimal(row.oraclePrice, PRICE_SCALE)}, the round ${given}: build the table from this round`, { row: row.id });
    }
    if (row.terms === undefined || parameterWord(row.terms) !== words.rows[row.index]) {
      throw new TableMismatchError(`${row.id} has other rates than the parameter set: name the set the table was built from`, { row: row.id });
    }
  }
}
