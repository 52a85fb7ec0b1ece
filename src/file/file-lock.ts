import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { ClearproofError } from '../error/clearproof-error.js';
import { temporaryName } from './atomic-file.js';

/** Another live process holds the lock. */
export class FileLockedError extends ClearproofError {
  readonly code = 'FILE_LOCKED';

  constructor(readonly file: string, readonly holder: number, options: { cause: unknown }) {
    super(`${file}: process ${holder} works here; wait for it, or stop it`, { file, process: holder }, options);
  }
}

/** Locks of this process. A lock with its own process id that is not here was left by a dead process that had the same id (as in containers). */
const held = new Set<string>();

/**
 * Makes `file` with this process's id in it, and gives the function that removes it. A lock whose process has died is taken over.
 * FileLockedError when its process lives. Its folder must be there.
 */
export async function lockFile(file: string): Promise<() => Promise<void>> {
  await acquire(file);
  return async () => {
    held.delete(file);
    await rm(file, { force: true });
  };
}

async function acquire(file: string): Promise<void> {
  for (const attempt of [1, 2]) {
    try {
      await create(file);
      held.add(file);
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const holder = await holderOf(file);
      if (attempt === 2 || isAlive(holder, file)) throw new FileLockedError(file, holder, { cause });
      await takeAway(file, holder);
    }
  }
}

/** The lock appears with its content or not at all: an empty lock would look like that of a dead process. */
async function create(file: string): Promise<void> {
  const temporary = temporaryName(file);
  await writeFile(temporary, `${process.pid}\n`, { flag: 'wx' });
  try {
    await link(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a dead process's lock, unless another process has taken it over since it was read. */
async function takeAway(file: string, holder: number): Promise<void> {
  const removed = temporaryName(file);
  await rename(file, removed).catch(() => undefined);
  if ((await holderOf(removed)) !== holder) await link(removed, file).catch(() => undefined);
  await rm(removed, { force: true });
}

/** 0 when the file names no process. */
async function holderOf(file: string): Promise<number> {
  return Number(await readFile(file, 'utf8').catch(() => '')) || 0;
}

function isAlive(holder: number, file: string): boolean {
  if (!Number.isSafeInteger(holder) || holder <= 0) return false;
  if (holder === process.pid) return held.has(file);
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
