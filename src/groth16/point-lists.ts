import { randomBytes } from 'node:crypto';
import type { CurveGroup } from 'ffjavascript';
import { FIELD_MODULUS } from '../field/scalar-field.js';
import { littleEndian } from './binary-file.js';
import { hasCanonicalCoordinates } from './contribution-section.js';
import { BATCH, type CurveMemory, type Group } from './development-setup/curve-memory.js';
import { POINT_BYTES } from './development-setup/fixed-base.js';
import { ELEMENT_BYTES } from './r1cs.js';

/** Points a multiplication takes at once: larger chunks need fewer additions, and the threads each get a copy. */
const CHUNK_POINTS = 1 << 16;
/** Fewer points are multiplied one by one: a multi-exponentiation spreads even one point over hundreds of messages to threads. */
const FEW_POINTS = 32;
/** Random sums that show a point outside of G2's subgroup, and bits of their factors: see areInSubgroup. */
const SUBGROUP_SUMS = 10;
const SUBGROUP_BITS = 13;

/** Many points of one group, affine, in Montgomery form, infinity all zeros: in memory or in a file. */
export interface PointList {
  readonly count: number;
  readonly read: (first: number, count: number) => Uint8Array | Promise<Uint8Array>;
}

/** Points in memory. */
export function pointList(points: Uint8Array, pointBytes: number): PointList {
  return {
    count: points.length / pointBytes,
    read: (first, count) => points.subarray(first * pointBytes, (first + count) * pointBytes),
  };
}

/**
 * The sum of a list's points times their scalars, Jacobian.
 *
 * @param scalars little-endian, as many bytes each as there are for one
 * @param report called with the number of points done since the last call
 */
export async function sumOfMultiples(group: CurveGroup, list: PointList, scalars: Uint8Array, report: (points: number) => void): Promise<Uint8Array> {
  const bytes = scalars.length / list.count;
  let sum = group.zero;
  for (let first = 0; first < list.count; first += CHUNK_POINTS) {
    const count = Math.min(CHUNK_POINTS, list.count - first);
    const [points, factors] = [await list.read(first, count), scalars.subarray(first * bytes, (first + count) * bytes)];
    sum = group.add(sum, count <= FEW_POINTS ? addMultiples(group, points, factors, count) : await group.multiExpAffine(points, factors));
    report(count);
  }
  return sum;
}

function addMultiples(group: CurveGroup, points: Uint8Array, scalars: Uint8Array, count: number): Uint8Array {
  const [pointBytes, scalarBytes] = [points.length / count, scalars.length / count];
  let sum = group.zero;
  for (let index = 0; index < count; index++) {
    const point = points.subarray(index * pointBytes, (index + 1) * pointBytes);
    sum = group.add(sum, group.timesScalar(point, scalars.subarray(index * scalarBytes, (index + 1) * scalarBytes)));
  }
  return sum;
}

/** What is wrong with the encoding of a point, or its place: it is on the curve, or infinity, which it is wherever `isUsed` says no. */
export function misplacedPoint(memory: CurveMemory, group: Group, points: Uint8Array, isUsed: (index: number) => boolean): string | undefined {
  if (!hasCanonicalCoordinates(points)) return "has a coordinate above the field's modulus";
  const size = POINT_BYTES[group];
  const buffer = memory.allocate(BATCH * size);
  const isZero = memory.method(`${group}_isZeroAffine`);
  const isOnCurve = memory.method(`${group}_inCurveAffine`);
  const total = points.length / size;
  for (let first = 0; first < total; first += BATCH) {
    const end = Math.min(total, first + BATCH);
    memory.bytes().set(points.subarray(first * size, end * size), buffer);
    for (let index = first; index < end; index++) {
      const at = buffer + (index - first) * size;
      if (isZero(at) === 1) continue;
      if (isOnCurve(at) !== 1) return `has a point ${index} off the curve`;
      if (!isUsed(index)) return `has a point ${index} for a wire that no row uses`;
    }
  }
  return undefined;
}

/**
 * Whether all points of the twist are in G2, its subgroup of prime order p.
 *
 * The twist has p * h points and 10069 is the least prime factor of h. A point outside has a part of an order of at least 10069 that p times it leaves.
 * In a sum of all points times random factors these parts cancel for one residue of its factor at most, whatever the other points are. Factors below
 * 2^13 < 10069 have different residues, so a sum is in the subgroup by chance with 2^-13, and ten of them with 2^-130. One sum with factors
 * of 128 bits would not do: one wrong point of order 10069 gets through it once in 10069 times.
 */
export async function areInSubgroup(group: CurveGroup, list: PointList, report: (points: number) => void): Promise<boolean> {
  const order = littleEndian(FIELD_MODULUS, ELEMENT_BYTES);
  for (let sums = 0; sums < SUBGROUP_SUMS; sums++) {
    const factors = new Uint8Array(randomBytes(2 * list.count));
    for (let high = 1; high < factors.length; high += 2) factors[high] = (factors[high] ?? 0) & (2 ** (SUBGROUP_BITS - 8) - 1);
    const sum = await sumOfMultiples(group, list, factors, report);
    if (!group.isZero(group.timesScalar(sum, order))) return false;
  }
  return true;
}

/** How often areInSubgroup reports each point. */
export const SUBGROUP_PASSES = SUBGROUP_SUMS;
