import type { CurveGroup } from 'ffjavascript';
import { packElements } from '../field/element-bytes.js';
import { toField } from '../field/scalar-field.js';
import type { PointG1, PointG2 } from './curve-points.js';
import { requireCurve } from './curves.js';

/** Sums of multiples of points. Undefined for infinity, which has no affine form. */
export interface PointSums<Point> {
  /** @param terms at least one; scalars may be negative or above the order; public ones: the time depends on them */
  sum(terms: readonly (readonly [scalar: bigint, point: Point])[]): Point | undefined;
}

/** The generator of G1 that everyone uses (EIP-196). */
export const GENERATOR_G1: PointG1 = [1n, 2n];

const SHORT_BYTES = 4;
const SHORT = 1n << BigInt(8 * SHORT_BYTES);

/** Both groups of BN254, in WebAssembly: about 0.1 ms a term of G1 and 0.3 ms of G2. Runs in a browser. Ask for them anew after releaseCurves. */
export async function curveGroups(): Promise<{ readonly g1: PointSums<PointG1>; readonly g2: PointSums<PointG2> }> {
  const { G1, G2 } = await requireCurve();
  return { g1: new Sums<PointG1>(G1), g2: new Sums<PointG2>(G2) };
}

class Sums<Point extends readonly unknown[]> implements PointSums<Point> {
  constructor(private readonly group: CurveGroup) {}

  sum(terms: readonly (readonly [bigint, Point])[]): Point | undefined {
    const { group } = this;
    const total = terms.map(([scalar, point]) => this.multiple(scalar, point)).reduce((left, right) => group.add(left, right));
    if (group.isZero(total)) return undefined;
    return group.toObject(group.toAffine(total)).slice(0, 2) as readonly unknown[] as Point;
  }

  /** Jacobian. A small scalar, of either sign, costs what its few bits cost. */
  private multiple(scalar: bigint, point: Point): Uint8Array {
    const { group } = this;
    const affine = group.fromObject(point);
    const short = scalar < 0n ? -scalar : scalar;
    if (short < SHORT) return group.timesScalar(scalar < 0n ? group.neg(affine) : affine, littleEndian(short).subarray(0, SHORT_BYTES));
    return group.timesScalar(affine, littleEndian(toField(scalar)));
  }
}

function littleEndian(scalar: bigint): Uint8Array {
  return packElements([scalar]).reverse();
}
