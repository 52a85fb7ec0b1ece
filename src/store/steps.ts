import { randomUUID } from 'node:crypto';
import { ClearproofError } from '../error/clearproof-error.js';
import type { Database, Row, Sql } from './database.js';
import { EpochRefusedError, setEpochState, type EpochState } from './epochs.js';
import { appendEvent } from './events.js';
import { JOB_IS_WAITING, type JobQueue, type StepKind } from './job-queue.js';

export interface NewStep {
  /** Id of the epoch row. */
  readonly epoch: bigint;
  readonly name: string;
  readonly kind: StepKind;
  /** Estimated constraints; 0 where nothing is proven. */
  readonly cost?: number;
}

/** A worker's hold on a step. It is lost once `lease` is no longer the row's. */
export interface StepLease {
  /** Id of the epoch row. */
  readonly epoch: bigint;
  readonly name: string;
  readonly kind: StepKind;
  readonly lease: bigint;
  /** Tries in this round, this one included. */
  readonly attempts: number;
}

/** There is no such step, or it was not given up. */
export class StepNotDeadError extends ClearproofError {
  readonly code = 'STEP_NOT_DEAD';
}

/** Without these there is no attestation: an epoch that gives one up has failed. What comes later has its own dead letters. */
const PROVING_KINDS: readonly StepKind[] = ['plan', 'prove', 'attest'];
/** Rows that one sweep handles; the next comes soon. */
const SWEEP_ROWS = 500;
const HELD = "epoch = $1::bigint and name = $2 and state = 'active' and lease = $3::bigint";

interface Failure { readonly code: string; readonly message: string }

/**
 * Work on epochs, once however often it is asked for. Who does a step holds its lease, by the database's clock and by number:
 * whoever lost it can no longer change anything.
 */
export class Steps {
  constructor(private readonly database: Database, readonly jobs: JobQueue) {}

  /** Inserts the steps that are not there and sends their jobs, in the caller's transaction. Gives how many were new. */
  async add(sql: Sql, steps: readonly NewStep[]): Promise<number> {
    if (steps.length === 0) return 0;
    // In one order everywhere: two transactions that insert the same keys crosswise would wait for each other.
    const sorted = [...steps].sort((left, right) => (left.epoch < right.epoch ? -1 : left.epoch > right.epoch ? 1 : left.name < right.name ? -1 : 1));
    const { rows } = await sql.query(`
      insert into step (epoch, name, kind, cost, job)
      select epoch::bigint, name, kind, cost::bigint, gen_random_uuid() from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as new (epoch, name, kind, cost)
      on conflict do nothing returning epoch, name, kind, job`,
    [sorted.map(({ epoch }) => epoch.toString()), sorted.map(({ name }) => name), sorted.map(({ kind }) => kind), sorted.map(({ cost = 0 }) => cost.toString())]);
    await this.jobs.send(sql, rows.map((row) => ({ ...subjectOf(row), id: String(row['job']), tries: this.jobs.retries.tries })));
    return rows.length;
  }

  /** A step of one of these kinds, in their order, or undefined when none is due. `worker` is a UUID. */
  take(kinds: readonly StepKind[], worker: string, leaseSeconds: number): Promise<StepLease | undefined> {
    return this.database.transaction(async (sql) => {
      for (const kind of kinds) {
        for (let job = await this.jobs.fetch(sql, kind); job !== undefined; job = await this.jobs.fetch(sql, kind)) {
          const { rows } = await sql.query(`
            update step set state = 'active', lease = lease + 1, attempts = attempts + 1, worker = $4::uuid, lease_until = now() + $5 * interval '1 second', started_at = now()
            where epoch = $1::bigint and name = $2 and state = 'ready' and job = $3::uuid returning lease, attempts`,
          [job.epoch.toString(), job.name, job.id, worker, leaseSeconds]);
          if (rows[0] !== undefined) return { epoch: job.epoch, name: job.name, kind, lease: BigInt(String(rows[0]['lease'])), attempts: Number(rows[0]['attempts']) };
          // The row is done, dead, or somebody works on it: its job came back after pg-boss' own expiry.
          await this.jobs.complete(sql, kind, job.id);
        }
      }
      return undefined;
    });
  }

  /** False: the lease is lost; stop working. */
  async heartbeat(lease: StepLease, leaseSeconds: number): Promise<boolean> {
    const { changed } = await this.database.query(`update step set lease_until = now() + $4 * interval '1 second' where ${HELD}`, [...keyOf(lease), leaseSeconds]);
    return changed === 1;
  }

