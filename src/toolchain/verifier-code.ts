import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { circuitKindOf } from '../chain/deployment.js';
import { verifierContractName } from '../chain/verifier-name.js';
import { ClearproofError } from '../error/clearproof-error.js';
import type { KeyRecord, VerifierCode } from '../groth16/key-manifest-format.js';
import { loadVerificationKey } from '../groth16/proving-key.js';
import { holdsKey, verifierCodeOf, type CompiledVerifier } from '../groth16/verifier-code.js';
import { runTool } from './command-line.js';
import { CONTRACT_ARTIFACTS } from './contracts.js';
import { KEYS_DIRECTORY } from './keys.js';
import { updateKeyManifest } from './update-manifest.js';

/** A compiled verifier is of another key than the manifest, or not what the manifest of a ceremony says. */
export class CompiledVerifierError extends ClearproofError {
  readonly code = 'COMPILED_VERIFIER';
}

export interface CodeFolders {
  readonly keys: string;
  /** Compiled contracts. */
  readonly contracts: string;
}

/**
 * Writes into the manifest what the verifiers of its keys compile to. Keys of circuits that no registry takes have none, nor have those
 * whose verifier was not compiled.
 *
 * @returns how many verifiers the manifest names now
 * @throws CompiledVerifierError, and the errors of loadVerificationKey and updateKeyManifest
 */
export async function recordVerifierCode(folders: CodeFolders = { keys: KEYS_DIRECTORY, contracts: CONTRACT_ARTIFACTS }): Promise<number> {
  let recorded = 0;
  await updateKeyManifest(folders.keys, async (keys) => {
    const changed: Record<string, KeyRecord> = { ...keys };
    for (const [name, record] of Object.entries(keys)) {
      const verifier = circuitKindOf(name) === undefined ? undefined : await codeOf(name, folders);
      if (verifier === undefined) continue;
      requireSame(name, record, verifier);
      changed[name] = { ...record, verifier };
      recorded += 1;
    }
    return changed;
  });
  return recorded;
}

async function codeOf(circuit: string, { keys, contracts }: CodeFolders): Promise<VerifierCode | undefined> {
  const file = path.join(contracts, `${verifierContractName(circuit)}.json`);
  let compiled: CompiledVerifier;
  try {
    compiled = JSON.parse(await readFile(file, 'utf8')) as CompiledVerifier;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CompiledVerifierError(`${file} cannot be read: run "make contracts"`, { file, circuit }, { cause });
  }
  if (!holdsKey(compiled.deployedBytecode, await loadVerificationKey(keys, circuit))) {
    throw new CompiledVerifierError(`${file} verifies with another key than ${keys} has for ${circuit}: run "make contracts"`, { file, circuit });
  }
  return verifierCodeOf(compiled);
}

/** Others rely on what a ceremony's manifest says: this compiler shall give the same, or somebody finds out why not. */
function requireSame(circuit: string, { ceremony, verifier }: KeyRecord, compiled: VerifierCode): void {
  if (ceremony === undefined || verifier === undefined || verifier.runtimeCodeHash === compiled.runtimeCodeHash) return;
  throw new CompiledVerifierError(
    `the verifier of ${circuit} compiles to code with hash ${compiled.runtimeCodeHash}, the manifest of its ceremony says ${verifier.runtimeCodeHash}: use the compiler and template that its tools name`,
    { circuit, actual: compiled.runtimeCodeHash, expected: verifier.runtimeCodeHash },
  );
}

async function main(): Promise<void> {
  console.log(`${await recordVerifierCode()} verifiers named in ${KEYS_DIRECTORY}/manifest.json`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
