import type { Sql } from './database.js';

export interface VenueKey {
  readonly chainId: bigint;
  /** Address of the SolvencyRegistry; its case means nothing. */
  readonly registry: string;
  readonly venueId: bigint;
}

/** The row of a venue, made where it lacks. */
export async function ensureVenue(sql: Sql, { chainId, registry, venueId }: VenueKey): Promise<number> {
  const values = [chainId.toString(), registry.toLowerCase(), venueId.toString()];
  await sql.query('insert into venue (chain_id, registry, venue_id) values ($1::numeric, $2, $3::numeric) on conflict do nothing', values);
  const { rows } = await sql.query('select id from venue where chain_id = $1::numeric and registry = $2 and venue_id = $3::numeric', values);
  return Number(rows[0]?.['id']);
}
