import type { VenueLocation } from '../attestation/attestation.js';
import { checksumAddress } from '../attestation/checksum-address.js';
import type { Row, Sql } from './database.js';
import { StoredDataDamagedError } from './digest.js';
import type { SnapshotRecord } from './snapshots.js';

/** What an epoch is made from. */
export interface EpochSource {
  /** Row of the venue. */
  readonly venue: number;
  readonly location: VenueLocation;
  readonly number: number;
  readonly circuits: readonly string[];
  /** Text of the market table. */
  readonly market: string;
  readonly snapshot: Pick<SnapshotRecord, 'id' | 'sha256'>;
  /** Whether it was planned before; then a missing plan must not be made anew. */
  readonly planned: boolean;
  readonly attested: boolean;
}

interface SourceRow extends Row {
  readonly venue: number;
  readonly chain_id: string;
  readonly registry: string;
  readonly venue_id: string;
  readonly number: string;
  readonly circuits: readonly string[];
  readonly market: string;
  readonly snapshot: string;
  readonly sha256: string;
  readonly planned: boolean;
  readonly attested: boolean;
}

/** @throws StoredDataDamagedError when there is no such epoch */
export async function readEpochSource(sql: Sql, epoch: bigint): Promise<EpochSource> {
  const { rows: [row] } = await sql.query<SourceRow>(`
    select e.venue, v.chain_id, v.registry, v.venue_id, e.number, e.circuits, m.body as market, e.snapshot, s.sha256,
      e.accounts_root is not null as planned, exists (select from attestation a where a.epoch = e.id) as attested
    from epoch e join venue v on v.id = e.venue join market_table m on m.venue = e.venue and m.commitment = e.market join snapshot s on s.id = e.snapshot
    where e.id = $1`, [epoch.toString()]);
  if (row === undefined) throw new StoredDataDamagedError(`epoch row ${epoch} is not there`, { epoch });
  return {
    venue: row.venue,
    location: { chainId: BigInt(row.chain_id), registry: checksumAddress(row.registry), venueId: BigInt(row.venue_id) },
    number: Number(row.number), circuits: row.circuits, market: row.market,
    snapshot: { id: row.snapshot, sha256: row.sha256 }, planned: row.planned, attested: row.attested,
  };
}
