import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Groth16Proof } from '../groth16/proof.js';
import { serializeAttestation } from '../attestation/attestation-format.js';
import { DEFAULT_K } from '../attestation/receipt-bucket.js';
import { parseReceipt } from '../attestation/receipt-format.js';
import { accountLeaf, slotsOf } from '../commitment/account-leaf.js';
import { keyOf } from '../commitment/identity.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { findCircuit, readCircuitList } from '../groth16/circuit-list.js';
import { reportSnapshot } from '../margin/snapshot-report.js';
import { attestationOf } from '../proving/epoch-attestation.js';
import { epochShape } from '../proving/epoch-shape.js';
import { exportBuckets } from '../proving/receipt-buckets/export-buckets.js';
import { serializeMarketTable } from '../risk/market-table-json.js';
import { instrumentsOf, tieredRows } from '../risk/tiers.js';
import { storeDerived } from '../service/pipeline/derive.js';
import { PlanningChild, type Planning } from '../service/pipeline/planning-child.js';
import type { PlannerAnswers } from '../service/pipeline/plan-messages.js';
import { takeUpSealedPlan } from '../service/pipeline/sealed-plan.js';
import { bucketKeysOf } from '../service/receipts/bucket-keys.js';
import { ReceiptDesk } from '../service/receipts/receipt-desk.js';
import { readAttestation, storeAttestation } from '../store/attestations.js';
import type { Database } from '../store/database.js';
import { createEpoch, findEpoch, setAccountsRoot } from '../store/epochs.js';
import { readEpochSource } from '../store/epoch-source.js';
import { readFigures } from '../store/figures.js';
import { addMarketTable } from '../store/market-tables.js';
import { migrate } from '../store/migrate.js';
import { openDatabase } from '../store/open-database.js';
import { assertPinned } from '../store/pins.js';
import { storePlan } from '../store/plans.js';
import { ReceiptKey } from '../store/receipt-keys.js';
import { retireEpoch, vacuum } from '../store/retention.js';
import { readSnapshot as readStoredSnapshot, SnapshotUpload } from '../store/snapshots.js';
import { ensureVenue } from '../store/venues.js';
import { rootOfPath } from '../tree/merkle-path.js';
import type { Account } from '../venue/account.js';
import { fileSource } from '../venue/byte-source.js';
import { readSnapshot } from '../venue/snapshot-reader.js';
import { writeSnapshotNdjson } from '../venue/snapshot-writer.js';
import { benchAccounts, benchTable } from './bench-service-venue.js';

/** Circuits of an epoch of a million accounts; no key of theirs is needed to plan it. */
export const SERVICE_CIRCUITS = ['solvency-batch-n64-k8-s16', 'solvency-close-u112-s16'] as const;
/** In order. */
export const STAGES = ['generate', 'import', 'plan', 'derive', 'attest', 'prepare', 'serve', 'buckets', 'retire'] as const;
export type Stage = (typeof STAGES)[number];

/** What a stage is told. */
export interface StageTask {
  readonly stage: Stage;
  readonly accounts: number;
  readonly folder: string;
  /** Of a PostgreSQL server; the embedded database in the folder without it. */
  readonly databaseUrl: string | undefined;
}

type Details = Readonly<Record<string, number>>;

const VENUE = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };
const SCENARIOS = 16;
const ACCOUNTS_A_PART = 10_000;
const PLANNER_HEAP_MEBIBYTES = 12_288;
const RECEIPTS = 10_000;
const VERIFIED = 100;
const AT_ONCE = 8;
/** Of the form of a proof: what is measured here looks at none. */
const STAND_IN: Groth16Proof = { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [1n, 2n] };

/** Does one stage. Each begins from what the one before it left in folder and database; a stage that was killed is done again. */
export async function runStage(task: StageTask): Promise<Details> {
  if (task.stage === 'generate') return generate(task);
  const database = await openDatabase(task.databaseUrl === undefined ? { kind: 'embedded', directory: join(task.folder, 'store') } : { kind: 'server', url: task.databaseUrl });
  try {
    await migrate(database);
    return await onDatabase(task.stage, database, task);
  } finally {
    await database.close();
  }
}

