import type { ClearedAccountFile } from '../../clearing/opening-file.js';
import { ClearproofError } from '../../error/clearproof-error.js';

/** An account that is not open yet was named for what only an open one can do. */
export class AccountNotOpenError extends ClearproofError {
  readonly code = 'ACCOUNT_NOT_OPEN';
}

/** The account's number. @throws AccountNotOpenError */
export function requireOpen({ handle }: ClearedAccountFile, file: string): bigint {
  if (handle !== 0n) return handle;
  throw new AccountNotOpenError(`${file} is of an account that is not open yet: open it with "clearproof clearing open"`, { file });
}
