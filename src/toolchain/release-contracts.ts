import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { releaseCurves } from '../groth16/curves.js';
import { readKeyManifest } from '../groth16/key-manifest.js';
import { runTool } from './command-line.js';
import { compileContracts } from './contracts.js';
import { writeVerifiers } from './verifiers.js';

/** Which keys, or where the contracts go, was not said. */
export class ReleaseContractsError extends ClearproofError {
  readonly code = 'RELEASE_CONTRACTS';
}

/** Keys that are not those of build/keys, and where contracts for them go. */
export interface KeyContracts {
  /** Directory of circuits/, contracts/ and node_modules/. */
  readonly root: string;
  readonly keys: string;
  /** Artefacts, and below it verifiers/ with the sources of the verifiers. */
  readonly output: string;
}

/**
 * Generates the verifier of every key in a folder and compiles all contracts with them.
 *
 * @returns names of the artefacts
 * @throws what writeVerifiers and compileContracts throw
 */
export async function releaseContracts({ root, keys, output }: KeyContracts): Promise<readonly string[]> {
  const verifiers = path.resolve(output, 'verifiers');
  const circuits = Object.keys((await readKeyManifest(keys)).keys);
  if (circuits.length === 0) throw new ReleaseContractsError(`${keys} has no manifest.json that names a key: name the folder that "clearproof ceremony finalise" wrote`, { keys });
  await writeVerifiers(keys, circuits, verifiers);
  return compileContracts({ root, verifiers, output: path.resolve(output) });
}

async function main(args: readonly string[]): Promise<void> {
  const { values: { keys, out } } = parseArgs({ args: [...args], options: { keys: { type: 'string' }, out: { type: 'string' } } });
  if (!keys || !out) throw new ReleaseContractsError('which keys, and where to? Run make release-contracts KEYS=folder OUT=folder');
  const names = await releaseContracts({ root: process.cwd(), keys, output: out });
  console.log(`${names.length} contracts in ${out}`);
  await releaseCurves();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
