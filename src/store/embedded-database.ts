import { PGlite } from '@electric-sql/pglite';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../error/clearproof-error.js';
import { SECRET_FOLDER } from '../file/atomic-file.js';
import { FileLockedError, lockFile } from '../file/file-lock.js';
import { asStoreError, codeOf } from './database-errors.js';
import { DatabaseUnavailableError, StorageError, StoreLockedError, type Database, type QueryResult, type Row, type Sql, type SqlValue } from './database.js';
import { DiskReserve, USUAL_RESERVE } from './disk-reserve.js';
import { inTransaction, TransactionScope } from './transaction-scope.js';

/** In place of a folder: a database that is gone when it is closed. For tests. */
export const IN_MEMORY = 'memory:';

const LOCK = 'lock';
const CLUSTER = 'postgres';
/** Where a cluster is made; renamed once it is whole, so that a process killed meanwhile leaves nothing that looks like one. */
const UNFINISHED = 'postgres.new';

const INT8 = 20;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * PostgreSQL inside this process (PGlite), in a folder of mode 700 that one process at a time may open. One connection:
 * statements and transactions wait for each other.
 */
export class EmbeddedDatabase implements Database {
  readonly kind = 'embedded';
  /** Ends when all that was asked for so far is done. */
  #turn: Promise<unknown> = Promise.resolve();
  #engine: PGlite | undefined;
  /** As the session is set. */
  #readOnly = false;
  #closed = false;

  private constructor(private readonly cluster: string, private readonly unlock: () => Promise<void>, private readonly reserve: DiskReserve | undefined, engine: PGlite) {
    this.#engine = engine;
  }

  /**
   * StoreLockedError when another process has it open, StorageError when the folder cannot be written.
   * With less than `reserve` bytes free it can be read, not written.
   */
  static async open(directory: string, reserve = USUAL_RESERVE): Promise<EmbeddedDatabase> {
    if (directory === IN_MEMORY) return new EmbeddedDatabase(IN_MEMORY, () => Promise.resolve(), undefined, await start(undefined));
    const unlock = await lock(directory);
    try {
      const disk = new DiskReserve(directory, reserve);
      const cluster = join(directory, CLUSTER);
      if (!(await isThere(cluster))) {
        await disk.assertThere();
        await createCluster(join(directory, UNFINISHED), cluster);
      }
      return new EmbeddedDatabase(cluster, unlock, disk, await start(cluster));
    } catch (cause) {
      await unlock().catch(() => undefined);
      throw asStoreError(cause);
    }
  }

  query<R extends Row = Row>(text: string, values: readonly SqlValue[] = []): Promise<QueryResult<R>> {
    return this.#inTurn(async (connection) => {
      await this.#readOnlyWhenFull(connection);
      return connection.query<R>(text, values);
    });
  }

  script(text: string): Promise<readonly Row[]> {
    return this.#inTurn(async (connection) => {
      await this.#readOnlyWhenFull(connection);
      try {
        return await connection.script(text);
      } catch (cause) {
        // A script with its own BEGIN leaves its transaction open where it fails.
        await connection.script('rollback').catch(() => undefined);
        throw cause;
      }
    });
  }

  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.#inTurn(async (connection) => {
      await this.#readOnlyWhenFull(connection);
      return inTransaction(this.reserve === undefined || this.#readOnly ? connection : whileThereIsSpace(connection, this.reserve), work);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turn;
    await this.#engine?.close().catch(() => undefined);
    await this.unlock();
  }

  #inTurn<Result>(work: (connection: Sql) => Promise<Result>): Promise<Result> {
    TransactionScope.assertOutside();
    if (this.#closed) return Promise.reject(new DatabaseUnavailableError('the database was closed by this process', { reason: 'CLOSED' }));
    const mine = this.#turn.then(async () => work(new EmbeddedConnection(await this.#running(), () => this.#discard()))).catch(async (cause: unknown) => {
      // PostgreSQL says that the transaction is read-only; that it is so for want of space, only this class knows.
      if (this.#readOnly && cause instanceof StorageError) await this.reserve?.assertThere();
      throw cause;
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Reading goes on. What would write gets PostgreSQL's own refusal (25006), a StorageError. */
  async #readOnlyWhenFull(connection: Sql): Promise<void> {
    const full = this.reserve !== undefined && !(await this.reserve.isThere());
    if (full !== this.#readOnly) await connection.script(`set default_transaction_read_only to ${full ? 'on' : 'off'}`);
    this.#readOnly = full;
  }

  /** The engine; after a crash a new one, which recovers from the log as a server does. */
  async #running(): Promise<PGlite> {
    if (this.#engine === undefined) {
      if (this.cluster === IN_MEMORY) throw new DatabaseUnavailableError('the database in memory has crashed', { reason: 'CRASHED' });
      this.#engine = await start(this.cluster).catch((cause: unknown) => {
        throw asStoreError(cause);
      });
    }
    return this.#engine;
  }

  /** The engine has crashed: closing it would write. */
  #discard(): void {
    this.#engine = undefined;
    this.#readOnly = false;
  }
}