  /**
   * Marks the step done and runs `store`, both or neither. False: the lease is lost, `store` did not run.
   * After DatabaseUnavailableError it may stand nevertheless; finishing again then gives false.
   */
  finish(lease: StepLease, store: (sql: Sql) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const { rows } = await sql.query(`update step set state = 'done', done_at = now(), worker = null, lease_until = null, error = null where ${HELD} returning job`, keyOf(lease));
      if (rows[0] === undefined) return false;
      await this.jobs.complete(sql, lease.kind, String(rows[0]['job']));
      await store(sql);
      return true;
    });
  }

  /** 'ready': another try comes after a while. 'dead': that was the last, or `again` is false. 'lost': the lease was, nothing changed. */
  fail(lease: StepLease, error: Error, again = true): Promise<'ready' | 'dead' | 'lost'> {
    return this.database.transaction(async (sql) => {
      const { rows } = await sql.query(`select epoch, name, kind, job, attempts from step where ${HELD} for update`, keyOf(lease));
      return rows[0] === undefined ? 'lost' : this.#failRow(sql, rows[0], failureOf(error), again);
    });
  }

  /** Hands the step back unfinished; the try does not count. Nothing happens when the lease is lost. */
  release(lease: StepLease): Promise<void> {
    return this.database.transaction(async (sql) => {
      const { rows } = await sql.query(`select epoch, name, kind, job, attempts from step where ${HELD} for update`, keyOf(lease));
      if (rows[0] === undefined) return;
      await this.jobs.remove(sql, lease.kind, String(rows[0]['job']));
      await this.#makeReady(sql, rows[0], Number(rows[0]['attempts']) - 1);
    });
  }

  /** Gives up leases that ran out (the try counts) and sends jobs again that were lost. Gives the number of leases. Call it often, from everywhere. */
  async sweep(): Promise<number> {
    const expired = await this.database.transaction(async (sql) => {
      const { rows } = await sql.query(`
        select epoch, name, kind, job, attempts from step where state = 'active' and lease_until <= now()
        order by epoch, name limit ${SWEEP_ROWS} for update skip locked`);
      for (const row of rows) await this.#failRow(sql, row, { code: 'LEASE_EXPIRED', message: 'its worker went silent: killed, out of memory, or cut off' }, true);
      return rows.length;
    });
    await this.database.transaction(async (sql) => {
      const { rows } = await sql.query(`
        select epoch, name, kind, job, attempts from step where state = 'ready' and not ${JOB_IS_WAITING}
        order by epoch, name limit ${SWEEP_ROWS} for update skip locked`);
      for (const row of rows) await this.#makeReady(sql, row, Number(row['attempts']));
    });
    await this.jobs.maintain();
    return expired;
  }

  /** Another round of tries for a dead step. StepNotDeadError when it is not, EpochRefusedError when the store has other keys by now. */
  retry(epoch: bigint, name: string): Promise<void> {
    return this.database.transaction(async (sql) => {
      const { rows } = await sql.query("select epoch, name, kind, job, attempts from step where epoch = $1::bigint and name = $2 and state = 'dead' for update", [epoch.toString(), name]);
      if (rows[0] === undefined) throw new StepNotDeadError(`step ${name} is not among those given up; list them first`, { step: name });
      const { rows: others } = await sql.query('select 1 from epoch, pin where id = $1::bigint and epoch.manifest_sha256 <> pin.manifest_sha256', [epoch.toString()]);
      if (others.length > 0) throw new EpochRefusedError('the store was pinned to other keys since this epoch began: start the epoch again, with its number and a snapshot', { step: name });
      await this.jobs.unbury(sql, { epoch, name });
      await this.#makeReady(sql, rows[0], 0);
      await this.#takeUp(sql, epoch);
    });
  }

  /** An epoch that failed is under way again once none of the steps that lead to its attestation is given up. */
  async #takeUp(sql: Sql, epoch: bigint): Promise<void> {
    const { rows } = await sql.query<{ state: EpochState }>(`
      select case when accounts_root is null then 'planning' else 'proving' end as state from epoch
      where id = $1::bigint and state = 'failed' and not exists (select from step where epoch = $1::bigint and state = 'dead' and kind = any($2::text[]))
        and not exists (select from attestation where epoch = $1::bigint) for update`, [epoch.toString(), PROVING_KINDS]);
    if (rows[0] !== undefined) await setEpochState(sql, epoch, rows[0].state);
  }

  /** With a new job, since pg-boss counts the fetches of the old one. */
  async #makeReady(sql: Sql, row: Row, attempts: number): Promise<void> {
    const subject = subjectOf(row);
    const id = randomUUID();
    await sql.query("update step set state = 'ready', attempts = $3, job = $4::uuid, worker = null, lease_until = null where epoch = $1::bigint and name = $2",
      [subject.epoch.toString(), subject.name, attempts, id]);
    await this.jobs.send(sql, [{ ...subject, id, tries: Math.max(1, this.jobs.retries.tries - attempts) }]);
  }

  async #failRow(sql: Sql, row: Row, failure: Failure, again: boolean): Promise<'ready' | 'dead'> {
    const subject = subjectOf(row);
    const key = [subject.epoch.toString(), subject.name];
    await sql.query('update step set error = $3::jsonb where epoch = $1::bigint and name = $2', [...key, JSON.stringify(failure)]);
    let outcome = await this.jobs.fail(sql, subject.kind, String(row['job']), failure, again);
    if (outcome === 'lost') {
      const attempts = Number(row['attempts']);
      if (again && attempts < this.jobs.retries.tries) {
        await this.#makeReady(sql, row, attempts);
        return 'ready';
      }
      await this.jobs.bury(sql, subject);
      outcome = 'failed';
    }
    const state = outcome === 'retry' ? 'ready' : 'dead';
    await sql.query('update step set state = $3, worker = null, lease_until = null where epoch = $1::bigint and name = $2', [...key, state]);
    if (state === 'dead' && PROVING_KINDS.includes(subject.kind)) await setEpochState(sql, subject.epoch, 'failed');
    if (state === 'dead') await appendEvent(sql, { epoch: subject.epoch, kind: 'step-dead', detail: { step: subject.name, code: failure.code } });
    return state;
  }
}

function keyOf({ epoch, name, lease }: StepLease): readonly string[] {
  return [epoch.toString(), name, lease.toString()];
}

function subjectOf(row: Row): { readonly epoch: bigint; readonly name: string; readonly kind: StepKind } {
  return { epoch: BigInt(String(row['epoch'])), name: String(row['name']), kind: row['kind'] as StepKind };
}

/** Messages of this project's errors hold no secrets; of others nobody knows. */
function failureOf(error: Error): Failure {
  if (error instanceof ClearproofError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: `unexpected ${error.name}; the worker's log says more` };
}
