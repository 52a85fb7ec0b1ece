import type { Sql } from './database.js';

export interface NewMarketTable {
  /** Of the venue row. */
  readonly venue: number;
  readonly commitment: bigint;
  readonly level: 'maintenance' | 'initial';
  /** Unix seconds. */
  readonly snapshotTime: number;
  /** Canonical JSON of the table. */
  readonly body: string;
}

export interface MarketTableRecord extends NewMarketTable {
  readonly addedAt: Date;
}

interface StoredTable {
  readonly venue: number;
  readonly commitment: string;
  readonly level: 'maintenance' | 'initial';
  readonly snapshot_time: string;
  readonly body: string;
  readonly added_at: Date;
  readonly [column: string]: unknown;
}

/** False when this very table was there: its commitment binds all of it. */
export async function addMarketTable(sql: Sql, { venue, commitment, level, snapshotTime, body }: NewMarketTable): Promise<boolean> {
  const { changed } = await sql.query(
    'insert into market_table (venue, commitment, level, snapshot_time, body) values ($1, $2::numeric, $3, $4::bigint, $5) on conflict do nothing',
    [venue, commitment.toString(), level, snapshotTime, body]);
  return changed === 1;
}

export async function findMarketTable(sql: Sql, venue: number, commitment: bigint): Promise<MarketTableRecord | undefined> {
  const { rows } = await sql.query<StoredTable>('select * from market_table where venue = $1 and commitment = $2::numeric', [venue, commitment.toString()]);
  return rows[0] && recordOf(rows[0]);
}

/** Newest first. */
export async function listMarketTables(sql: Sql, venue: number): Promise<readonly MarketTableRecord[]> {
  const { rows } = await sql.query<StoredTable>('select * from market_table where venue = $1 order by added_at desc, commitment', [venue]);
  return rows.map(recordOf);
}

function recordOf({ venue, commitment, level, snapshot_time: snapshotTime, body, added_at: addedAt }: StoredTable): MarketTableRecord {
  return { venue, commitment: BigInt(commitment), level, snapshotTime: Number(snapshotTime), body, addedAt };
}
