import type { KeyManifest } from '../../groth16/key-manifest-format.js';
import { requireRecord, sha256 } from '../../groth16/key-manifest.js';

/**
 * What keys a worker has of these circuits, as one SHA-256: two workers with the same digest make proofs that the same
 * verification keys accept.
 *
 * @throws KeyMissingError
 */
export function keyManifestDigest(manifest: KeyManifest, directory: string, circuits: readonly string[]): string {
  const records = [...new Set(circuits)].sort().map((name) => {
    const { zkeySha256, vkeySha256, r1csSha256, wasmSha256 } = requireRecord(manifest, directory, name);
    return `${name} ${zkeySha256} ${vkeySha256} ${r1csSha256} ${wasmSha256}\n`;
  });
  return sha256(records.join(''));
}
