import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Interface, keccak256, type InterfaceAbi } from 'ethers';
import { messageOf } from '../error/clearproof-error.js';
import { ContractArtifactError } from './errors.js';

/** A compiled contract, ready to deploy. */
export interface ContractArtifact {
  readonly name: string;
  readonly interface: Interface;
  /** Creation code, hex with 0x. */
  readonly bytecode: string;
}

/** Reads `<directory>/<name>.json` as src/toolchain/contracts.ts writes it. Throws ContractArtifactError. */
export async function readArtifact(directory: string, name: string): Promise<ContractArtifact> {
  const file = join(directory, `${name}.json`);
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isArtifact(parsed)) throw new TypeError('it lacks "abi" or "bytecode"');
    return { name, interface: new Interface(parsed.abi), bytecode: parsed.bytecode };
  } catch (cause) {
    throw new ContractArtifactError(`${file} is no compiled contract (${messageOf(cause)}): run "make contracts"`, { file }, { cause });
  }
}

/**
 * keccak256 of the code that a contract without immutables has on a chain, hex with 0x; verifiers have none.
 *
 * @throws ContractArtifactError
 */
export async function readRuntimeCodeHash(directory: string, name: string): Promise<string> {
  const file = join(directory, `${name}.json`);
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('deployedBytecode' in parsed)) throw new TypeError('it lacks "deployedBytecode"');
    return keccak256(String(parsed.deployedBytecode));
  } catch (cause) {
    throw new ContractArtifactError(`${file} is no compiled contract (${messageOf(cause)}): run "make contracts"`, { file }, { cause });
  }
}

function isArtifact(value: unknown): value is { readonly abi: InterfaceAbi; readonly bytecode: string } {
  if (typeof value !== 'object' || value === null || !('abi' in value) || !('bytecode' in value)) return false;
  return Array.isArray(value.abi) && typeof value.bytecode === 'string' && /^0x([0-9a-f]{2})+$/i.test(value.bytecode);
}
