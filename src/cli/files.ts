import { readFile } from 'node:fs/promises';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';

/** A file named on the command line cannot be read. */
export class FileReadError extends ClearproofError {
  readonly code = 'FILE_READ';
}

/** Text of a file a user named. @throws FileReadError */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FileReadError(`${file} cannot be read (${messageOf(cause)}): check the path`, { file }, { cause });
  }
}
