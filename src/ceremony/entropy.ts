import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { OTHERS_MAY_READ } from '../file/atomic-file.js';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';

/** A file with further entropy cannot be used. What is in it is never shown. */
export class EntropyFileError extends ClearproofError {
  readonly code = 'ENTROPY_FILE';
}

/** Bytes drawn from the system for each circuit: twice what a secret of the field takes. */
export const SYSTEM_ENTROPY_BYTES = 64;
/** A film of a lava lamp is more than enough. */
const MOST_FILE_BYTES = 2 ** 26;

/**
 * SHA-512 of a file that a contributor fills themselves: dice, a recording. It is mixed with the system's bytes, so it can only help.
 *
 * @returns 64 bytes; the caller overwrites them after use
 * @throws EntropyFileError where the file is missing, empty, none, over 64 MiB, or can be read by others
 */
export async function readEntropyFile(file: string): Promise<Uint8Array> {
  const refuse = (problem: string, cause?: unknown): EntropyFileError => new EntropyFileError(`${file} ${problem}`, { file }, cause === undefined ? undefined : { cause });
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw refuse(`cannot be read (${messageOf(cause)}): check the path`, cause);
  });
  try {
    const { mode, size } = await handle.stat().then((stat) => (stat.isFile() ? stat : Promise.reject(refuse('is not a file: the system\'s own generator is read in any case'))));
    if ((mode & OTHERS_MAY_READ) !== 0) throw refuse(`can be read by others: run "chmod 600 ${file}"`);
    if (size === 0) throw refuse('is empty: put something in it that nobody can guess, or leave the option out');
    if (size > MOST_FILE_BYTES) throw refuse(`has ${size} bytes: at most ${MOST_FILE_BYTES} are read`);
    const bytes = new Uint8Array(size);
    try {
      const { bytesRead } = await handle.read(bytes, 0, size, 0);
      if (bytesRead !== size) throw refuse('changed while it was read: leave it alone');
      return createHash('sha512').update(bytes).digest();
    } finally {
      bytes.fill(0);
    }
  } finally {
    await handle.close();
  }
}

/** Entropy for one circuit: 64 bytes from the system, hashed with `extra` where given. The caller overwrites it after use. */
export function drawEntropy(extra?: Uint8Array): Uint8Array {
  const drawn = randomBytes(SYSTEM_ENTROPY_BYTES);
  if (extra === undefined) return drawn;
  try {
    return createHash('sha512').update(drawn).update(extra).digest();
  } finally {
    drawn.fill(0);
  }
}
