import type { Signer } from 'ethers';
import { circuitIdOf } from '../commitment/digest.js';
import type { VerifierCode } from '../groth16/key-manifest-format.js';
import type { VerificationKey } from '../groth16/verification-key.js';
import { readContract } from './contract-call.js';
import { deployContract, type ReportStep } from './deploy-contract.js';
import type { CircuitKind, DeployedCircuit } from './deployment.js';
import { attemptOnVerifier } from './forgery-attempt.js';
import { verifierContractName } from './verifier-name.js';

/** A circuit the registry shall know. */
export interface CircuitToDeploy {
  /** Its name in circuits.json; its verifier's artefact is `<PascalCase name>Verifier.json`. */
  readonly name: string;
  readonly kind: CircuitKind;
  /** Artefact to deploy instead of the generated verifier; tests only. */
  readonly artifact?: string;
  /** What the verifier verifies with: forgeries are tried on its code before a registry takes it. Left out for stand-ins that hold no key. */
  readonly key?: VerificationKey;
  /** What the manifest says of the verifier's code, which must then be this to the byte. */
  readonly verifier?: VerifierCode;
}

/** Puts a circuit's verifier on the chain and reads which key it has. Errors as deployContract and attemptOnVerifier. */
export async function deployVerifier(signer: Signer, artifacts: string, circuit: CircuitToDeploy, report: ReportStep = () => undefined): Promise<DeployedCircuit> {
  const { address, contract } = await deployContract(signer, artifacts, circuit.artifact ?? verifierContractName(circuit.name), [], report);
  const action = `reading the key of circuit ${circuit.name}`;
  const { key, verifier } = circuit;
  if (key !== undefined && signer.provider !== null) await attemptOnVerifier(signer.provider, address, { key, ...(verifier === undefined ? {} : { verifier }) }, circuit.name);
  return {
    name: circuit.name,
    circuitId: circuitIdOf(circuit.name),
    kind: circuit.kind,
    verifier: address,
    verificationKeyHash: (await readContract(contract, action, 'verificationKeyHash', [])) as string,
    insecure: (await readContract(contract, action, 'isDevelopmentKey', [])) as boolean,
  };
}
