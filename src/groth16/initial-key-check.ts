import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Curve } from 'ffjavascript';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { readSections, requireSection, viewOf } from './binary-file.js';
import { readContributions, sameBytes } from './contributions.js';
import { requireCurve } from './curves.js';
import { curveImage } from './development-setup/curve-image.js';
import { CurveMemory } from './development-setup/curve-memory.js';
import { POINT_BYTES } from './development-setup/fixed-base.js';
import { MOST_DOMAIN_BITS } from './development-setup/lagrange.js';
import { domainBits, publicWires } from './development-setup/program-terms.js';
import type { PointsProgress } from './key-lineage.js';
import { SUBGROUP_PASSES, areInSubgroup, misplacedPoint, pointList, sumOfMultiples, type PointList } from './point-lists.js';
import { ALPHA_G1, BETA_G1, BETA_G2, LAGRANGE_ALPHA, LAGRANGE_BETA, LAGRANGE_G1, LAGRANGE_G2, type PointSection } from './powers-of-tau-layout.js';
import { PowersOfTau } from './powers-of-tau.js';
import { FACTOR_BYTES, combineProgram, type CombinedProgram } from './program-combination.js';
import { ELEMENT_BYTES, parseR1cs, type R1cs } from './r1cs.js';
import { parseZkey } from './zkey.js';

/** A key is not the initial key of its circuit and phase-1 file. `details.file`. */
export class InitialKeyError extends ClearproofError {
  readonly code = 'INITIAL_KEY';
}

/** The key that was checked, by its bytes as they were checked. */
export interface CheckedInitialKey {
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** What section 10 says; the caller compares it: see verifyInitialKey. */
  readonly circuitHash: string;
}

const VERSION = 1;
const G1 = POINT_BYTES.g1m;
const G2 = POINT_BYTES.g2m;
/** Where points start in section 2: behind two moduli and three counts. */
const POINTS_AT = 2 * (4 + ELEMENT_BYTES) + 12;
const HEADER_BYTES = POINTS_AT + 3 * (G1 + G2);
/** Odd points copied out of the doubled domain at once. */
const CHUNK_POINTS = 1 << 15;

/**
 * Checks that a file is a circuit's initial key over a phase-1 file, point for point, without making that key again: seconds where snarkjs takes
 * minutes to hours.
 *
 * Header, coefficients and points H are compared byte for byte, all of them. Each other section of points P_s, one a wire s, should be the sums
 * over the rows of `m_{row,s} L_row` (coefficients times Lagrange points): with factors r_s of 128 bits, drawn once the file is in memory,
 * `sum_s r_s P_s = sum_row (sum_s r_s m_{row,s}) L_row` is asked. Points are on their curves and in the groups of prime order first: there a wrong
 * point leaves one value of its factor at most for which the equation holds. So whatever the file was made to be, a wrong one passes with a chance of
 * less than 2^-127: 2^-128 for the equations, 2^-130 for the subgroup of G2. Every wrong section has its own equation, so their number adds nothing.
 *
 * The points of the phase-1 file are taken for what they should be: the caller knows its hash, or has checked it.
 *
 * The circuit hash is not computed: it goes over all points in another form, and is a label. A key's points are right or wrong by the equations
 * above, whatever label is on them; contributions are bound to the label so that a proof of knowledge made for one set-up is none for another, for
 * which it only needs to be the same in all keys and in the ceremony's plan, which every record commits to. Callers compare it with the plan,
 * verifyAgainstInitial between keys; `snarkjs zkey verify` computes it again, for whoever wants to wait.
 *
 * @param r1cs, ptau, zkey paths
 * @throws InitialKeyError, BinaryFileError, ContributionError, and what PowersOfTau.open throws
 */
export async function verifyInitialKey(
  { r1cs, ptau, zkey, progress }: { readonly r1cs: string; readonly ptau: string; readonly zkey: string; readonly progress?: PointsProgress | undefined },
): Promise<CheckedInitialKey> {
  const circuit = parseR1cs(await readWhole(r1cs), r1cs);
  const bytes = await readWhole(zkey);
  const key = new InitialKey(bytes, zkey, circuit, progress);
  const circuitHash = key.requireLayout();
  const powers = await PowersOfTau.open(ptau);
  try {
    await key.requirePoints(powers, await requireCurve());
  } finally {
    await powers.close();
  }
  return { sha256: createHash('sha256').update(bytes).digest('hex'), circuitHash };
}

/** A section of a key with one point a wire, from wire `from` on. */
interface WirePoints {
  readonly id: number;
  readonly holds: string;
  readonly from: number;
  readonly isUsed: (wire: number) => boolean;
}