function onDatabase(stage: Exclude<Stage, 'generate'>, database: Database, task: StageTask): Promise<Details> {
  switch (stage) {
    case 'import': return importSnapshot(database, task);
    case 'plan': return plan(database, task);
    case 'derive': return derive(database, task);
    case 'attest': return attest(database, task);
    case 'prepare': return withDesk(database, task, (desk, epoch) => prepare(database, desk, epoch, task));
    case 'serve': return withDesk(database, task, (desk, epoch) => serve(database, desk, epoch));
    case 'buckets': return withDesk(database, task, (desk) => buckets(desk, task));
    case 'retire': return retire(database, task);
  }
}

async function generate({ folder, accounts }: StageTask): Promise<Details> {
  const table = benchTable(SCENARIOS);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await pipeline(Readable.from(writeSnapshotNdjson(benchAccounts(table, accounts), instrumentsOf(table))), createWriteStream(fileOf(folder), { mode: 0o600 }));
  return { fileMegabytes: (await stat(fileOf(folder))).size / 1e6 };
}

async function importSnapshot(database: Database, { folder, accounts }: StageTask): Promise<Details> {
  const table = benchTable(SCENARIOS);
  const venue = await ensureVenue(database, VENUE);
  const market = marketCommitment(await bulkPoseidon(), table);
  await addMarketTable(database, { venue, commitment: market, level: 'maintenance', snapshotTime: Number(table.snapshotTime), body: serializeMarketTable(table) });
  const upload = await SnapshotUpload.begin(database, { venue, market });
  const instruments = instrumentsOf(table);
  async function* stored(): AsyncGenerator<Account> {
    const part: Account[] = [];
    const flush = async (): Promise<void> => upload.add(Buffer.from([...writeSnapshotNdjson(part.splice(0), instruments)].join('')));
    for await (const account of readSnapshot(fileSource(fileOf(folder)), { kind: 'ndjson' }, instruments, 8)) {
      part.push(account);
      if (part.length === ACCOUNTS_A_PART) await flush();
      yield account;
    }
    if (part.length > 0) await flush();
  }
  const report = await reportSnapshot(stored(), table, { slots: 8, excessBits: 84 });
  const { id } = await upload.finish({ accounts: report.accounts, findings: report.findings.map(({ message }) => message) });
  await assertPinned(database, { program: 'bench', manifestSha256: 'bench' });
  await database.transaction((sql) => createEpoch(sql, { venue, number: BigInt(accounts), snapshot: id, circuits: SERVICE_CIRCUITS }));
  return { accounts: report.accounts, findings: report.findings.length, holdings: report.holdings };
}

/** Plans and seals; the plan is stored before anything follows from it. */
async function plan(database: Database, task: StageTask): Promise<Details> {
  const epoch = await epochOf(database, task);
  return withPlanner(async (child) => {
    if (await takeUpSealedPlan(database, epoch, child)) return { taken: 1 };
    const { market, snapshot } = await readEpochSource(database, epoch);
    for await (const part of readStoredSnapshot(database, snapshot)) await child.ask('accept', { part });
    const catalogue = await readCircuitList();
    const circuits = SERVICE_CIRCUITS.map((name) => findCircuit(catalogue, name));
    const { header, parts } = await child.ask('plan', { request: { venue: VENUE, epoch: task.accounts, market, circuits, catalogue } });
    await database.transaction((sql) => storePlan(sql, epoch, { header, parts: partsOf(child, parts) }));
    return { planParts: parts, planningSeconds: child.secondsOf('plan') };
  });
}

