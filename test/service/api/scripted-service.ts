import { createHash } from 'node:crypto';
import type {
  AccountProofSummary, EpochEvent, EpochProgress, EpochSummary, MarketTableSummary, OutboxSummary, ServiceHealth, ServiceOperations, SnapshotSummary,
  SnapshotUpload, StartedEpoch, StepSummary, TokenSummary, WorkerSummary,
} from '../../../src/service/operations.js';
import { NotFoundError } from '../../../src/service/service-errors.js';
import { EpochTakenError } from '../../../src/store/epochs.js';

export const ID = '00000000-0000-4000-8000-000000000001';
export const OTHER_ID = '00000000-0000-4000-8000-000000000002';
export const MARKET = '12345678901234567890';
export const TIME = '2026-01-02T03:04:05.678Z';
export const ATTESTATION = '{"epoch":"7","kind":"attestation"}';
/** What opens a receipt of the scripted service. */
export const GOOD_RECEIPT_TOKEN = 'A'.repeat(43);
export const SUMMARY: EpochSummary = Object.freeze({
  epoch: 7, state: 'proving', snapshot: ID, market: MARKET, circuits: ['solvency-batch-x'], accountsRoot: null, requestedAt: TIME, finishedAt: null,
  transaction: null, attestationSha256: null,
});
export const STEP: StepSummary = Object.freeze({ name: 'prove:batch-000001', kind: 'prove', state: 'dead', attempts: 3, error: { code: 'PROVER_WORKER', message: 'gave up' } });
export const OUTBOX: OutboxSummary = Object.freeze({ epoch: 7, kind: 'open-snapshot', state: 'pending', transaction: null, block: null, attempts: 0, error: null });
const TABLE: MarketTableSummary = { commitment: MARKET, level: 'maintenance', snapshotTime: 1_700_000_000, rows: 3, addedAt: TIME };
const TOKEN: TokenSummary = { id: ID, role: 'user', userId: 'alice', label: 'for alice', expiresAt: null, revokedAt: null };

/**
 * Operations in memory: enough state for what the API itself must get right, fixed values for the rest. Epoch 7 exists; alice
 * has a receipt in it and bob has one in epoch 8.
 */
export class ScriptedService implements ServiceOperations {
  readonly started = new Map<number, string>();
  readonly called: string[] = [];
  events7: EpochEvent[] = [event('1', 'planned'), event('2', 'proven'), event('3', 'published')];
  progress7: EpochProgress = { epoch: 7, state: 'final', proofsDone: 4, proofsTotal: 4, remainingSeconds: 0, steps: { ready: 0, active: 0, done: 7, dead: 0 } };
  healthNow: ServiceHealth = { database: 'ok', chain: 'not configured', keys: 'ok', ready: true, insecureKeys: true };
  /** Thrown by every operation but health, when set. */
  broken: Error | undefined;
  uploadedBytes = 0;
  uploadedSha256 = '';

  health(): Promise<ServiceHealth> {
    return Promise.resolve(this.healthNow);
  }

  addMarketTable(json: string): Promise<MarketTableSummary> {
    return this.give(`addMarketTable ${json.length}`, TABLE);
  }

  marketTables(): Promise<readonly MarketTableSummary[]> {
    return this.give('marketTables', [TABLE]);
  }

  marketTable(commitment: string): Promise<string> {
    return this.find(`marketTable ${commitment}`, commitment === MARKET, '{"level":"maintenance"}');
  }

  async uploadSnapshot({ bytes, format, market, name }: SnapshotUpload): Promise<SnapshotSummary> {
    const hash = createHash('sha256');
    this.uploadedBytes = 0;
    for await (const piece of bytes as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      this.uploadedBytes += piece.length;
    }
    this.uploadedSha256 = hash.digest('hex');
    return this.give(`uploadSnapshot ${format} ${name}`, { id: ID, market, accounts: 2, sha256: this.uploadedSha256, findings: [], created: true });
  }

  snapshots(): Promise<readonly SnapshotSummary[]> {
    return this.give('snapshots', [{ id: ID, market: MARKET, accounts: 2, sha256: 'ab'.repeat(32), findings: ['alice holds too much'], created: false }]);
  }

  openSnapshot(epoch: number): Promise<OutboxSummary> {
    return this.give(`openSnapshot ${epoch}`, { ...OUTBOX, epoch });
  }

