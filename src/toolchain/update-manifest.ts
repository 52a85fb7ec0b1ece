import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { FileLockedError, lockFile } from '../file/file-lock.js';
import { parseKeyManifest, serializeKeyManifest, type KeyManifest, type KeyRecord } from '../groth16/key-manifest-format.js';
import { keyPaths, readKeyFile, readKeyManifest } from '../groth16/key-manifest.js';
import { toolVersions } from '../groth16/tool-versions.js';
import { DEVELOPMENT_SECURITY, parseVerificationKey, verificationKeyHash } from '../groth16/verification-key.js';

/** Another process holds the manifest, and goes on holding it. */
export class ManifestLockedError extends ClearproofError {
  readonly code = 'MANIFEST_LOCKED';
}

type Records = KeyManifest['keys'];

const MOST_MILLISECONDS = 60_000;
const RETRY_MILLISECONDS = 50;

/**
 * Reads, changes and writes a key folder's manifest while no other process does. What is already so is not written again: a signature
 * over the manifest stays good.
 *
 * @throws ManifestLockedError, KeyManifestError, and what `change` throws
 */
export async function updateKeyManifest(directory: string, change: (keys: Records) => Records | Promise<Records>): Promise<void> {
  const file = keyPaths.manifest(directory);
  const lock = `${file}.lock`;
  await mkdir(directory, { recursive: true });
  const unlock = await acquire(lock);
  try {
    const manifest = await readManifestOfAnyVersion(directory);
    const keys = await change(manifest.keys);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === serializeKeyManifest({ ...manifest, keys })) return;
    await writeFileAtomically(file, serializeKeyManifest({ version: 2, tools: toolVersions(), keys }));
  } finally {
    await unlock();
  }
}

/** As readKeyManifest; one of version 1 as it will be when it is written next. */
export async function readManifestOfAnyVersion(directory: string): Promise<KeyManifest> {
  const file = keyPaths.manifest(directory);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const records = text === undefined ? undefined : recordsOfVersion1(text);
  return records === undefined ? readKeyManifest(directory) : upgraded(records, directory, file);
}

type Version1Record = Pick<KeyRecord, 'zkeySha256' | 'vkeySha256' | 'r1csSha256' | 'wasmSha256' | 'security'>;

/** Undefined for any other text. What is wrong inside an entry shows when it is upgraded. */
function recordsOfVersion1(text: string): Readonly<Record<string, Version1Record>> | undefined {
  try {
    const value = JSON.parse(text) as { readonly version?: unknown; readonly keys?: unknown } | null;
    if (value?.version !== 1 || typeof value.keys !== 'object' || value.keys === null) return undefined;
    return value.keys as Readonly<Record<string, Version1Record>>;
  } catch {
    return undefined;
  }
}

/**
 * What version 1 lacks follows from the verification keys, which are small: no proving key is made or read again. An entry whose key
 * is not there or not the one named is left out, as if it had never been made. Version 1 knew development keys only.
 */
async function upgraded(records: Readonly<Record<string, Version1Record>>, directory: string, file: string): Promise<KeyManifest> {
  const keys: Record<string, KeyRecord> = {};
  for (const [name, record] of Object.entries(records)) {
    const hash = await hashOfKey(directory, name, record);
    if (hash === undefined) continue;
    const { r1csSha256, wasmSha256, zkeySha256, vkeySha256 } = record;
    keys[name] = { r1csSha256, wasmSha256, zkeySha256, vkeySha256, verificationKeyHash: hash, security: DEVELOPMENT_SECURITY };
  }
  return parseKeyManifest(serializeKeyManifest({ version: 2, tools: toolVersions(), keys }), file);
}

async function hashOfKey(directory: string, name: string, { vkeySha256, security }: Version1Record): Promise<string | undefined> {
  if (security !== DEVELOPMENT_SECURITY) return undefined;
  const file = keyPaths.vkey(directory, name);
  try {
    const bytes = await readKeyFile(file, vkeySha256);
    const key = parseVerificationKey(JSON.parse(new TextDecoder().decode(bytes)) as unknown, file);
    return key.security === DEVELOPMENT_SECURITY ? verificationKeyHash(key) : undefined;
  } catch (thrown) {
    if (thrown instanceof ClearproofError || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

/** Waits for other processes: each holds the manifest for some milliseconds. */
async function acquire(lock: string): Promise<() => Promise<void>> {
  const start = Date.now();
  for (;;) {
    try {
      return await lockFile(lock);
    } catch (cause) {
      if (!(cause instanceof FileLockedError)) throw cause;
      if (Date.now() - start > MOST_MILLISECONDS) throw new ManifestLockedError(`${lock} stays there: end process ${cause.holder}, which holds it`, { file: lock }, { cause });
      await sleep(RETRY_MILLISECONDS);
    }
  }
}
