import { NoClearingHouseError, NoLiquidationsError, ReservesError } from './errors.js';

/** Which statement a circuit proves, in the order of the registry's codes from 1. */
export const CIRCUIT_KINDS = ['batch', 'close', 'close-part', 'close-end', 'market-table', 'account-margin', 'account-exit', 'account-signer', 'row-mark', 'account-inclusion', 'account-transition'] as const;

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

/** Contracts by which cleared accounts are challenged, sold and made whole. Addresses are checksummed. */
export interface DeployedLiquidation {
  /** Counts once the venue named it in its clearing terms. */
  readonly liquidations: string;
  readonly defaultFund: string;
  /** Who may see what is sold. */
  readonly bidders: string;
  readonly poseidon6: string;
}

/** Contracts by which accounts settle on chain. Addresses are checksummed. */
export interface DeployedClearing {
  readonly house: string;
  /** What the house goes by: rules, expiries, perpetuals. */
  readonly terms: string;
  /** Verifies many proofs at once. */
  readonly proofBatch: string;
  readonly tradeBonds: string;
  /** Left out in deployments from before there was any. */
  readonly liquidation?: DeployedLiquidation;
}

/** One registry with one venue: everything a client needs to find it. Addresses are checksummed. The venue has an escrow or a vault. */
export interface Deployment {
  readonly chainId: bigint;
  readonly registry: string;
  /** Checks proofs about single accounts of every venue of the registry. */
  readonly gate: string;
  /** Reserves that the venue attests to; undefined where a vault holds them. */
  readonly escrow: string | undefined;
  /** Collateral that is paid on the owner's proof; undefined where an escrow holds the reserves. */
  readonly vault: string | undefined;
  /** The venue's market source. */
  readonly markets: string;
  /** The price board behind a market board; undefined where tables are stated. */
  readonly prices: string | undefined;
  /** Where users challenge epochs that left their accounts out; undefined where they cannot. */
  readonly omissionChallenges: string | undefined;
  /** Where accounts settle on chain; left out where they cannot. A vault pays for them only once the venue named the house in it. */
  readonly clearing?: DeployedClearing;
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
    ['row-mark-', 'row-mark'], ['account-inclusion-', 'account-inclusion'], ['account-transition-', 'account-transition'],
  ];
  return kinds.find(([prefix]) => circuitName.startsWith(prefix))?.[1];
}

/** @throws ReservesError for a venue with a vault */
export function escrowOf({ escrow, venueId }: Deployment): string {
  if (escrow !== undefined) return escrow;
  throw new ReservesError(`venue ${venueId} keeps its reserves in a collateral vault, not in an escrow: use "clearproof vault"`, { venueId });
}

/** @throws ReservesError for a venue with an escrow */
export function vaultOf({ vault, venueId }: Deployment): string {
  if (vault !== undefined) return vault;
  throw new ReservesError(`venue ${venueId} keeps its reserves in an escrow that users have no claim on: deploy it with --vault`, { venueId });
}

/** @throws NoClearingHouseError for a venue without one */
export function clearingOf({ clearing, venueId }: Deployment): DeployedClearing {
  if (clearing !== undefined) return clearing;
  throw new NoClearingHouseError(`venue ${venueId} has no clearing house in its deployment file: deploy it with --clearing-house`, { venueId });
}

/** @throws NoClearingHouseError, NoLiquidationsError for a venue without one */
export function liquidationOf(deployment: Deployment): DeployedLiquidation {
  const { liquidation } = clearingOf(deployment);
  if (liquidation !== undefined) return liquidation;
  const { venueId } = deployment;
  throw new NoLiquidationsError(`venue ${venueId} has no liquidation contract in its deployment file: deploy it with this version's --clearing-house`, { venueId });
}
