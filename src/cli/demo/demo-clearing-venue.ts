import { clearingOf, vaultOf } from '../../chain/deployment.js';
import { ClearingTermsClient, type ExpiryTerms, type PerpetualTerms } from '../../chain/clearing-terms-client.js';
import { passTime } from '../../chain/test-chain.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import type { MarketTable } from '../../risk/market-table.js';
import { INDEX_FEED, feedIds, type DemoRisk } from './demo-board.js';
import type { DemoChain } from './demo-chain.js';
import { proposeDemoLiquidations, startDemoLiquidations } from './demo-liquidation-venue.js';
import { CLEARING_RULES, CLEARING_TIMELOCK, TRADED, rowOf } from './demo-traded.js';
import { ForgeryAcceptedError } from './forgery.js';

const HOUR = 3_600;

/** A tenth of the index value a day at most. */
const FUNDING = { interval: 24 * HOUR, maxRate: 100_000 };

/** The vault's users see it coming: the house is named before anybody deposits. */
export async function proposeHouse({ operator, deployment }: DemoChain): Promise<void> {
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).proposeClearingHouse(clearingOf(deployment).house);
}

/** Once the boards have their lists: what the option becomes at its end, what the perpetual pays, and who the vault pays for. */
export async function listClearing(chain: DemoChain, risk: DemoRisk, table: MarketTable): Promise<void> {
  const { operator, deployment } = chain;
  const { house, terms: address } = clearingOf(deployment);
  const terms = new ClearingTermsClient(address, deployment.venueId, operator);
  const cash = rowOf(table, TRADED.cash).index;
  const expiry: ExpiryTerms = { row: rowOf(table, TRADED.option).index, payRow: cash, deliverRow: 0, deliver: 0, expiry: expiryOf(risk) };
  const perpetual: PerpetualTerms = { row: rowOf(table, TRADED.perpetual).index, indexFeed: feedIds(risk).indexOf(INDEX_FEED), ...FUNDING };
  await terms.proposeRules(CLEARING_RULES);
  await terms.proposeExpiry(expiry);
  await terms.proposePerpetual(perpetual, cash);
  await proposeDemoLiquidations(chain);
  await passTime(operator, CLEARING_TIMELOCK);
  await terms.activateExpiry(expiry);
  await terms.activatePerpetual(perpetual, cash);
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).activateClearingHouse(house);
  await startDemoLiquidations(chain, table);
}

/** Unix seconds at which the traded option ends. */
export function expiryOf({ set }: DemoRisk): number {
  const series = set.markets.find(({ id }) => TRADED.option.startsWith(`${id}-`));
  if (series?.expiry !== undefined) return series.expiry;
  throw new ForgeryAcceptedError(`the demo's parameters have no option ${TRADED.option}`);
}
