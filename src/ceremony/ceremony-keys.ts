import { readFile, stat } from 'node:fs/promises';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { fileSha256 } from '../file/file-sha256.js';
import { readContributions } from '../groth16/contributions.js';
import { ceremonyPaths, CeremonyFileError, CeremonyIncompleteError, type CeremonyState } from './ceremony-folder.js';
import { keysAfter } from './record-chain.js';

/** A key of the ceremony is not the one its record names. `details.file`. */
export class CeremonyKeyError extends ClearproofError {
  readonly code = 'CEREMONY_KEY';
}

/** What a contribution is made on: one key of the last folder, whose hash is the record's. */
export interface KeyBefore {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
}

/**
 * The newest keys, each whole and the one that its record (the plan, before any contribution) names.
 *
 * @throws CeremonyIncompleteError, CeremonyKeyError
 */
export async function newestKeys({ directory, plan, records }: CeremonyState): Promise<readonly KeyBefore[]> {
  const last = records.at(-1)?.value;
  const keys = keysAfter(plan.value, last).map(({ name, sha256 }) => ({ name, sha256, file: ceremonyPaths.zkey(directory, last?.index ?? 0, name) }));
  for (const key of keys) await requireKey(key);
  return keys;
}

/** @throws CeremonyIncompleteError, CeremonyKeyError */
export async function requireKey({ file, sha256 }: { readonly file: string; readonly sha256: string }): Promise<void> {
  const found = await hashOf(file);
  if (found === sha256) return;
  if (found === undefined) throw new CeremonyIncompleteError(`${file} is not there: wait until the folder is copied whole, or fetch it from where the ceremony is published`, { file });
  throw new CeremonyKeyError(`${file} is not the key its record names (SHA-256 ${found}, expected ${sha256}): it may still be copied; if not, fetch it again`, { file, found, expected: sha256 });
}

/** SHA-256 of a key; undefined where it is not there. @throws CeremonyFileError */
export async function hashOf(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) throw new CeremonyFileError(`${file} is not a file`, { file });
    return await fileSha256(file);
  } catch (cause) {
    if (cause instanceof ClearproofError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CeremonyFileError(`${file} cannot be read (${messageOf(cause)})`, { file }, { cause });
  }
}

/**
 * That a key just made ends in this contribution, by what stands in the key: its number, and its hash as it was told by whoever made it.
 *
 * @throws CeremonyKeyError, BinaryFileError, ContributionError
 */
export async function requireLastContribution(file: string, { index, contributionHash }: { readonly index: number; readonly contributionHash: string }): Promise<void> {
  const { contributions } = readContributions(await readFile(file), file);
  if (contributions.length === index && contributions.at(-1)?.hash === contributionHash) return;
  throw new CeremonyKeyError(`${file} does not end in contribution ${index} of hash ${contributionHash}: remove its folder and contribute again`, { file, index });
}
