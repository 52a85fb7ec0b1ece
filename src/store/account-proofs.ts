import type { VenueLocation } from '../attestation/attestation.js';
import { checksumAddress } from '../attestation/checksum-address.js';
import { ClearproofError } from '../error/clearproof-error.js';
import type { Database, Row, Sql } from './database.js';
import { digestOf } from './digest.js';

/** What may be asked for; needs nobody's secret. `market` is the table's commitment. */
export interface RowMarkRequest {
  readonly kind: 'row-mark';
  readonly market: string;
  readonly row: number;
}

/** A worker's hold on a requested proof; lost once `lease` is no longer the row's. */
export interface AccountProofLease {
  readonly id: string;
  readonly venue: number;
  readonly location: VenueLocation;
  readonly request: RowMarkRequest;
  readonly lease: bigint;
  readonly attempts: number;
}

export interface StoredAccountProof {
  readonly id: string;
  readonly request: RowMarkRequest;
  readonly state: 'ready' | 'active' | 'done' | 'dead';
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const USUAL_TRIES = 5;
const HELD = "id = $1::uuid and state = 'active' and lease = $2::bigint";

/** Proofs about one row, each made once however often it is asked for. Leases as those of steps: by the database's clock and by number. */
export class AccountProofs {
  /** @param tries of each in all */
  constructor(private readonly database: Database, private readonly tries = USUAL_TRIES) {}

  /** The proof of this request: a new one, or the one that was asked for before; one that was given up gets another round. */
  async request(venue: number, request: RowMarkRequest): Promise<StoredAccountProof> {
    const text = JSON.stringify({ kind: request.kind, market: request.market, row: request.row });
    const sha256 = digestOf(text);
    await this.database.query('insert into account_proof (venue, request_sha256, request) values ($1, $2, $3::jsonb) on conflict do nothing', [venue, sha256, text]);
    await this.database.query("update account_proof set state = 'ready', attempts = 0 where venue = $1 and request_sha256 = $2 and state = 'dead'", [venue, sha256]);
    const { rows } = await this.database.query('select id, request, state, result, error from account_proof where venue = $1 and request_sha256 = $2', [venue, sha256]);
    return proofOf(rows[0] as Row);
  }

  async find(venue: number, id: string): Promise<StoredAccountProof | undefined> {
    const { rows: [row] } = await this.database.query('select id, request, state, result, error from account_proof where venue = $1 and id::text = $2', [venue, id]);
    return row && proofOf(row);
  }

  /** The one that has waited longest. */
  async take(worker: string, leaseSeconds: number): Promise<AccountProofLease | undefined> {
    const { rows: [row] } = await this.database.query(`
      with taken as (
        update account_proof set state = 'active', lease = lease + 1, attempts = attempts + 1, worker = $1::uuid, lease_until = now() + $2 * interval '1 second'
        where id = (select id from account_proof where state = 'ready' order by requested_at, id limit 1 for update skip locked)
        returning id, venue, request, lease, attempts
      )
      select t.*, v.chain_id, v.registry, v.venue_id from taken t join venue v on v.id = t.venue`, [worker, leaseSeconds]);
    if (row === undefined) return undefined;
    return {
      id: String(row['id']), venue: Number(row['venue']), request: row['request'] as RowMarkRequest, lease: BigInt(String(row['lease'])), attempts: Number(row['attempts']),
      location: { chainId: BigInt(String(row['chain_id'])), registry: checksumAddress(String(row['registry'])), venueId: BigInt(String(row['venue_id'])) },
    };
  }

  /** False: the lease is lost. */
  async heartbeat({ id, lease }: AccountProofLease, leaseSeconds: number): Promise<boolean> {
    const { changed } = await this.database.query(`update account_proof set lease_until = now() + $3 * interval '1 second' where ${HELD}`, [id, lease.toString(), leaseSeconds]);
    return changed === 1;
  }

  /** Marks it done and runs `store`, both or neither. False: the lease is lost, `store` did not run. */
  finish({ id, lease }: AccountProofLease, store: (sql: Sql) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const { changed } = await sql.query(`update account_proof set state = 'done', worker = null, lease_until = null, error = null where ${HELD}`, [id, lease.toString()]);
      if (changed === 0) return false;
      await store(sql);
      return true;
    });
  }

  /** 'dead': that was the last try, or `again` is false. 'lost': the lease was, nothing changed. */
  async fail({ id, lease }: AccountProofLease, error: Error, again = true): Promise<'ready' | 'dead' | 'lost'> {
    const failure = error instanceof ClearproofError ? { code: error.code, message: error.message } : { code: 'INTERNAL', message: `unexpected ${error.name}; the worker's log says more` };
    const { rows: [row] } = await this.database.query(`
      update account_proof set state = case when $4 and attempts < $5 then 'ready' else 'dead' end, error = $3::jsonb, worker = null, lease_until = null
      where ${HELD} returning state`, [id, lease.toString(), JSON.stringify(failure), again, this.tries]);
    return row === undefined ? 'lost' : (row['state'] as 'ready' | 'dead');
  }

  /** Hands it back unfinished; the try does not count. */
  async release({ id, lease }: AccountProofLease): Promise<void> {
    await this.database.query(`update account_proof set state = 'ready', attempts = attempts - 1, worker = null, lease_until = null where ${HELD}`, [id, lease.toString()]);
  }

  /** Gives up leases that ran out; the try counts. */
  async sweep(): Promise<number> {
    const { changed } = await this.database.query(`
      update account_proof set state = case when attempts < $1 then 'ready' else 'dead' end, worker = null, lease_until = null,
        error = '{"code":"LEASE_EXPIRED","message":"its worker went silent: killed, out of memory, or cut off"}'::jsonb
      where state = 'active' and lease_until <= now()`, [this.tries]);
    return changed;
  }
}

/** Stores the result, in the transaction that ends the work. @param json public */
export async function storeAccountProof(sql: Sql, id: string, json: string): Promise<void> {
  await sql.query('update account_proof set result = $2::jsonb where id = $1::uuid', [id, json]);
}

function proofOf(row: Row): StoredAccountProof {
  return {
    id: String(row['id']), request: row['request'] as RowMarkRequest, state: row['state'] as StoredAccountProof['state'],
    result: row['result'], error: row['error'] as StoredAccountProof['error'],
  };
}
