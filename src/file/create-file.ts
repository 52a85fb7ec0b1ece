import { link, lstat, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClearproofError } from '../error/clearproof-error.js';
import { PUBLIC_FILE, throughTemporary, type FileContent } from './atomic-file.js';

/** A file that is written once for all is there already. */
export class FileExistsError extends ClearproofError {
  readonly code = 'FILE_EXISTS';
}

/**
 * Writes a whole file that must not be there yet, or nothing: of several processes one wins.
 *
 * @throws FileExistsError
 */
export async function createFileAtomically(path: string, content: FileContent, mode = PUBLIC_FILE): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await throughTemporary(path, content, mode, (temporary) => publish(temporary, path));
}

async function publish(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new FileExistsError(`${path} is there already and is never changed`, { file: path }, { cause });
    // Shared folders and object stores often have no hard links. What is left is looking first: a race of moments.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw cause;
    if (await lstat(path).then(() => true, () => false)) throw new FileExistsError(`${path} is there already and is never changed`, { file: path }, { cause });
    await rename(temporary, path);
  }
}
