import type { Sql } from './database.js';

/** Whether all proofs of an epoch are made when `step` is. Of several who ask at once in their transactions, one is told so. */
export async function isLastProof(sql: Sql, epoch: bigint, step: string): Promise<boolean> {
  // Whoever asks second waits for the first to commit, and then sees its step done.
  await sql.query('select id from epoch where id = $1 for no key update', [epoch.toString()]);
  const { rows } = await sql.query(`select 1 from step where epoch = $1 and kind = 'prove' and state <> 'done' and name <> $2 limit 1`, [epoch.toString(), step]);
  return rows.length === 0;
}

/** Whether nothing more will be asked of an epoch's secrets: it is final on chain and its receipts are ready. `finishing` counts as done. */
export async function isFinished(sql: Sql, epoch: bigint, finishing: string): Promise<boolean> {
  await sql.query('select id from epoch where id = $1 for no key update', [epoch.toString()]);
  const { rows } = await sql.query(`
    select 1 from epoch e join step s on s.epoch = e.id and s.name = 'receipts' and (s.state = 'done' or s.name = $2)
    where e.id = $1 and e.state = 'final'`, [epoch.toString(), finishing]);
  return rows.length > 0;
}
