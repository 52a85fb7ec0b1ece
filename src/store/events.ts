import type { Database, Row, Sql } from './database.js';

/** Public values only. */
export type EventDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface NewEvent {
  /** Id of the epoch row; undefined when it is about none. */
  readonly epoch?: bigint;
  readonly kind: string;
  readonly detail: EventDetail;
}

export interface StoreEvent extends NewEvent {
  /** Without gaps from 1. Whoever has read up to one has missed none before it. */
  readonly sequence: bigint;
  readonly at: Date;
}

const NUMBERING_LOCK = '4918273646';

/** In the caller's transaction: what is said to have happened has. */
export async function appendEvent(sql: Sql, { epoch, kind, detail }: NewEvent): Promise<void> {
  await sql.query('insert into event (epoch, kind, detail) values ($1::bigint, $2, $3::jsonb)', [epoch?.toString() ?? null, kind, JSON.stringify(detail)]);
}

/** What happened after `after` (0: from the start), oldest first, of one epoch or of all. */
export async function readEvents(database: Database, after: bigint, limit: number, epoch?: bigint): Promise<readonly StoreEvent[]> {
  await numberEvents(database);
  const { rows } = await database.query(`
    select sequence, at, epoch, kind, detail from event
    where sequence > $1::bigint and ($3::bigint is null or epoch = $3::bigint) order by sequence limit $2`,
  [after.toString(), limit, epoch?.toString() ?? null]);
  return rows.map(eventOf);
}

/**
 * Transactions commit in another order than the ids their rows got, so a reader that goes by id would pass one by. Numbers are given
 * to committed rows only, by one reader at a time.
 */
async function numberEvents(database: Database): Promise<void> {
  const { rows } = await database.query('select 1 from event where sequence is null limit 1');
  if (rows.length === 0) return;
  await database.transaction(async (sql) => {
    await sql.query(`select pg_advisory_xact_lock(${NUMBERING_LOCK})`);
    await sql.query(`
      update event set sequence = numbered.sequence
      from (select id, (select coalesce(max(sequence), 0) from event) + row_number() over (order by id) as sequence from event where sequence is null) as numbered
      where event.id = numbered.id`);
  });
}

function eventOf(row: Row): StoreEvent {
  const epoch = row['epoch'] as string | null;
  return {
    sequence: BigInt(String(row['sequence'])),
    at: row['at'] as Date,
    kind: String(row['kind']),
    detail: row['detail'] as EventDetail,
    ...(epoch === null ? {} : { epoch: BigInt(epoch) }),
  };
}
