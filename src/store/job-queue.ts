import PgBoss from 'pg-boss';
import type { Database, Row, Sql, SqlValue } from './database.js';

/** Kinds of steps; each has a queue of its name. */
export const STEP_KINDS = ['plan', 'prove', 'attest', 'publish', 'receipts', 'retire'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export interface RetryOptions {
  /** Tries of a step in all, at least 1. */
  readonly tries: number;
  /** Before the second try; about twice as long before each further one. */
  readonly delaySeconds: number;
}

export const USUAL_RETRIES: RetryOptions = { tries: 5, delaySeconds: 5 };

/** What a job is about: a row of table step. */
export interface JobSubject {
  /** Of the epoch row. */
  readonly epoch: bigint;
  readonly name: string;
}

export interface Job extends JobSubject {
  readonly id: string;
  readonly kind: StepKind;
}

const SCHEMA = 'clearproof_jobs';
const INSTALL_LOCK = '4918273647';
const DEAD_LETTERS = 'dead-letter';
/** The longest pg-boss knows, since leases say when work has stopped; a step that takes longer goes on, only its job has to be sent again. */
const EXPIRE_HOURS = 23;
const MAINTENANCE_SECONDS = 60;

/**
 * pg-boss in schema clearproof_jobs: dispatch, delayed retries, their bound, dead letters. Every call joins the transaction of the Sql it
 * is given, so that a row and its job are there both or neither. pg-boss' own timers are off: whoever sweeps calls `maintain`.
 */
export class JobQueue {
  readonly #boss: PgBoss;

  constructor(private readonly database: Database, readonly retries: RetryOptions = USUAL_RETRIES) {
    if (!Number.isSafeInteger(retries.tries) || retries.tries < 1) throw new RangeError(`a step needs at least one try, not ${retries.tries}`);
    this.#boss = pgBoss(database);
  }

  /** Makes schema and queues where they lack. Many processes may do so together. */
  async start(): Promise<void> {
    await this.database.transaction(install);
    await this.#boss.start();
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }

  /** `tries` that are left, at least 1. */
  async send(sql: Sql, jobs: readonly (Job & { readonly tries: number })[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#boss.insert(jobs.map(({ id, kind, epoch, name, tries }) => ({
      id,
      name: kind,
      data: dataOf({ epoch, name }),
      retryLimit: tries - 1,
      retryDelay: this.retries.delaySeconds,
      retryBackoff: true,
      expireInSeconds: EXPIRE_HOURS * 3600,
      deadLetter: DEAD_LETTERS,
    })), { db: pgBossConnection(sql) });
  }

  /** Takes a job whose time has come; nobody else gets it once the transaction is committed. */
  async fetch(sql: Sql, kind: StepKind): Promise<Job | undefined> {
    // pg-boss swallows errors of this statement; the transaction remembers them and does not commit.
    const [job] = await this.#boss.fetch<{ epoch: string; name: string }>(kind, { db: pgBossConnection(sql) });
    return job && { id: job.id, kind, epoch: BigInt(job.data.epoch), name: job.data.name };
  }

  async complete(sql: Sql, kind: StepKind, id: string): Promise<void> {
    await this.#boss.complete(kind, id, {}, { db: pgBossConnection(sql) });
  }

  async remove(sql: Sql, kind: StepKind, id: string): Promise<void> {
    await this.#boss.deleteJob(kind, id, { db: pgBossConnection(sql) });
  }

  /** 'retry': comes again after its delay. 'failed': was the last try, or not `again`; is among the dead letters. 'lost': no such job. */
  async fail(sql: Sql, kind: StepKind, id: string, reason: { readonly code: string; readonly message: string }, again: boolean): Promise<'retry' | 'failed' | 'lost'> {
    if (!again) await sql.query(`update ${SCHEMA}.job set retry_limit = retry_count where name = $1 and id = $2::uuid and state = 'active'`, [kind, id]);
    await this.#boss.fail(kind, id, { ...reason }, { db: pgBossConnection(sql) });
    const { rows } = await sql.query(`select state::text from ${SCHEMA}.job where name = $1 and id = $2::uuid`, [kind, id]);
    const state = rows[0]?.['state'];
    return state === 'retry' || state === 'failed' ? state : 'lost';
  }

  /** Puts a step whose job is lost among the dead letters. */
  async bury(sql: Sql, subject: JobSubject): Promise<void> {
    await this.#boss.send(DEAD_LETTERS, dataOf(subject), { db: pgBossConnection(sql) });
  }

  async unbury(sql: Sql, { epoch, name }: JobSubject): Promise<void> {
    await sql.query(`delete from ${SCHEMA}.job where name = '${DEAD_LETTERS}' and data->>'epoch' = $1 and data->>'name' = $2`, [epoch.toString(), name]);
  }

  /** All jobs and dead letters of an epoch row. */
  async removeEpoch(sql: Sql, epoch: bigint): Promise<void> {
    await sql.query(`delete from ${SCHEMA}.job where data->>'epoch' = $1`, [epoch.toString()]);
  }

  async deadLetters(sql: Sql): Promise<readonly JobSubject[]> {
    const { rows } = await sql.query(`select data->>'epoch' as epoch, data->>'name' as name from ${SCHEMA}.job where name = '${DEAD_LETTERS}' order by created_on, id`);
    return rows.map(({ epoch, name }) => ({ epoch: BigInt(String(epoch)), name: String(name) }));
  }

  /** Archives and drops old jobs, at most once a minute among all processes. */
  async maintain(): Promise<void> {
    const due = await this.database.query(
      `update ${SCHEMA}.version set maintained_on = now() where maintained_on is null or maintained_on < now() - $1 * interval '1 second'`, [MAINTENANCE_SECONDS]);
    if (due.changed > 0) await this.#boss.maintain();
  }
}

