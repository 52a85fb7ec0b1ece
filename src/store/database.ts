import { ClearproofError } from '../error/clearproof-error.js';

/** A row by column name. bigint and numeric columns come as text, bytea as Uint8Array, timestamptz as Date, json parsed. */
export type Row = Readonly<Record<string, unknown>>;

/** What SQL parameters may be. Integers beyond 2^53 go as text and are cast in the statement: `$1::numeric`. */
export type SqlValue = string | number | boolean | null | Date | Uint8Array | readonly (string | number | boolean | null | Uint8Array)[];

/** What a statement did. */
export interface QueryResult<R extends Row = Row> {
  readonly rows: readonly R[];
  /** Rows inserted, updated or deleted; 0 for a query. */
  readonly changed: number;
}

/** Statements, one after another. */
export interface Sql {
  /** One statement with parameters `$1`, `$2`, … */
  query<R extends Row = Row>(text: string, values?: readonly SqlValue[]): Promise<QueryResult<R>>;
  /** Any number of statements without parameters, as one unit. Gives the rows of all of them, in order. */
  script(text: string): Promise<readonly Row[]>;
}

/** A PostgreSQL, embedded (PGlite) or a server: the same SQL on both. */
export interface Database extends Sql {
  readonly kind: 'embedded' | 'server';
  /**
   * Commits when `work` ends, rolls back when it throws. `work` uses the Sql it is given and nothing else of this database (which refuses).
   * DatabaseUnavailableError may mean that the connection was lost while committing: ask whether it stands before doing it again.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The database does not answer, or the connection was lost in the middle of a statement. Worth another try. */
export class DatabaseUnavailableError extends ClearproofError {
  readonly code = 'DATABASE_UNAVAILABLE';
}

/** Disk full, folder read-only, or the like. `details.reason` is PostgreSQL's or the system's code. */
export class StorageError extends ClearproofError {
  readonly code = 'STORAGE';
}

/** Another live process has the embedded database open. */
export class StoreLockedError extends ClearproofError {
  readonly code = 'STORE_LOCKED';
}

/** The database was made by a newer program, or a migration that ran is not the one this program has. */
export class MigrationError extends ClearproofError {
  readonly code = 'MIGRATION';
}
