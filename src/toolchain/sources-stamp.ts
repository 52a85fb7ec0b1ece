import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A made file and its content. */
export interface MadeFile {
  /** Path from the folder of the stamp. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

interface Stamp {
  /** SHA-256, hex, of what the files were made of. */
  readonly madeOf: string;
  /** SHA-256, hex, of each made file, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Text of a file that says what the files beside it were made of, and what they were then. */
export function sourcesStamp(madeOf: string, files: readonly MadeFile[]): string {
  const stamp: Stamp = { madeOf: sha256(madeOf), files: Object.fromEntries(files.map(({ name, content }) => [name, sha256(content)])) };
  return `${JSON.stringify(stamp, undefined, 1)}\n`;
}

/** Whether the stamp in `folder` speaks of `madeOf`, and every file it names is still what it was. False where there is no stamp. */
export async function isCurrent(folder: string, stampName: string, madeOf: string): Promise<boolean> {
  const stamp = await readStamp(join(folder, stampName));
  if (stamp?.madeOf !== sha256(madeOf)) return false;
  const intact = await Promise.all(Object.entries(stamp.files).map(async ([name, hash]) => {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    return content !== undefined && sha256(content) === hash;
  }));
  return intact.length > 0 && intact.every(Boolean);
}

/** A stamp that is missing or damaged says nothing, and what it stands beside is made again. */
async function readStamp(file: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
