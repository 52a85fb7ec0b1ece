import { ClearproofError } from '../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../venue/place.js';
import type { MarketRow, MarketTable } from './market-table.js';
import type { RowTerms } from './row-terms.js';
import { isExactPrice, linearValues, optionBounds, optionValues, type RowValues } from './row-values.js';

/** A table's values do not follow from the prices and terms that stand beside them. */
export class MarketTermsError extends ClearproofError {
  readonly code = 'MARKET_TERMS';

  constructor(place: Place, sentence: string) {
    super(at(place, sentence), detailsOf(place));
  }
}

type TermedTable = Pick<MarketTable, 'level' | 'moves' | 'rows'>;

/**
 * Checks that a table either has no terms at all, or that every row's values follow from its price and terms by the rule
 * that circuit `market-table` proves; option marks lie within their bounds.
 *
 * @throws MarketTermsError
 */
export function checkTerms(table: TermedTable, placeOf: (row: number, field: string) => Place): void {
  table.rows.forEach((row, index) => {
    const fail = (field: string, sentence: string): MarketTermsError => new MarketTermsError(placeOf(index, field), sentence);
    if ((row.terms === undefined) !== (table.moves === undefined)) {
      throw fail('terms', 'stand in every row of a table with scenario moves, and in no row of one without: make the table from one parameter set');
    }
    if (row.terms !== undefined) checkRowTerms(row, row.terms, table, fail);
    else if (row.volatility !== undefined) throw fail('volatility', 'stands without terms: make the table from a parameter set');
  });
}

function checkRowTerms(row: MarketRow, terms: RowTerms, table: TermedTable, fail: (field: string, sentence: string) => MarketTermsError): void {
  const isOption = row.kind === 'option';
  if ((row.volatility !== undefined) !== isOption) throw fail('volatility', 'stands in option rows and in no others');
  if (!isOption && (terms.put || terms.strike !== 0n)) throw fail('terms', `a ${row.kind} has no strike and is no put: write 0`);
  if (row.oraclePrice === 0n) throw fail('oraclePrice', 'no price: a row with terms follows from one');
  if (terms.exact && !isExactPrice(row.oraclePrice, terms)) throw fail('terms.exact', 'the price has a remainder in value units per quantum: lower quantityDecimals');
  const moves = table.moves ?? [];
  const values = isOption ? optionValues(row.oraclePrice, terms, table.level, row) : linearValues(row.oraclePrice, terms, table.level, moves);
  refuseOther(row, values, fail);
  if (!isOption) return;
  const { least, most } = optionBounds(row.oraclePrice, terms);
  if (row.mark < least || row.mark > most) throw fail('mark', `${row.mark} lies outside [${least}, ${most}], which no volatility gives`);
}

function refuseOther(row: MarketRow, values: RowValues, fail: (field: string, sentence: string) => MarketTermsError): void {
  for (const field of ['mark', 'longCharge', 'shortCharge'] as const) {
    if (row[field] !== values[field]) throw fail(field, `${row[field]} is not ${values[field]}, which price and terms give`);
  }
  const wrong = row.pnl.findIndex((one, scenario) => one !== values.pnl[scenario]);
  if (wrong >= 0) throw fail(`pnl[${wrong}]`, `${row.pnl[wrong]} is not ${values.pnl[wrong]}, which price, terms and moves give`);
}
