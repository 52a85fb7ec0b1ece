import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Permission bits of a file others may read, and of one that holds secrets. */
export const PUBLIC_FILE = 0o644;
export const SECRET_FILE = 0o600;
/** Permission bits of a folder that holds secrets. */
export const SECRET_FOLDER = 0o700;
/** Bits of a mode by which others than its user could read a file. */
export const OTHERS_MAY_READ = 0o077;

/** Whole, or piece by piece for what is too large to be held. */
export type FileContent = Uint8Array | string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a whole file or nothing: to a temporary name beside it, synced to disk, then renamed over it.
 * Makes the folder where it lacks. The temporary file has its final mode from the start.
 */
export async function writeFileAtomically(path: string, content: FileContent, mode = PUBLIC_FILE): Promise<void> {
  await mkdir(dirname(path), { recursive: true, ...(mode === SECRET_FILE ? { mode: SECRET_FOLDER } : {}) });
  await throughTemporary(path, content, mode, (temporary) => rename(temporary, path));
}

/** Writes a whole file beside `path`, synced to disk, and has it put in its place. Whatever comes of that, nothing stays beside `path`. */
export async function throughTemporary(path: string, content: FileContent, mode: number, place: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A name beside `path` that nothing else has. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

const TEMPORARY = /\.\d+-[0-9a-f]{8}\.tmp$/;

/**
 * Removes what killed processes left of half-written files in `folder`, for it may hold secrets. The caller makes sure that
 * nobody writes there. A folder that is not there is fine.
 */
export async function removeTemporaries(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  await Promise.all(names.filter((name) => TEMPORARY.test(name)).map((name) => rm(join(folder, name), { force: true })));
}