/** Leaves, tree, chain, sums, and every witness input, all stored. */
async function derive(database: Database, task: StageTask): Promise<Details> {
  const epoch = await epochOf(database, task);
  return withPlanner(async (child) => {
    if (!(await takeUpSealedPlan(database, epoch, child))) throw new Error('the stage plan left no plan');
    const started = performance.now();
    const { figures, accounts, steps } = await storeDerived(database, epoch, child);
    await setAccountsRoot(database, epoch, figures.accountsRoot, accounts);
    const seconds = (performance.now() - started) / 1000;
    const asked = child.secondsOf('derive') + child.secondsOf('places') + child.secondsOf('task');
    return {
      proofs: steps.length, hashSeconds: child.secondsOf('derive'), placeSeconds: child.secondsOf('places'), witnessSeconds: child.secondsOf('task'), databaseSeconds: seconds - asked,
    };
  });
}

/** An attestation as large as the real one, its proofs stand-ins: receipts look at everything else. */
async function attest(database: Database, task: StageTask): Promise<Details> {
  const epoch = await epochOf(database, task);
  const table = benchTable(SCENARIOS);
  const catalogue = await readCircuitList();
  const shape = epochShape(SERVICE_CIRCUITS.map((name) => findCircuit(catalogue, name)), table);
  const { figures } = await readFigures(database, epoch);
  const batches = figures.accumulators.map(() => ({ circuit: SERVICE_CIRCUITS[0] }));
  const proofs = { batches: batches.map(() => STAND_IN), closing: [STAND_IN] };
  const attestation = await attestationOf({ venue: VENUE, epoch: task.accounts, shape, market: table, batches }, figures, proofs, () => Promise.resolve({ standIn: 'no key' }));
  const text = serializeAttestation(attestation);
  await storeAttestation(database, epoch, text);
  await database.query(`insert into step (epoch, name, kind) values ($1, 'receipts', 'receipts') on conflict do nothing`, [epoch.toString()]);
  return { attestationMegabytes: text.length / 1e6 };
}

/** Tree file and tokens. */
async function prepare(database: Database, desk: ReceiptDesk, epoch: bigint, { folder }: StageTask): Promise<Details> {
  await desk.prepare(epoch);
  await database.query(`update step set state = 'done' where epoch = $1 and name = 'receipts'`, [epoch.toString()]);
  const { rows: [size] } = await database.query<{ bytes: string }>('select pg_database_size(current_database())::text as bytes');
  return { treeMegabytes: (await stat(join(folder, 'trees', `${epoch}.tree`))).size / 1e6, databaseMegabytes: Number(size?.bytes) / 1e6 };
}

/** All receipts, each held against the tree, into encrypted files for a static host. */
async function buckets(desk: ReceiptDesk, { folder, accounts }: StageTask): Promise<Details> {
  const out = join(folder, 'buckets');
  await rm(out, { recursive: true, force: true });
  const exported = await desk.withBuckets(accounts, (source, key) => exportBuckets(source, bucketKeysOf(key, source), { out, k: DEFAULT_K }));
  await rm(out, { recursive: true });
  const { buckets: count, entriesPerBucket, entryBytes } = exported;
  return { buckets: count, entriesPerBucket, entryBytes, bucketMegabytes: (entriesPerBucket * entryBytes) / 1e6, allMegabytes: (count * entriesPerBucket * entryBytes) / 1e6 };
}

/** Random receipts by token, some at once, as an API would ask; some of them verified against the attested root. */
async function serve(database: Database, desk: ReceiptDesk, epoch: bigint): Promise<Details> {
  const { number } = await readEpochSource(database, epoch);
  const tokens: string[] = [];
  const exported = performance.now();
  for await (const line of desk.tokens(number)) tokens.push((JSON.parse(line) as { token: string }).token);
  const exportSeconds = secondsSince(exported);
  const chosen = Array.from({ length: RECEIPTS }, (_, place) => tokens[(place * 7919) % tokens.length] as string);
  const first = performance.now();
  await desk.byToken(chosen[0] as string);
  const firstMilliseconds = 1000 * secondsSince(first);
  const receipts: string[] = [];
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, lane) => {
    for (let place = lane; place < chosen.length; place += AT_ONCE) {
      const asked = performance.now();
      const receipt = await desk.byToken(chosen[place] as string);
      times.push(performance.now() - asked);
      if (receipt === undefined) throw new Error('a token opened no receipt');
      if (receipts.length < VERIFIED) receipts.push(receipt);
    }
  }));
  const seconds = secondsSince(started);
  await verifyAll(database, epoch, receipts);
  times.sort((a, b) => a - b);
  return {
    exportSeconds, firstMilliseconds, receipts: chosen.length, receiptsPerSecond: chosen.length / seconds, verified: receipts.length,
    medianMilliseconds: times[Math.floor(times.length / 2)] as number, p99Milliseconds: times[Math.floor(times.length * 0.99)] as number,
  };
}

