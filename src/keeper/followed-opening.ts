import type { VenueLocation } from '../attestation/attestation.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import { handleChanges } from '../chain/clearing-trace.js';
import type { ChainConnection } from '../chain/connection.js';
import { soldSlices } from '../chain/liquidation-history.js';
import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { followLiquidation } from '../liquidation/follow-sale.js';
import type { MarketTable } from '../risk/market-table.js';
import type { TableSource } from './keeper-ports.js';
import type { AccountNow } from './venue-view.js';

/** Where it is read what others did to accounts. */
export interface FollowedVenue {
  readonly provider: ChainConnection['provider'];
  readonly poseidon: Poseidon;
  readonly venue: VenueLocation;
  readonly house: string;
  readonly liquidations: string;
  readonly bidders: string;
  /** Block before which nothing was. */
  readonly fromBlock: number;
  readonly tables: TableSource;
}

/**
 * What an account became by all that was done to it without its owner, from any opening of it on.
 *
 * @returns the opening of what stands on the chain; undefined where its owner changed it since
 * @throws OpeningUnknownError where a table is not at hand; errors of reading the chain
 */
export async function followedOpening(venue: FollowedVenue, { handle, commitment }: AccountNow, opening: ClearedOpening): Promise<ClearedOpening | undefined> {
  const { provider, poseidon } = venue;
  if (clearedCommitment(poseidon, opening) === commitment) return opening;
  const changes = await handleChanges(provider, venue.house, handle, venue.fromBlock);
  const slices = await soldSlices(provider, venue.liquidations, handle, venue.fromBlock);
  const tables = new Map<bigint, MarketTable>();
  for (const { marketCommitment } of changes) {
    const table = await venue.tables.tableOf(marketCommitment);
    if (table !== undefined) tables.set(marketCommitment, table);
  }
  const trail = { base: baseOfVenue(poseidon, venue.venue), changes, slices, tableOf: (wanted: bigint) => tables.get(wanted) };
  return followLiquidation(poseidon, trail, opening).find((one) => clearedCommitment(poseidon, one) === commitment);
}
