import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import type { KeyRecord, VerifierCode } from './key-manifest-format.js';
import { keyPaths, readKeyFile, readKeyManifest, requireRecord } from './key-manifest.js';
import { parseVerificationKey, requireContribution, verificationKeyHash, type VerificationKey } from './verification-key.js';
import { WitnessCalculator } from './witness-calculator.js';
import { parseZkey, type Zkey } from './zkey.js';

/** A file of a key has the right hash and is still no key: the manifest vouches for something broken. */
export class KeyMalformedError extends ClearproofError {
  readonly code = 'KEY_MALFORMED';
}

/** Everything it takes to prove with one circuit. */
export interface ProvingKey {
  readonly circuit: string;
  readonly zkey: Uint8Array;
  /** The file `zkey` came from, for provers that are programs of their own. */
  readonly zkeyFile: string;
  readonly witness: WitnessCalculator;
  readonly verificationKey: VerificationKey;
}

/**
 * Loads a circuit's proving key, verification key and witness generator.
 *
 * @throws KeyManifestError, KeyMissingError, KeyHashError, KeyMalformedError, KeyWithoutContributionError
 */
export async function loadProvingKey(directory: string, name: string): Promise<ProvingKey> {
  const record = requireRecord(await readKeyManifest(directory), directory, name);
  const zkeyFile = keyPaths.zkey(directory, name);
  const [zkey, verificationKey, wasm] = await Promise.all([
    readKeyFile(zkeyFile, record.zkeySha256),
    loadVerificationKey(directory, name),
    readKeyFile(keyPaths.wasm(directory, name), record.wasmSha256),
  ]);
  requireSameKey(wellFormed(zkeyFile, () => parseZkey(zkey, zkeyFile)), verificationKey, zkeyFile);
  return { circuit: name, zkey, zkeyFile, witness: await WitnessCalculator.load(name, wasm), verificationKey };
}

/** Loads a circuit's verification key alone. Throws what loadProvingKey throws. */
export async function loadVerificationKey(directory: string, name: string): Promise<VerificationKey> {
  const record = requireRecord(await readKeyManifest(directory), directory, name);
  const file = keyPaths.vkey(directory, name);
  const bytes = await readKeyFile(file, record.vkeySha256);
  const json = wellFormed(file, () => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  const key = parseVerificationKey(json, file);
  requireRecorded(key, record, file);
  return key;
}

/** A circuit's verification key, and what the manifest says of its verifier's code. Throws what loadProvingKey throws. */
export async function loadExpectedVerifier(directory: string, name: string): Promise<{ readonly key: VerificationKey; readonly verifier?: VerifierCode }> {
  const { verifier } = requireRecord(await readKeyManifest(directory), directory, name);
  return { key: await loadVerificationKey(directory, name), ...(verifier === undefined ? {} : { verifier }) };
}

/** The manifest says two things twice, as SHA-256 of the file and for itself; readers rely on either. */
function requireRecorded(key: VerificationKey, record: KeyRecord, file: string): void {
  const fault = verificationKeyHash(key) !== record.verificationKeyHash ? 'hash' : key.security !== record.security ? 'label' : undefined;
  if (fault === undefined) return;
  throw new KeyMalformedError(`${file} has another ${fault} than the manifest says: take key and manifest from one source, or delete both and run "make keys"`, { file });
}

/** Two files with good hashes could still be of different builds. */
function requireSameKey(zkey: Zkey, verificationKey: VerificationKey, file: string): void {
  requireContribution(zkey.verificationKey, file);
  const inside = { ...zkey.verificationKey, security: verificationKey.security };
  if (verificationKeyHash(inside) === verificationKeyHash(verificationKey)) return;
  throw new KeyMalformedError(`${file} and its verification key are of different set-ups: delete both and run "make keys"`, { file });
}

function wellFormed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new KeyMalformedError(`${file} is malformed (${messageOf(cause)}): delete it and run "make keys"`, { file }, { cause });
  }
}
