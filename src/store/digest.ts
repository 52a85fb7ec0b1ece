import { ClearproofError } from '../error/clearproof-error.js';
import { sha256 as digestOf } from '../groth16/key-manifest.js';

// Under another name, for here columns are called sha256.
export { digestOf };

/** What the database gives back is not what was stored: a flipped bit, a torn write, a change by hand. */
export class StoredDataDamagedError extends ClearproofError {
  readonly code = 'STORED_DATA_DAMAGED';
}

/** @param name what holds the data, as in "the plan of epoch row 7" @throws StoredDataDamagedError */
export function requireDigest(bytes: Uint8Array | string, sha256: string, name: string): void {
  if (digestOf(bytes) !== sha256) throw new StoredDataDamagedError(`${name} is not what was stored: its SHA-256 differs`, { name });
}
