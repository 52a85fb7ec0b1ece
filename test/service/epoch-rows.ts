import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { instrumentsOf } from '../../src/risk/tiers.js';
import type { StepAdder } from '../../src/service/pipeline/pipeline-tools.js';
import type { Database } from '../../src/store/database.js';
import { createEpoch } from '../../src/store/epochs.js';
import { addMarketTable } from '../../src/store/market-tables.js';
import { assertPinned } from '../../src/store/pins.js';
import { SnapshotUpload } from '../../src/store/snapshots.js';
import { ensureVenue } from '../../src/store/venues.js';
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
  database: Database, steps: StepAdder, { snapshot, market: table }: { readonly snapshot: Snapshot; readonly market: MarketTable },
  { number = 1n, circuits = CIRCUITS, pin = { program: 'of the tests', manifestSha256: 'of the tests' } } = {},
): Promise<EpochRows> {
  const commitment = marketCommitment(await bulkPoseidon(), table);
  await assertPinned(database, pin);
  const venue = await ensureVenue(database, VENUE);
  await addMarketTable(database, { venue, commitment, level: 'maintenance', snapshotTime: table.snapshotTime, body: serializeMarketTable(table) });
  const upload = await SnapshotUpload.begin(database, { venue, market: commitment });
  const lines = [...writeSnapshotNdjson(snapshot.accounts, instrumentsOf(table))];
  for (let from = 0; from < lines.length; from += ACCOUNTS_A_PART) await upload.add(new TextEncoder().encode(lines.slice(from, from + ACCOUNTS_A_PART).join('')));
  const { id } = await upload.finish({ accounts: lines.length, findings: [] });
  return database.transaction(async (sql) => {
    const { epoch } = await createEpoch(sql, { venue, number, snapshot: id, circuits });
    await steps.add(sql, [{ epoch: epoch.id, name: 'plan', kind: 'plan' }]);
    return { epoch: epoch.id, venue, market: commitment };
  });
}
