import type { Row, Sql } from './database.js';

/** A signed transaction of an entry, stored before it is sent. */
export interface OutboxAttempt {
  readonly number: number;
  readonly sender: string;
  readonly nonce: number;
  /** Hex with 0x. */
  readonly raw: string;
  readonly hash: string;
  /** Wei a unit of gas. */
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
  readonly gasLimit: bigint;
  /** Does nothing but take a nonce that others left unused. */
  readonly filler: boolean;
  /** Whether a node took it, as far as is known. */
  readonly sent: boolean;
  /** Since it was first sent, or fell out of the chain, by the database's clock; 0 before. */
  readonly ageMs: number;
}

export type NewAttempt = Omit<OutboxAttempt, 'number' | 'sent' | 'ageMs'>;

const COLUMNS =
  'a.number, a.sender, a.nonce, a.raw, a.hash, a.max_fee, a.priority_fee, a.gas_limit, a.filler, a.sent_at is not null as sent, ' +
  'coalesce(extract(epoch from now() - a.sent_at) * 1000, 0) as age_ms';

/** All attempts of an entry, oldest first. */
export async function attemptsOf(sql: Sql, entry: bigint): Promise<readonly OutboxAttempt[]> {
  const { rows } = await sql.query(`select ${COLUMNS} from outbox_attempt a where a.outbox = $1::bigint order by a.number`, [entry.toString()]);
  return rows.map(attemptOf);
}

/** All attempts of a signer with one nonce, of whichever entry, oldest first. */
export async function attemptsAt(sql: Sql, sender: string, nonce: number): Promise<readonly OutboxAttempt[]> {
  const { rows } = await sql.query(
    `select ${COLUMNS} from outbox_attempt a where a.sender = $1 and a.nonce = $2 order by a.signed_at, a.outbox, a.number`, [sender, nonce],
  );
  return rows.map(attemptOf);
}

/** One above the highest nonce that an entry under way relies on; 0 without any. */
export async function nonceAfterAttempts(sql: Sql, sender: string): Promise<number> {
  const { rows } = await sql.query(
    `select coalesce(max(a.nonce) + 1, 0) as next from outbox_attempt a join outbox o on o.id = a.outbox
     where a.sender = $1 and o.state in ('sent', 'mined') and (a.nonce = o.nonce or a.filler)`, [sender],
  );
  return Number(rows[0]?.['next']);
}

/** The next attempt of an entry; the caller holds its lease. */
export async function insertAttempt(sql: Sql, entry: bigint, attempt: NewAttempt): Promise<OutboxAttempt> {
  const { rows } = await sql.query(
    `insert into outbox_attempt as a (outbox, number, sender, nonce, raw, hash, max_fee, priority_fee, gas_limit, filler)
     select $1::bigint, 1 + coalesce(max(number), 0), $2, $3, $4, $5, $6::numeric, $7::numeric, $8::numeric, $9
     from outbox_attempt where outbox = $1::bigint returning ${COLUMNS}`,
    [entry.toString(), attempt.sender, attempt.nonce, attempt.raw, attempt.hash, attempt.maxFee.toString(), attempt.priorityFee.toString(),
      attempt.gasLimit.toString(), attempt.filler],
  );
  return attemptOf(rows[0] as Row);
}

export async function markSent(sql: Sql, hash: string): Promise<void> {
  await sql.query('update outbox_attempt set sent_at = coalesce(sent_at, now()) where hash = $1', [hash]);
}

/** After a reorg: what was sent has its whole time again to be mined. */
export async function restartClock(sql: Sql, entry: bigint): Promise<void> {
  await sql.query('update outbox_attempt set sent_at = now() where outbox = $1::bigint and sent_at is not null', [entry.toString()]);
}

function attemptOf(row: Row): OutboxAttempt {
  return {
    number: Number(row['number']), sender: row['sender'] as string, nonce: Number(row['nonce']), raw: row['raw'] as string, hash: row['hash'] as string,
    maxFee: BigInt(row['max_fee'] as string), priorityFee: BigInt(row['priority_fee'] as string), gasLimit: BigInt(row['gas_limit'] as string),
    filler: row['filler'] as boolean, sent: row['sent'] as boolean, ageMs: Number(row['age_ms']),
  };
}
