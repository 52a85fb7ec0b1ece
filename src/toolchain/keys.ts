import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { findCircuit, readCircuitList } from '../groth16/circuit-list.js';
import { developmentProvingKey } from '../groth16/development-setup/development-setup.js';
import { keyPaths, readKeyFile, readKeyManifest, sha256, type KeyManifest, type KeyRecord } from '../groth16/key-manifest.js';
import { DEVELOPMENT_SECURITY, verificationKeyToJson } from '../groth16/verification-key.js';
import { parseZkey } from '../groth16/zkey.js';
import { CIRCUITS_DIRECTORY, circuitPaths } from './circuits.js';
import { runTool } from './command-line.js';

/** Where keys lie. */
export const KEYS_DIRECTORY = 'build/keys';

/** A circuit must be compiled before it gets a key. */
export class CircuitNotCompiledError extends ClearproofError {
  readonly code = 'CIRCUIT_NOT_COMPILED';
}

/** Another process holds the manifest, or died while it did. */
export class ManifestLockedError extends ClearproofError {
  readonly code = 'MANIFEST_LOCKED';
}

/** Where `makeDevelopmentKey` reads and writes. */
export interface KeyFolders {
  readonly circuits: string;
  readonly keys: string;
}

/** A lock is held for some milliseconds; one this old belongs to a process that died. */
const STALE_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 50;

/**
 * Makes a circuit's INSECURE development key, or keeps the one there is when it was made from the same constraints and is intact.
 *
 * The manifest names the files only once they are whole on disk; several processes may work on one folder.
 *
 * @returns whether a key was made
 * @throws CircuitNotCompiledError, ManifestLockedError, KeyManifestError, BinaryFileError, CircuitTooLargeError
 */
export async function makeDevelopmentKey(name: string, folders: KeyFolders = { circuits: CIRCUITS_DIRECTORY, keys: KEYS_DIRECTORY }): Promise<boolean> {
  const compiled = circuitPaths(name, folders.circuits);
  const [r1cs, wasm] = [await readCompiled(compiled.r1cs, name), await readCompiled(compiled.wasm, name)];
  const known = (await readKeyManifest(folders.keys)).keys[name];
  const kept = known !== undefined && (await isIntact(known, sha256(r1cs), name, folders.keys)) ? known : undefined;
  // The generator may change while the constraints do not.
  await writeFileAtomically(keyPaths.wasm(folders.keys, name), wasm);
  const record = { ...(kept ?? (await writeKey(name, r1cs, compiled.r1cs, folders.keys))), wasmSha256: sha256(wasm) };
  await updateManifest(folders.keys, name, record);
  if (kept !== undefined) await utimes(keyPaths.zkey(folders.keys, name), new Date(), new Date());
  return kept === undefined;
}

async function writeKey(name: string, r1cs: Uint8Array, r1csFile: string, directory: string): Promise<Omit<KeyRecord, 'wasmSha256'>> {
  const file = keyPaths.zkey(directory, name);
  const zkey = await developmentProvingKey(r1cs, r1csFile);
  const vkey = { ...parseZkey(zkey, file).verificationKey, security: DEVELOPMENT_SECURITY };
  const json = `${JSON.stringify(verificationKeyToJson(vkey), undefined, 1)}\n`;
  await writeFileAtomically(keyPaths.vkey(directory, name), json);
  await writeFileAtomically(file, zkey);
  return { zkeySha256: sha256(zkey), vkeySha256: sha256(json), r1csSha256: sha256(r1cs), security: DEVELOPMENT_SECURITY };
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

async function readCompiled(file: string, circuit: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CircuitNotCompiledError(`${file} cannot be read: run "make circuits" first`, { file, circuit }, { cause });
  }
}

/** Reads, changes and writes the manifest while no other process does. */
async function updateManifest(directory: string, name: string, record: KeyRecord): Promise<void> {
  const file = keyPaths.manifest(directory);
  const lock = `${file}.lock`;
  await acquire(lock);
  try {
    const { keys } = await readKeyManifest(directory);
    const names = [...new Set([...Object.keys(keys), name])].sort();
    const manifest: KeyManifest = { version: 1, keys: Object.fromEntries(names.map((key) => [key, key === name ? record : (keys[key] as KeyRecord)])) };
    await writeFileAtomically(file, `${JSON.stringify(manifest, undefined, 1)}\n`);
  } finally {
    await rm(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<void> {
  const start = Date.now();
  for (;;) {
    try {
      await (await open(lock, 'wx')).close();
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const age = Date.now() - (await stat(lock).then(({ mtimeMs }) => mtimeMs, () => Date.now()));
      if (age > STALE_MILLISECONDS) await rm(lock, { force: true });
      else if (Date.now() - start > 2 * STALE_MILLISECONDS) {
        throw new ManifestLockedError(`${lock} stays there: end other runs of "make keys" or delete it`, { file: lock }, { cause });
      } else await sleep(RETRY_MILLISECONDS);
    }
  }
}

/** Makes keys for the named circuits, or all, and prints a line for each. */
async function main(names: readonly string[]): Promise<void> {
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
