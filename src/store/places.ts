import { createHash, type Hash } from 'node:crypto';
import type { PlannedAccount } from '../proving/epoch-plan.js';
import { placeToLine } from '../proving/plan-format.js';
import type { Row, Sql } from './database.js';

/** One place of an epoch's tree with its leaf. Secret. */
export interface StoredPlace {
  readonly position: number;
  readonly place: PlannedAccount;
  readonly leaf: bigint;
}

/** Rows a statement takes. */
export const PLACES_AT_ONCE = 1000;

const LEAF_BYTES = 32;

export interface PlaceRow extends Row {
  readonly position: number;
  readonly user_id: string | null;
  readonly sub_account: string | null;
  readonly owner: string | null;
  readonly key: string | null;
  readonly salt: string;
  readonly holdings: string;
  readonly leaf: Uint8Array | null;
}

/**
 * Stores places, at most PLACES_AT_ONCE of them; what is there and the same stays, what differs is put right. Tokens stay.
 *
 * @returns how many rows were not as they should be
 */
export async function storePlaces(sql: Sql, epoch: bigint, places: readonly StoredPlace[]): Promise<number> {
  const rows = places.map(toRow);
  const column = <Name extends keyof ReturnType<typeof toRow>>(name: Name): ReturnType<typeof toRow>[Name][] => rows.map((row) => row[name]);
  const { changed } = await sql.query(`
    insert into place as old (epoch, position, user_id, sub_account, owner, key, salt, holdings, leaf)
    select $1, position, user_id, sub_account::bigint, owner::numeric, key::numeric, salt::numeric, holdings, decode(leaf, 'hex')
    from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
      as new (position, user_id, sub_account, owner, key, salt, holdings, leaf)
    on conflict (epoch, position) do update set user_id = excluded.user_id, sub_account = excluded.sub_account, owner = excluded.owner,
      key = excluded.key, salt = excluded.salt, holdings = excluded.holdings, leaf = excluded.leaf
    where (old.user_id, old.sub_account, old.owner, old.key, old.salt, old.holdings, old.leaf)
      is distinct from (excluded.user_id, excluded.sub_account, excluded.owner, excluded.key, excluded.salt, excluded.holdings, excluded.leaf)`,
  [epoch.toString(), column('position'), column('userId'), column('subAccount'), column('owner'), column('key'), column('salt'), column('holdings'), column('leaf')]);
  return changed;
}

/** Places in tree order, read in pieces. */
export async function* readPlaces(sql: Sql, epoch: bigint): AsyncGenerator<StoredPlace> {
  for (let first = 0; ; first += PLACES_AT_ONCE) {
    const { rows } = await sql.query<PlaceRow>(`
      select position, user_id, sub_account, owner, key, salt, holdings, leaf from place
      where epoch = $1 and position >= $2 and position < $3 order by position`, [epoch.toString(), first, first + PLACES_AT_ONCE]);
    yield* rows.map(placeFromRow);
    if (rows.length < PLACES_AT_ONCE) return;
  }
}

/** Digest over all places with their leaves; undefined when a row cannot even be read as one. */
export async function digestOfStoredPlaces(sql: Sql, epoch: bigint): Promise<string | undefined> {
  const digest = new PlacesDigest();
  try {
    for await (const place of readPlaces(sql, epoch)) digest.add(place);
  } catch (cause) {
    // Text that is no JSON or no number; the row's content stays out of sight. A database's error is one.
    if (cause instanceof SyntaxError || cause instanceof TypeError) return undefined;
    throw cause;
  }
  return digest.end();
}

/** The digest of places with leaves, in tree order. */
export class PlacesDigest {
  private readonly hash: Hash = createHash('sha256');

  add({ position, place, leaf }: StoredPlace): void {
    this.hash.update(`${position} ${leaf} ${placeToLine(place)}`);
  }

  end(): string {
    return this.hash.digest('hex');
  }
}

function toRow({ position, place, leaf }: StoredPlace): Record<'userId' | 'subAccount' | 'owner' | 'key', string | null> & Record<'salt' | 'holdings' | 'leaf', string> & { position: number } {
  const common = { position, salt: place.salt.toString(), leaf: leaf.toString(16).padStart(2 * LEAF_BYTES, '0') };
  if (place.kind === 'padding') return { ...common, userId: null, subAccount: null, owner: null, key: place.key.toString(), holdings: '[]' };
  return {
    ...common, userId: place.userId, subAccount: place.subAccount.toString(), owner: place.owner.toString(), key: null,
    holdings: JSON.stringify(place.holdings.map(({ index, quantity }) => [index, quantity.toString()])),
  };
}

/** What a row says. Secret. */
export function placeFromRow(row: PlaceRow): StoredPlace {
  const leaf = BigInt(`0x${Buffer.from(row.leaf ?? []).toString('hex') || '0'}`);
  const salt = BigInt(row.salt);
  if (row.user_id === null) return { position: row.position, leaf, place: { kind: 'padding', key: BigInt(row.key ?? 0), salt } };
  const holdings = (JSON.parse(row.holdings) as [number, string][]).map(([index, quantity]) => ({ index, quantity: BigInt(quantity) }));
  return {
    position: row.position, leaf,
    place: { kind: 'account', userId: row.user_id, subAccount: Number(row.sub_account), owner: BigInt(row.owner ?? 0), salt, holdings },
  };
}
