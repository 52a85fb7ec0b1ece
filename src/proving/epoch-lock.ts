import { join } from 'node:path';
import { ClearproofError } from '../error/clearproof-error.js';
import { FileLockedError, lockFile } from '../file/file-lock.js';

/** Another live process works in this folder. */
export class EpochLockedError extends ClearproofError {
  readonly code = 'EPOCH_LOCKED';
}

/** Runs `work` while no other process does so in `directory`. A lock whose process has died is taken over. */
export async function withEpochLock<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  const unlock = await lockFile(join(directory, 'lock')).catch((cause: unknown) => {
    throw cause instanceof FileLockedError ? new EpochLockedError(cause.message, cause.details, { cause }) : cause;
  });
  try {
    return await work();
  } finally {
    await unlock();
  }
}
