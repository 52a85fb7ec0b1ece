import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { verifierContractName } from '../chain/verifier-name.js';
import { circuitKindOf } from '../chain/deployment.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { releaseCurves } from '../groth16/curves.js';
import { findCircuit, readCircuitList } from '../groth16/circuit-list.js';
import { keyPaths, readKeyFile, readKeyManifest, requireRecord } from '../groth16/key-manifest.js';
import { loadVerificationKey } from '../groth16/proving-key.js';
import { solidityVerifierSource } from '../groth16/solidity-verifier.js';
import { isInsecure, type VerificationKey } from '../groth16/verification-key.js';
import { VERIFIER_SOURCES } from './contracts.js';
import { finishVerifierSource, keyWords } from './verifier-source.js';

/** A circuit's proving key and verification key do not belong together. */
export class VerifierKeyError extends ClearproofError {
  readonly code = 'VERIFIER_KEY';
}

export interface VerifierOptions {
  /** Directory of circuits/ and build/. */
  readonly root: string;
  /** Names in circuits.json; every circuit a registry takes unless told. */
  readonly circuits?: readonly string[];
}

/**
 * Makes the Solidity verifier of each circuit from its proving key: build/contracts/verifiers/<Name>Verifier.sol.
 *
 * @returns contract names
 * @throws VerifierKeyError, VerifierTemplateError, CircuitListError, and the errors of loadVerificationKey
 */
export async function generateVerifiers({ root, circuits }: VerifierOptions): Promise<readonly string[]> {
  const list = await readCircuitList(path.join(root, 'circuits', 'circuits.json'));
  const chosen = circuits?.map((name) => findCircuit(list, name).name)
    ?? list.map(({ name }) => name).filter((name) => circuitKindOf(name) !== undefined);
  const names: string[] = [];
  for (const circuit of chosen) {
    const contractName = verifierContractName(circuit);
    const source = await verifierOf(path.join(root, 'build', 'keys'), circuit);
    await writeFileAtomically(path.join(root, VERIFIER_SOURCES, `${contractName}.sol`), source);
    names.push(contractName);
  }
  return names;
}

async function verifierOf(keys: string, circuit: string): Promise<string> {
  const key = await loadVerificationKey(keys, circuit);
  const zkey = keyPaths.zkey(keys, circuit);
  await readKeyFile(zkey, requireRecord(await readKeyManifest(keys), keys, circuit).zkeySha256);
  return verifierSourceOf(zkey, key, circuit);
}

/**
 * Source of the verifier for a proving key, which must hold `key`: its label says whether the contract may be used on all chains.
 *
 * @throws VerifierKeyError, VerifierTemplateError
 */
export async function verifierSourceOf(zkey: string, key: VerificationKey, circuit: string): Promise<string> {
  const contractName = verifierContractName(circuit);
  const source = await solidityVerifierSource(zkey);
  const expected = [key.alpha, key.beta, key.gamma, key.delta, key.ic].flat(2);
  const actual = keyWords(source);
  // The label INSECURE stands beside the verification key: it must be the one inside the proving key.
  if (expected.length !== actual.length || expected.some((word, place) => word !== actual[place])) {
    throw new VerifierKeyError(`${zkey} does not hold the verification key in ${circuit}.vkey.json: delete both and run "make keys"`, { circuit });
  }
  return finishVerifierSource(source, { contractName, developmentKey: isInsecure(key) });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const circuits = process.argv.slice(2);
  const names = await generateVerifiers({ root: process.cwd(), ...(circuits.length > 0 ? { circuits } : {}) });
  console.log(`${names.length} verifiers in ${VERIFIER_SOURCES}`);
  // snarkjs' threads would keep the process from ending.
  await releaseCurves();
}
