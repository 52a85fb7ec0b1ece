import type { Sql } from './database.js';
import type { StepKind } from './job-queue.js';

export type StepState = 'ready' | 'active' | 'done' | 'dead';

export interface StepRecord {
  /** Id of the epoch row. */
  readonly epoch: bigint;
  readonly name: string;
  readonly kind: StepKind;
  readonly state: StepState;
  readonly attempts: number;
  /** Of the last failed try; public. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Estimated constraints. */
  readonly cost: bigint;
  readonly startedAt: Date | null;
  readonly doneAt: Date | null;
}

interface StoredStep {
  readonly epoch: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly state: StepState;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly cost: string;
  readonly started_at: Date | null;
  readonly done_at: Date | null;
  readonly [column: string]: unknown;
}

const SELECT = 'select epoch, name, kind, state, attempts, error, cost, started_at, done_at from step';

/** All steps of an epoch, by name. `epoch` is the row's id. */
export async function listSteps(sql: Sql, epoch: bigint): Promise<readonly StepRecord[]> {
  return (await sql.query<StoredStep>(`${SELECT} where epoch = $1::bigint order by name`, [epoch.toString()])).rows.map(recordOf);
}

export async function findStep(sql: Sql, epoch: bigint, name: string): Promise<StepRecord | undefined> {
  const { rows } = await sql.query<StoredStep>(`${SELECT} where epoch = $1::bigint and name = $2`, [epoch.toString(), name]);
  return rows[0] && recordOf(rows[0]);
}

/** Steps that were given up, of all epochs of a venue. */
export async function listDeadSteps(sql: Sql, venue: number): Promise<readonly StepRecord[]> {
  return (await sql.query<StoredStep>(`${SELECT} where state = 'dead' and epoch in (select id from epoch where venue = $1) order by epoch, name`, [venue])).rows.map(recordOf);
}

/** How many steps of an epoch are in each state. */
export async function countSteps(sql: Sql, epoch: bigint): Promise<Readonly<Record<StepState, number>>> {
  const { rows } = await sql.query<{ state: StepState; steps: number }>('select state, count(*)::integer as steps from step where epoch = $1::bigint group by state', [epoch.toString()]);
  return { ready: 0, active: 0, done: 0, dead: 0, ...Object.fromEntries(rows.map(({ state, steps }) => [state, steps])) };
}

function recordOf({ epoch, cost, started_at: startedAt, done_at: doneAt, name, kind, state, attempts, error }: StoredStep): StepRecord {
  return { epoch: BigInt(epoch), name, kind, state, attempts, error, cost: BigInt(cost), startedAt, doneAt };
}
