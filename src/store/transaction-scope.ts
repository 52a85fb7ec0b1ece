import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryResult, Row, Sql, SqlValue } from './database.js';

/**
 * Statements of one transaction. Refused once it has ended: on a server they would run in somebody else's.
 * While `run` lasts, `assertOutside` throws: on the embedded database, with its one connection, the caller would wait for itself.
 */
export class TransactionScope implements Sql {
  static readonly #current = new AsyncLocalStorage<TransactionScope>();
  #ended = false;
  #failure: { readonly cause: unknown } | undefined;

  constructor(private readonly connection: Sql) {}

  static assertOutside(): void {
    const scope = TransactionScope.#current.getStore();
    if (scope !== undefined && !scope.#ended) throw new Error('inside a transaction only its own Sql may be used');
  }

  run<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return TransactionScope.#current.run(this, () => work(this));
  }

  end(): void {
    this.#ended = true;
  }

  async query<R extends Row = Row>(text: string, values: readonly SqlValue[] = []): Promise<QueryResult<R>> {
    return this.#watch(() => this.connection.query<R>(text, values));
  }

  async script(text: string): Promise<readonly Row[]> {
    return this.#watch(() => this.connection.script(text));
  }

  /** PostgreSQL answers COMMIT after a failed statement by rolling back, and calls it a success: who swallowed the failure would never know. */
  assertNothingFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  async #watch<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (this.#ended) throw new Error('this transaction has ended');
    try {
      return await statement();
    } catch (cause) {
      this.#failure ??= { cause };
      throw cause;
    }
  }
}

/** `work` between begin and commit on a connection that does nothing else meanwhile. */
export async function inTransaction<Result>(connection: Sql, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  await connection.query('begin');
  const scope = new TransactionScope(connection);
  try {
    const result = await scope.run(work);
    scope.end();
    scope.assertNothingFailed();
    await connection.query('commit');
    return result;
  } catch (cause) {
    scope.end();
    // A lost connection cannot roll back, and need not: the server does. The first failure is the one to report.
    await connection.query('rollback').catch(() => undefined);
    throw cause;
  }
}
