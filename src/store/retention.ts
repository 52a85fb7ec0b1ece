import { ClearproofError } from '../error/clearproof-error.js';
import type { Database, Sql } from './database.js';

/** How long what is kept is kept. */
export interface Retention {
  /** Epochs whose receipts are served, the last final one among them; at least 1. */
  readonly receiptEpochs: number;
}

/** An epoch that is not final may still need all it has. */
export class NotFinalError extends ClearproofError {
  readonly code = 'NOT_FINAL';
}

/** What retiring an epoch dropped. */
export interface Retired {
  readonly witnesses: number;
  readonly plans: number;
  readonly snapshotParts: number;
  /** Rows of epochs beyond those whose receipts are served. */
  readonly places: number;
}

/** Tables that hold what was dropped until they are vacuumed. */
const EMPTIED = ['task', 'plan', 'plan_part', 'snapshot_part', 'place'] as const;

/**
 * Drops what a final epoch needs no more, in the caller's transaction: witnesses, the plan, the accounts it was planned
 * from unless another epoch that is not final uses them, and the places of epochs beyond the last `receiptEpochs` final
 * ones. Attestation, signals, proofs and the places of the last epochs stay. Again: nothing more is dropped.
 *
 * @throws NotFinalError
 */
export async function retireEpoch(sql: Sql, epoch: bigint, { receiptEpochs }: Retention): Promise<Retired> {
  const id = epoch.toString();
  const { rows: [row] } = await sql.query<{ venue: number; snapshot: string; state: string }>('select venue, snapshot, state from epoch where id = $1 for no key update', [id]);
  if (row?.state !== 'final') throw new NotFinalError(`epoch row ${epoch} is not final: nothing of it was dropped`, { epochRow: epoch });
  // Nobody can start an epoch from the snapshot while its parts go.
  await sql.query('select 1 from snapshot where id = $1::uuid for update', [row.snapshot]);
  const changed = async (text: string, values: readonly (string | number)[]): Promise<number> => (await sql.query(text, values)).changed;
  return {
    witnesses: await changed('update task set witness = null where epoch = $1 and witness is not null', [id]),
    plans: await changed('delete from plan where epoch = $1', [id]),
    snapshotParts: await changed(`
      delete from snapshot_part where snapshot = $1::uuid
      and not exists (select 1 from epoch where snapshot = $1::uuid and state <> 'final')`, [row.snapshot]),
    places: await changed(`
      delete from place using epoch where epoch.id = place.epoch and epoch.venue = $1 and epoch.state = 'final'
      and epoch.number <= (select number from epoch where venue = $1 and state = 'final' order by number desc offset $2 limit 1)`, [row.venue, receiptEpochs]),
  };
}

/** Final epochs of a venue that have places, by row: their tree files stay; those of others may go. */
export async function epochsWithPlaces(sql: Sql, venue: number): Promise<ReadonlySet<bigint>> {
  const { rows } = await sql.query<{ id: string }>('select id from epoch where venue = $1 and exists (select 1 from place where place.epoch = epoch.id)', [venue]);
  return new Set(rows.map(({ id }) => BigInt(id)));
}

/**
 * Overwrites nothing, but gives the room of dropped rows back for new ones, so that their bytes go sooner. Outside of any
 * transaction. A server's own autovacuum does it too, when it finds the time; an embedded database has none.
 */
export async function vacuum(database: Database): Promise<void> {
  for (const table of EMPTIED) await database.query(`vacuum ${table}`);
}
