import { ClearproofError } from '../../error/clearproof-error.js';
import { fileSha256 } from '../../file/file-sha256.js';
import { requirePublishedCeremony } from '../../groth16/ceremony-gate.js';
import { gateFolderKey } from '../../groth16/folder-gates.js';
import { KeyHashError, keyPaths, KeyMissingError, readKeyManifest, requireRecord } from '../../groth16/key-manifest.js';
import { isInsecure, type VerificationKey } from '../../groth16/verification-key.js';
import { keyManifestDigest } from './key-manifest-digest.js';

/** A key that anybody could forge proofs for, where such keys are not allowed. */
export class InsecureKeyError extends ClearproofError {
  readonly code = 'INSECURE_KEY';
}

export interface CheckedKeys {
  /** What the store is pinned to. */
  readonly manifestSha256: string;
  /** Circuits whose keys are development keys. */
  readonly insecure: readonly string[];
  /** In the order of the circuits. */
  readonly keys: readonly { readonly circuit: string; readonly key: VerificationKey }[];
}

/**
 * Holds every key of these circuits against the manifest: proving key, witness generator and verification key, which has
 * a contribution and takes no forged proof. Before any work is taken, for a key that is found broken in the middle of an epoch has cost it a try.
 * Where a ceremony made a key, it has in itself the contributions that the manifest lists, with its beacon last; where nobody may be able
 * to forge, a ceremony did, over a published phase 1 and with as many contributions as it asked for at least.
 *
 * @param insecureAllowed false in production
 * @throws KeyManifestError, KeyMissingError, KeyHashError, KeyMalformedError, InsecureKeyError, KeyCeremonyError, ContributionError, and those of passKeyGates
 */
export async function checkKeys(directory: string, circuits: readonly string[], insecureAllowed: boolean): Promise<CheckedKeys> {
  const manifest = await readKeyManifest(directory);
  const insecure: string[] = [];
  const keys: { circuit: string; key: VerificationKey }[] = [];
  for (const circuit of circuits) {
    const record = requireRecord(manifest, directory, circuit);
    await requireFile(keyPaths.zkey(directory, circuit), record.zkeySha256);
    await requireFile(keyPaths.wasm(directory, circuit), record.wasmSha256);
    const { key } = await gateFolderKey(directory, circuit);
    if (isInsecure(key)) insecure.push(circuit);
    keys.push({ circuit, key });
  }
  if (insecure.length > 0 && !insecureAllowed) {
    throw new InsecureKeyError(`the keys of ${insecure.join(', ')} are INSECURE development keys: take keys of a ceremony, or allow them for a trial`, { circuits: insecure.join(' ') });
  }
  if (!insecureAllowed) {
    for (const circuit of circuits) requirePublishedCeremony({ circuit, record: requireRecord(manifest, directory, circuit) });
  }
  return { manifestSha256: keyManifestDigest(manifest, directory, circuits), insecure, keys };
}

/** A proving key may have gigabytes: it is hashed as it is read. */
async function requireFile(file: string, expected: string): Promise<void> {
  const actual = await fileSha256(file).catch((cause: unknown) => {
    throw new KeyMissingError(`${file} cannot be read: run "make keys"`, { file }, { cause });
  });
  if (actual !== expected) throw new KeyHashError(`${file} is not the file in the manifest (SHA-256 ${actual}, expected ${expected}): delete it and run "make keys"`, { file, actual, expected });
}
