import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { KeyManifestError, parseKeyManifest, type KeyManifest, type KeyRecord } from './key-manifest-format.js';
import { toolVersions } from './tool-versions.js';

/** A file of a key, or its entry in the manifest, is not there. */
export class KeyMissingError extends ClearproofError {
  readonly code = 'KEY_MISSING';
}

/** A file of a key is not the one the manifest names: changed, damaged or of another build. */
export class KeyHashError extends ClearproofError {
  readonly code = 'KEY_HASH';
}

const REMEDY = 'run "make keys"';

/** Paths of the files of one key folder. */
export const keyPaths = {
  manifest: (directory: string): string => join(directory, 'manifest.json'),
  /** Optional. */
  signature: (directory: string): string => join(directory, 'manifest.sig.json'),
  zkey: (directory: string, name: string): string => join(directory, `${name}.zkey`),
  vkey: (directory: string, name: string): string => join(directory, `${name}.vkey.json`),
  wasm: (directory: string, name: string): string => join(directory, `${name}.wasm`),
};

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The manifest of a key folder; an empty one where there is none. @throws KeyManifestError */
export async function readKeyManifest(directory: string): Promise<KeyManifest> {
  const file = keyPaths.manifest(directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { version: 2, tools: toolVersions(), keys: {} };
    throw new KeyManifestError(`${file} cannot be read: ${messageOf(cause)}`, { file }, { cause });
  }
  return parseKeyManifest(text, file);
}

/** The manifest's entry for a circuit, or KeyMissingError. */
export function requireRecord(manifest: KeyManifest, directory: string, name: string): KeyRecord {
  const record = Object.hasOwn(manifest.keys, name) ? manifest.keys[name] : undefined;
  if (record !== undefined) return record;
  const file = keyPaths.manifest(directory);
  throw new KeyMissingError(`${file} names no key for circuit ${name}: ${REMEDY}`, { file, circuit: name });
}

/**
 * The bytes of a key's file, which are those the manifest names.
 *
 * @throws KeyMissingError, KeyHashError
 */
export async function readKeyFile(file: string, expectedSha256: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw keyUnreadable(file, cause);
  }
  requireHash(file, sha256(bytes), expectedSha256);
  return bytes;
}

export function keyUnreadable(file: string, cause: unknown): KeyMissingError {
  return new KeyMissingError(`${file} cannot be read: ${REMEDY}`, { file }, { cause });
}

/** @throws KeyHashError */
export function requireHash(file: string, actual: string, expectedSha256: string): void {
  if (actual === expectedSha256) return;
  throw new KeyHashError(
    `${file} is not the file in the manifest (SHA-256 ${actual}, expected ${expectedSha256}): delete it and ${REMEDY}`,
    { file, actual, expected: expectedSha256 },
  );
}
