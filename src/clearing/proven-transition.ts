import type { Groth16Proof } from '../groth16/proof.js';
import type { CollateralAmount } from '../statement/transition.js';
import type { HouseLocation } from './order.js';

/** What the clearing house takes as one side: ClearingTypes.Transition. Public once it is sent. */
export interface ProvenTransition {
  readonly circuitId: bigint;
  readonly marketCommitment: bigint;
  readonly newCommitment: bigint;
  readonly reducing: boolean;
  readonly unmargined: boolean;
  readonly owned: boolean;
  readonly proof: Groth16Proof;
}

/** What the chain sees of a trade: ClearingTypes.Trade. */
export interface PublicTrade {
  readonly buyer: bigint;
  readonly seller: bigint;
  /** Unix seconds, below 2^40. */
  readonly expiry: number;
  readonly commitment: bigint;
}

/** Collateral in and out of one account: ClearingTypes.Collateral. */
export interface CollateralRequest {
  readonly in?: CollateralAmount;
  readonly out?: CollateralAmount;
  /** Who gets what goes out; undefined: it moves back to the tree, for `beneficiary`. */
  readonly recipient?: string;
  /** 32 bytes in hex; zeros unless something moves to the tree. */
  readonly beneficiary: string;
  /** Last Unix second at which it is done. */
  readonly deadline: number;
}

/** What a transition is for, as the contract is told it. */
export type TransitionPurpose =
  | { readonly kind: 'trade'; readonly seller: boolean; readonly trade: PublicTrade }
  | { readonly kind: 'open'; readonly controller: string; readonly payer: string; readonly collateral: CollateralRequest }
  | { readonly kind: 'adjust'; readonly handle: bigint; readonly payer: string; readonly collateral: CollateralRequest }
  | { readonly kind: 'transfer'; readonly handle: bigint; readonly from: bigint; readonly to: bigint; readonly collateral: CollateralRequest }
  | { readonly kind: 'expiry'; readonly handle: bigint; readonly row: number }
  | { readonly kind: 'funding'; readonly handle: bigint; readonly fromPeriod: number };

/** A proof with all that whoever submits it needs. What it hides nobody reads out of it. */
export interface TransitionFile extends HouseLocation {
  readonly purpose: TransitionPurpose;
  readonly transition: ProvenTransition;
}

export const NO_BENEFICIARY = `0x${'0'.repeat(64)}`;
