import { join } from 'node:path';
import { serializeAttestation } from '../../../src/attestation/attestation-format.js';
import { serializeReceipt } from '../../../src/attestation/receipt-format.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { attestationOf, figuresOf } from '../../../src/proving/epoch-attestation.js';
import { placesOf, planEpoch, type EpochPlan } from '../../../src/proving/epoch-plan.js';
import { epochStatements, type EpochStatements } from '../../../src/proving/epoch-statements.js';
import { sealHeader } from '../../../src/proving/plan-format.js';
import { receiptsOf } from '../../../src/proving/receipts.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { ReceiptDesk, type ReceiptDeskConfig } from '../../../src/service/receipts/receipt-desk.js';
import { VerificationKeys } from '../../../src/service/worker/verification-keys.js';
import { readAttestation, storeAttestation } from '../../../src/store/attestations.js';
import type { Database } from '../../../src/store/database.js';
import { storePlaces } from '../../../src/store/places.js';
import { storePlan } from '../../../src/store/plans.js';
import { ReceiptKey } from '../../../src/store/receipt-keys.js';
import { storeTask } from '../../../src/store/tasks.js';
import type { Snapshot } from '../../../src/venue/account.js';
import { shapeOf, standInProof, VENUE } from '../../proving/support.js';
import { insertEpochRows } from '../epoch-rows.js';

const KEYS = 'build/keys';

export const KEY_TEXT = 'c0ffee'.padEnd(64, '0');
/** A witness that a test can look for in a table's file. */
export const WITNESS = new TextEncoder().encode('a witness that nobody may find again');

/** An epoch in a store as the pipeline leaves it once attested; its proofs prove nothing. */
export interface StoredEpoch {
  readonly epoch: bigint;
  readonly venue: number;
  readonly number: number;
  readonly plan: EpochPlan;
  readonly statements: EpochStatements;
}

export async function storeAttestedEpoch(
  database: Database, venue: { readonly snapshot: Snapshot; readonly market: MarketTable }, circuits: string, number = 1,
): Promise<StoredEpoch> {
  const poseidon = await bulkPoseidon();
  const names = circuits.split(',');
  const rows = await insertEpochRows(database, { add: () => Promise.resolve(0) }, venue, { number: BigInt(number), circuits: names });
  const plan = planEpoch(poseidon, venue.snapshot, venue.market, await shapeOf(circuits, venue.market), VENUE, number);
  const statements = epochStatements(poseidon, plan);
  const keys = new VerificationKeys(KEYS);
  const proofs = { batches: plan.batches.map((_, place) => standInProof(place)), closing: [...(statements.parts?.signals ?? []), 0].map((_, place) => standInProof(100 + place)) };
  const attestation = await attestationOf(plan, figuresOf(statements), proofs, (circuit) => keys.json(circuit));
  await database.transaction(async (sql) => {
    await storePlan(sql, rows.epoch, { header: sealHeader(plan, 'of no file'), parts: oneOf(WITNESS) });
    await storePlaces(sql, rows.epoch, placesOf(plan).map((place, position) => ({ position, place, leaf: statements.tree.node(0, position) })));
    await storeTask(sql, rows.epoch, { name: 'batch-000000', circuit: names[0] as string, signals: [1n], witness: WITNESS, cost: 1 });
    await storeAttestation(sql, rows.epoch, serializeAttestation(attestation));
    await sql.query(`insert into step (epoch, name, kind) values ($1, 'receipts', 'receipts')`, [rows.epoch.toString()]);
  });
  return { ...rows, number, plan, statements };
}

// eslint-disable-next-line @typescript-eslint/require-await -- plans are stored from what is read asynchronously
async function* oneOf(part: Uint8Array): AsyncGenerator<Uint8Array> {
  yield part;
}

/** What the step's end does in life. */
export async function openReceipts(database: Database, epoch: bigint): Promise<void> {
  await database.query(`update step set state = 'done' where epoch = $1 and name = 'receipts'`, [epoch.toString()]);
}

export const locationOf = (epoch: number): string => `https://venue.example/epochs/${epoch}/attestation`;

export async function deskOn(database: Database, venue: number, folder: string, changes: Partial<ReceiptDeskConfig> = {}): Promise<ReceiptDesk> {
  return new ReceiptDesk({
    database, venue, poseidon: await bulkPoseidon(), key: ReceiptKey.fromText(KEY_TEXT, 'key'), treeFolder: join(folder, 'trees'),
    circuits: await readCircuitList(), locationOf, ...changes,
  });
}

/** The receipts that the plan itself leads to, canonical, by name. */
export async function expectedReceipts(database: Database, { epoch, plan, statements }: StoredEpoch): Promise<ReadonlyMap<string, string>> {
  const attestation = { sha256: (await readAttestation(database, epoch))?.sha256 ?? '', location: locationOf(plan.epoch) };
  return new Map([...receiptsOf(plan, statements.tree, attestation)].map((receipt) => [`${receipt.userId}/${receipt.subAccount}`, serializeReceipt(receipt)]));
}
