import { messageOf } from '../error/clearproof-error.js';
import { DatabaseUnavailableError, StorageError } from './database.js';

/** PostgreSQL's and the system's codes for a database that may answer later. Serialization failures and deadlocks too: the transaction did nothing. */
const UNAVAILABLE = /^(08...|57P0[1235]|25P03|53300|40001|40P01|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;
const STORAGE = /^(53000|53100|58030|25006|ENOSPC|EROFS|EDQUOT|EIO|EACCES|EPERM|ENOENT|ENOTDIR|EEXIST)$/;
/** pg gives these without a code, or with that of a file for a socket. */
const LOST = /^(connect ENOENT|connect EACCES|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;
/** What drivers hang on errors that may hold values of rows or parameters: salts, holdings, tokens. Never to be logged. */
const REVEALING = ['params', 'query', 'detail', 'where', 'internalQuery', 'queryOptions', 'hint'] as const;

/** The error to throw for what a driver threw. What is neither storage nor connection passes as it is, without values of rows. */
export function asStoreError(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  for (const name of REVEALING) Reflect.deleteProperty(cause, name);
  const code = codeOf(cause);
  if (UNAVAILABLE.test(code) || LOST.test(cause.message)) {
    return new DatabaseUnavailableError(`the database does not answer (${code || messageOf(cause)}); it is worth another try`, { reason: code || 'CONNECTION_LOST' }, { cause });
  }
  if (STORAGE.test(code)) {
    return new StorageError(`the database cannot write (${code}); free space or make its folder writable, then try again`, { reason: code }, { cause });
  }
  return cause;
}

/** SQLSTATE or errno name; empty when there is none. */
export function codeOf(cause: unknown): string {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