async function verifyAll(database: Database, epoch: bigint, receipts: readonly string[]): Promise<void> {
  const poseidon = await bulkPoseidon();
  const { figures } = await readFigures(database, epoch);
  const attested = await readAttestation(database, epoch);
  for (const text of receipts) {
    const receipt = parseReceipt(text);
    const leaf = accountLeaf(poseidon, keyOf(poseidon, receipt), receipt.salt, slotsOf(receipt.holdings, receipt.slots, tieredRows(receipt.market)));
    const root = rootOfPath(poseidon, leaf, receipt.path, receipt.depth);
    if (root !== figures.accountsRoot || receipt.attestation.sha256 !== attested?.sha256) throw new Error('a receipt does not verify');
  }
}

async function retire(database: Database, task: StageTask): Promise<Details> {
  const epoch = await epochOf(database, task);
  await database.query(`update epoch set state = 'final' where id = $1`, [epoch.toString()]);
  const dropped = await database.transaction((sql) => retireEpoch(sql, epoch, { receiptEpochs: 1 }));
  const started = performance.now();
  await vacuum(database);
  return { ...dropped, vacuumSeconds: secondsSince(started) };
}

/** Tells how long each kind of question took. */
class TimedPlanning implements Planning {
  private readonly child = new PlanningChild(new AbortController().signal, PLANNER_HEAP_MEBIBYTES);
  private readonly seconds = new Map<keyof PlannerAnswers, number>();

  async ask<Kind extends keyof PlannerAnswers>(kind: Kind, question: PlannerAnswers[Kind]['question']): Promise<PlannerAnswers[Kind]['answer']> {
    const started = performance.now();
    const answer = await this.child.ask(kind, question);
    this.seconds.set(kind, this.secondsOf(kind) + secondsSince(started));
    return answer;
  }

  close(): void {
    this.child.close();
  }

  secondsOf(kind: keyof PlannerAnswers): number {
    return this.seconds.get(kind) ?? 0;
  }
}

async function withPlanner<Result>(work: (child: TimedPlanning) => Promise<Result>): Promise<Result> {
  const child = new TimedPlanning();
  try {
    return await work(child);
  } finally {
    child.close();
  }
}

async function withDesk<Result>(database: Database, task: StageTask, work: (desk: ReceiptDesk, epoch: bigint) => Promise<Result>): Promise<Result> {
  const desk = new ReceiptDesk({
    database, venue: await ensureVenue(database, VENUE), poseidon: await bulkPoseidon(), key: await ReceiptKey.load(join(task.folder, 'receipt.key')),
    treeFolder: join(task.folder, 'trees'), circuits: await readCircuitList(), locationOf: (epoch) => `https://venue.example/epochs/${epoch}`,
  });
  try {
    return await work(desk, await epochOf(database, task));
  } finally {
    await desk.close();
  }
}

async function* partsOf(child: Planning, parts: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < parts; part += 1) yield child.ask('part', { part });
}

/** A number of its own for each size, so that one server can hold several runs. */
async function epochOf(database: Database, { accounts }: StageTask): Promise<bigint> {
  const found = await findEpoch(database, await ensureVenue(database, VENUE), BigInt(accounts));
  if (found === undefined) throw new Error('the stage import left no epoch');
  return found.id;
}

function fileOf(folder: string): string {
  return join(folder, 'accounts.ndjson');
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