class InitialKey {
  private readonly sections: ReadonlyMap<number, Uint8Array>;
  private readonly bits: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
    private readonly circuit: R1cs,
    private readonly progress: PointsProgress | undefined,
  ) {
    this.sections = readSections(bytes, 'zkey', file);
    this.bits = domainBits(circuit);
  }

  /** Everything but points and coefficients. @returns the circuit hash */
  requireLayout(): string {
    const { circuit, bits, file } = this;
    const { wires, publicSignals, domainSize } = parseZkey(this.bytes, file);
    const { circuitHash, contributions } = readContributions(this.bytes, file);
    if (contributions.length > 0) throw this.wrong(`has ${contributions.length} contributions, and an initial key has none`);
    if (viewOf(this.bytes).getUint32(4, true) !== VERSION) throw this.wrong(`is of another version than ${VERSION}`);
    if (this.section(1).length !== 4 || this.section(2).length !== HEADER_BYTES) throw this.wrong('has a header of another length');
    if (wires !== circuit.wires || publicSignals !== publicWires(circuit) || domainSize !== 2 ** bits) throw this.wrong('has other numbers of wires, public signals or rows than the circuit');
    return circuitHash;
  }

  async requirePoints(powers: PowersOfTau, curve: Curve): Promise<void> {
    if (this.bits > Math.min(powers.power, MOST_DOMAIN_BITS - 1)) throw this.wrong(`is for a circuit of 2^${this.bits} rows, which ${powers.name} of power ${powers.power} is too small for`);
    await this.requireHeader(powers, curve);
    await this.requireQuotient(powers);
    const memory = await CurveMemory.open(await curveImage());
    // Only now, when the key is in memory: nobody can fit it to the factors.
    const factors = new Uint8Array(randomBytes(this.circuit.wires * FACTOR_BYTES));
    const program = combineProgram(memory, this.circuit, factors);
    if (!sameBytes(this.section(4), program.coefficients)) throw this.wrong("has other coefficients (section 4) than the circuit's");
    const points = wirePoints(this.circuit, program);
    for (const part of points) this.requireInPlace(memory, part);
    await this.requireSubgroup(curve);
    await this.requireSums({ curve, powers, factors, program, points });
  }

  private async requireHeader(powers: PowersOfTau, { G1: g1, G2: g2 }: Curve): Promise<void> {
    const [one, other] = [g1.toAffine(g1.g), g2.toAffine(g2.g)];
    const expected: readonly (readonly [string, Uint8Array])[] = [
      ['an alpha in G1 that is not that of the phase-1 file', await powers.point(ALPHA_G1, 0)],
      ['a beta in G1 that is not that of the phase-1 file', await powers.point(BETA_G1, 0)],
      ['a beta in G2 that is not that of the phase-1 file', await powers.point(BETA_G2, 0)],
      ['a gamma that is not the generator', other],
      ['a delta in G1 that is not the generator', one],
      ['a delta in G2 that is not the generator', other],
    ];
    let at = POINTS_AT;
    for (const [problem, point] of expected) {
      if (!sameBytes(this.section(2).subarray(at, at + point.length), point)) throw this.wrong(`has ${problem}`);
      at += point.length;
    }
  }

  /** Points H are copies of the odd Lagrange points of the doubled domain. */
  private async requireQuotient(powers: PowersOfTau): Promise<void> {
    const size = 2 ** this.bits;
    const report = this.reporting('points H', size);
    const odd = new Uint8Array(Math.min(CHUNK_POINTS, size) * G1);
    for (let first = 0; first < size; first += CHUNK_POINTS) {
      const count = Math.min(CHUNK_POINTS, size - first);
      const both = await powers.points(LAGRANGE_G1, 2 * size - 1 + 2 * first, 2 * count);
      for (let index = 0; index < count; index++) odd.set(both.subarray((2 * index + 1) * G1, (2 * index + 2) * G1), index * G1);
      if (!sameBytes(this.section(9).subarray(first * G1, (first + count) * G1), odd.subarray(0, count * G1))) throw this.wrong('has points H (section 9) that are not those of the phase-1 file');
      report(count);
    }
  }

  private requireInPlace(memory: CurveMemory, { id, holds, from, isUsed }: WirePoints): void {
    const problem = misplacedPoint(memory, id === 7 ? 'g2m' : 'g1m', this.section(id), (index) => isUsed(from + index));
    if (problem !== undefined) throw this.wrong(`${problem} among its ${holds} (section ${id})`);
  }

  private async requireSubgroup(curve: Curve): Promise<void> {
    const list = pointList(this.section(7), G2);
    const report = this.reporting('subgroup of points B', SUBGROUP_PASSES * list.count);
    if (!(await areInSubgroup(curve.G2, list, report))) throw this.wrong("has a point outside of G2's subgroup among its points B in G2 (section 7)");
  }

  private async requireSums({ curve, powers, factors, program: { rows }, points }: Sums): Promise<void> {
    const [a, b1, b2, ...signals] = points;
    const equations: readonly Equation[] = [
      { parts: [a], group: 'G1', sums: [[LAGRANGE_G1, rows[0]]] },
      { parts: [b1], group: 'G1', sums: [[LAGRANGE_G1, rows[1]]] },
      { parts: [b2], group: 'G2', sums: [[LAGRANGE_G2, rows[1]]] },
      // delta is 1 in an initial key, gamma always: both sections are of one kind.
      { parts: signals, group: 'G1', sums: [[LAGRANGE_BETA, rows[0]], [LAGRANGE_ALPHA, rows[1]], [LAGRANGE_G1, rows[2]]] },
    ];
    for (const { parts, group: name, sums } of equations) {
      const group = curve[name];
      const what = parts.map(({ holds, id }) => `${holds} (section ${id})`).join(' or ');
      const lists = [...parts.map((part) => this.ofWires(part, factors)), ...sums.map(([section, scalars]) => [this.ofRows(powers, section, scalars), scalars] as const)];
      const report = this.reporting(parts.map(({ holds }) => holds).join(', '), lists.reduce((total, [{ count }]) => total + count, 0));
      const values: Uint8Array[] = [];
      for (const [list, scalars] of lists) values.push(await sumOfMultiples(group, list, scalars, report));
      const total = (from: number, to?: number): Uint8Array => values.slice(from, to).reduce((left, right) => group.add(left, right), group.zero);
      if (!group.eq(total(0, parts.length), total(parts.length))) throw this.wrong(`has ${what} that circuit and phase-1 file do not give`);
    }
  }

  private ofWires({ id, from }: WirePoints, factors: Uint8Array): readonly [PointList, Uint8Array] {
    const list = pointList(this.section(id), id === 7 ? G2 : G1);
    return [list, factors.subarray(from * FACTOR_BYTES, (from + list.count) * FACTOR_BYTES)];
  }

  /** The Lagrange points of the circuit's own domain, those of rows that have terms. */
  private ofRows(powers: PowersOfTau, section: PointSection, scalars: Uint8Array): PointList {
    return { count: scalars.length / ELEMENT_BYTES, read: (first, count) => powers.points(section, 2 ** this.bits - 1 + first, count) };
  }

  private section(id: number): Uint8Array {
    return requireSection(this.sections, id, 0, this.file);
  }

  private reporting(step: string, total: number): (points: number) => void {
    let done = 0;
    return (points) => this.progress?.(step, (done += points), total);
  }

  private wrong(problem: string): InitialKeyError {
    return new InitialKeyError(`${this.file} ${problem}: it is for another circuit or another phase-1 file, or was tampered with; do not use it`, { file: this.file });
  }
}

