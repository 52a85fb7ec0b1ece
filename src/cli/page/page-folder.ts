import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError } from '../../error/clearproof-error.js';
import { sha256 } from '../../groth16/key-manifest.js';

const SUMS = 'SHA256SUMS';
/** A line of sha256sum; a path below the folder that cannot leave it. */
const LINE = /^([0-9a-f]{64}) {2}((?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)$/;

/** The pages are not built, or the folder is another. */
export class PagesMissingError extends ClearproofError {
  readonly code = 'PAGES_MISSING';
}

/** A file of the pages is not the one that SHA256SUMS names. */
export class PagesChangedError extends ClearproofError {
  readonly code = 'PAGES_CHANGED';
}

/** The built pages, whole and as SHA256SUMS names them. */
export interface PageFolder {
  /** SHA-256 of SHA256SUMS, hex: what README.md states. */
  readonly sha256: string;
  /** By path below the folder, "assets/…". */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Reads the pages into memory: some megabytes. @throws PagesMissingError, PagesChangedError */
export async function readPageFolder(folder: string): Promise<PageFolder> {
  const sums = await readFile(join(folder, SUMS), 'utf8').catch((cause: unknown) => {
    throw new PagesMissingError(`${folder} has no ${SUMS}: run "make web", or name the folder of the pages with --folder`, { folder }, { cause });
  });
  const files = new Map<string, Buffer>([[SUMS, Buffer.from(sums)]]);
  for (const line of sums.trimEnd().split('\n')) {
    const [, expected, name] = LINE.exec(line) ?? [];
    if (expected === undefined || name === undefined) throw new PagesChangedError(`${join(folder, SUMS)} has a line that is none of sha256sum's: run "make web"`, { folder });
    const content = await readFile(join(folder, name)).catch((cause: unknown) => {
      throw new PagesMissingError(`${join(folder, name)} cannot be read: run "make web"`, { folder, file: name }, { cause });
    });
    if (sha256(content) !== expected) throw new PagesChangedError(`${join(folder, name)} is not the file that ${SUMS} names: run "make web"`, { folder, file: name });
    files.set(name, content);
  }
  return { sha256: sha256(sums), files };
}
