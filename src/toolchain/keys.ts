import { existsSync } from 'node:fs';
import { readFile, utimes } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { findCircuit, readCircuitList } from '../groth16/circuit-list.js';
import { developmentProvingKey } from '../groth16/development-setup/development-setup.js';
import type { KeyRecord } from '../groth16/key-manifest-format.js';
import { keyPaths, readKeyFile, sha256 } from '../groth16/key-manifest.js';
import { DEVELOPMENT_SECURITY, verificationKeyHash, verificationKeyText } from '../groth16/verification-key.js';
import { parseZkey } from '../groth16/zkey.js';
import { CIRCUITS_DIRECTORY, circuitPaths } from './circuits.js';
import { runTool } from './command-line.js';
import { readManifestOfAnyVersion, updateKeyManifest } from './update-manifest.js';

/** Where keys lie. */
export const KEYS_DIRECTORY = 'build/keys';

/** A circuit must be compiled before it gets a key. */
export class CircuitNotCompiledError extends ClearproofError {
  readonly code = 'CIRCUIT_NOT_COMPILED';
}

/** A key of a ceremony lies where a development key would have to go. It is never overwritten: nobody could make it again. */
export class CeremonyKeyKeptError extends ClearproofError {
  readonly code = 'CEREMONY_KEY_KEPT';
}

/** Where `makeDevelopmentKey` reads and writes. */
export interface KeyFolders {
  readonly circuits: string;
  readonly keys: string;
}

/**
 * Makes a circuit's INSECURE development key, or keeps the one there is when it was made from the same constraints and is intact,
 * as the key of a ceremony may be.
 *
 * The manifest names the files only once they are whole on disk; several processes may work on one folder. One of version 1 becomes
 * one of version 2.
 *
 * @returns whether a key was made
 * @throws CircuitNotCompiledError, CeremonyKeyKeptError, ManifestLockedError, KeyManifestError, BinaryFileError, CircuitTooLargeError
 */
export async function makeDevelopmentKey(name: string, folders: KeyFolders = { circuits: CIRCUITS_DIRECTORY, keys: KEYS_DIRECTORY }): Promise<boolean> {
  const compiled = circuitPaths(name, folders.circuits);
  const [r1cs, wasm] = [await readCompiled(compiled.r1cs, name), await readCompiled(compiled.wasm, name)];
  const known = (await readManifestOfAnyVersion(folders.keys)).keys[name];
  const kept = known !== undefined && (await isIntact(known, sha256(r1cs), name, folders.keys)) ? known : undefined;
  if (kept === undefined) requireReplaceable(known, name, folders.keys);
  // The generator may change while the constraints do not.
  await writeFileAtomically(keyPaths.wasm(folders.keys, name), wasm);
  const made = { ...(kept ?? (await writeKey(name, r1cs, compiled.r1cs, folders.keys))), wasmSha256: sha256(wasm) };
  await updateKeyManifest(folders.keys, (keys) => {
    const before = keys[name];
    if (kept === undefined) requireReplaceable(before, name, folders.keys);
    // The verifier's code follows from the key alone.
    const verifier = before?.verificationKeyHash === made.verificationKeyHash ? before.verifier : undefined;
    return { ...keys, [name]: { ...made, ...(verifier === undefined ? {} : { verifier }) } };
  });
  if (kept !== undefined) await utimes(keyPaths.zkey(folders.keys, name), new Date(), new Date());
  return kept === undefined;
}

function requireReplaceable(known: KeyRecord | undefined, name: string, directory: string): void {
  if (known?.ceremony === undefined) return;
  throw new CeremonyKeyKeptError(
    `${directory} holds a ceremony's key for ${name}, of other constraints or damaged, and no development key may replace it: move the folder away, or restore the file`,
    { directory, circuit: name },
  );
}

async function writeKey(name: string, r1cs: Uint8Array, r1csFile: string, directory: string): Promise<Omit<KeyRecord, 'wasmSha256'>> {
  const file = keyPaths.zkey(directory, name);
  const zkey = await developmentProvingKey(r1cs, r1csFile);
  const vkey = { ...parseZkey(zkey, file).verificationKey, security: DEVELOPMENT_SECURITY };
  const json = verificationKeyText(vkey);
  await writeFileAtomically(keyPaths.vkey(directory, name), json);
  await writeFileAtomically(file, zkey);
  return {
    zkeySha256: sha256(zkey), vkeySha256: sha256(json), r1csSha256: sha256(r1cs), verificationKeyHash: verificationKeyHash(vkey), security: DEVELOPMENT_SECURITY,
  };
}

async function isIntact(record: KeyRecord, r1csSha256: string, name: string, directory: string): Promise<boolean> {
  if (record.r1csSha256 !== r1csSha256) return false;
  try {
    await readKeyFile(keyPaths.vkey(directory, name), record.vkeySha256);
    await readKeyFile(keyPaths.zkey(directory, name), record.zkeySha256);
    return true;
  } catch (thrown) {
    // Missing or damaged: the key is made again.
    if (thrown instanceof ClearproofError) return false;
    throw thrown;
  }
}

/** Leaves a manifest of version 2 where there is one of version 1; what is not there is not made. */
export async function upgradeManifest(directory: string): Promise<void> {
  if (existsSync(keyPaths.manifest(directory))) await updateKeyManifest(directory, (keys) => keys);
}

async function readCompiled(file: string, circuit: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CircuitNotCompiledError(`${file} cannot be read: run "make circuits" first`, { file, circuit }, { cause });
  }
}

/** Makes keys for the named circuits, or all, and prints a line for each; with --upgrade only writes a manifest of version 1 again. */
async function main(names: readonly string[]): Promise<void> {
  if (names[0] === '--upgrade') return upgradeManifest(KEYS_DIRECTORY);
  const list = await readCircuitList();
  const chosen = names.length === 0 ? list.map(({ name }) => name) : names.map((name) => findCircuit(list, name).name);
  for (const [index, name] of chosen.entries()) {
    const start = performance.now();
    const made = await makeDevelopmentKey(name);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`[${index + 1}/${chosen.length}] ${name}: ${made ? 'made an INSECURE development key' : 'kept the key'}, ${seconds} s`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
