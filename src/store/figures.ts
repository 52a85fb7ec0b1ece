import { canonicalText, type JsonObjectValue } from '../attestation/canonical-json.js';
import type { EpochFigures } from '../proving/epoch-attestation.js';
import type { Sql } from './database.js';
import { digestOf, requireDigest, StoredDataDamagedError } from './digest.js';

/** An epoch's figures, and the digest of its places with leaves. */
export interface StoredFigures {
  readonly figures: EpochFigures;
  readonly placesSha256: string;
}

interface FiguresJson {
  readonly genesisAccumulator: string;
  readonly accumulators: readonly string[];
  readonly accountsRoot: string;
  readonly accountsBound: string;
  readonly unhealthyBound: string;
  readonly shortfall: string;
  readonly words: readonly string[];
  readonly tables?: { readonly start: string; readonly after: readonly string[] };
}

/** Stores figures, or puts right what is there. */
export async function storeFigures(sql: Sql, epoch: bigint, { figures, placesSha256 }: StoredFigures): Promise<void> {
  const body = canonicalText(toJson(figures));
  await sql.query(`
    insert into figures (epoch, body, sha256, places_sha256) values ($1, $2, $3, $4)
    on conflict (epoch) do update set body = excluded.body, sha256 = excluded.sha256, places_sha256 = excluded.places_sha256`,
  [epoch.toString(), body, digestOf(body), placesSha256]);
}

/** @throws StoredDataDamagedError also where there are none */
export async function readFigures(sql: Sql, epoch: bigint): Promise<StoredFigures> {
  const name = `the figures of epoch row ${epoch}`;
  const { rows: [row] } = await sql.query<{ body: string; sha256: string; places_sha256: string }>('select body, sha256, places_sha256 from figures where epoch = $1', [epoch.toString()]);
  if (row === undefined) throw new StoredDataDamagedError(`${name} are not there`, { name });
  requireDigest(row.body, row.sha256, name);
  return { figures: fromJson(JSON.parse(row.body) as FiguresJson), placesSha256: row.places_sha256 };
}

function toJson({ tables, accumulators, words, ...single }: EpochFigures): JsonObjectValue {
  return {
    ...Object.fromEntries(Object.entries(single).map(([name, value]) => [name, value.toString()])),
    accumulators: accumulators.map(String),
    words: words.map(String),
    ...(tables === undefined ? {} : { tables: { start: tables.start.toString(), after: tables.after.map(String) } }),
  };
}

function fromJson(json: FiguresJson): EpochFigures {
  return {
    genesisAccumulator: BigInt(json.genesisAccumulator),
    accumulators: json.accumulators.map(BigInt),
    accountsRoot: BigInt(json.accountsRoot),
    accountsBound: BigInt(json.accountsBound),
    unhealthyBound: BigInt(json.unhealthyBound),
    shortfall: BigInt(json.shortfall),
    words: json.words.map(BigInt),
    tables: json.tables === undefined ? undefined : { start: BigInt(json.tables.start), after: json.tables.after.map(BigInt) },
  };
}
