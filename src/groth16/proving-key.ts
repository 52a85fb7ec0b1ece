import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import type { KeyRecord, VerifierCode } from './key-manifest-format.js';
import { keyPaths, readKeyFile, readKeyManifest, requireHash, requireRecord } from './key-manifest.js';
import { parseVerificationKey, requireContribution, verificationKeyHash, type VerificationKey } from './verification-key.js';
import { WitnessCalculator } from './witness-calculator.js';
import { ZkeyFile } from './zkey-file.js';
import { parseZkey, type Zkey } from './zkey.js';

/** A file of a key has the right hash and is still no key: the manifest vouches for something broken. */
export class KeyMalformedError extends ClearproofError {
  readonly code = 'KEY_MALFORMED';
}

/** What it takes to prove with one circuit by a program that reads the key itself. */
export interface CircuitKey {
  readonly circuit: string;
  /** Path of the proving key. */
  readonly zkeyFile: string;
  readonly witness: WitnessCalculator;
  readonly verificationKey: VerificationKey;
}

/** What it takes to prove in this process. */
export interface ProvingKey extends CircuitKey {
  readonly zkey: Uint8Array;
}

/**
 * Loads a circuit's proving key, verification key and witness generator.
 *
 * @throws KeyManifestError, KeyMissingError, KeyHashError, KeyMalformedError, KeyWithoutContributionError
 */
export async function loadProvingKey(directory: string, name: string): Promise<ProvingKey> {
  return loadWith(directory, name, async (file, expectedSha256) => {
    const zkey = await readKeyFile(file, expectedSha256);
    return { read: await wellFormed(file, () => parseZkey(zkey, file)), more: { zkey } };
  });
}

/**
 * The same without the proving key's bytes, which go by only to be hashed: some hundred megabytes that another program maps. Who can
 * change the file between this and the program's reading of it can make proofs fail to verify, no more.
 */
export async function loadCircuitKey(directory: string, name: string): Promise<CircuitKey> {
  return loadWith(directory, name, async (file, expectedSha256) => {
    const zkey = await ZkeyFile.open(file);
    try {
      requireHash(file, await zkey.sha256(), expectedSha256);
      return { read: await wellFormed(file, () => zkey.header()), more: {} };
    } finally {
      await zkey.close();
    }
  });
}

async function loadWith<More>(
  directory: string, name: string, readZkey: (file: string, expectedSha256: string) => Promise<{ readonly read: Zkey; readonly more: More }>,
): Promise<CircuitKey & More> {
  const record = requireRecord(await readKeyManifest(directory), directory, name);
  const zkeyFile = keyPaths.zkey(directory, name);
  const [{ read, more }, verificationKey, wasm] = await Promise.all([
    readZkey(zkeyFile, record.zkeySha256),
    loadVerificationKey(directory, name),
    readKeyFile(keyPaths.wasm(directory, name), record.wasmSha256),
  ]);
  requireSameKey(read, verificationKey, zkeyFile);
  return { circuit: name, zkeyFile, witness: await WitnessCalculator.load(name, wasm), verificationKey, ...more };
}

/** Loads a circuit's verification key alone. Throws what loadProvingKey throws. */
export async function loadVerificationKey(directory: string, name: string): Promise<VerificationKey> {
  const record = requireRecord(await readKeyManifest(directory), directory, name);
  const file = keyPaths.vkey(directory, name);
  const bytes = await readKeyFile(file, record.vkeySha256);
  const json = await wellFormed(file, () => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
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

async function wellFormed<T>(file: string, parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (cause) {
    throw new KeyMalformedError(`${file} is malformed (${messageOf(cause)}): delete it and run "make keys"`, { file }, { cause });
  }
}
