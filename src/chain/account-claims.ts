import type { Groth16Proof } from '../groth16/proof.js';
import { toSolidityProof } from './epoch-submission.js';

/** A point where an account is committed: a circuit, an epoch, and the table the proof looks at. As in ISolvencyGate.MarginClaim. */
export interface MarginClaim {
  readonly circuitId: bigint;
  readonly epoch: number;
  readonly marketCommitment: bigint;
  readonly nullifier: bigint;
  readonly nullifierNext: bigint;
  readonly proof: Groth16Proof;
}

/** What an `account-margin` proof says: IAccountProofs.AccountTerms. */
export interface AccountTerms {
  readonly healthy: boolean;
  readonly held: boolean;
  readonly withdraws: boolean;
  readonly unmargined: boolean;
  /** 80 bits: row + amount * 2^16, or the scope of the nullifiers. */
  readonly payload: bigint;
  /** 128 bits: whom and what the proof was made for. */
  readonly context: bigint;
}

/** "An account of the epoch has this equity under the epoch's own table": IAccountProofs.ExitClaim. */
export interface ExitClaim {
  readonly circuitId: bigint;
  /** Value units. */
  readonly equity: bigint;
  readonly recipient: string;
  readonly nullifier: bigint;
  readonly proof: Groth16Proof;
}

/** "Both nullifiers are of one account, made with this signing key": IAccountProofs.SignerClaim. */
export interface SignerClaim {
  readonly circuitId: bigint;
  readonly epoch: number;
  readonly nullifier: bigint;
  readonly laterEpoch: number;
  readonly laterNullifier: bigint;
  /** Address of the signing key. */
  readonly signer: string;
  readonly proof: Groth16Proof;
}

/** "The row has this mark": IAccountProofs.MarkClaim. */
export interface MarkClaim {
  readonly circuitId: bigint;
  readonly row: number;
  readonly mark: bigint;
  readonly proof: Groth16Proof;
}

/** A payout that the account's owner proved: ICollateralVault.Payout. */
export interface Payout {
  readonly claim: MarginClaim;
  readonly unmargined: boolean;
  readonly row: number;
  /** Quanta of the row; 1 to 2^64 - 1. */
  readonly amount: bigint;
  readonly recipient: string;
  /** Unix seconds. */
  readonly deadline: number;
}

type Proven = { readonly proof: Groth16Proof };

/** A claim as Solidity takes it. */
export function toSolidityClaim<Claim extends Proven>(claim: Claim): object {
  return { ...claim, proof: toSolidityProof(claim.proof) };
}

export function toSolidityPayout(payout: Payout): object {
  return { ...payout, claim: toSolidityClaim(payout.claim) };
}
