import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ClearproofError } from '../error/clearproof-error.js';
import type { Database, Sql } from './database.js';
import { digestOf } from './digest.js';

/** The upload was swept, or the parts of a published snapshot are no longer kept. */
export class SnapshotGoneError extends ClearproofError {
  readonly code = 'SNAPSHOT_GONE';
}

/** What is stored is not what was uploaded. */
export class SnapshotDamagedError extends ClearproofError {
  readonly code = 'SNAPSHOT_DAMAGED';
}

export interface SnapshotRecord {
  readonly id: string;
  /** Of the venue row. */
  readonly venue: number;
  /** Commitment of the market table it was checked against. */
  readonly market: bigint;
  /** Of the canonical NDJSON of all accounts. */
  readonly sha256: string;
  readonly accounts: number;
  /** Sentences that say what keeps it from being proven. */
  readonly findings: readonly string[];
}

/** Of what a part may hold before compression, so that neither reading nor writing one needs more. */
const MAX_PART_BYTES = 16 * 1024 * 1024;

/** Takes in the canonical NDJSON of a snapshot part by part. Nobody sees it before `finish`; what breaks off is swept. */
export class SnapshotUpload {
  readonly #hash = createHash('sha256');
  #parts = 0;

  private constructor(private readonly database: Database, readonly id: string, private readonly venue: number, private readonly market: bigint) {}

  static async begin(database: Database, { venue, market }: { readonly venue: number; readonly market: bigint }): Promise<SnapshotUpload> {
    const { rows } = await database.query<{ id: string }>('insert into snapshot (venue, market) values ($1, $2::numeric) returning id', [venue, market.toString()]);
    return new SnapshotUpload(database, (rows[0] as { id: string }).id, venue, market);
  }

  /** The next part: whole lines, up to 16 MiB. One after another. */
  async add(ndjson: Uint8Array): Promise<void> {
    if (ndjson.length > MAX_PART_BYTES) throw new RangeError(`a part of ${ndjson.length} bytes; ${MAX_PART_BYTES} at most`);
    const body = await promisify(gzip)(ndjson, { level: 6 });
    await this.database.transaction(async (sql) => {
      await this.#touch(sql);
      await sql.query('insert into snapshot_part (snapshot, part, sha256, body) values ($1::uuid, $2, $3, $4)', [this.id, this.#parts, digestOf(body), body]);
    });
    this.#parts += 1;
    this.#hash.update(ndjson);
  }

  /** The snapshot is there from now on. The same accounts under the same table are one snapshot: then its older id, and `created` is false. */
  async finish({ accounts, findings }: Pick<SnapshotRecord, 'accounts' | 'findings'>): Promise<{ readonly id: string; readonly sha256: string; readonly created: boolean }> {
    const sha256 = this.#hash.digest('hex');
    return this.database.transaction(async (sql) => {
      await this.#touch(sql);
      // One at a time for each venue, or two uploads of the same accounts would both find none.
      await sql.query('select 1 from venue where id = $1 for no key update', [this.venue]);
      const { rows } = await sql.query<{ id: string; kept: boolean }>(`
        select id, exists (select 1 from snapshot_part where snapshot = snapshot.id) as kept from snapshot
        where venue = $1 and market = $2::numeric and sha256 = $3 and state = 'ready'`, [this.venue, this.market.toString(), sha256]);
      const same = rows[0];
      if (same !== undefined) {
        // Its parts were dropped after publication: these are they.
        if (!same.kept) await sql.query('update snapshot_part set snapshot = $2::uuid where snapshot = $1::uuid', [this.id, same.id]);
        await sql.query('delete from snapshot where id = $1::uuid', [this.id]);
        return { id: same.id, sha256, created: !same.kept };
      }
      await sql.query("update snapshot set state = 'ready', sha256 = $2, accounts = $3, report = $4::jsonb where id = $1::uuid", [this.id, sha256, accounts, JSON.stringify(findings)]);
      return { id: this.id, sha256, created: true };
    });
  }

  /** Drops what came in so far. */
  async abandon(): Promise<void> {
    await this.database.query("delete from snapshot where id = $1::uuid and state = 'receiving'", [this.id]);
  }

  async #touch(sql: Sql): Promise<void> {
    const { changed } = await sql.query("update snapshot set touched_at = now() where id = $1::uuid and state = 'receiving'", [this.id]);
    if (changed === 0) throw new SnapshotGoneError('this upload stood still for too long and was dropped; upload the snapshot again', { snapshot: this.id });
  }
}

interface StoredSnapshot {
  readonly id: string;
  readonly venue: number;
  readonly market: string;
  readonly sha256: string;
  readonly accounts: number;
  readonly report: readonly string[];
  readonly [column: string]: unknown;
}

/** A finished snapshot of the venue. `id` may be any text. */
export async function findSnapshot(sql: Sql, venue: number, id: string): Promise<SnapshotRecord | undefined> {
  const { rows } = await sql.query<StoredSnapshot>("select * from snapshot where venue = $1 and id::text = $2 and state = 'ready'", [venue, id.toLowerCase()]);
  return rows[0] && recordOf(rows[0]);
}

/** Finished ones, newest first. */
export async function listSnapshots(sql: Sql, venue: number): Promise<readonly SnapshotRecord[]> {
  const { rows } = await sql.query<StoredSnapshot>("select * from snapshot where venue = $1 and state = 'ready' order by touched_at desc, id", [venue]);
  return rows.map(recordOf);
}

/** The canonical NDJSON, part by part, each checked, and all of it at the end. SnapshotDamagedError names the part. */
export async function* readSnapshot(sql: Sql, { id, sha256 }: Pick<SnapshotRecord, 'id' | 'sha256'>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let part = 0;
  for (; ; part += 1) {
    const { rows } = await sql.query<{ sha256: string; body: Uint8Array }>('select sha256, body from snapshot_part where snapshot = $1::uuid and part = $2', [id, part]);
    const stored = rows[0];
    if (stored === undefined) break;
    if (digestOf(stored.body) !== stored.sha256) throw damaged(id, `part ${part} of it`);
    const ndjson = await promisify(gunzip)(stored.body, { maxOutputLength: MAX_PART_BYTES }).catch((cause: unknown) => {
      throw damaged(id, `part ${part} of it`, cause);
    });
    hash.update(ndjson);
    yield ndjson;
  }
  if (part === 0) throw new SnapshotGoneError(`the accounts of snapshot ${id} are no longer kept; upload it again`, { snapshot: id });
  if (hash.digest('hex') !== sha256) throw damaged(id, 'it as a whole');
}

/** Drops uploads that stood still for so long. Gives how many. */
export async function sweepSnapshots(sql: Sql, idleSeconds: number): Promise<number> {
  return (await sql.query("delete from snapshot where state = 'receiving' and touched_at < now() - $1 * interval '1 second'", [idleSeconds])).changed;
}

function damaged(id: string, what: string, cause?: unknown): SnapshotDamagedError {
  return new SnapshotDamagedError(`snapshot ${id}: ${what} is not what was uploaded (its SHA-256 differs); restore the database from a backup, or upload the snapshot again under another epoch`,
    { snapshot: id }, { cause });
}

function recordOf({ id, venue, market, sha256, accounts, report }: StoredSnapshot): SnapshotRecord {
  return { id, venue, market: BigInt(market), sha256, accounts, findings: report };
}
