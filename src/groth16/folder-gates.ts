import { ClearproofError } from '../error/clearproof-error.js';
import { fileSha256 } from '../file/file-sha256.js';
import { requireRecordedContributions } from './ceremony-gate.js';
import { forgeWithKnownTrapdoor } from './development-setup/trapdoor-forgery.js';
import { attemptedSignals, WITHOUT_CONTRIBUTION, type DeltaRelation } from './forgery.js';
import { KnownTrapdoorError, passKeyGates, type ForgeryAttempts } from './key-gates.js';
import type { KeyRecord } from './key-manifest-format.js';
import { keyPaths, readKeyFile, readKeyManifest, requireRecord } from './key-manifest.js';
import { loadVerificationKey } from './proving-key.js';
import { isInsecure, type VerificationKey } from './verification-key.js';
import { verifyProof } from './verify.js';

/** A key is of other constraints than those compiled here. */
export class KeyCircuitError extends ClearproofError {
  readonly code = 'KEY_CIRCUIT';
}

/** A key of a folder that passed its gates. */
export interface GatedKey {
  readonly key: VerificationKey;
  /** What the manifest says of it. */
  readonly record: KeyRecord;
  /** On snarkjs. */
  readonly attempts: ForgeryAttempts;
  /** Whether a proof made with public secrets was taken just now: what INSECURE means. Never true of a key that is not labelled so. */
  readonly trapdoorForges: boolean;
}

/**
 * Every gate on a key that folder and manifest allow: its points, its label, forgeries on snarkjs, and, where a ceremony made it, the
 * manifest's contributions in the proving key itself. The proving key of a ceremony is read whole, so one at a time.
 *
 * @param relations forgeries to try live
 * @throws KeyManifestError, KeyMissingError, KeyHashError, KeyMalformedError, KeyCeremonyError, ContributionError, BinaryFileError, and those of passKeyGates
 */
export async function gateFolderKey(directory: string, name: string, relations: readonly DeltaRelation[] = [WITHOUT_CONTRIBUTION]): Promise<GatedKey> {
  const record = requireRecord(await readKeyManifest(directory), directory, name);
  const key = await loadVerificationKey(directory, name);
  const attempts = await passKeyGates(key, keyPaths.vkey(directory, name), relations);
  const trapdoorForges = await takesPublicSecrets(key, record.r1csSha256);
  if (trapdoorForges && !isInsecure(key)) {
    throw new KnownTrapdoorError(`the key of ${name} was made from public secrets and does not say so: anyone can forge with it`, { key: name });
  }
  if (record.ceremony !== undefined) {
    const file = keyPaths.zkey(directory, name);
    await requireRecordedContributions({ circuit: name, record }, await readKeyFile(file, record.zkeySha256), file);
  }
  return { key, record, attempts, trapdoorForges };
}

async function takesPublicSecrets(key: VerificationKey, r1csSha256: string): Promise<boolean> {
  const signals = attemptedSignals(key);
  const forged = await forgeWithKnownTrapdoor(key, signals, r1csSha256);
  return forged !== undefined && verifyProof(key, signals, forged);
}

/**
 * The constraints that were compiled here are those the key was made for.
 *
 * @param r1cs path
 * @throws KeyCircuitError
 */
export async function requireRebuiltCircuit(r1cs: string, { r1csSha256 }: Pick<KeyRecord, 'r1csSha256'>, name: string): Promise<void> {
  const actual = await fileSha256(r1cs).catch((cause: unknown) => {
    throw new KeyCircuitError(`${r1cs} cannot be read, so that nothing says what the key of ${name} proves: compile it ("make circuits"), or name the folder it lies in`, { file: r1cs, circuit: name }, { cause });
  });
  if (actual === r1csSha256) return;
  throw new KeyCircuitError(
    `the key of ${name} is of other constraints (SHA-256 ${r1csSha256}) than ${r1cs} (${actual}): take the sources that the key was made for, and do not use it before they agree`,
    { file: r1cs, circuit: name, actual, expected: r1csSha256 },
  );
}
