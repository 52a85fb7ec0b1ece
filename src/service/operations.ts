import type { Readable } from 'node:stream';

/*
 * What a venue can do with its service. The HTTP API and the local command line call one implementation over a store,
 * the remote command line one over HTTP: same commands, same answers. All values are public JSON: integers as decimal text,
 * times as ISO 8601 UTC. Errors are ClearproofErrors with stable codes.
 */

export type EpochState = 'planning' | 'proving' | 'publishing' | 'published' | 'final' | 'failed';

export interface MarketTableSummary {
  readonly commitment: string;
  readonly level: 'maintenance' | 'initial';
  readonly snapshotTime: number;
  readonly rows: number;
  readonly addedAt: string;
}

export interface SnapshotSummary {
  readonly id: string;
  /** Commitment of the table it was checked against. */
  readonly market: string;
  readonly accounts: number;
  readonly sha256: string;
  /** Sentences that say what keeps it from being proven; none when it can be. */
  readonly findings: readonly string[];
  /** False when these very accounts had been uploaded before: nothing new was stored. */
  readonly created: boolean;
}

export interface SnapshotUpload {
  readonly bytes: Readable;
  readonly format: 'csv' | 'ndjson';
  readonly market: string;
  /** For error messages. */
  readonly name: string;
}

export interface EpochSummary {
  readonly epoch: number;
  readonly state: EpochState;
  readonly snapshot: string;
  readonly market: string;
  readonly circuits: readonly string[];
  readonly accountsRoot: string | null;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  readonly transaction: string | null;
  readonly attestationSha256: string | null;
}

export interface StepSummary {
  readonly name: string;
  readonly kind: string;
  readonly state: 'ready' | 'active' | 'done' | 'dead';
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface EpochProgress {
  readonly epoch: number;
  readonly state: EpochState;
  readonly proofsDone: number;
  readonly proofsTotal: number;
  /** Estimated from the proofs of this epoch so far; null before the first. */
  readonly remainingSeconds: number | null;
  readonly steps: Readonly<Record<StepSummary['state'], number>>;
}

/** What happened to an epoch, in order. Public values only. */
export interface EpochEvent {
  /** Decimal; later events have larger ones. */
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** `created` is false when the very same epoch had been started before: nothing new was stored. */
export type StartedEpoch = EpochSummary & { readonly created: boolean };

export interface OutboxSummary {
  readonly epoch: number;
  readonly kind: 'open-snapshot' | 'submit-epoch';
  readonly state: 'pending' | 'sent' | 'mined' | 'final' | 'dead';
  readonly transaction: string | null;
  readonly block: number | null;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export type Role = 'operator' | 'publisher' | 'auditor' | 'user';

export interface TokenSummary {
  readonly id: string;
  readonly role: Role;
  readonly userId: string | null;
  readonly label: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export type AccountProofRequest =
  | { readonly kind: 'row-mark'; readonly market: string; readonly row: number };

export interface AccountProofSummary {
  readonly id: string;
  readonly kind: AccountProofRequest['kind'];
  readonly state: 'ready' | 'active' | 'done' | 'dead';
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface WorkerSummary {
  readonly id: string;
  readonly host: string;
  readonly process: number;
  readonly kinds: readonly string[];
  readonly startedAt: string;
  readonly seenAt: string;
  readonly stoppedAt: string | null;
}

export interface ServiceHealth {
  readonly database: 'ok' | 'unavailable';
  readonly chain: 'ok' | 'unavailable' | 'not configured';
  readonly keys: 'ok' | 'refused';
  /** False: do not send work here. */
  readonly ready: boolean;
  /** True while any key in use is an INSECURE development key. */
  readonly insecureKeys: boolean;
}

export interface ServiceOperations {
  health(): Promise<ServiceHealth>;
  addMarketTable(json: string): Promise<MarketTableSummary>;
  marketTables(): Promise<readonly MarketTableSummary[]>;
  marketTable(commitment: string): Promise<string>;
  uploadSnapshot(upload: SnapshotUpload): Promise<SnapshotSummary>;
  snapshots(): Promise<readonly SnapshotSummary[]>;
  /** Puts the opening of the next snapshot on chain into the outbox. Again: the same entry. */
  openSnapshot(epoch: number): Promise<OutboxSummary>;
  /** Again with the same snapshot: the same epoch. With another: EpochTakenError. */
  startEpoch(request: { readonly epoch: number; readonly snapshot: string }): Promise<StartedEpoch>;
  epochs(): Promise<readonly EpochSummary[]>;
  epoch(number: number): Promise<EpochSummary>;
  steps(number: number): Promise<readonly StepSummary[]>;
  progress(number: number): Promise<EpochProgress>;
  /** The next events after the one with that id, `'0'` from the beginning; at most a few hundred at once. */
  events(number: number, after: string): Promise<readonly EpochEvent[]>;
  outbox(): Promise<readonly OutboxSummary[]>;
  /** Steps and outbox entries that were given up. */
  deadLetters(): Promise<readonly (StepSummary & { readonly epoch: number })[]>;
  /** Gives a dead step another round of attempts. */
  retry(epoch: number, step: string): Promise<StepSummary>;
  /** Canonical JSON of a proven epoch. */
  attestation(number: number): Promise<string>;
  /** Canonical JSON, or undefined for any token that opens nothing. */
  receiptByToken(token: string): Promise<string | undefined>;
  receiptsOfUser(userId: string, epoch: number): Promise<readonly string[]>;
  /** NDJSON lines for the venue's mail-out: user, subAccount, token. */
  receiptTokens(epoch: number): AsyncIterable<string>;
  requestAccountProof(request: AccountProofRequest): Promise<AccountProofSummary>;
  accountProof(id: string): Promise<AccountProofSummary>;
  workers(): Promise<readonly WorkerSummary[]>;
  /** The token is shown this once; only its hash is kept. */
  createToken(request: { readonly role: Role; readonly userId?: string; readonly label: string; readonly days?: number }): Promise<TokenSummary & { readonly token: string }>;
  tokens(): Promise<readonly TokenSummary[]>;
  revokeToken(id: string): Promise<TokenSummary>;
}
