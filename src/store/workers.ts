import type { Sql } from './database.js';
import type { StepKind } from './job-queue.js';
import { assertPinned, type Pin } from './pins.js';

export interface NewWorker extends Pin {
  /** A UUID, new for each process. */
  readonly id: string;
  readonly host: string;
  readonly process: number;
  readonly kinds: readonly StepKind[];
}

export interface WorkerRecord extends NewWorker {
  readonly startedAt: Date;
  readonly seenAt: Date;
  /** When it signed off, or was last seen before it went silent. */
  readonly stoppedAt: Date | null;
}

/** Above the longest pause between two signs of life. */
const SILENCE_MINUTES = 60;

/** WorkerRefusedError when it differs from the pin; the first worker of a store pins it. */
export async function registerWorker(sql: Sql, worker: NewWorker): Promise<void> {
  await assertPinned(sql, worker);
  await sql.query('insert into worker (id, host, process, program, manifest_sha256, kinds) values ($1::uuid, $2, $3, $4, $5, $6)',
    [worker.id, worker.host, worker.process, worker.program, worker.manifestSha256, worker.kinds]);
}

/** Says that it lives. WorkerRefusedError once the store has been pinned to something else. */
export async function workerSeen(sql: Sql, { id, program, manifestSha256 }: Pick<NewWorker, 'id'> & Pin): Promise<void> {
  await assertPinned(sql, { program, manifestSha256 });
  await sql.query('update worker set seen_at = now() where id = $1::uuid', [id]);
}

export async function workerStopped(sql: Sql, id: string): Promise<void> {
  await sql.query('update worker set seen_at = now(), stopped_at = now() where id = $1::uuid', [id]);
}

/** Newest first. */
export async function listWorkers(sql: Sql): Promise<readonly WorkerRecord[]> {
  const { rows } = await sql.query<{
    id: string; host: string; process: number; program: string; manifest_sha256: string; kinds: StepKind[]; started_at: Date; seen_at: Date; stopped_at: Date | null;
  }>(`
    select id, host, process, program, manifest_sha256, kinds, started_at, seen_at,
      coalesce(stopped_at, case when seen_at < now() - $1 * interval '1 minute' then seen_at end) as stopped_at
    from worker order by started_at desc, id`, [SILENCE_MINUTES]);
  return rows.map((row) => ({
    id: row.id, host: row.host, process: row.process, program: row.program, manifestSha256: row.manifest_sha256, kinds: row.kinds,
    startedAt: row.started_at, seenAt: row.seen_at, stoppedAt: row.stopped_at,
  }));
}

/** Drops the rows of workers that nobody has seen for so long. Gives how many. */
export async function forgetWorkers(sql: Sql, days: number): Promise<number> {
  return (await sql.query("delete from worker where seen_at < now() - $1 * interval '1 day'", [days])).changed;
}
