import type { Database, Sql, SqlValue } from './database.js';
import { setEpochState } from './epochs.js';
import { appendEvent } from './events.js';
import { insertAttempt, markSent, restartClock, type NewAttempt, type OutboxAttempt } from './outbox-attempts.js';
import { OutboxLeaseLostError } from './outbox-errors.js';
import { ENTRY_COLUMNS, entryOf, epochUnder, type OutboxBlock, type OutboxEntry, type OutboxError } from './outbox.js';

/** Who wants to work on an entry. */
export interface OutboxClaim {
  /** Row of the venue. */
  readonly venue: number;
  /** Address whose nonces will be used. */
  readonly signer: string;
  /** Of the process, a UUID. */
  readonly worker: string;
  readonly leaseSeconds: number;
  /** Entries to leave out: those looked at before. */
  readonly except?: readonly bigint[];
}

/** Any number; one lock a signer. */
const SIGNER_LOCK = 60613;

/**
 * Takes the lease on what is due next, or nothing. One entry at a time for each signer: while one is leased, or signed and not in a
 * block, nothing else of that signer is begun. Leases run by the database's clock.
 */
export function leaseNext(database: Database, claim: OutboxClaim): Promise<LeasedEntry | undefined> {
  return database.transaction(async (sql) => {
    // now() is when the transaction began, at worst before others' changes: then leases look longer, never shorter.
    await lockSigner(sql, claim.signer);
    const { rows } = await sql.query(
      `update outbox o set lease = o.lease + 1, worker = $3, lease_until = now() + make_interval(secs => $4), signer = $2
       where o.id = (
         select c.id from outbox c
         where c.venue = $1 and c.state in ('pending', 'sent', 'mined') and (c.signer = $2 or c.nonce is null) and c.next_try_at <= now()
           and (c.lease_until is null or c.lease_until <= now()) and not (c.id = any($5::bigint[]))
           and not exists (select 1 from outbox b where b.signer = $2 and b.lease_until > now())
           and (c.state <> 'pending' or not exists (select 1 from outbox s where s.signer = $2 and s.state = 'sent'))
         order by case c.state when 'sent' then 0 when 'mined' then 1 else 2 end, c.epoch_number, c.kind, c.id
         limit 1 for update)
       returning ${ENTRY_COLUMNS}`,
      [claim.venue, claim.signer, claim.worker, claim.leaseSeconds, (claim.except ?? []).map(String)],
    );
    const row = rows[0];
    return row === undefined ? undefined : new LeasedEntry(database, entryOf(row), BigInt(row['lease'] as string), claim);
  });
}

async function lockSigner(sql: Sql, signer: string): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1, hashtext($2))', [SIGNER_LOCK, signer]);
}

/**
 * An entry under a lease. Every change first requires that the lease is still held, in the same transaction: who lost it changes
 * nothing. Methods throw OutboxLeaseLostError then.
 */
export class LeasedEntry {
  constructor(
    private readonly database: Database,
    /** As last stored under this lease. */
    public entry: OutboxEntry,
    private readonly lease: bigint,
    private readonly claim: Pick<OutboxClaim, 'signer' | 'leaseSeconds'>,
  ) {}

  /** Stores a signed transaction, which may be sent from then on. One that is no filler makes the entry 'sent', with its nonce. */
  async storeAttempt(attempt: NewAttempt): Promise<OutboxAttempt> {
    return this.change(async (sql) => {
      if (!attempt.filler) await this.set(sql, `state = 'sent', nonce = $2`, [attempt.nonce]);
      return insertAttempt(sql, this.entry.id, attempt);
    });
  }

  async noteSent(hash: string): Promise<void> {
    await this.change((sql) => markSent(sql, hash));
  }

