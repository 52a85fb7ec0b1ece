import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';

/** What a key was made from and hashes to: SHA-256, lower-case hex. */
export interface KeyRecord {
  readonly zkeySha256: string;
  readonly vkeySha256: string;
  readonly r1csSha256: string;
  readonly wasmSha256: string;
  /** The label of the verification key, repeated for people who look here. */
  readonly security: string;
}

/** build/keys/manifest.json: the keys this project made, by circuit name. */
export interface KeyManifest {
  readonly version: 1;
  readonly keys: Readonly<Record<string, KeyRecord>>;
}

/** manifest.json is there but not what it must be. */
export class KeyManifestError extends ClearproofError {
  readonly code = 'KEY_MANIFEST';
}

/** A file of a key, or its entry in the manifest, is not there. */
export class KeyMissingError extends ClearproofError {
  readonly code = 'KEY_MISSING';
}

/** A file of a key is not the one the manifest names: changed, damaged or of another build. */
export class KeyHashError extends ClearproofError {
  readonly code = 'KEY_HASH';
}

const HASHES = ['zkeySha256', 'vkeySha256', 'r1csSha256', 'wasmSha256'] as const;
const SHA256 = /^[0-9a-f]{64}$/;
const REMEDY = 'run "make keys"';

/** Paths of the files of one key folder. */
export const keyPaths = {
  manifest: (directory: string): string => join(directory, 'manifest.json'),
  zkey: (directory: string, name: string): string => join(directory, `${name}.zkey`),
  vkey: (directory: string, name: string): string => join(directory, `${name}.vkey.json`),
  wasm: (directory: string, name: string): string => join(directory, `${name}.wasm`),
};

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The manifest of a key folder; an empty one where there is none. Throws KeyManifestError. */
export async function readKeyManifest(directory: string): Promise<KeyManifest> {
  const file = keyPaths.manifest(directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, keys: {} };
    throw new KeyManifestError(`${file} cannot be read: ${messageOf(cause)}`, { file }, { cause });
  }
  return parseKeyManifest(text, file);
}

export function parseKeyManifest(text: string, file: string): KeyManifest {
  const wrong = (problem: string, cause?: unknown): KeyManifestError =>
    new KeyManifestError(`${file} ${problem}: delete it and ${REMEDY}`, { file }, cause === undefined ? undefined : { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong('is not JSON', cause);
  }
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.keys)) throw wrong('is no manifest of version 1');
  const keys = Object.entries(value.keys).map(([name, record]) => {
    const bad = isRecord(record) ? HASHES.find((field) => typeof record[field] !== 'string' || !SHA256.test(record[field])) : 'entry';
    if (bad !== undefined || !isRecord(record)) throw wrong(`has no valid ${bad} for ${name}`);
    if (typeof record.security !== 'string') throw wrong(`has no valid security for ${name}`);
    return [name, record as unknown as KeyRecord] as const;
  });
  return { version: 1, keys: Object.fromEntries(keys) };
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
    throw new KeyMissingError(`${file} cannot be read: ${REMEDY}`, { file }, { cause });
  }
  const actual = sha256(bytes);
  if (actual === expectedSha256) return bytes;
  throw new KeyHashError(
    `${file} is not the file in the manifest (SHA-256 ${actual}, expected ${expectedSha256}): delete it and ${REMEDY}`,
    { file, actual, expected: expectedSha256 },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
