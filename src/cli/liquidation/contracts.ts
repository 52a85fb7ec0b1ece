import { DefaultFundClient } from '../../chain/default-fund-client.js';
import { liquidationOf, type Deployment } from '../../chain/deployment.js';
import { LiquidationBiddersClient } from '../../chain/liquidation-bidders-client.js';
import { LiquidationsClient } from '../../chain/liquidations-client.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { LiquidationRules } from '../../liquidation/liquidation-rules.js';
import type { ChainAccess } from '../clearing/contracts.js';

/** The venue has not said by what rules it liquidates. */
export class NoLiquidationRulesError extends ClearproofError {
  readonly code = 'NO_LIQUIDATION_RULES';
}

/** What liquidates the venue's accounts. @throws NoClearingHouseError */
export function liquidationsClient(access: ChainAccess, deployment: Deployment): LiquidationsClient {
  return new LiquidationsClient(liquidationOf(deployment).liquidations, deployment.venueId, access);
}

/** What pays where a defaulter cannot. */
export function fundClient(access: ChainAccess, deployment: Deployment): DefaultFundClient {
  return new DefaultFundClient(liquidationOf(deployment).defaultFund, deployment.venueId, access);
}

/** Who may see what is for sale. */
export function biddersClient(access: ChainAccess, deployment: Deployment): LiquidationBiddersClient {
  return new LiquidationBiddersClient(liquidationOf(deployment).bidders, deployment.venueId, access);
}

/** @throws NoLiquidationRulesError */
export async function liquidationRules(liquidations: LiquidationsClient): Promise<LiquidationRules> {
  const rules = await liquidations.rules();
  if (rules !== undefined) return rules;
  throw new NoLiquidationRulesError(`venue ${liquidations.venueId} has no rules for liquidations: its parameter admin sets them with "liquidation terms"`, { venueId: liquidations.venueId });
}

/** Address of what liquidates the venue's accounts; undefined in deployments from before there was any. */
export function liquidationsOf({ clearing }: Deployment): string | undefined {
  return clearing?.liquidation?.liquidations;
}