class EmbeddedConnection implements Sql {
  #crash: unknown;

  constructor(private readonly engine: PGlite, private readonly onCrash: () => void) {}

  query<R extends Row = Row>(text: string, values: readonly SqlValue[] = []): Promise<QueryResult<R>> {
    return this.#guard(async () => {
      const result = await this.engine.query<R>(text, [...values]);
      return { rows: result.rows, changed: result.affectedRows ?? 0 };
    });
  }

  script(text: string): Promise<readonly Row[]> {
    return this.#guard(async () => (await this.engine.exec(text)).flatMap((result) => result.rows as Row[]));
  }

  async #guard<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (this.#crash !== undefined) throw crashed(this.#crash);
    try {
      return await statement();
    } catch (cause) {
      if (await this.#answers(cause)) throw asStoreError(cause);
      this.#crash = cause;
      this.onCrash();
      throw crashed(cause);
    }
  }

  /** An error without an SQLSTATE is not PostgreSQL's: a parameter that cannot be encoded, or the engine has ended, and its transaction with it. */
  async #answers(cause: unknown): Promise<boolean> {
    if (SQLSTATE.test(codeOf(cause))) return true;
    return this.engine.query('select 1').then(() => true, (second: unknown) => SQLSTATE.test(codeOf(second)));
  }
}

/** One transaction may write more than the reserve: looked at before each of its statements, except those that end it. */
function whileThereIsSpace(connection: Sql, reserve: DiskReserve): Sql {
  return {
    query: async (text, values) => {
      if (text !== 'commit' && text !== 'rollback') await reserve.assertThere();
      return connection.query(text, values);
    },
    script: async (text) => {
      await reserve.assertThere();
      return connection.script(text);
    },
  };
}

function crashed(cause: unknown): Error {
  return new DatabaseUnavailableError(`the embedded database stopped (${messageOf(cause)}); it starts again with the next statement`, { reason: 'CRASHED' }, { cause });
}

async function lock(directory: string): Promise<() => Promise<void>> {
  try {
    await mkdir(directory, { recursive: true, mode: SECRET_FOLDER });
    await chmod(directory, SECRET_FOLDER);
    return await lockFile(join(directory, LOCK));
  } catch (cause) {
    if (cause instanceof FileLockedError) {
      throw new StoreLockedError(`${directory}: process ${cause.holder} has this store open; use its API, stop it, or use a PostgreSQL server (DATABASE_URL) for several processes`,
        { directory, process: cause.holder }, { cause });
    }
    throw asStoreError(cause);
  }
}

async function createCluster(unfinished: string, cluster: string): Promise<void> {
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: SECRET_FOLDER });
  await (await start(unfinished)).close();
  await rename(unfinished, cluster);
}

async function start(folder: string | undefined): Promise<PGlite> {
  const engine = new PGlite({ ...(folder === undefined ? {} : { dataDir: folder }), parsers: { [INT8]: (text) => text } });
  try {
    await engine.exec('set search_path to clearproof');
    return engine;
  } catch (cause) {
    throw codeOf(cause) !== '' ? cause : new StorageError(`the embedded database does not start (${messageOf(cause)}); is its disk full, its folder read-only or damaged?`,
      { reason: 'NO_START' }, { cause });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(() => true, (cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return false;
    throw cause;
  });
}
