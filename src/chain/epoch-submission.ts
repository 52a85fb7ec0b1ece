import type { Groth16Proof } from '../groth16/proof.js';

/** One batch of an epoch, in chain order. */
export interface BatchSubmission {
  readonly circuitId: bigint;
  readonly proof: Groth16Proof;
  readonly accumulatorAfter: bigint;
}

/** One part of a close, in row order. */
export interface PartSubmission {
  readonly circuitId: bigint;
  readonly proof: Groth16Proof;
  readonly tableAfter: bigint;
}

/** The closing proof and the figures it publishes. The rest of its public signals the registry derives itself. */
export interface CloseSubmission {
  readonly circuitId: bigint;
  readonly proof: Groth16Proof;
  readonly accountsRoot: bigint;
  readonly accountsBound: bigint;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  /** State of the table before its first row; 0 without parts. */
  readonly tableStart: bigint;
  /** Part i starts from what part i-1 ended with, the first from `tableStart`; none when one proof closes over all rows. */
  readonly parts: readonly PartSubmission[];
}

/** An epoch as `submitEpoch` takes it. Field elements are canonical. */
export interface EpochSubmission {
  readonly epoch: number;
  readonly marketCommitment: bigint;
  readonly genesisAccumulator: bigint;
  /** At least one; batch i starts from what batch i-1 ended with, the first from the genesis accumulator. */
  readonly batches: readonly BatchSubmission[];
  readonly close: CloseSubmission;
  /** Deposits and loans in quanta: A_0, L_0, A_1, L_1, …; each below 2^128. */
  readonly words: readonly bigint[];
}

type SolidityPoint2 = readonly [readonly [bigint, bigint], readonly [bigint, bigint]];

/** A proof as Solidity takes it: the pairing precompile wants the u part of each coordinate of `b` first. */
export interface SolidityProof {
  readonly a: readonly [bigint, bigint];
  readonly b: SolidityPoint2;
  readonly c: readonly [bigint, bigint];
}

export function toSolidityProof(proof: Groth16Proof): SolidityProof {
  const [[x0, x1], [y0, y1]] = proof.b;
  return { a: proof.a, b: [[x1, x0], [y1, y0]], c: proof.c };
}

/** The argument of `submitEpoch`. */
export function toSoliditySubmission(submission: EpochSubmission): object {
  return {
    ...submission,
    batches: submission.batches.map((batch) => ({ ...batch, proof: toSolidityProof(batch.proof) })),
    close: {
      ...submission.close,
      proof: toSolidityProof(submission.close.proof),
      parts: submission.close.parts.map((part) => ({ ...part, proof: toSolidityProof(part.proof) })),
    },
  };
}
