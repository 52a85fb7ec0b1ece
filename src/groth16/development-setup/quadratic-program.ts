import { FIELD_MODULUS, invertInField, multiplyInField } from '../../field/scalar-field.js';
import { viewOf } from '../binary-file.js';
import { ELEMENT_BYTES, type R1cs } from '../r1cs.js';
import type { CurveMemory } from './curve-memory.js';
import { evaluateLagrange } from './lagrange.js';
import type { Trapdoor } from './trapdoor.js';

/** Bytes of one entry of a zkey's section 4: matrix, constraint, wire, coefficient. */
const ENTRY_BYTES = 12 + ELEMENT_BYTES;

/** Scalars of every point of a key, plain little-endian, and its section 4. */
export interface QuadraticProgram {
  /** a_s(tau) and b_s(tau) of every wire. */
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  /** beta*a_s + alpha*b_s + c_s of the constant and the public wires. */
  readonly inputs: Uint8Array;
  /** The same over delta for the other wires. */
  readonly rest: Uint8Array;
  /** Odd Lagrange polynomials of the doubled domain at tau, over delta: there the prover's quotient times the vanishing polynomial is known. */
  readonly quotient: Uint8Array;
  readonly coefficients: Uint8Array;
  readonly domainSize: number;
}

/** Number of public wires, the constant not counted. */
export function publicWires(r1cs: R1cs): number {
  return r1cs.outputs + r1cs.publicInputs;
}

/** log2 of the domain: a row for each constraint, and one for each public wire and the constant (they keep public inputs independent). */
export function domainBits(r1cs: R1cs): number {
  const rows = r1cs.constraints + publicWires(r1cs) + 1;
  // snarkjs never takes a domain of a single point.
  return Math.max(1, 32 - Math.clz32(rows - 1));
}

/** Evaluates the circuit's quadratic arithmetic program at the trapdoor, row for row as snarkjs's zkey_new lays it out. */
export function evaluateProgram(memory: CurveMemory, r1cs: R1cs, trapdoor: Trapdoor): QuadraticProgram {
  const bits = domainBits(r1cs);
  const overDelta = invertInField(trapdoor.delta);
  const lagrange = evaluateLagrange(memory, trapdoor.tau, { bits, first: 0, step: 1, factor: 1n }, 'montgomery');
  const odd = evaluateLagrange(memory, trapdoor.tau, { bits: bits + 1, first: 1, step: 2, factor: overDelta }, 'plain');
  const [a, b, c] = [0, 1, 2].map(() => memory.allocate(r1cs.wires * ELEMENT_BYTES)) as [number, number, number];
  const coefficients = accumulate(memory, r1cs, lagrange, [a, b, c]);
  const publics = publicWires(r1cs) + 1;
  combine(memory, [a, b, c], [0, publics], [trapdoor.beta, trapdoor.alpha, 1n]);
  const scaled = [trapdoor.beta, trapdoor.alpha, 1n].map((factor) => multiplyInField(factor, overDelta)) as [bigint, bigint, bigint];
  combine(memory, [a, b, c], [publics, r1cs.wires], scaled);
  const copy = (address: number, from: number, to: number): Uint8Array =>
    memory.bytes().slice(address + from * ELEMENT_BYTES, address + to * ELEMENT_BYTES);
  return {
    a: copy(a, 0, r1cs.wires),
    b: copy(b, 0, r1cs.wires),
    inputs: copy(c, 0, publics),
    rest: copy(c, publics, r1cs.wires),
    quotient: copy(odd, 0, 2 ** bits),
    coefficients,
    domainSize: 2 ** bits,
  };
}

/** Adds each term's coefficient times its row's Lagrange value to its wire, and returns section 4, which holds the terms of A and B. */
function accumulate(memory: CurveMemory, r1cs: R1cs, lagrange: number, sums: readonly [number, number, number]): Uint8Array {
  const publics = publicWires(r1cs) + 1;
  const section = new Uint8Array(4 + (countEntries(r1cs) + publics) * ENTRY_BYTES);
  const sectionView = viewOf(section);
  // The prover's field multiplication takes section 4 as coefficient * 2^512: one factor for its own form, one for the plain witness.
  const square = memory.element((1n << 512n) % FIELD_MODULUS, 'montgomery');
  const coefficient = memory.allocate(ELEMENT_BYTES);
  const product = memory.allocate(ELEMENT_BYTES);
  const multiply = memory.method('frm_mul');
  const add = memory.method('frm_add');
  const bytes = memory.bytes();
  const body = viewOf(r1cs.body);
  let entry = 4;
  const term = (matrix: 0 | 1 | 2, row: number, wire: number): void => {
    const sum = sums[matrix] + wire * ELEMENT_BYTES;
    multiply(coefficient, lagrange + row * ELEMENT_BYTES, product);
    add(sum, product, sum);
    if (matrix === 2) return;
    sectionView.setUint32(entry, matrix, true);
    sectionView.setUint32(entry + 4, row, true);
    sectionView.setUint32(entry + 8, wire, true);
    multiply(coefficient, square, product);
    section.set(bytes.subarray(product, product + ELEMENT_BYTES), entry + 12);
    entry += ENTRY_BYTES;
  };
  let position = 0;
  for (let row = 0; row < r1cs.constraints; row++) {
    for (const matrix of MATRICES) {
      const terms = body.getUint32(position, true);
      position += 4;
      for (let index = 0; index < terms; index++, position += 4 + ELEMENT_BYTES) {
        bytes.set(r1cs.body.subarray(position + 4, position + 4 + ELEMENT_BYTES), coefficient);
        term(matrix, row, body.getUint32(position, true));
      }
    }
  }
  bytes.fill(0, coefficient, coefficient + ELEMENT_BYTES);
  bytes[coefficient] = 1;
  for (let wire = 0; wire < publics; wire++) term(0, r1cs.constraints + wire, wire);
  sectionView.setUint32(0, (entry - 4) / ENTRY_BYTES, true);
  return section;
}

/** Writes x*a_s + y*b_s + z*c_s over c_s for the wires of a range. */
function combine(
  memory: CurveMemory,
  [a, b, c]: readonly [number, number, number],
  [from, to]: readonly [number, number],
  factors: readonly [bigint, bigint, bigint],
): void {
  const [x, y, z] = factors.map((factor) => memory.element(factor, 'montgomery')) as [number, number, number];
  const [left, right] = [memory.allocate(ELEMENT_BYTES), memory.allocate(ELEMENT_BYTES)];
  const multiply = memory.method('frm_mul');
  const add = memory.method('frm_add');
  for (let offset = from * ELEMENT_BYTES; offset < to * ELEMENT_BYTES; offset += ELEMENT_BYTES) {
    multiply(a + offset, x, left);
    multiply(b + offset, y, right);
    add(left, right, left);
    multiply(c + offset, z, right);
    add(left, right, c + offset);
  }
}

/** Terms of A and B together. */
function countEntries(r1cs: R1cs): number {
  const body = viewOf(r1cs.body);
  let position = 0;
  let entries = 0;
  for (let row = 0; row < r1cs.constraints; row++) {
    for (const matrix of MATRICES) {
      const terms = body.getUint32(position, true);
      position += 4 + terms * (4 + ELEMENT_BYTES);
      if (matrix !== 2) entries += terms;
    }
  }
  return entries;
}

const MATRICES = [0, 1, 2] as const;
