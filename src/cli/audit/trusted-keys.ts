import { dirname, join } from 'node:path';
import { access, stat } from 'node:fs/promises';
import { parseKeyManifest } from '../../groth16/key-manifest-format.js';
import { keyPaths, KeyHashError, sha256 } from '../../groth16/key-manifest.js';
import { parseVerificationKey, verificationKeyHash } from '../../groth16/verification-key.js';
import type { TrustedKeyHashes } from '../../verification/key-check.js';
import { readText } from '../files.js';

export interface TrustedKeys {
  readonly keys: Readonly<Record<string, unknown>>;
  /** Undefined without a manifest: then the registry's keys are taken. */
  readonly trustedKeyHashes: TrustedKeyHashes | undefined;
}

/**
 * Verification keys that a manifest names and that lie beside it, each checked against it.
 *
 * @param manifest the file, or its folder
 * @throws FileReadError, KeyManifestError, KeyHashError, VerificationKeyError
 */
export async function readTrustedKeys(manifest: string | undefined): Promise<TrustedKeys> {
  if (manifest === undefined) return { keys: {}, trustedKeyHashes: undefined };
  const isFolder = await stat(manifest).then((found) => found.isDirectory(), () => false);
  const folder = isFolder ? manifest : dirname(manifest);
  const file = isFolder ? join(manifest, 'manifest.json') : manifest;
  const keys: Record<string, unknown> = {};
  const hashes: Record<string, string> = {};
  for (const [name, { vkeySha256 }] of Object.entries(parseKeyManifest(await readText(file), file).keys)) {
    const path = keyPaths.vkey(folder, name);
    if (!(await access(path).then(() => true, () => false))) continue;
    const text = await readText(path);
    if (sha256(text) !== vkeySha256) throw new KeyHashError(`${path} is not the key that ${file} names: take both from one source`, { file: path, circuit: name });
    keys[name] = JSON.parse(text) as unknown;
    hashes[name] = verificationKeyHash(parseVerificationKey(keys[name], path));
  }
  return { keys, trustedKeyHashes: hashes };
}