interface Equation {
  readonly parts: readonly WirePoints[];
  readonly group: 'G1' | 'G2';
  readonly sums: readonly (readonly [PointSection, Uint8Array])[];
}

type Points = readonly [a: WirePoints, b1: WirePoints, b2: WirePoints, inputs: WirePoints, rest: WirePoints];

interface Sums {
  readonly curve: Curve;
  readonly powers: PowersOfTau;
  readonly factors: Uint8Array;
  readonly program: CombinedProgram;
  readonly points: Points;
}

function wirePoints(circuit: R1cs, { uses }: CombinedProgram): Points {
  const inA = (wire: number): boolean => uses[0][wire] === 1;
  const inB = (wire: number): boolean => uses[1][wire] === 1;
  const inAny = (wire: number): boolean => inA(wire) || inB(wire) || uses[2][wire] === 1;
  return [
    { id: 5, holds: 'points A', from: 0, isUsed: inA },
    { id: 6, holds: 'points B in G1', from: 0, isUsed: inB },
    { id: 7, holds: 'points B in G2', from: 0, isUsed: inB },
    { id: 3, holds: 'points of the public signals', from: 0, isUsed: inAny },
    { id: 8, holds: 'points L', from: publicWires(circuit) + 1, isUsed: inAny },
  ];
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw new InitialKeyError(`${file} cannot be read (${messageOf(cause)}): check the path`, { file }, { cause });
  }
}