/** SQL condition: the job of table `step`'s row waits in its queue. */
export const JOB_IS_WAITING = `exists (select 1 from ${SCHEMA}.job where job.name = step.kind and job.id = step.job and job.state in ('created', 'retry'))`;

function pgBoss(sql: Sql): PgBoss {
  const boss = new PgBoss({ db: pgBossConnection(sql), schema: SCHEMA, supervise: false, schedule: false });
  // Nothing of pg-boss runs by itself, so nothing should arrive; an unheard 'error' event would end the process.
  boss.on('error', () => undefined);
  return boss;
}

/**
 * pg-boss' own installation fails when two begin together: waiting for its lock does not refresh what a session knows of schemas, and
 * making queues side by side deadlocks. Here a lock comes first, and a look into the catalog, which does refresh it.
 */
async function install(sql: Sql): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(${INSTALL_LOCK})`);
  const { rows: schemas } = await sql.query('select 1 from pg_namespace where nspname = $1', [SCHEMA]);
  // This transaction in place of the script's own.
  if (schemas.length === 0) await sql.script(PgBoss.getConstructionPlans(SCHEMA).replace(/^\s*BEGIN;/, '').replace(/COMMIT;\s*$/, ''));
  const { rows } = await sql.query(`select name from ${SCHEMA}.queue`);
  const boss = pgBoss(sql);
  // Dead letters first: the others refer to it.
  for (const name of [DEAD_LETTERS, ...STEP_KINDS].filter((wanted) => !rows.some((row) => row['name'] === wanted))) {
    await boss.createQueue(name, name === DEAD_LETTERS ? { name } : { name, deadLetter: DEAD_LETTERS });
  }
}

function dataOf({ epoch, name }: JobSubject): { epoch: string; name: string } {
  return { epoch: epoch.toString(), name };
}

/** pg-boss' statements without parameters may be scripts with a transaction of their own. */
function pgBossConnection(sql: Sql): PgBoss.Db {
  return {
    executeSql: async (text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }> => ({
      rows: values === undefined || values.length === 0 ? [...await sql.script(text)] : [...(await sql.query(text, values.map(parameter))).rows],
    }),
  };
}

/** pg-boss gives JSON as objects and what is not set as undefined. */
function parameter(value: unknown): SqlValue {
  if (value === undefined) return null;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)) return JSON.stringify(value);
  return value as SqlValue;
}
