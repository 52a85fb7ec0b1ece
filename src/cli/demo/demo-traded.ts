import type { ClearingRules } from '../../chain/clearing-terms-client.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';
import { ForgeryAcceptedError } from './forgery.js';

const HOUR = 3_600;

/** Seconds that changes of the clearing house's terms wait; the chain begins so much earlier. */
export const CLEARING_TIMELOCK = HOUR;
/** The table of the epoch is a few hours old when accounts trade, for the demo's clock runs ahead of its rounds. */
export const CLEARING_RULES: ClearingRules = { timelock: CLEARING_TIMELOCK, tableMaxAge: 24 * HOUR, band: 50_000 };
export const TRADED = { cash: 'USD', entry: 'USD-ENTRY', option: 'BTC-29JAN27-100000-C', put: 'BTC-29JAN27-100000-P', perpetual: 'BTC-PERP' } as const;
/** First tier of an instrument of the demo. */
export function rowOf(table: MarketTable, id: string): MarketRow {
  const row = table.rows.find((one) => one.id === id);
  if (row !== undefined) return row;
  throw new ForgeryAcceptedError(`the demo's table has no ${id}`);
}

/** Settlement asset of the demo's cash. */
export function cashAsset(table: MarketTable): number {
  return settlementRows(table).findIndex(({ id }) => id === TRADED.cash);
}