  /** It stands in a block. @param transaction undefined where somebody else did it */
  async setMined(block: OutboxBlock, transaction: { readonly hash: string; readonly gasUsed: bigint } | undefined): Promise<void> {
    await this.change(async (sql) => {
      await this.set(sql, `state = 'mined', block_number = $2, block_hash = $3, transaction_hash = $4, gas_used = $5::numeric, attempts = 0, error = null`,
        [block.number, block.hash, transaction?.hash ?? null, transaction?.gasUsed.toString() ?? null]);
      await this.tell(sql, 'published');
    });
  }

  /** The block is gone from the chain. */
  async setUnmined(): Promise<void> {
    await this.change(async (sql) => {
      await this.set(sql, `state = case when o.nonce is null then 'pending' else 'sent' end, block_number = null, block_hash = null, transaction_hash = null, gas_used = null`);
      await restartClock(sql, this.entry.id);
      await this.tell(sql, 'publishing');
    });
  }

  /** As many blocks on top as configured. Ends the lease. */
  async setFinal(): Promise<void> {
    await this.change(async (sql) => {
      await this.set(sql, `state = 'final', error = null, lease_until = null`);
      await this.tell(sql, 'final');
    });
  }

  /** Given up, with the reason. Ends the lease. */
  async setDead(error: OutboxError): Promise<void> {
    await this.change(async (sql) => {
      await this.set(sql, `state = 'dead', error = $2::jsonb, attempts = o.attempts + 1, lease_until = null`, [JSON.stringify(error)]);
      await this.tell(sql, 'failed');
    });
  }

  /** Looked at again after a while. Ends the lease. @param refused counts it among the refusals in a row */
  async postpone(delayMs: number, error?: OutboxError, refused = false): Promise<void> {
    await this.change((sql) => this.set(sql, `next_try_at = now() + make_interval(secs => $2), error = coalesce($3::jsonb, o.error), attempts = o.attempts + $4, lease_until = null`,
      [delayMs / 1_000, error === undefined ? null : JSON.stringify(error), refused ? 1 : 0]));
  }

  /** Forgets why it waited: what was in its way is not any more. */
  async clearError(): Promise<void> {
    if (this.entry.error !== undefined) await this.change((sql) => this.set(sql, 'error = null'));
  }

  private change<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (sql) => {
      await lockSigner(sql, this.claim.signer);
      // Not now(), which is before the wait for the lock: meanwhile the lease may have run out and another entry begun.
      const { changed } = await sql.query(
        `update outbox set lease_until = now() + make_interval(secs => $3) where id = $1::bigint and lease = $2::bigint and lease_until > clock_timestamp() and state in ('pending', 'sent', 'mined')`,
        [this.entry.id.toString(), this.lease.toString(), this.claim.leaseSeconds],
      );
      if (changed === 0) throw new OutboxLeaseLostError(`the lease on ${this.entry.kind} of epoch ${this.entry.epoch} was lost: its next holder goes on from what is stored`);
      return work(sql);
    });
  }

  private async set(sql: Sql, assignments: string, values: readonly SqlValue[] = []): Promise<void> {
    const { rows } = await sql.query(`update outbox o set ${assignments} where o.id = $1::bigint returning ${ENTRY_COLUMNS}`, [this.entry.id.toString(), ...values]);
    if (rows[0] !== undefined) this.entry = entryOf(rows[0]);
  }

  /** The epoch's own state follows its submission, in the same transaction; and everybody who watches hears of it. */
  private async tell(sql: Sql, state: 'publishing' | 'published' | 'final' | 'failed'): Promise<void> {
    const { epoch, kind, block, transactionHash, error } = this.entry;
    const row = await epochUnder(sql, this.entry, ['publishing', 'published']);
    if (row !== undefined) await setEpochState(sql, row, state);
    const detail = { entry: kind, number: epoch, state: this.entry.state, transaction: transactionHash ?? null, block: block?.number ?? null, error: error?.code ?? null };
    await appendEvent(sql, { ...(row === undefined ? {} : { epoch: row }), kind: 'publication', detail });
  }
}
