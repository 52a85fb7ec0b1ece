import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from './database.js';

export type Role = 'operator' | 'publisher' | 'auditor' | 'user';

export interface NewAccessToken {
  readonly role: Role;
  /** Whose receipts a 'user' may read; for that role only. */
  readonly userId?: string | undefined;
  readonly label: string;
  /** Until it expires; never when undefined. */
  readonly days?: number | undefined;
}

export interface AccessToken {
  readonly id: string;
  readonly role: Role;
  readonly userId: string | null;
  readonly label: string;
  readonly madeAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

interface StoredToken {
  readonly id: string;
  readonly role: Role;
  readonly user_id: string | null;
  readonly label: string;
  readonly made_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly [column: string]: unknown;
}

const TOKEN = /^cp_[A-Za-z0-9_-]{43}$/;
const COLUMNS = 'id, role, user_id, label, made_at, expires_at, revoked_at';

/** `token` is 256 random bits; only its SHA-256 is kept, so it can be shown this once. */
export async function createAccessToken(sql: Sql, { role, userId, label, days }: NewAccessToken): Promise<AccessToken & { readonly token: string }> {
  const token = `cp_${randomBytes(32).toString('base64url')}`;
  const { rows } = await sql.query<StoredToken>(`
    insert into access_token (sha256, role, user_id, label, expires_at) values ($1, $2, $3, $4, now() + $5::double precision * interval '1 day') returning ${COLUMNS}`,
  [sha256Of(token), role, userId ?? null, label, days ?? null]);
  return { ...tokenOf(rows[0] as StoredToken), token };
}

/** What a token opens; undefined when it is none of ours, expired or revoked. `token` may be any text. */
export async function findAccessToken(sql: Sql, token: string): Promise<AccessToken | undefined> {
  if (!TOKEN.test(token)) return undefined;
  const { rows } = await sql.query<StoredToken>(`
    select ${COLUMNS} from access_token where sha256 = $1 and revoked_at is null and (expires_at is null or expires_at > now())`, [sha256Of(token)]);
  return rows[0] && tokenOf(rows[0]);
}

/** All, newest first; expired and revoked ones too. */
export async function listAccessTokens(sql: Sql): Promise<readonly AccessToken[]> {
  const { rows } = await sql.query<StoredToken>(`select ${COLUMNS} from access_token order by made_at desc, id`);
  return rows.map(tokenOf);
}

/** From now on it opens nothing. Again: the time of the first. Undefined when there is none with that id, which may be any text. */
export async function revokeAccessToken(sql: Sql, id: string): Promise<AccessToken | undefined> {
  const { rows } = await sql.query<StoredToken>(`update access_token set revoked_at = coalesce(revoked_at, now()) where id::text = $1 returning ${COLUMNS}`, [id.toLowerCase()]);
  return rows[0] && tokenOf(rows[0]);
}

function tokenOf(row: StoredToken): AccessToken {
  return { id: row.id, role: row.role, userId: row.user_id, label: row.label, madeAt: row.made_at, expiresAt: row.expires_at, revokedAt: row.revoked_at };
}

function sha256Of(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
