import type { Instrument } from '../venue/instrument.js';

/** The text whose digest stands in the market header: a line `index,id,kind,asset,quantityDecimals` for each listed row. */
export function instrumentListText(rows: readonly Instrument[]): string {
  return rows.map((row) => `${row.index},${row.id},${row.kind},${row.asset},${row.quantityDecimals}\n`).join('');
}
