import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export const RELEASES = 'test/vectors/releases';
export const SUMS_FILE = 'SHA256SUMS';
export const EXPECTED_FILE = 'expected.json';

/** A receipt of the corpus, and what verifying it says. Integers are decimal strings. */
export interface ExpectedReceipt {
  readonly file: string;
  readonly userId: string;
  readonly subAccount: string;
  readonly owner: string;
  /** Base64url; of an account that nobody has. */
  readonly accessKey: string;
  readonly equity: string;
  readonly charges: string;
  readonly requirement: string;
  readonly distance: string;
  readonly healthy: boolean;
}

/** `expected.json` of an epoch of the corpus. */
export interface ExpectedEpoch {
  readonly venue: { readonly chainId: string; readonly registry: string; readonly venueId: string };
  readonly epoch: string;
  readonly attestationSha256: string;
  readonly keyHashes: Readonly<Record<string, string>>;
  readonly receipts: readonly ExpectedReceipt[];
}

/** Every file below a folder, by its path from there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

/** What SHA256SUMS of a release says: a line a file, as sha256sum writes it. */
export async function sumsOf(folder: string): Promise<string> {
  const files = (await filesBelow(folder)).filter((file) => file !== SUMS_FILE);
  const lines = await Promise.all(files.map(async (file) => `${createHash('sha256').update(await readFile(join(folder, file))).digest('hex')}  ${file}\n`));
  return lines.join('');
}
