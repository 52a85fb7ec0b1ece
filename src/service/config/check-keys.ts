import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Deployment } from '../../chain/deployment.js';
import { isDevelopmentKey } from '../../groth16/development-setup/development-key.js';
import { KeyHashError, KeyMissingError, keyPaths, readKeyManifest, requireRecord, type KeyRecord } from '../../groth16/key-manifest.js';
import { loadVerificationKey } from '../../groth16/proving-key.js';
import { verificationKeyHash, type VerificationKey } from '../../groth16/verification-key.js';
import { InsecureKeyError, KeyNotDeployedError } from './errors.js';
import type { ServiceConfig } from './schema.js';

/** A key that may be used, as it was found. */
export interface CheckedKey {
  readonly circuit: string;
  readonly verificationKeyHash: string;
  /** True in development only. */
  readonly insecure: boolean;
}

/**
 * Every key of the epochs' circuits: all its files are those of the manifest, its set-up had a second phase, the venue's registry verifies
 * with it, and in production it is no development key.
 *
 * @throws KeyManifestError, KeyMissingError, KeyHashError, KeyMalformedError, KeyWithoutContributionError, KeyNotDeployedError, InsecureKeyError
 */
export async function checkKeys({ mode, keysFolder, venue }: Pick<ServiceConfig, 'mode' | 'keysFolder' | 'venue'>, deployment: Deployment): Promise<readonly CheckedKey[]> {
  const manifest = await readKeyManifest(keysFolder);
  const checked: CheckedKey[] = [];
  for (const circuit of venue.circuits) {
    const record = requireRecord(manifest, keysFolder, circuit);
    const key = await loadVerificationKey(keysFolder, circuit);
    await requireFiles(keysFolder, circuit, record);
    requireDeployed(circuit, key, deployment, venue.deploymentFile);
    const insecure = isDevelopmentKey(key, record.r1csSha256);
    if (insecure && mode === 'production') throw insecureKey(circuit, keyPaths.vkey(keysFolder, circuit));
    checked.push({ circuit, verificationKeyHash: verificationKeyHash(key), insecure });
  }
  return checked;
}

/** Files of gigabytes: read piece by piece. */
async function requireFiles(folder: string, circuit: string, { zkeySha256, wasmSha256 }: KeyRecord): Promise<void> {
  for (const [file, expected] of [[keyPaths.zkey(folder, circuit), zkeySha256], [keyPaths.wasm(folder, circuit), wasmSha256]] as const) {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(file), hash);
    } catch (cause) {
      throw new KeyMissingError(`${file} cannot be read: copy the key of ${circuit} into the keys folder`, { file, circuit }, { cause });
    }
    const actual = hash.digest('hex');
    if (actual === expected) continue;
    throw new KeyHashError(
      `${file} is not the file in the manifest (SHA-256 ${actual}, expected ${expected}): copy the key of ${circuit} again from where it was made`,
      { file, actual, expected },
    );
  }
}

function requireDeployed(circuit: string, key: VerificationKey, { circuits }: Deployment, file: string): void {
  const deployed = circuits.find(({ name }) => name === circuit);
  if (deployed === undefined) {
    throw new KeyNotDeployedError(
      `venue.circuits names ${circuit}, which the registry of ${file} does not know: take one of ${circuits.map(({ name }) => name).join(', ')}`,
      { field: 'venue.circuits', circuit, file },
    );
  }
  const actual = verificationKeyHash(key);
  if (deployed.verificationKeyHash === actual) return;
  throw new KeyNotDeployedError(
    `the registry of ${file} verifies ${circuit} with another key (${deployed.verificationKeyHash}) than keysFolder holds (${actual}): every proof would be refused; use the keys it was deployed with`,
    { field: 'keysFolder', circuit, file, actual, expected: deployed.verificationKeyHash },
  );
}

function insecureKey(circuit: string, file: string): InsecureKeyError {
  return new InsecureKeyError(
    `${file} is an INSECURE development key, with which anyone can forge: put keys of a ceremony into keysFolder, or set mode to "development" on a local test chain`,
    { circuit, file, field: 'keysFolder' },
  );
}
