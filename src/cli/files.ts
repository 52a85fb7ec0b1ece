import { access, readFile, stat } from 'node:fs/promises';
import { OTHERS_MAY_READ, SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';
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

/** A file with a secret cannot be used as it is. */
export class SecretFileError extends ClearproofError {
  readonly code = 'SECRET_FILE';
}


/** Text of a file that holds a secret. @throws SecretFileError when others may read it; FileReadError */
export async function readSecretText(file: string): Promise<string> {
  const text = await readText(file);
  const { mode } = await stat(file);
  if ((mode & OTHERS_MAY_READ) !== 0) throw new SecretFileError(`${file} can be read by others: run "chmod 600 ${file}"`, { file });
  return text;
}

/** Writes a secret that cannot be made again, mode 0600. @throws SecretFileError when the file is there */
export async function createSecretFile(file: string, content: string): Promise<void> {
  await refuseExisting(file);
  await writeFileAtomically(file, content, SECRET_FILE);
}

/** For commands that make the secret only if it can be kept. @throws SecretFileError when the file is there */
export async function refuseExisting(file: string): Promise<void> {
  if (await access(file).then(() => true, () => false)) throw new SecretFileError(`${file} exists: name another file, what is in it cannot be made again`, { file });
}
