import { concatBytes } from '@noble/hashes/utils';
import type { Curve, CurveGroup } from 'ffjavascript';
import { toField } from '../field/scalar-field.js';
import { littleEndian } from './binary-file.js';
import { ELEMENT_BYTES } from './r1cs.js';

/** Fewer terms are added one by one: a multi-exponentiation spreads even one point over hundreds of messages to threads. */
const FEW_TERMS = 8;

/** A sum of public multiples of points of one group, collected and then computed. */
export class PointSum {
  private readonly points: Uint8Array[] = [];
  private readonly scalars: Uint8Array[] = [];

  /** @param point affine, Montgomery form */
  add(scalar: bigint, point: Uint8Array): this {
    this.scalars.push(littleEndian(toField(scalar), ELEMENT_BYTES));
    this.points.push(point);
    return this;
  }

  /** Jacobian. */
  async in(group: CurveGroup): Promise<Uint8Array> {
    if (this.points.length > FEW_TERMS) return group.multiExpAffine(concatBytes(...this.points), concatBytes(...this.scalars));
    return this.points.reduce((sum, point, index) => group.add(sum, group.timesScalar(point, this.scalars[index] as Uint8Array)), group.zero);
  }
}

/** One pairing of a product: a sum in G1, and one in G2 or a point of it. */
export type PairingFactor = readonly [left: PointSum, right: PointSum | Uint8Array];

/** Whether the product of pairings is 1. Factors with infinity on a side are 1. Points must be on their curves, those of G2 in the subgroup. */
export async function productIsOne(curve: Curve, factors: readonly PairingFactor[]): Promise<boolean> {
  const points: Uint8Array[] = [];
  for (const [left, right] of factors) {
    const [one, other] = [await left.in(curve.G1), right instanceof Uint8Array ? right : await right.in(curve.G2)];
    // The Miller loop has no value at infinity.
    if (!curve.G1.isZero(one) && !curve.G2.isZero(other)) points.push(one, other);
  }
  return points.length === 0 || curve.pairingEq(...points);
}
