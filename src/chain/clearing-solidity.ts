import { ZeroAddress } from 'ethers';
import type { CollateralRequest, ProvenTransition, PublicTrade } from '../clearing/proven-transition.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { toSolidityProof } from './epoch-submission.js';

/** A trade with both its proofs: ClearingTypes.Settlement. */
export interface TradeSettlement {
  readonly trade: PublicTrade;
  readonly buyerSide: ProvenTransition;
  readonly sellerSide: ProvenTransition;
}

export function toSolidityTransition(transition: ProvenTransition): object {
  return { ...transition, proof: toSolidityProof(transition.proof) };
}

export function toSoliditySettlement({ trade, buyerSide, sellerSide }: TradeSettlement): object {
  return { trade, buyerSide: toSolidityTransition(buyerSide), sellerSide: toSolidityTransition(sellerSide) };
}

export function toSolidityCollateral({ in: coming, out: leaving, recipient = ZeroAddress, beneficiary, deadline }: CollateralRequest): object {
  return {
    inRow: coming?.row ?? 0, inAmount: coming?.amount ?? 0n, outRow: leaving?.row ?? 0, outAmount: leaving?.amount ?? 0n, recipient, beneficiary, deadline,
  };
}

/** A transition as ethers decodes it. */
export interface SolidityTransition extends Omit<ProvenTransition, 'proof'> {
  readonly proof: { readonly a: readonly bigint[]; readonly b: readonly (readonly bigint[])[]; readonly c: readonly bigint[] };
}

export function fromSolidityTransition({ circuitId, marketCommitment, newCommitment, reducing, unmargined, owned, proof }: SolidityTransition): ProvenTransition {
  return { circuitId, marketCommitment, newCommitment, reducing, unmargined, owned, proof: fromSolidityProof(proof) };
}

/** The inverse of toSolidityProof: Solidity has the parts of G2 coordinates the other way round. */
function fromSolidityProof({ a, b, c }: SolidityTransition['proof']): Groth16Proof {
  const [x, y] = b.map((pair) => [...pair]) as [[bigint, bigint], [bigint, bigint]];
  return { a: [...a] as [bigint, bigint], b: [[x[1], x[0]], [y[1], y[0]]], c: [...c] as [bigint, bigint] };
}
