import { Contract, type ContractRunner, type Signer } from 'ethers';
import { readContract } from './contract-call.js';
import { deployContract, type DeployedContract, type ReportStep } from './deploy-contract.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** A circuit of the home registry as a mirror pins it: ISolvencyMirror.MirrorCircuit. */
export interface MirrorCircuit {
  readonly circuitId: bigint;
  /** CircuitKind's code. */
  readonly kind: number;
  readonly place: number;
  readonly verificationKeyHash: string;
}

/** What a mirror is made with, for good but for gateways and further circuits. */
export interface MirrorSetup {
  /** May propose gateways and circuits. */
  readonly admin: string;
  readonly homeChainId: bigint;
  readonly homeRegistry: string;
  readonly beacon: string;
  /** On the mirror's chain, as the next two. */
  readonly poseidon3: string;
  readonly poseidon5: string;
  /** A ProofBatch, to which anybody brings the keys. */
  readonly proofs: string;
  readonly circuits: readonly MirrorCircuit[];
  /** Seconds. */
  readonly rules: { readonly standingStaleAfter: number; readonly standingHaltAfter: number; readonly minOpening: number };
  readonly gateways: { readonly gateways: readonly string[]; readonly threshold: number };
  /** Seconds. */
  readonly gatewayDelay: number;
}

/** Every circuit of a registry that is in force, to be pinned. @throws ContractRevertedError, ChainUnreachableError, ChainRequestError */
export async function circuitsToPin(registry: string, runner: ContractRunner): Promise<readonly MirrorCircuit[]> {
  const contract = new Contract(registry, REGISTRY_INTERFACE, runner);
  const ids = (await readContract(contract, 'reading circuits', 'circuitIds', [])) as readonly bigint[];
  const all = await Promise.all([...ids].map(async (circuitId) => {
    const answer = await readContract(contract, `reading circuit ${circuitId}`, 'circuit', [circuitId]);
    const [, kind, , retiredAt, place, verificationKeyHash] = answer as readonly [string, bigint, boolean, bigint, bigint, string];
    return { retired: retiredAt !== 0n, circuit: { circuitId, kind: Number(kind), place: Number(place), verificationKeyHash } };
  }));
  return all.filter(({ retired }) => !retired).map(({ circuit }) => circuit);
}

/** @param kind what it believes: messages, or proofs too. @throws as deployContract */
export function deployMirror(
  signer: Signer, artifacts: string, kind: 'SolvencyMirror' | 'ProvenSolvencyMirror', setup: MirrorSetup, report?: ReportStep,
): Promise<DeployedContract> {
  const { admin, homeChainId, homeRegistry, beacon, poseidon3, poseidon5, proofs, circuits, rules, gateways, gatewayDelay } = setup;
  const args = [admin, homeChainId, homeRegistry, beacon, poseidon3, poseidon5, proofs, circuits, rules, gateways, gatewayDelay];
  return deployContract(signer, artifacts, kind, args, report);
}

/** Beside a registry and one of its gates. @throws as deployContract */
export function deployBeacon(signer: Signer, artifacts: string, { gate, registry }: { readonly gate: string; readonly registry: string }, report?: ReportStep): Promise<DeployedContract> {
  return deployContract(signer, artifacts, 'SolvencyBeacon', [gate, registry], report);
}
