import { clearingOf, vaultOf } from '../../chain/deployment.js';
import { ClearingTermsClient, type ClearingRules, type ExpiryTerms, type PerpetualTerms } from '../../chain/clearing-terms-client.js';
import { passTime } from '../../chain/test-chain.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';
import { INDEX_FEED, feedIds, type DemoRisk } from './demo-board.js';
import type { DemoChain } from './demo-chain.js';
import { ForgeryAcceptedError } from './forgery.js';

const HOUR = 3_600;

/** Seconds that changes of the clearing house's terms wait; the chain begins so much earlier. */
export const CLEARING_TIMELOCK = HOUR;
/** The table of the epoch is a few hours old when accounts trade, for the demo's clock runs ahead of its rounds. */
export const CLEARING_RULES: ClearingRules = { timelock: CLEARING_TIMELOCK, tableMaxAge: 24 * HOUR, band: 50_000 };
export const TRADED = { cash: 'USD', entry: 'USD-ENTRY', option: 'BTC-29JAN27-100000-C', put: 'BTC-29JAN27-100000-P', perpetual: 'BTC-PERP' } as const;
/** A tenth of the index value a day at most. */
const FUNDING = { interval: 24 * HOUR, maxRate: 100_000 };

/** The vault's users see it coming: the house is named before anybody deposits. */
export async function proposeHouse({ operator, deployment }: DemoChain): Promise<void> {
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).proposeClearingHouse(clearingOf(deployment).house);
}

/** Once the boards have their lists: what the option becomes at its end, what the perpetual pays, and who the vault pays for. */
export async function listClearing({ operator, deployment }: DemoChain, risk: DemoRisk, table: MarketTable): Promise<void> {
  const { house, terms: address } = clearingOf(deployment);
  const terms = new ClearingTermsClient(address, deployment.venueId, operator);
  const cash = rowOf(table, TRADED.cash).index;
  const expiry: ExpiryTerms = { row: rowOf(table, TRADED.option).index, payRow: cash, deliverRow: 0, deliver: 0, expiry: expiryOf(risk) };
  const perpetual: PerpetualTerms = { row: rowOf(table, TRADED.perpetual).index, indexFeed: feedIds(risk).indexOf(INDEX_FEED), ...FUNDING };
  await terms.proposeRules(CLEARING_RULES);
  await terms.proposeExpiry(expiry);
  await terms.proposePerpetual(perpetual, cash);
  await passTime(operator, CLEARING_TIMELOCK);
  await terms.activateExpiry(expiry);
  await terms.activatePerpetual(perpetual, cash);
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).activateClearingHouse(house);
}

/** Unix seconds at which the traded option ends. */
export function expiryOf({ set }: DemoRisk): number {
  const series = set.markets.find(({ id }) => TRADED.option.startsWith(`${id}-`));
  if (series?.expiry !== undefined) return series.expiry;
  throw new ForgeryAcceptedError(`the demo's parameters have no option ${TRADED.option}`);
}

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
