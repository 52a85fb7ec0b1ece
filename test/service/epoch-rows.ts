import { gzipSync } from 'node:zlib';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { instrumentsOf } from '../../src/risk/tiers.js';
import type { Database, Sql } from '../../src/store/database.js';
import { digestOf } from '../../src/store/digest.js';
import type { StepAdder } from '../../src/service/pipeline/pipeline-tools.js';
import type { Snapshot } from '../../src/venue/account.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { VENUE } from '../proving/support.js';

/** Circuits of an epoch of the tests, as its row names them. */
export const CIRCUITS: readonly string[] = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit];

/** Accounts in a part of the uploaded snapshot: several parts, the last one short. */
const ACCOUNTS_A_PART = 7;

export interface EpochRows {
  readonly epoch: bigint;
  readonly venue: number;
  readonly market: bigint;
}

/** The rows of an uploaded snapshot and an epoch that is to be planned from it, with its first step. */
export async function insertEpochRows(
  database: Database, steps: StepAdder, { snapshot, market }: { readonly snapshot: Snapshot; readonly market: MarketTable }, number = 1, circuits = CIRCUITS,
): Promise<EpochRows> {
  const commitment = marketCommitment(await bulkPoseidon(), market);
  return database.transaction(async (sql) => {
    const venue = await insertVenue(sql);
    await sql.query(`insert into market_table (venue, commitment, level, snapshot_time, body) values ($1, $2::numeric, 'maintenance', $3, $4) on conflict do nothing`,
      [venue, commitment.toString(), market.snapshotTime, serializeMarketTable(market)]);
    const snapshotId = await insertSnapshot(sql, venue, commitment, snapshot, market);
    const { rows } = await sql.query(`
      insert into epoch (venue, number, snapshot, market, circuits, manifest_sha256) values ($1, $2, $3::uuid, $4::numeric, $5, 'of the tests') returning id`,
    [venue, number, snapshotId, commitment.toString(), circuits]);
    const epoch = BigInt(String(rows[0]?.['id']));
    await steps.add(sql, [{ epoch, name: 'plan', kind: 'plan' }]);
    return { epoch, venue, market: commitment };
  });
}

async function insertVenue(sql: Sql): Promise<number> {
  await sql.query('insert into venue (chain_id, registry, venue_id) values ($1::numeric, $2, $3::numeric) on conflict do nothing',
    [VENUE.chainId.toString(), VENUE.registry, VENUE.venueId.toString()]);
  const { rows } = await sql.query('select id from venue where registry = $1', [VENUE.registry]);
  return Number(rows[0]?.['id']);
}

async function insertSnapshot(sql: Sql, venue: number, market: bigint, { accounts }: Snapshot, table: MarketTable): Promise<string> {
  const lines = [...writeSnapshotNdjson(accounts, instrumentsOf(table))];
  const { rows } = await sql.query(`insert into snapshot (venue, market, state, sha256, accounts) values ($1, $2::numeric, 'ready', $3, $4) returning id`,
    [venue, market.toString(), digestOf(lines.join('')), accounts.length]);
  const id = String(rows[0]?.['id']);
  for (let part = 0; part * ACCOUNTS_A_PART < lines.length; part += 1) {
    const body = gzipSync(lines.slice(part * ACCOUNTS_A_PART, (part + 1) * ACCOUNTS_A_PART).join(''));
    await sql.query('insert into snapshot_part (snapshot, part, sha256, body) values ($1::uuid, $2, $3, $4)', [id, part, digestOf(body), new Uint8Array(body)]);
  }
  return id;
}
