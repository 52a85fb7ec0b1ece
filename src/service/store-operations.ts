import { marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { ReportShape } from '../margin/snapshot-report.js';
import { parseMarketTable, serializeMarketTable } from '../risk/market-table-json.js';
import { createAccessToken, listAccessTokens, revokeAccessToken } from '../store/access-tokens.js';
import { AccountProofs } from '../store/account-proofs.js';
import { readAttestation } from '../store/attestations.js';
import type { Database } from '../store/database.js';
import { findEpochView, listEpochViews, readProofProgress } from '../store/epoch-views.js';
import { discardFailedEpoch } from '../store/epoch-restart.js';
import { createEpoch, findEpoch, listEpochs, type EpochRecord } from '../store/epochs.js';
import { readEvents } from '../store/events.js';
import { addMarketTable, findMarketTable, listMarketTables, type MarketTableRecord } from '../store/market-tables.js';
import { findEntry, listEntries, retryEntry, type OutboxKind } from '../store/outbox.js';
import { findSnapshot, listSnapshots } from '../store/snapshots.js';
import { countSteps, findStep, listDeadSteps, listSteps } from '../store/step-queries.js';
import type { Steps } from '../store/steps.js';
import { listWorkers } from '../store/workers.js';
import { readUserId } from '../venue/cells.js';
import type {
  AccountProofRequest, AccountProofSummary, EpochEvent, EpochProgress, EpochSummary, MarketTableSummary, OutboxSummary, Role, ServiceHealth,
  ServiceOperations, SnapshotSummary, SnapshotUpload, StartedEpoch, StepSummary, TokenSummary, WorkerSummary,
} from './operations.js';
import { enqueueOpening } from './publication/enqueue-publication.js';
import { NotFoundError, SnapshotNotProvableError, StateConflictError } from './service-errors.js';
import { healthOf, type HealthProbes } from './service-health.js';
import { importSnapshot } from './snapshot-import.js';
import {
  accountProofSummary, deadEntry, epochSummary, eventSummary, marketTableSummary, outboxSummary, remainingSeconds, snapshotSummary, stepSummary,
  tokenSummary, workerSummary,
} from './summaries.js';

/** Gives out receipts. */
export interface ReceiptSource {
  byToken(token: string): Promise<string | undefined>;
  ofUser(userId: string, epoch: number): Promise<readonly string[]>;
  tokens(epoch: number): AsyncIterable<string>;
}

export interface StoreOperationsConfig {
  readonly database: Database;
  readonly steps: Steps;
  /** Row of the venue. */
  readonly venue: number;
  /** The venue's number at the registry, and the registry's address. */
  readonly venueId: bigint;
  readonly registry: string;
  /** Names of batch circuits and what closes over them, for epochs that start. */
  readonly circuits: readonly string[];
  /** What the widest of them hold. */
  readonly shape: ReportShape;
  readonly poseidon: Poseidon;
  readonly receipts: ReceiptSource;
  readonly probes: HealthProbes;
}

/** Events given at once. */
const EVENT_PAGE = 200;
/** The step that waits for the outbox' entry of an epoch. */
const PUBLISH_STEP = 'publish';

/** What a venue can do with its service, over the store. Every operation may be repeated. */
export class StoreOperations implements ServiceOperations {
  private readonly proofs: AccountProofs;

  constructor(private readonly config: StoreOperationsConfig) {
    this.proofs = new AccountProofs(config.database);
  }

  health(): Promise<ServiceHealth> {
    return healthOf(this.config.database, this.config.probes);
  }

  async addMarketTable(json: string): Promise<MarketTableSummary> {
    const { database, venue, poseidon } = this.config;
    const table = parseMarketTable(json);
    const commitment = marketCommitment(poseidon, table);
    await addMarketTable(database, { venue, commitment, level: table.level, snapshotTime: table.snapshotTime, body: serializeMarketTable(table) });
    return marketTableSummary(await this.requireTable(commitment.toString()));
  }

  async marketTables(): Promise<readonly MarketTableSummary[]> {
    return (await listMarketTables(this.config.database, this.config.venue)).map(marketTableSummary);
  }

  async marketTable(commitment: string): Promise<string> {
    return (await this.requireTable(commitment)).body;
  }

  async uploadSnapshot({ bytes, format, market, name }: SnapshotUpload): Promise<SnapshotSummary> {
    const { database, venue, shape } = this.config;
    try {
      const { body } = await this.requireTable(market);
      const imported = await importSnapshot(database, { source: { name, bytes }, format, venue, market: BigInt(market), table: parseMarketTable(body), shape });
      return { ...imported, market };
    } finally {
      bytes.destroy();
    }
  }

  async snapshots(): Promise<readonly SnapshotSummary[]> {
    return (await listSnapshots(this.config.database, this.config.venue)).map(snapshotSummary);
  }

  async openSnapshot(epoch: number): Promise<OutboxSummary> {
    return outboxSummary(await this.config.database.transaction((sql) => enqueueOpening(sql, this.config, epoch)));
  }

  async startEpoch({ epoch: number, snapshot: id }: { readonly epoch: number; readonly snapshot: string }): Promise<StartedEpoch> {
    const { database, venue, steps, circuits } = this.config;
    const snapshot = await findSnapshot(database, venue, id);
    if (snapshot === undefined) throw new NotFoundError(`there is no snapshot ${id}: upload it first`, { what: 'snapshot' });
    const [finding] = snapshot.findings;
    if (finding !== undefined) {
      const more = snapshot.findings.length > 1 ? `, and ${snapshot.findings.length - 1} more` : '';
      throw new SnapshotNotProvableError(`the snapshot cannot be proven: ${finding}${more}; correct it and upload it again`, { snapshot: id });
    }
    const created = await database.transaction(async (sql) => {
      const wanted = { venue, number: BigInt(number), snapshot: id, circuits };
      await discardFailedEpoch(sql, steps.jobs, wanted);
      const made = await createEpoch(sql, wanted);
      if (made.created) await steps.add(sql, [{ epoch: made.epoch.id, name: 'plan', kind: 'plan' }]);
      return made.created;
    });
    return { ...await this.epoch(number), created };
  }

  async epochs(): Promise<readonly EpochSummary[]> {
    return (await listEpochViews(this.config.database, this.config.venue)).map(epochSummary);
  }

  async epoch(number: number): Promise<EpochSummary> {
    return epochSummary(await findEpochView(this.config.database, this.config.venue, number) ?? noEpoch(number));
  }

  async steps(number: number): Promise<readonly StepSummary[]> {
    return (await listSteps(this.config.database, (await this.requireEpoch(number)).id)).map(stepSummary);
  }

  async progress(number: number): Promise<EpochProgress> {
    const { id, state } = await this.requireEpoch(number);
    const proofs = await readProofProgress(this.config.database, id);
    const steps = await countSteps(this.config.database, id);
    return { epoch: number, state, proofsDone: proofs.done, proofsTotal: proofs.total, remainingSeconds: remainingSeconds(proofs), steps };
  }

  async events(number: number, after: string): Promise<readonly EpochEvent[]> {
    const { id } = await this.requireEpoch(number);
    return (await readEvents(this.config.database, BigInt(after), EVENT_PAGE, id)).map(eventSummary);
  }

  async outbox(): Promise<readonly OutboxSummary[]> {
    return (await listEntries(this.config.database, this.config.venue)).map(outboxSummary);
  }

  async deadLetters(): Promise<readonly (StepSummary & { readonly epoch: number })[]> {
    const { database, venue } = this.config;
    const steps = await listDeadSteps(database, venue);
    const numbers = new Map(steps.length === 0 ? [] : await this.epochNumbers());
    return [
      ...steps.map((step) => ({ ...stepSummary(step), epoch: numbers.get(step.epoch) ?? 0 })),
      ...(await listEntries(database, venue, ['dead'])).map(deadEntry),
    ];
  }

  async retry(number: number, name: string): Promise<StepSummary> {
    if (name === 'open-snapshot' || name === 'submit-epoch') return this.retryPublication(number, name);
    const { database, steps } = this.config;
    const { id } = await this.requireEpoch(number);
    const step = await findStep(database, id, name) ?? noStep(number, name);
    // Given up because its entry was: without that it would be given up again.
    if (name === PUBLISH_STEP && await this.isDead(number, 'submit-epoch')) await this.retryEntry(number, 'submit-epoch');
    else if (step.state !== 'dead') throw new StateConflictError(`step ${name} of epoch ${number} is ${step.state}: only what was given up gets another round`, { state: step.state });
    if (step.state === 'dead') await steps.retry(id, name);
    return stepSummary(await findStep(database, id, name) ?? step);
  }

  async attestation(number: number): Promise<string> {
    const { database, venue } = this.config;
    const epoch = await findEpoch(database, venue, BigInt(number));
    const stored = epoch && await readAttestation(database, epoch.id);
    if (stored === undefined) throw new NotFoundError(`epoch ${number} has no attestation: it is not there, or not proven yet`, { what: 'attestation' });
    return stored.text;
  }

  receiptByToken(token: string): Promise<string | undefined> {
    return this.config.receipts.byToken(token);
  }

  receiptsOfUser(userId: string, epoch: number): Promise<readonly string[]> {
    return this.config.receipts.ofUser(userId, epoch);
  }

  receiptTokens(epoch: number): AsyncIterable<string> {
    return this.config.receipts.tokens(epoch);
  }

  async requestAccountProof(request: AccountProofRequest): Promise<AccountProofSummary> {
    const { body } = await this.requireTable(request.market);
    const { rows } = parseMarketTable(body);
    if (request.row >= rows.length) throw new NotFoundError(`the table has rows 0 to ${rows.length - 1}, not ${request.row}`, { what: 'row' });
    return accountProofSummary(await this.proofs.request(this.config.venue, request));
  }

  async accountProof(id: string): Promise<AccountProofSummary> {
    const found = await this.proofs.find(this.config.venue, id);
    if (found === undefined) throw new NotFoundError('there is no such proof: ask for it first', { what: 'account proof' });
    return accountProofSummary(found);
  }

  async workers(): Promise<readonly WorkerSummary[]> {
    return (await listWorkers(this.config.database)).map(workerSummary);
  }

  async createToken(request: { readonly role: Role; readonly userId?: string; readonly label: string; readonly days?: number }): Promise<TokenSummary & { readonly token: string }> {
    // One that no snapshot can have would open nothing, ever.
    if (request.userId !== undefined) readUserId(request.userId, { file: 'token', field: 'userId' });
    const made = await createAccessToken(this.config.database, request);
    return { ...tokenSummary(made), token: made.token };
  }

  async tokens(): Promise<readonly TokenSummary[]> {
    return (await listAccessTokens(this.config.database)).map(tokenSummary);
  }

  async revokeToken(id: string): Promise<TokenSummary> {
    const revoked = await revokeAccessToken(this.config.database, id);
    if (revoked === undefined) throw new NotFoundError('there is no token of this id: list the tokens', { what: 'token' });
    return tokenSummary(revoked);
  }

  private async retryEntry(number: number, kind: OutboxKind): Promise<StepSummary> {
    const { database, venue } = this.config;
    const entry = await database.transaction((sql) => retryEntry(sql, venue, number, kind));
    return { name: kind, kind: 'outbox', state: 'ready', attempts: entry.attempts, error: null };
  }

  /** With the step that waits for it and was given up with it: without that the epoch would be final and never be retired. */
  private async retryPublication(number: number, kind: OutboxKind): Promise<StepSummary> {
    const { database, venue, steps } = this.config;
    const tried = await this.retryEntry(number, kind);
    const epoch = kind === 'submit-epoch' ? await findEpoch(database, venue, BigInt(number)) : undefined;
    const waiting = epoch && await findStep(database, epoch.id, PUBLISH_STEP);
    if (epoch !== undefined && waiting?.state === 'dead') await steps.retry(epoch.id, PUBLISH_STEP);
    return tried;
  }

  private async isDead(number: number, kind: OutboxKind): Promise<boolean> {
    return (await findEntry(this.config.database, this.config.venue, number, kind))?.state === 'dead';
  }

  private async requireTable(commitment: string): Promise<MarketTableRecord> {
    const found = await findMarketTable(this.config.database, this.config.venue, BigInt(commitment));
    if (found === undefined) throw new NotFoundError('there is no market table of this commitment: add it first', { what: 'market table' });
    return found;
  }

  private async requireEpoch(number: number): Promise<EpochRecord> {
    return await findEpoch(this.config.database, this.config.venue, BigInt(number)) ?? noEpoch(number);
  }

  private async epochNumbers(): Promise<readonly (readonly [id: bigint, number: number])[]> {
    return (await listEpochs(this.config.database, this.config.venue)).map(({ id, number }) => [id, Number(number)]);
  }
}

function noEpoch(number: number): never {
  throw new NotFoundError(`there is no epoch ${number}: start it first`, { what: 'epoch' });
}

function noStep(number: number, name: string): never {
  throw new NotFoundError(`epoch ${number} has no step ${name}: list its steps`, { what: 'step' });
}
