import { marketCommitment } from '../commitment/market-commitment.js';
import { portablePoseidon } from '../commitment/poseidon-portable.js';
import { parseMarketTable } from '../risk/market-table-json.js';
import { ApiServer } from '../service/api/api-server.js';
import { storeTokenCheck } from '../service/api/store-token-check.js';
import { StoreOperations } from '../service/store-operations.js';
import { createAccessToken } from '../store/access-tokens.js';
import { storeAttestation } from '../store/attestations.js';
import type { Database } from '../store/database.js';
import { IN_MEMORY } from '../store/embedded-database.js';
import { createEpoch } from '../store/epochs.js';
import { JobQueue } from '../store/job-queue.js';
import { addMarketTable } from '../store/market-tables.js';
import { migrate } from '../store/migrate.js';
import { openDatabase } from '../store/open-database.js';
import { assertPinned } from '../store/pins.js';
import { receiptTokenSha256 } from '../store/receipt-keys.js';
import { findPlaceByToken } from '../store/receipt-places.js';
import { SnapshotUpload } from '../store/snapshots.js';
import { Steps } from '../store/steps.js';
import { ensureVenue } from '../store/venues.js';

/*
 * The process under load: the API over a store in memory, or over the database in DATABASE_URL, with one epoch in it. Says where
 * it listens and a token to its parent, and ends when the parent does.
 */

const VENUE = { chainId: 31_337n, registry: `0x${'11'.repeat(20)}`, venueId: 1n };
const STEPS = 200;
/** Of an attestation with a few batches. */
const ATTESTATION_BYTES = 60_000;
const NO_LIMIT = 1_000_000_000;
const TABLE = JSON.stringify({
  currency: 'USD', formatVersion: '1', level: 'maintenance', parameterSet: 'load-1',
  rows: [
    {
      activationEpoch: '0', asset: 'USDC', cap: '0', group: '0', id: 'USDC', index: '0', kind: 'cash', longCharge: '0', mark: '1000000', oraclePrice: '0', pnl: ['0'],
      predecessor: '0', quantityDecimals: '6', shortCharge: '0',
    },
  ],
  scenarios: ['down'], snapshotTime: '1790000000', valueScale: '12',
});

/** What the parent is told. */
export interface LoadTarget {
  readonly url: string;
  readonly token: string;
  /** Commitment of the one table. */
  readonly market: string;
}

async function main(): Promise<void> {
  const url = process.env['DATABASE_URL'];
  const database = await openDatabase(url === undefined ? { kind: 'embedded', directory: IN_MEMORY } : { kind: 'server', url });
  await migrate(database);
  const jobs = new JobQueue(database);
  await jobs.start();
  const venue = await ensureVenue(database, VENUE);
  const steps = new Steps(database, jobs);
  const market = await fill(database, steps, venue);
  const { token } = await createAccessToken(database, { role: 'operator', label: 'load', days: 1 });
  const server = await serve(database, steps, venue);
  const { port } = await server.listen('127.0.0.1', 0);
  const target: LoadTarget = { url: `http://127.0.0.1:${port}`, token, market: market.toString() };
  process.send?.(target);
  process.once('disconnect', () => process.exit());
}

function serve(database: Database, steps: Steps, venue: number): Promise<ApiServer> {
  const operations = new StoreOperations({
    database, steps, venue, venueId: VENUE.venueId, registry: VENUE.registry, circuits: ['load'], shape: { slots: 8, tieredSlots: 0, excessBits: 84 }, poseidon: portablePoseidon,
    // What a token that opens nothing costs: its look into the database.
    receipts: {
      byToken: async (token) => {
        const sha256 = receiptTokenSha256(token);
        const found = sha256 === undefined ? undefined : await findPlaceByToken(database, venue, sha256);
        return found === undefined ? undefined : '{}';
      },
      ofUser: () => Promise.resolve([]),
      async* tokens() { /* none */ },
    },
    probes: { chain: () => Promise.resolve('not configured'), keys: () => Promise.resolve('ok'), insecureKeys: true },
  });
  return ApiServer.make({
    operations, checkToken: storeTokenCheck(database), version: 'load', logLevel: 'error', limits: { perAddress: NO_LIMIT, perToken: NO_LIMIT },
  });
}

async function fill(database: Database, steps: Steps, venue: number): Promise<bigint> {
  await assertPinned(database, { program: 'load', manifestSha256: '00'.repeat(32) });
  const table = parseMarketTable(TABLE);
  const market = marketCommitment(portablePoseidon, table);
  await addMarketTable(database, { venue, commitment: market, level: table.level, snapshotTime: table.snapshotTime, body: TABLE });
  const upload = await SnapshotUpload.begin(database, { venue, market });
  await upload.add(Buffer.from('{"user":"load","subAccount":"0","holdings":{"USDC":"1"}}\n'));
  const { id: snapshot } = await upload.finish({ accounts: 1, findings: [] });
  await database.transaction(async (sql) => {
    const { epoch, created } = await createEpoch(sql, { venue, number: 1n, snapshot, circuits: ['load'] });
    if (!created) return;
    await steps.add(sql, Array.from({ length: STEPS }, (_none, index) => ({ epoch: epoch.id, name: `prove:batch-${index.toString().padStart(6, '0')}`, kind: 'prove' as const, cost: 1_000 })));
    await storeAttestation(sql, epoch.id, JSON.stringify({ padding: 'x'.repeat(ATTESTATION_BYTES) }));
  });
  return market;
}

void main();
