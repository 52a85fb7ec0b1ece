import type { Database } from '../../src/store/database.js';

/** An epoch row with what it refers to, none of which means anything. Gives its id. */
export async function insertEpoch(database: Database): Promise<bigint> {
  const { rows } = await database.query(`
    with v as (insert into venue (chain_id, registry, venue_id) values (1, gen_random_uuid()::text, 1) returning id),
      m as (insert into market_table (venue, commitment, level, snapshot_time, body) select id, 1, 'maintenance', 1, '{}' from v returning venue, commitment),
      s as (insert into snapshot (venue, market, state, sha256) select venue, commitment, 'ready', 'x' from m returning id, venue, market)
    insert into epoch (venue, number, snapshot, market, circuits, manifest_sha256) select venue, 1, id, market, '{}', 'y' from s returning id`);
  return BigInt(String(rows[0]?.['id']));
}
