import { ClearingHouseClient } from '../../chain/clearing-client.js';
import { ClearingTermsClient, type ClearingRules } from '../../chain/clearing-terms-client.js';
import { clearingOf, type Deployment } from '../../chain/deployment.js';
import { TradeBondsClient } from '../../chain/trade-bonds-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { ClearproofError } from '../../error/clearproof-error.js';

/** The venue has not said by what rules its clearing house goes. */
export class NoClearingRulesError extends ClearproofError {
  readonly code = 'NO_CLEARING_RULES';
}

/** A signer to send with, or a provider to read with. */
export type ChainAccess = ConnectedSigner | ConnectedSigner['provider'];

/** The venue's clearing house. @throws NoClearingHouseError */
export function houseClient(access: ChainAccess, deployment: Deployment): ClearingHouseClient {
  return new ClearingHouseClient(clearingOf(deployment).house, deployment.venueId, access);
}

/** What it goes by. */
export function termsClient(access: ChainAccess, deployment: Deployment): ClearingTermsClient {
  return new ClearingTermsClient(clearingOf(deployment).terms, deployment.venueId, access);
}

/** Bonds for agreed trades. */
export function bondsClient(access: ChainAccess, deployment: Deployment): TradeBondsClient {
  return new TradeBondsClient(clearingOf(deployment).tradeBonds, access);
}

/** @throws NoClearingRulesError */
export async function clearingRules(terms: ClearingTermsClient): Promise<ClearingRules> {
  const rules = await terms.rules();
  if (rules !== undefined) return rules;
  throw new NoClearingRulesError(`venue ${terms.venueId} has no rules for its clearing house: its parameter admin sets them with "clearing terms"`, { venueId: terms.venueId });
}
