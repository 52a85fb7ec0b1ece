import { ClearproofError } from '../error/clearproof-error.js';
import type { Sql } from './database.js';
import { appendEvent } from './events.js';

export type EpochState = 'planning' | 'proving' | 'publishing' | 'published' | 'final' | 'failed';

/** The number stands for another snapshot already. */
export class EpochTakenError extends ClearproofError {
  readonly code = 'EPOCH_TAKEN';
}

/** No such snapshot, or the store has no pin: nothing to prove, or nothing to prove with. */
export class EpochRefusedError extends ClearproofError {
  readonly code = 'EPOCH_REFUSED';
}

/** The epoch has another accounts root already. */
export class RootChangedError extends ClearproofError {
  readonly code = 'ROOT_CHANGED';
}

export interface NewEpoch {
  /** Of the venue row. */
  readonly venue: number;
  readonly number: bigint;
  readonly snapshot: string;
  /** Batch circuits and what closes over them. */
  readonly circuits: readonly string[];
}

export interface EpochRecord extends NewEpoch {
  readonly id: bigint;
  readonly market: bigint;
  /** Of the pin when it was made. */
  readonly manifestSha256: string;
  readonly state: EpochState;
  /** Both known once planned. */
  readonly accountsRoot: bigint | undefined;
  readonly accounts: number | undefined;
  readonly requestedAt: Date;
  readonly finishedAt: Date | undefined;
}

interface StoredEpoch {
  readonly id: string;
  readonly venue: number;
  readonly number: string;
  readonly snapshot: string;
  readonly market: string;
  readonly circuits: readonly string[];
  readonly manifest_sha256: string;
  readonly state: EpochState;
  readonly accounts_root: string | null;
  readonly accounts: number | null;
  readonly requested_at: Date;
  readonly finished_at: Date | null;
  readonly [column: string]: unknown;
}

/** In a transaction. The same number and snapshot again: the same row, `created` false. With another snapshot: EpochTakenError. */
export async function createEpoch(sql: Sql, { venue, number, snapshot, circuits }: NewEpoch): Promise<{ readonly epoch: EpochRecord; readonly created: boolean }> {
  // Keeps the pin as it is until this transaction ends.
  await sql.query('select 1 from pin for share');
  const { changed } = await sql.query(`
    insert into epoch (venue, number, snapshot, market, circuits, manifest_sha256)
    select venue, $2::bigint, snapshot.id, market, $4::text[], pin.manifest_sha256 from snapshot, pin where venue = $1 and snapshot.id::text = $3 and state = 'ready'
    on conflict (venue, number) do nothing`, [venue, number.toString(), snapshot.toLowerCase(), circuits]);
  const epoch = await findEpoch(sql, venue, number);
  if (epoch === undefined) {
    throw new EpochRefusedError(`epoch ${number} cannot start: there is no finished snapshot ${snapshot}, or no worker has pinned keys yet; upload the one, start the other`, { epoch: number, snapshot });
  }
  if (epoch.snapshot !== snapshot.toLowerCase()) {
    throw new EpochTakenError(`epoch ${number} stands for snapshot ${epoch.snapshot} already; another snapshot needs another number`, { epoch: number, snapshot: epoch.snapshot });
  }
  if (changed === 1) await appendEvent(sql, { epoch: epoch.id, kind: 'epoch', detail: { state: epoch.state } });
  return { epoch, created: changed === 1 };
}

export async function findEpoch(sql: Sql, venue: number, number: bigint): Promise<EpochRecord | undefined> {
  const { rows } = await sql.query<StoredEpoch>('select * from epoch where venue = $1 and number = $2::bigint', [venue, number.toString()]);
  return rows[0] && recordOf(rows[0]);
}

/** Newest first. */
export async function listEpochs(sql: Sql, venue: number): Promise<readonly EpochRecord[]> {
  const { rows } = await sql.query<StoredEpoch>('select * from epoch where venue = $1 order by number desc', [venue]);
  return rows.map(recordOf);
}

/** With its event, in the caller's transaction. Nothing happens when it is in that state, or final: final epochs stay so. False then. */
export async function setEpochState(sql: Sql, id: bigint, state: EpochState): Promise<boolean> {
  const { changed } = await sql.query(`
    update epoch set state = $2, finished_at = case when $2 in ('final', 'failed') then now() end where id = $1::bigint and state not in ($2, 'final')`, [id.toString(), state]);
  if (changed === 1) await appendEvent(sql, { epoch: id, kind: 'epoch', detail: { state } });
  return changed === 1;
}

/** Once; with the same values again it changes nothing. RootChangedError with others. */
export async function setAccountsRoot(sql: Sql, id: bigint, root: bigint, accounts: number): Promise<void> {
  const { changed } = await sql.query(`
    update epoch set accounts_root = $2::numeric, accounts = $3
    where id = $1::bigint and (accounts_root is null or (accounts_root = $2::numeric and accounts = $3))`, [id.toString(), root.toString(), accounts]);
  if (changed === 0) throw new RootChangedError(`epoch row ${id} has another accounts root, or is not there; nothing was changed`, { epochRow: id });
}

function recordOf(row: StoredEpoch): EpochRecord {
  return {
    id: BigInt(row.id),
    venue: row.venue,
    number: BigInt(row.number),
    snapshot: row.snapshot,
    market: BigInt(row.market),
    circuits: row.circuits,
    manifestSha256: row.manifest_sha256,
    state: row.state,
    accountsRoot: row.accounts_root === null ? undefined : BigInt(row.accounts_root),
    accounts: row.accounts ?? undefined,
    requestedAt: row.requested_at,
    finishedAt: row.finished_at ?? undefined,
  };
}
