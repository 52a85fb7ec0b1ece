import type { Instrument } from '../venue/instrument.js';
import type { MarketRow } from './market-table.js';

/** The text whose digest stands in the market header: a line `index,id,kind,asset,quantityDecimals` for each listed row. */
export function instrumentListText(rows: readonly Instrument[]): string {
  return rows.map((row) => `${row.index},${row.id},${row.kind},${row.asset},${row.quantityDecimals}\n`).join('');
}

/** What a row is and stays, as the board lists it: `index,id,kind,asset,quantityDecimals,cap,predecessor,activationEpoch`. */
export function instrumentText(row: Omit<Instrument, 'group'> & Pick<MarketRow, 'cap' | 'predecessor' | 'activationEpoch'>): string {
  return [row.index, row.id, row.kind, row.asset, row.quantityDecimals, row.cap, row.predecessor, row.activationEpoch].join(',');
}
