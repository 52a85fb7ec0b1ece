import type { Groth16Proof } from '../groth16/proof.js';
import type { MarketTable } from '../risk/market-table.js';

/** Version of the two JSON formats below. A reader refuses versions it does not know. */
export const FORMAT_VERSION = 1;

/** Where an attestation belongs. */
export interface VenueLocation {
  readonly chainId: bigint;
  /** Checksummed address of the registry. */
  readonly registry: string;
  readonly venueId: bigint;
}

/** One proof of `solvency-batch` in chain order; its accumulator before is the one before it in the list, or genesis. */
export interface AttestedBatch {
  readonly circuit: string;
  readonly proof: Groth16Proof;
  readonly accumulatorAfter: bigint;
}

/** One proof of `solvency-close-part`; its table before is the one before it in the list, or `tableStart`. */
export interface AttestedPart {
  readonly circuit: string;
  readonly proof: Groth16Proof;
  readonly tableAfter: bigint;
}

/** The proofs of a close in parts, in row order, before its end. */
export interface AttestedParts {
  readonly tableStart: bigint;
  readonly proofs: readonly AttestedPart[];
}

/** The proof of `solvency-close`, or of `solvency-close-end` after parts, with the figures it publishes. */
export interface AttestedClose {
  readonly circuit: string;
  readonly proof: Groth16Proof;
  readonly accountsRoot: bigint;
  readonly accountsBound: bigint;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  /** Undefined when one proof closes over all rows. */
  readonly parts: AttestedParts | undefined;
}

/** All that is public about one epoch: what the registry is sent, and the table and keys to check it by. */
export interface Attestation {
  readonly venue: VenueLocation;
  readonly epoch: number;
  /** Depth of the accounts tree. */
  readonly depth: number;
  readonly market: MarketTable;
  readonly genesisAccumulator: bigint;
  readonly batches: readonly AttestedBatch[];
  readonly close: AttestedClose;
  /** Deposits and loans in quanta: A_0, L_0, A_1, L_1, … */
  readonly words: readonly bigint[];
  /** Verification keys by circuit name, as snarkjs writes them plus `security`. */
  readonly verificationKeys: Readonly<Record<string, unknown>>;
}
