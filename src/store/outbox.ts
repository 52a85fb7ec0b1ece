import type { Row, Sql } from './database.js';
import { setEpochState, type EpochState } from './epochs.js';
import { OutboxConflictError, OutboxEntryError } from './outbox-errors.js';

export type OutboxKind = 'open-snapshot' | 'submit-epoch';
export type OutboxState = 'pending' | 'sent' | 'mined' | 'final' | 'dead';

/** What is to happen on chain, once. */
export interface OutboxItem {
  /** Row of the venue. */
  readonly venue: number;
  readonly epoch: number;
  readonly kind: OutboxKind;
  /** Address of the contract. */
  readonly target: string;
  readonly calldata: Uint8Array;
}

/** A block by which something stood there. */
export interface OutboxBlock {
  readonly number: number;
  readonly hash: string;
}

/** An item and what became of it. */
export interface OutboxEntry extends OutboxItem {
  readonly id: bigint;
  readonly state: OutboxState;
  /** Whose nonces are used; undefined until somebody with a key took it up. */
  readonly signer: string | undefined;
  /** Undefined until the first attempt is signed. */
  readonly nonce: number | undefined;
  /** Of a mined or final entry. */
  readonly block: OutboxBlock | undefined;
  /** Undefined also for what somebody else sent. */
  readonly transactionHash: string | undefined;
  readonly gasUsed: bigint | undefined;
  /** Refusals in a row. */
  readonly attempts: number;
  readonly error: OutboxError | undefined;
}

/** Why an entry waits or was given up. Public: no keys, no bytes. */
export interface OutboxError {
  readonly code: string;
  readonly message: string;
}

/** Columns of an entry, of a table or alias `o`. */
export const ENTRY_COLUMNS =
  'o.id, o.venue, o.epoch_number, o.kind, o.target, o.calldata, o.state, o.signer, o.nonce, o.block_number, o.block_hash, o.transaction_hash, ' +
  'o.gas_used, o.attempts, o.error, o.lease';

/**
 * Puts an item into the outbox, in the caller's transaction. Again with the same bytes: the same entry, and nothing changes.
 *
 * @throws OutboxConflictError when other bytes are there for the venue, epoch and kind
 */
export async function enqueue(sql: Sql, item: OutboxItem): Promise<{ readonly entry: OutboxEntry; readonly created: boolean }> {
  const { changed } = await sql.query(
    `insert into outbox (venue, epoch_number, kind, target, calldata) values ($1, $2, $3, $4, $5)
     on conflict (venue, epoch_number, kind) do nothing`,
    [item.venue, item.epoch, item.kind, item.target, item.calldata],
  );
  const entry = await findEntry(sql, item.venue, item.epoch, item.kind);
  if (entry === undefined) throw new OutboxEntryError(`the outbox lost ${nameOf(item)} while it was put in: try again`);
  if (entry.target !== item.target || !sameBytes(entry.calldata, item.calldata)) {
    throw new OutboxConflictError(
      `another transaction is in the outbox for ${nameOf(item)}: what is published of an epoch never changes`, { epoch: item.epoch, kind: item.kind },
    );
  }
  return { entry, created: changed > 0 };
}

export async function findEntry(sql: Sql, venue: number, epoch: number, kind: OutboxKind): Promise<OutboxEntry | undefined> {
  const { rows } = await sql.query(
    `select ${ENTRY_COLUMNS} from outbox o where o.venue = $1 and o.epoch_number = $2 and o.kind = $3`, [venue, epoch, kind],
  );
  return rows[0] === undefined ? undefined : entryOf(rows[0]);
}

/** All entries of a venue, oldest epoch first. */
export async function listEntries(sql: Sql, venue: number, states?: readonly OutboxState[]): Promise<readonly OutboxEntry[]> {
  const { rows } = await sql.query(
    `select ${ENTRY_COLUMNS} from outbox o where o.venue = $1 and ($2::text[] is null or o.state = any($2::text[])) order by o.epoch_number, o.kind`,
    [venue, states ?? null],
  );
  return rows.map(entryOf);
}

/**
 * Gives a dead entry another round. Its signed attempts are kept: one of them may still be mined, and counts.
 *
 * @throws OutboxEntryError when there is no such entry or it is not dead
 */
export async function retryEntry(sql: Sql, venue: number, epoch: number, kind: OutboxKind): Promise<OutboxEntry> {
  const { rows } = await sql.query(
    `update outbox o set state = case when o.nonce is null then 'pending' else 'sent' end, attempts = 0, error = null, next_try_at = now(), lease_until = null
     where o.venue = $1 and o.epoch_number = $2 and o.kind = $3 and o.state = 'dead' returning ${ENTRY_COLUMNS}`,
    [venue, epoch, kind],
  );
  if (rows[0] === undefined) throw new OutboxEntryError(`${kind} of epoch ${epoch} is not among the dead entries of the outbox: only these are tried again`, { epoch, kind });
  const entry = entryOf(rows[0]);
  const row = await epochUnder(sql, entry, ['failed']);
  if (row !== undefined) await setEpochState(sql, row, 'publishing');
  return entry;
}

/** Row of the epoch that an entry submits, when it is in one of these states; undefined for entries that submit none. */
export async function epochUnder(sql: Sql, { venue, epoch, kind }: OutboxEntry, states: readonly EpochState[]): Promise<bigint | undefined> {
  if (kind !== 'submit-epoch') return undefined;
  const { rows } = await sql.query('select id from epoch where venue = $1 and number = $2 and state = any($3::text[]) for update', [venue, epoch, states]);
  return rows[0] === undefined ? undefined : BigInt(rows[0]['id'] as string);
}

export function entryOf(row: Row): OutboxEntry {
  return {
    id: BigInt(row['id'] as string), venue: Number(row['venue']), epoch: Number(row['epoch_number']), kind: row['kind'] as OutboxKind,
    target: row['target'] as string, calldata: new Uint8Array(row['calldata'] as Uint8Array), state: row['state'] as OutboxState,
    signer: (row['signer'] as string | null) ?? undefined,
    nonce: row['nonce'] === null ? undefined : Number(row['nonce']),
    block: row['block_number'] === null ? undefined : { number: Number(row['block_number']), hash: row['block_hash'] as string },
    transactionHash: (row['transaction_hash'] as string | null) ?? undefined,
    gasUsed: row['gas_used'] === null ? undefined : BigInt(row['gas_used'] as string),
    attempts: Number(row['attempts']), error: (row['error'] as OutboxError | null) ?? undefined,
  };
}

function nameOf({ kind, epoch }: Pick<OutboxItem, 'kind' | 'epoch'>): string {
  return `${kind} of epoch ${epoch}`;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}
