import { ClearproofError } from '../../error/clearproof-error.js';
import { parseDecimal } from '../../fixed-point/decimal.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { instrumentsOf } from '../../risk/tiers.js';

/** An instrument or amount on the command line that the table has no place for. */
export class InstrumentInputError extends ClearproofError {
  readonly code = 'INSTRUMENT_INPUT';
}

const AMOUNT_LIMIT = 2n ** 64n;

/** First tier of an instrument by its id. @throws InstrumentInputError */
export function instrumentRow(table: MarketTable, id: string): MarketRow {
  const rows = instrumentsOf(table);
  const found = rows.find((row) => row.id === id);
  if (found !== undefined) return found;
  throw new InstrumentInputError(`"${id}" is no instrument of the table: it has ${rows.map((row) => row.id).join(', ')}`, { instrument: id });
}

/** A decimal amount of an instrument as quanta in [least, 2^64). @throws InstrumentInputError */
export function quantaIn(row: MarketRow, amount: string, least = 1n): bigint {
  let quanta: bigint;
  try {
    quanta = parseDecimal(amount, row.quantityDecimals);
  } catch (cause) {
    throw new InstrumentInputError(`"${amount}" is no quantity of ${row.id}: write a plain decimal with at most ${row.quantityDecimals} decimals`, { amount }, { cause });
  }
  if (quanta >= least && quanta < AMOUNT_LIMIT) return quanta;
  throw new InstrumentInputError(`${amount} of ${row.id} is out of range: it must be ${least === 0n ? 'at least 0' : 'more than 0'} and below 2^64 quanta`, { amount });
}
