/** Which statement a circuit proves, in the order of the registry's codes from 1. */
export const CIRCUIT_KINDS = ['batch', 'close', 'close-part', 'close-end', 'market-table', 'account-margin', 'account-exit', 'account-signer', 'row-mark'] as const;

export type CircuitKind = (typeof CIRCUIT_KINDS)[number];

/** A circuit a registry knows. */
export interface DeployedCircuit {
  /** Its name in circuits.json. */
  readonly name: string;
  readonly circuitId: bigint;
  readonly kind: CircuitKind;
  /** Address of its verifier. */
  readonly verifier: string;
  /** Hex with 0x, as the registry stores it. */
  readonly verificationKeyHash: string;
  /** True for keys of the development set-up: anyone can forge with them. */
  readonly insecure: boolean;
}

/** One registry with one venue: everything a client needs to find it. Addresses are checksummed. */
export interface Deployment {
  readonly chainId: bigint;
  readonly registry: string;
  readonly escrow: string;
  /** The venue's market source. */
  readonly markets: string;
  /** The price board behind a market board; undefined where tables are stated. */
  readonly prices: string | undefined;
  readonly poseidon3: string;
  readonly poseidon5: string;
  readonly venueId: bigint;
  /** Token of the insurance fund. */
  readonly fundToken: string;
  /** Block of the registry's creation. */
  readonly deployedInBlock: number;
  readonly circuits: readonly DeployedCircuit[];
}

/** Kind of a circuit by its name in circuits.json; undefined for circuits a registry does not take. */
export function circuitKindOf(circuitName: string): CircuitKind | undefined {
  const kinds: readonly (readonly [prefix: string, kind: CircuitKind])[] = [
    ['solvency-batch-', 'batch'], ['solvency-close-part-', 'close-part'], ['solvency-close-end-', 'close-end'], ['solvency-close-', 'close'],
    ['market-table-', 'market-table'], ['account-margin-', 'account-margin'], ['account-exit-', 'account-exit'], ['account-signer', 'account-signer'],
    ['row-mark-', 'row-mark'],
  ];
  return kinds.find(([prefix]) => circuitName.startsWith(prefix))?.[1];
}
