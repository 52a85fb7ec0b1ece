import type { Sql } from './database.js';
import { digestOf, requireDigest, StoredDataDamagedError } from './digest.js';

/** A plan as it is stored: the sealed header, and its place lines, gzip, in tree order. Secret. */
export interface SealedPlan {
  readonly header: string;
  readonly parts: AsyncIterable<Uint8Array>;
}

/**
 * Stores an epoch's plan, in the caller's transaction, unless it has one: of two plans the first committed stands.
 *
 * @returns whether this one stands
 */
export async function storePlan(sql: Sql, epoch: bigint, { header, parts }: SealedPlan): Promise<boolean> {
  const { changed } = await sql.query(
    'insert into plan (epoch, header, sha256, parts) values ($1, $2, $3, 0) on conflict do nothing', [epoch.toString(), header, digestOf(header)],
  );
  if (changed === 0) return false;
  let part = 0;
  for await (const body of parts) {
    await sql.query('insert into plan_part (epoch, part, sha256, body) values ($1, $2, $3, $4)', [epoch.toString(), part, digestOf(body), body]);
    part += 1;
  }
  await sql.query('update plan set parts = $2 where epoch = $1', [epoch.toString(), part]);
  return true;
}

/** The sealed header, or undefined where there is no plan (yet, or any more). @throws StoredDataDamagedError */
export async function readPlanHeader(sql: Sql, epoch: bigint): Promise<string | undefined> {
  const { rows: [row] } = await sql.query<{ header: string; sha256: string }>('select header, sha256 from plan where epoch = $1', [epoch.toString()]);
  if (row === undefined) return undefined;
  requireDigest(row.header, row.sha256, `the plan of epoch row ${epoch}`);
  return row.header;
}

/** The parts of its places, in order. @throws StoredDataDamagedError also when one is missing */
export async function* readPlanParts(sql: Sql, epoch: bigint): AsyncGenerator<Uint8Array> {
  const { rows: [plan] } = await sql.query<{ parts: number }>('select parts from plan where epoch = $1', [epoch.toString()]);
  for (let part = 0; part < (plan?.parts ?? 0); part += 1) {
    const { rows: [row] } = await sql.query<{ sha256: string; body: Uint8Array }>('select sha256, body from plan_part where epoch = $1 and part = $2', [epoch.toString(), part]);
    const name = `part ${part} of the plan of epoch row ${epoch}`;
    if (row === undefined) throw new StoredDataDamagedError(`${name} is not there`, { name });
    requireDigest(row.body, row.sha256, name);
    yield row.body;
  }
}
