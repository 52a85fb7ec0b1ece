import { stat } from 'node:fs/promises';
import { messageOf } from '../../error/clearproof-error.js';
import { ConfigReadError, FileModeError } from './errors.js';

const OTHERS_MAY_DO_ANYTHING = 0o077;
const OTHERS_MAY_WRITE = 0o022;

/** @throws ConfigReadError when `file` is not there; FileModeError when anyone but its owner may read or change it */
export async function refuseReadableSecret(file: string, field: string): Promise<void> {
  const mode = await modeOf(file, field);
  if ((mode & OTHERS_MAY_DO_ANYTHING) === 0) return;
  throw new FileModeError(`${file}, named in ${field}, holds a secret and has mode ${octal(mode)}: run "chmod 600 ${file}"`, { file, field, mode: octal(mode) });
}

/** As refuseReadableSecret, for a file or folder that the service makes itself, with the right mode, when it is missing. */
export async function refuseReadableIfThere(path: string, field: string, wanted: '600' | '700'): Promise<void> {
  const mode = await modeOf(path, field).catch((cause: unknown) => {
    if (cause instanceof ConfigReadError && cause.details['reason'] === 'ENOENT') return 0;
    throw cause;
  });
  if ((mode & OTHERS_MAY_DO_ANYTHING) === 0) return;
  throw new FileModeError(`${path}, named in ${field}, is secret and has mode ${octal(mode)}: run "chmod ${wanted} ${path}"`, { file: path, field, mode: octal(mode) });
}

/** What the service trusts may be read by all, but changed by its owner only. @throws ConfigReadError, FileModeError */
export async function refuseWritable(file: string, field: string): Promise<void> {
  const mode = await modeOf(file, field);
  if ((mode & OTHERS_MAY_WRITE) === 0) return;
  throw new FileModeError(`${file}, named in ${field}, can be changed by others (mode ${octal(mode)}): run "chmod go-w ${file}"`, { file, field, mode: octal(mode) });
}

async function modeOf(file: string, field: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ConfigReadError(`${file}, named in ${field}, cannot be read (${messageOf(cause)}): correct the path`, { file, field, reason }, { cause });
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, '0');
}