  startEpoch({ epoch, snapshot }: { readonly epoch: number; readonly snapshot: string }): Promise<StartedEpoch> {
    const before = this.started.get(epoch);
    if (before !== undefined && before !== snapshot) throw new EpochTakenError(`epoch ${epoch} is of another snapshot`, { epoch });
    this.started.set(epoch, snapshot);
    return this.give(`startEpoch ${epoch}`, { ...SUMMARY, epoch, snapshot, created: before === undefined });
  }

  epochs(): Promise<readonly EpochSummary[]> {
    return this.give('epochs', [SUMMARY]);
  }

  epoch(number: number): Promise<EpochSummary> {
    return this.find(`epoch ${number}`, number === 7, SUMMARY);
  }

  steps(number: number): Promise<readonly StepSummary[]> {
    return this.find(`steps ${number}`, number === 7, [STEP]);
  }

  progress(number: number): Promise<EpochProgress> {
    return this.find(`progress ${number}`, number === 7, this.progress7);
  }

  events(number: number, after: string): Promise<readonly EpochEvent[]> {
    return this.find(`events ${number} ${after}`, number === 7, this.events7.filter(({ id }) => Number(id) > Number(after)));
  }

  outbox(): Promise<readonly OutboxSummary[]> {
    return this.give('outbox', [OUTBOX]);
  }

  deadLetters(): Promise<readonly (StepSummary & { readonly epoch: number })[]> {
    return this.give('deadLetters', [{ ...STEP, epoch: 7 }]);
  }

  retry(epoch: number, step: string): Promise<StepSummary> {
    return this.find(`retry ${epoch} ${step}`, epoch === 7, { ...STEP, name: step, state: 'ready' });
  }

  attestation(number: number): Promise<string> {
    return this.find(`attestation ${number}`, number === 7, ATTESTATION);
  }

  receiptByToken(token: string): Promise<string | undefined> {
    return this.give('receiptByToken', token === GOOD_RECEIPT_TOKEN ? '{"receipt":"alice"}' : undefined);
  }

  receiptsOfUser(userId: string, epoch: number): Promise<readonly string[]> {
    const has = (userId === 'alice' && epoch === 7) || (userId === 'bob' && epoch === 8);
    return this.give(`receiptsOfUser ${epoch}`, has ? [`{"receipt":"${userId}"}`] : []);
  }

  async* receiptTokens(epoch: number): AsyncIterable<string> {
    await this.find(`receiptTokens ${epoch}`, epoch === 7, undefined);
    yield JSON.stringify({ user: 'alice', subAccount: '0', token: GOOD_RECEIPT_TOKEN });
    yield JSON.stringify({ user: 'bob', subAccount: '1', token: 'B'.repeat(43) });
  }

  requestAccountProof(): Promise<AccountProofSummary> {
    return this.give('requestAccountProof', { id: ID, kind: 'row-mark', state: 'ready', result: null, error: null });
  }

  accountProof(id: string): Promise<AccountProofSummary> {
    return this.find(`accountProof ${id}`, id === ID, { id, kind: 'row-mark', state: 'done', result: { proof: '…' }, error: null });
  }

  workers(): Promise<readonly WorkerSummary[]> {
    return this.give('workers', [{ id: ID, host: 'prover-1', process: 42, kinds: ['prove'], startedAt: TIME, seenAt: TIME, stoppedAt: null }]);
  }

  createToken({ role, userId, label }: Parameters<ServiceOperations['createToken']>[0]): ReturnType<ServiceOperations['createToken']> {
    return this.give('createToken', { ...TOKEN, role, userId: userId ?? null, label, token: 'cp_new' });
  }

  tokens(): Promise<readonly TokenSummary[]> {
    return this.give('tokens', [TOKEN]);
  }

  revokeToken(id: string): Promise<TokenSummary> {
    return this.find(`revokeToken ${id}`, id === ID, { ...TOKEN, revokedAt: TIME });
  }

  private give<Value>(call: string, value: Value): Promise<Value> {
    this.called.push(call);
    return this.broken === undefined ? Promise.resolve(value) : Promise.reject(this.broken);
  }

  private find<Value>(call: string, found: boolean, value: Value): Promise<Value> {
    return found ? this.give(call, value) : this.give(call, value).then(() => { throw new NotFoundError('there is no such thing', { what: 'thing' }); });
  }
}

export function event(id: string, kind: string): EpochEvent {
  return { id, at: TIME, kind, detail: { step: kind } };
}
