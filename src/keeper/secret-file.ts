import { readFile, stat } from 'node:fs/promises';
import { OTHERS_MAY_READ } from '../file/atomic-file.js';
import { KeeperConfigError } from './keeper-errors.js';


/** Text of a file that holds a secret. @throws KeeperConfigError when others may read it, or nobody can */
export async function readSecret(file: string, field: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if ((mode & OTHERS_MAY_READ) !== 0) throw new KeeperConfigError(`${field}: ${file} can be read by others: run "chmod 600 ${file}"`, { field, file });
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof KeeperConfigError) throw cause;
    throw new KeeperConfigError(`${field}: ${file} cannot be read: check the path`, { field, file }, { cause });
  }
}
