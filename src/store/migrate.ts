import { MigrationError, type Database, type Sql } from './database.js';
import { digestOf } from './digest.js';
import { SERVICE_TABLES } from './migrations/0001-service.js';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order, numbered from 1. One that was released never changes again. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'service', sql: SERVICE_TABLES },
];

/** Any number that other programs on the same server are unlikely to lock. */
const MIGRATION_LOCK = '4918273645';

interface Recorded {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly [column: string]: unknown;
}

/**
 * Brings the tables to what this program expects: all missing migrations or none, once, however many processes start together.
 * MigrationError when the database was made by a newer program, or by a migration that reads differently now.
 */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    // Waiting for that lock does not refresh what a session knows of schemas; reading the catalog does.
    const { rows: schemas } = await sql.query("select 1 from pg_namespace where nspname = 'clearproof'");
    if (schemas.length === 0) await sql.query('create schema clearproof');
    await sql.script(`
      create table if not exists clearproof.migration (
        number integer primary key,
        name text not null,
        sha256 text not null,
        ran_at timestamptz not null default now()
      )`);
    const { rows } = await sql.query<Recorded>('select number, name, sha256 from clearproof.migration order by number');
    rows.forEach((recorded) => assertKnown(recorded, migrations));
    for (const migration of migrations.filter(({ number }) => !rows.some((recorded) => recorded.number === number))) await run(sql, migration);
  });
}

function assertKnown(recorded: Recorded, migrations: readonly Migration[]): void {
  const { number, name } = recorded;
  const known = migrations.find((migration) => migration.number === number);
  if (known === undefined) {
    throw new MigrationError(`the database has migration ${number} (${name}), which this program does not know: it was made by a newer one; upgrade this program`, { number, name });
  }
  if (digestOf(known.sql) !== recorded.sha256) {
    throw new MigrationError(`migration ${number} (${name}) is not the one that made this database; use the program that made it, or an empty database`, { number, name });
  }
}

async function run(sql: Sql, migration: Migration): Promise<void> {
  await sql.script(migration.sql);
  await sql.query('insert into clearproof.migration (number, name, sha256) values ($1, $2, $3)', [migration.number, migration.name, digestOf(migration.sql)]);
}

/** How far a database has been migrated, without changing it. @throws MigrationError as migrate does */
export async function migrationState(sql: Sql, migrations: readonly Migration[] = MIGRATIONS): Promise<{ readonly ran: number; readonly missing: number }> {
  const { rows: [found] } = await sql.query('select to_regclass(\'clearproof.migration\') is not null as there');
  if (found?.['there'] !== true) return { ran: 0, missing: migrations.length };
  const { rows } = await sql.query<Recorded>('select number, name, sha256 from clearproof.migration order by number');
  rows.forEach((recorded) => assertKnown(recorded, migrations));
  return { ran: rows.length, missing: migrations.length - rows.length };
}
