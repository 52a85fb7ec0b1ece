import type { Sql } from './database.js';
import { appendEvent } from './events.js';
import type { JobQueue } from './job-queue.js';
import type { NewEpoch } from './epochs.js';

/** Tables of what was made for an epoch, those first that refer to others. */
const MADE_FOR = ['attestation', 'proof', 'task', 'place', 'figures', 'plan', 'step'] as const;

/** An entry of the outbox that was given up before anything was signed for it. */
const NEVER_SENT = `o.venue = e.venue and o.epoch_number = e.number and o.kind = 'submit-epoch' and o.state = 'dead'
  and not exists (select from outbox_attempt where outbox = o.id)`;

/**
 * Makes room for another try at an epoch that failed, in a transaction: its number must be published sooner or later, since the registry
 * takes numbers in order, and neither a snapshot that cannot be planned nor keys that were replaced may stand in the way for ever.
 * Nothing happens unless it failed, nothing of it can be on its way to the chain, and now snapshot, circuits or keys are others. What was
 * attested and given up before it was ever signed, as when its snapshot had grown too old, was never on the way.
 *
 * The row goes, and with it all that was made, so that whoever still works on the old one can store nothing. Its events stay, without
 * their epoch. The next one has a row of its own.
 */
export async function discardFailedEpoch(sql: Sql, jobs: JobQueue, { venue, number, snapshot, circuits }: NewEpoch): Promise<boolean> {
  const { rows: [row] } = await sql.query<{ id: string; snapshot: string; attested: boolean }>(`
    select e.id, e.snapshot, exists (select from attestation where epoch = e.id) as attested from epoch e, pin
    where e.venue = $1 and e.number = $2::bigint and e.state = 'failed'
      and (e.snapshot::text <> $3 or e.circuits <> $4::text[] or e.manifest_sha256 <> pin.manifest_sha256)
    for update of e`, [venue, number.toString(), snapshot.toLowerCase(), circuits]);
  if (row === undefined) return false;
  const { changed } = await sql.query(`delete from outbox o using epoch e where e.id = $1::bigint and ${NEVER_SENT}`, [row.id]);
  if (row.attested && changed === 0) return false;
  await jobs.removeEpoch(sql, BigInt(row.id));
  for (const table of MADE_FOR) await sql.query(`delete from ${table} where epoch = $1::bigint`, [row.id]);
  await sql.query('update event set epoch = null where epoch = $1::bigint', [row.id]);
  await sql.query('delete from epoch where id = $1::bigint', [row.id]);
  await sql.query('delete from snapshot_part where snapshot = $1::uuid and not exists (select from epoch where snapshot = $1::uuid) and $1 <> $2', [row.snapshot, snapshot.toLowerCase()]);
  await appendEvent(sql, { kind: 'epoch-discarded', detail: { number: number.toString(), snapshot: row.snapshot } });
  return true;
}
