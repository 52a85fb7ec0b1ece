import type { Row, Sql } from './database.js';
import { placeFromRow, PLACES_AT_ONCE, type PlaceRow, type StoredPlace } from './places.js';

/** A place that a token or a user id found. Secret. */
export interface ReceiptPlace extends StoredPlace {
  /** Row of its epoch. */
  readonly epoch: bigint;
}

/** Whose account stands where. Secret. */
export interface Recipient {
  readonly position: number;
  readonly userId: string;
  readonly subAccount: number;
}

const COLUMNS = 'place.position, place.user_id, place.sub_account, place.owner, place.key, place.salt, place.holdings, place.leaf, place.epoch';
/** Receipts of an epoch are there once its step is done. */
const OPEN = `exists (select 1 from step where step.epoch = place.epoch and step.name = 'receipts' and step.state = 'done')`;

/** @param tokenSha256 of the token's text */
export async function findPlaceByToken(sql: Sql, venue: number, tokenSha256: Uint8Array): Promise<ReceiptPlace | undefined> {
  const { rows: [row] } = await sql.query<PlaceRow>(`
    select ${COLUMNS} from place join epoch on epoch.id = place.epoch where place.token_sha256 = $1 and epoch.venue = $2 and ${OPEN}`, [tokenSha256, venue]);
  return row && receiptPlace(row);
}

/** All accounts of a user, in tree order. */
export async function placesOfUser(sql: Sql, venue: number, epoch: number, userId: string): Promise<readonly ReceiptPlace[]> {
  const { rows } = await sql.query<PlaceRow>(`
    select ${COLUMNS} from place join epoch on epoch.id = place.epoch
    where epoch.venue = $1 and epoch.number = $2 and place.user_id = $3 and ${OPEN} order by place.position`, [venue, epoch, userId]);
  return rows.map(receiptPlace);
}

/** Every account of an epoch in tree order, read in pieces. */
export async function* recipientsOf(sql: Sql, epoch: bigint): AsyncGenerator<readonly Recipient[]> {
  for await (const rows of inPieces<{ position: number; user_id: string | null; sub_account: string | null } & Row>(sql, epoch, 'position, user_id, sub_account')) {
    yield rows.flatMap(({ position, user_id: userId, sub_account: subAccount }) => (userId === null ? [] : [{ position, userId, subAccount: Number(subAccount) }]));
  }
}

/** Leaves of an epoch's places in tree order. */
export async function leavesOf(sql: Sql, epoch: bigint): Promise<bigint[]> {
  const leaves: bigint[] = [];
  for await (const rows of inPieces<{ leaf: Uint8Array | null } & Row>(sql, epoch, 'leaf')) {
    for (const { leaf } of rows) leaves.push(BigInt(`0x${Buffer.from(leaf ?? []).toString('hex') || '0'}`));
  }
  return leaves;
}

/** Stores what the database has of tokens; what is there and the same is not written again. */
export async function storeTokens(sql: Sql, epoch: bigint, tokens: readonly { readonly position: number; readonly sha256: Uint8Array }[]): Promise<void> {
  await sql.query(`
    update place set token_sha256 = decode(new.sha256, 'hex') from unnest($2::integer[], $3::text[]) as new (position, sha256)
    where place.epoch = $1 and place.position = new.position and place.token_sha256 is distinct from decode(new.sha256, 'hex')`,
  [epoch.toString(), tokens.map(({ position }) => position), tokens.map(({ sha256 }) => Buffer.from(sha256).toString('hex'))]);
}

/** SHA-256 of the token of an epoch's first account; undefined when there is none. */
export async function firstToken(sql: Sql, epoch: bigint): Promise<{ readonly position: number; readonly sha256: Uint8Array } | undefined> {
  const { rows: [row] } = await sql.query<{ position: number; token_sha256: Uint8Array } & Row>(
    'select position, token_sha256 from place where epoch = $1 and token_sha256 is not null order by position limit 1', [epoch.toString()]);
  return row && { position: row.position, sha256: row.token_sha256 };
}

async function* inPieces<R extends Row>(sql: Sql, epoch: bigint, columns: string): AsyncGenerator<readonly R[]> {
  for (let first = 0; ; first += PLACES_AT_ONCE) {
    const { rows } = await sql.query<R>(`select ${columns} from place where epoch = $1 and position >= $2 and position < $3 order by position`,
      [epoch.toString(), first, first + PLACES_AT_ONCE]);
    yield rows;
    if (rows.length < PLACES_AT_ONCE) return;
  }
}

function receiptPlace(row: PlaceRow): ReceiptPlace {
  return { ...placeFromRow(row), epoch: BigInt(String(row['epoch'])) };
}
