import { abiDigest } from './abi-digest.js';
import type { BoardChange } from './board-changes.js';
import { VAULT_LIMIT, VAULT_RULES } from './vault-abi.js';
import type { VaultLimit, VaultRules, VaultVenueClient } from './vault-venue-client.js';

/** The rules, where they differ from those of the vault. */
export async function vaultRulesToChange(client: VaultVenueClient, wanted: VaultRules): Promise<BoardChange | undefined> {
  const active = await client.rules();
  const change: BoardChange = {
    what: 'vault rules', digest: abiDigest([VAULT_RULES], [wanted]), pending: () => client.pending('vault-rules'),
    propose: () => client.proposeRules(wanted), activate: () => client.activateRules(wanted),
  };
  return active !== undefined && abiDigest([VAULT_RULES], [active]) === change.digest ? undefined : change;
}

/** The limits, where any differs from the vault's; all of them are proposed together. */
export async function vaultLimitsToChange(client: VaultVenueClient, wanted: readonly VaultLimit[]): Promise<BoardChange | undefined> {
  const active = await Promise.all(wanted.map(({ asset }) => client.limit(asset)));
  const [now, then] = [active, wanted].map((limits) => abiDigest([`${VAULT_LIMIT}[]`], [limits])) as [string, string];
  if (now === then) return undefined;
  return {
    what: 'vault limits', digest: then, pending: () => client.pending('vault-limits'),
    propose: () => client.proposeLimits(wanted), activate: () => client.activateLimits(wanted),
  };
}

/** The clearing house, where it is another one than the vault's. @param wanted address */
export async function clearingHouseToChange(client: VaultVenueClient, wanted: string): Promise<BoardChange | undefined> {
  if (await client.clearingHouse() === wanted) return undefined;
  return {
    what: 'clearing house', digest: abiDigest(['address'], [wanted]), pending: () => client.pending('clearing-house'),
    propose: () => client.proposeClearingHouse(wanted), activate: () => client.activateClearingHouse(wanted),
  };
}
