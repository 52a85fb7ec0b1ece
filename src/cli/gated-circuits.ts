import { readRuntimeCodeHash } from '../chain/contract-artifact.js';
import type { CircuitToDeploy } from '../chain/deploy-verifier.js';
import { circuitKindOf, type CircuitKind } from '../chain/deployment.js';
import { VerifierCodeError } from '../chain/forgery-attempt.js';
import { verifierContractName } from '../chain/verifier-name.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { gateFolderKey } from '../groth16/folder-gates.js';
import { NEAR_RELATIONS } from '../groth16/forgery.js';
import type { KeyRecord } from '../groth16/key-manifest-format.js';
import type { VerificationKey } from '../groth16/verification-key.js';

/** A name that is no circuit a registry takes. */
export class CircuitKindError extends ClearproofError {
  readonly code = 'CIRCUIT_KIND';
}

/** A circuit as `deployClearproof` takes it. @throws CircuitKindError */
export function circuitToDeploy(name: string): { readonly name: string; readonly kind: CircuitKind } {
  const kind = circuitKindOf(name);
  if (kind === undefined) throw new CircuitKindError(`"${name}" is no circuit that a registry takes: take names from circuits/circuits.json`, { name });
  return { name, kind };
}

/** Where the keys lie that verifiers were made from, and the verifiers, compiled. */
export interface VerifierFolders {
  readonly keys: string;
  readonly contracts: string;
}

/** A circuit whose key passed. */
export interface GatedCircuit extends CircuitToDeploy {
  readonly key: VerificationKey;
}

/**
 * Circuits with their keys, which passed every gate that needs no chain, and whose compiled verifiers are the manifest's: before anything is
 * paid for. No registry knows which keys are good: it pins what it is given, so the list of good ones is the manifest, held against here.
 *
 * @throws CircuitKindError, VerifierCodeError, ContractArtifactError, errors of gateFolderKey
 */
export async function gatedCircuits(folders: VerifierFolders, names: readonly string[]): Promise<readonly GatedCircuit[]> {
  names.forEach(circuitToDeploy);
  const gated: GatedCircuit[] = [];
  for (const name of names) gated.push(await gatedCircuit(folders, name));
  return gated;
}

/** One of them. Throws what gatedCircuits throws. */
export async function gatedCircuit({ keys, contracts }: VerifierFolders, name: string): Promise<GatedCircuit> {
  const circuit = circuitToDeploy(name);
  const { key, record } = await gateFolderKey(keys, name, NEAR_RELATIONS);
  await requireRecordedCode(contracts, name, record);
  return { ...circuit, key, ...(record.verifier === undefined ? {} : { verifier: record.verifier }) };
}

async function requireRecordedCode(contracts: string, name: string, { verifier }: KeyRecord): Promise<void> {
  if (verifier === undefined) return;
  const compiled = await readRuntimeCodeHash(contracts, verifierContractName(name));
  if (compiled === verifier.runtimeCodeHash) return;
  throw new VerifierCodeError(
    `the verifier of ${name} in ${contracts} has code with hash ${compiled}, the manifest says ${verifier.runtimeCodeHash}: compile it from these keys ("make contracts", or "make release-contracts")`,
    { name, actual: compiled, expected: verifier.runtimeCodeHash },
  );
}
