import { randomBytes, randomInt } from 'node:crypto';
import type { Curve } from 'ffjavascript';
import { ClearproofError } from '../error/clearproof-error.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';
import { littleEndian, readLittleEndian } from './binary-file.js';
import { BASE_FIELD_MODULUS } from './curve-points.js';
import type { PointSection } from './powers-of-tau-layout.js';
import type { PowersOfTau } from './powers-of-tau.js';
import { ELEMENT_BYTES } from './r1cs.js';

/** A phase-1 file has the right layout, and points that no phase 1 can end with. */
export class PowersContentError extends ClearproofError {
  readonly code = 'POWERS_CONTENT';
}

/** What every point that is looked at goes through: each is read and checked once. */
export class PowersSample {
  private readonly known = new Map<string, Uint8Array>();
  private readonly order = littleEndian(FIELD_MODULUS, ELEMENT_BYTES);

  constructor(readonly file: PowersOfTau, readonly curve: Curve) {}

  /** Points looked at so far. */
  get size(): number {
    return this.known.size;
  }

  /**
   * A point of the file: canonical coordinates, on its curve, in its group, not infinity. Affine, Montgomery form.
   *
   * @throws PowersContentError, and what PowersOfTau.point throws
   */
  async point(section: PointSection, index: number): Promise<Uint8Array> {
    const key = `${section.id} ${index}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const point = await this.file.point(section, index);
    if (!this.isInGroup(section, point)) throw this.wrong(section, `has a point ${index} that is none of ${section.group}`);
    this.known.set(key, point);
    return point;
  }

  /** All of the points, in order. */
  async points(section: PointSection, indices: readonly number[]): Promise<readonly Uint8Array[]> {
    const points: Uint8Array[] = [];
    for (const index of indices) points.push(await this.point(section, index));
    return points;
  }

  /** @param problem starts with a verb */
  wrong({ id, holds }: PointSection, problem: string): PowersContentError {
    const { name } = this.file;
    return new PowersContentError(`${name}: section ${id} (${holds}) ${problem}: do not use this file, get it again`, { file: name, section: id });
  }

  private isInGroup({ group, pointBytes }: PointSection, point: Uint8Array): boolean {
    for (let at = 0; at < pointBytes; at += ELEMENT_BYTES) {
      if (readLittleEndian(point.subarray(at, at + ELEMENT_BYTES)) >= BASE_FIELD_MODULUS) return false;
    }
    const { [group]: arithmetic } = this.curve;
    if (arithmetic.isZero(point) || !arithmetic.isValid(point)) return false;
    return group === 'G1' || arithmetic.isZero(arithmetic.timesScalar(point, this.order));
  }
}

/** Bits of the factors that hide one wrong point behind another: a product that holds by chance has 2^-128. */
const FACTOR_BYTES = 16;

/** A factor that whoever made the file could not foresee. */
export function randomFactor(): bigint {
  return readLittleEndian(randomBytes(FACTOR_BYTES));
}

/** `most` different numbers below `count`, or all when there are no more; rising. */
export function randomIndices(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  const chosen = new Set<number>();
  while (chosen.size < most) chosen.add(randomInt(count));
  return [...chosen].sort((left, right) => left - right);
}
