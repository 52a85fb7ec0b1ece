import pg from 'pg';
import { asStoreError } from './database-errors.js';
import { DatabaseUnavailableError, type Database, type QueryResult, type Row, type Sql, type SqlValue } from './database.js';
import { inTransaction, TransactionScope } from './transaction-scope.js';

/** Connections of one process, unless told otherwise. PostgreSQL allows 100 in all by default. */
const CONNECTIONS = 10;
const CONNECT_MILLISECONDS = 10_000;

/**
 * A connection that dies without a word (host gone) must not keep its locks, nor a query wait, for the hours that TCP would.
 * The transactions of this program take seconds.
 */
const SESSION = `
set search_path to clearproof;
set idle_in_transaction_session_timeout to '5min';
set tcp_keepalives_idle to 30;
set tcp_keepalives_interval to 10;
set tcp_keepalives_count to 6`;

const TEXT_ARRAY = 1009;
const BYTEA = 17;
const INTERVAL = 1186;
const NUMERIC_ARRAY = 1231;

/** Where pg's own parsing differs from what Row says: arrays of numeric become floats there, and bytea a Buffer. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [INTERVAL, (text) => text],
  [NUMERIC_ARRAY, (text) => usualParser(TEXT_ARRAY)(text)],
  [BYTEA, (text) => plainBytes(usualParser(BYTEA)(text) as Buffer)],
]);

function usualParser(type: number): (text: string) => unknown {
  return pg.types.getTypeParser(type) as (text: string) => unknown;
}

function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** A PostgreSQL server, 14 or later, any number of processes. Connects at the first statement, and again after a lost connection. */
export class ServerDatabase implements Database {
  readonly kind = 'server';
  readonly #pool: pg.Pool;
  /** Connections whose session has been set up. */
  readonly #ready = new WeakSet<pg.PoolClient>();
  #closed = false;

  /** `url` holds a password: it never enters messages. */
  constructor(url: string, connections = CONNECTIONS) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      keepAlive: true,
      keepAliveInitialDelayMillis: CONNECT_MILLISECONDS,
      application_name: 'clearproof',
      types: { getTypeParser: ((type: number) => PARSERS.get(type) ?? usualParser(type)) as typeof pg.types.getTypeParser },
    });
    // Lost connections are reported by the statement that needs them; unheard 'error' events would end the process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  query<R extends Row = Row>(text: string, values: readonly SqlValue[] = []): Promise<QueryResult<R>> {
    return this.#withConnection((connection) => connection.query<R>(text, values));
  }

  script(text: string): Promise<readonly Row[]> {
    return this.#withConnection(async (connection) => {
      try {
        return await connection.script(text);
      } catch (cause) {
        // A script with its own BEGIN leaves its transaction open where it fails.
        await connection.query('rollback').catch(() => undefined);
        throw cause;
      }
    });
  }

  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.#withConnection((connection) => inTransaction(connection, work));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  async #withConnection<Result>(work: (connection: Sql) => Promise<Result>): Promise<Result> {
    TransactionScope.assertOutside();
    const client = await this.#connect();
    let lost: Error | undefined;
    try {
      return await work(new ServerConnection(client));
    } catch (cause) {
      if (cause instanceof DatabaseUnavailableError) lost = cause;
      throw cause;
    } finally {
      client.release(lost);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#closed) throw new DatabaseUnavailableError('the database was closed by this process', { reason: 'CLOSED' });
    let client: pg.PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      if (!this.#ready.has(client)) {
        await client.query(SESSION);
        this.#ready.add(client);
      }
      return client;
    } catch (cause) {
      client?.release(true);
      throw asStoreError(cause);
    }
  }
}

class ServerConnection implements Sql {
  constructor(private readonly client: pg.PoolClient) {}

  async query<R extends Row = Row>(text: string, values: readonly SqlValue[] = []): Promise<QueryResult<R>> {
    try {
      const result = await this.client.query<R>(text, [...values]);
      return { rows: result.rows, changed: result.command === 'SELECT' ? 0 : result.rowCount ?? 0 };
    } catch (cause) {
      throw asStoreError(cause);
    }
  }

  async script(text: string): Promise<readonly Row[]> {
    try {
      const results: unknown = await this.client.query(text);
      return (Array.isArray(results) ? results : [results]).flatMap((result: pg.QueryResult<Row>) => result.rows);
    } catch (cause) {
      throw asStoreError(cause);
    }
  }
}
