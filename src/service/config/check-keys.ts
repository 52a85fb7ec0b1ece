import type { Deployment } from '../../chain/deployment.js';
import { checkManifestSignature } from '../../chain/manifest-signature.js';
import { verificationKeyHash, type VerificationKey } from '../../groth16/verification-key.js';
import { checkKeys } from '../worker/key-check.js';
import { KeyNotDeployedError } from './errors.js';
import type { ServiceConfig } from './schema.js';

/** A key that may be used, as it was found. */
export interface CheckedKey {
  readonly circuit: string;
  readonly verificationKeyHash: string;
  /** True in development only. */
  readonly insecure: boolean;
}

/**
 * Every key of the epochs' circuits: all its files are those of the manifest, its set-up had a second phase, in production it is no
 * development key, and the venue's registry verifies with it. The manifest is signed by whom the configuration names; where it names
 * nobody, a signature that is there is a good one.
 *
 * @throws KeySignatureError, KeyManifestError, KeyMissingError, KeyHashError, KeyMalformedError, KeyWithoutContributionError, InsecureKeyError, KeyNotDeployedError
 */
export async function checkConfiguredKeys({ mode, keysFolder, keysSigner, venue }: Pick<ServiceConfig, 'mode' | 'keysFolder' | 'keysSigner' | 'venue'>, deployment: Deployment): Promise<readonly CheckedKey[]> {
  await checkManifestSignature(keysFolder, keysSigner);
  const { keys, insecure } = await checkKeys(keysFolder, venue.circuits, mode === 'development');
  return keys.map(({ circuit, key }) => {
    requireDeployed(circuit, key, deployment, venue.deploymentFile);
    return { circuit, verificationKeyHash: verificationKeyHash(key), insecure: insecure.includes(circuit) };
  });
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
