import { randomBytes } from 'node:crypto';
import type { Curve } from 'ffjavascript';
import { ClearproofError } from '../error/clearproof-error.js';
import { readSections, requireSection } from './binary-file.js';
import { hasCanonicalCoordinates } from './contribution-section.js';
import { DELTA_AT, isSameRatio, sameBytes, verifyContributions, type Contributions } from './contributions.js';
import { isPointG1 } from './curve-points.js';
import { requireCurve } from './curves.js';
import { ELEMENT_BYTES } from './r1cs.js';
import { pointG1 } from './zkey.js';

/** A key does not come from the one it should: contributions change delta and what is divided by it, nothing else. */
export class KeyLineageError extends ClearproofError {
  readonly code = 'KEY_LINEAGE';
}

/** How far a long step is: points done of all. */
export type PointsProgress = (step: string, done: number, total: number) => void;

/** A key and what it is called in errors. */
export interface NamedKey {
  readonly zkey: Uint8Array;
  readonly file: string;
}

const G1_BYTES = 2 * ELEMENT_BYTES;
/** Sections that a contribution leaves as they are, and those it divides by its secret. */
const KEPT: Readonly<Record<number, string>> = { 1: 'proof system', 3: 'points of the public signals', 4: 'coefficients', 5: 'points A', 6: 'points B in G1', 7: 'points B in G2' };
const DIVIDED: Readonly<Record<number, string>> = { 8: 'points L', 9: 'points H' };
/** Bytes of a random factor: a wrong point gets through with a chance of 2^-128. snarkjs takes 4 bytes. */
const FACTOR_BYTES = 16;
/** Points a multiplication takes at once: the threads each get a copy. */
const CHUNK_POINTS = 1 << 15;

/**
 * Checks that a key is what its further contributions make of an earlier key: of the initial one, which the caller has checked against circuit and
 * phase-1 file, or, to look at the newest contribution alone, of the key before it.
 *
 * Does by itself what `snarkjs zkey verify` does: that looks at sums of all points times factors of 32 bits, leaves one direction of the points H out
 * of its sum, and does not ask whether points are on the curve, where the sum's equation means what it says. Takes both keys whole.
 *
 * @throws KeyLineageError, ContributionError, BinaryFileError
 */
export async function requireLineage(base: NamedKey, key: NamedKey, progress?: PointsProgress): Promise<Contributions> {
  const start = await verifyContributions(base.zkey, base.file);
  const contributions = await verifyContributions(key.zkey, key.file);
  const wrong = (what: string): KeyLineageError => new KeyLineageError(
    `${key.file}: ${what} of ${base.file}: it is for another circuit or another phase-1 file, or was tampered with; do not use it`, { file: key.file, base: base.file });
  if (contributions.circuitHash !== start.circuitHash) throw wrong('its circuit hash is not that');
  if (start.contributions.some(({ hash }, index) => contributions.contributions[index]?.hash !== hash)) throw wrong('its contributions do not start with those');
  const [before, after] = [base, key].map(({ zkey, file }) => readSections(zkey, 'zkey', file)) as [Sections, Sections];
  requireKept(before, after, key.file, wrong);
  // Both have the lengths that the headers, which are equal up to delta, demand: verifyContributions has parsed both.
  const curve = await requireCurve();
  const deltas = [before, after].map((sections) => requireSection(sections, 2, 0, key.file).slice(DELTA_AT + G1_BYTES)) as [Uint8Array, Uint8Array];
  for (const [id, what] of Object.entries(DIVIDED)) {
    const pair = [before, after].map((sections) => requireSection(sections, Number(id), 0, key.file)) as [Uint8Array, Uint8Array];
    if (!(await areDivided(curve, pair, deltas, (done, total) => progress?.(what, done, total)))) throw wrong(`its ${what} (section ${id}), times its delta, are not those`);
  }
  return contributions;
}

type Sections = ReadonlyMap<number, Uint8Array>;

function requireKept(before: Sections, after: Sections, file: string, wrong: (what: string) => KeyLineageError): void {
  const section = (sections: Sections, id: number): Uint8Array => requireSection(sections, id, 0, file);
  if (!sameBytes(section(before, 2).subarray(0, DELTA_AT), section(after, 2).subarray(0, DELTA_AT))) throw wrong('its sizes, alpha, beta or gamma are not those');
  for (const [id, what] of Object.entries(KEPT)) {
    if (!sameBytes(section(before, Number(id)), section(after, Number(id)))) throw wrong(`its ${what} (section ${id}) are not those`);
  }
}

/** Whether every point before is the point after times the quotient of the deltas: in a random sum of all of them. */
async function areDivided(
  curve: Curve,
  [before, after]: readonly [Uint8Array, Uint8Array],
  [deltaBefore, deltaAfter]: readonly [Uint8Array, Uint8Array],
  progress: (done: number, total: number) => void,
): Promise<boolean> {
  const total = before.length / G1_BYTES;
  let sums: readonly [Uint8Array, Uint8Array] = [curve.G1.zero, curve.G1.zero];
  for (let first = 0; first < total; first += CHUNK_POINTS) {
    const count = Math.min(CHUNK_POINTS, total - first);
    const [from, to] = [first * G1_BYTES, (first + count) * G1_BYTES];
    if (![before, after].every((points) => areOnCurve(points.subarray(from, to)))) return false;
    const factors = new Uint8Array(randomBytes(count * FACTOR_BYTES));
    sums = [
      curve.G1.add(sums[0], await curve.G1.multiExpAffine(before.slice(from, to), factors)),
      curve.G1.add(sums[1], await curve.G1.multiExpAffine(after.slice(from, to), factors)),
    ];
    progress(first + count, total);
  }
  // Of a section without points, or with infinity alone.
  if (curve.G1.isZero(sums[0]) && curve.G1.isZero(sums[1])) return true;
  return isSameRatio(curve, [sums[0], sums[1]], [deltaAfter, deltaBefore]);
}

/** Every point on the curve or infinity, which is all zeros: a wire that no constraint of its kind names has that. */
function areOnCurve(points: Uint8Array): boolean {
  if (!hasCanonicalCoordinates(points)) return false;
  for (let at = 0; at < points.length; at += G1_BYTES) {
    const point = pointG1(points, at);
    if (!isPointG1(point) && (point[0] !== 0n || point[1] !== 0n)) return false;
  }
  return true;
}
