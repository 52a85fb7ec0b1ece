import { FIELD_MODULUS } from '../../field/scalar-field.js';
import { viewOf } from '../binary-file.js';
import { ELEMENT_BYTES, type R1cs } from '../r1cs.js';
import type { CurveMemory } from './curve-memory.js';

/** Bytes of one entry of a zkey's section 4: matrix, constraint, wire, coefficient. */
const ENTRY_BYTES = 12 + ELEMENT_BYTES;

/** A, B or C of a constraint `A * B = C`. */
export type Matrix = 0 | 1 | 2;

const MATRICES: readonly Matrix[] = [0, 1, 2];

/** Number of public wires, the constant not counted. */
export function publicWires(r1cs: R1cs): number {
  return r1cs.outputs + r1cs.publicInputs;
}

/** Rows that have terms: one for each constraint, and one for each public wire and the constant (they keep public inputs independent). */
export function programRows(r1cs: R1cs): number {
  return r1cs.constraints + publicWires(r1cs) + 1;
}

/** log2 of the domain, which has a point for each row. */
export function domainBits(r1cs: R1cs): number {
  // snarkjs never takes a domain of a single point.
  return Math.max(1, 32 - Math.clz32(programRows(r1cs) - 1));
}

/**
 * Visits every term of the quadratic program, in the order of snarkjs's zkey_new: those of the constraints, then the rows of the constant and the
 * public wires, which have a coefficient of 1 in A.
 *
 * @param visit gets the address of the coefficient, plain; it must not allocate: that would move the memory
 */
export function visitTerms(memory: CurveMemory, r1cs: R1cs, visit: (matrix: Matrix, row: number, wire: number, coefficient: number) => void): void {
  const coefficient = memory.allocate(ELEMENT_BYTES);
  const bytes = memory.bytes();
  const body = viewOf(r1cs.body);
  let position = 0;
  for (let row = 0; row < r1cs.constraints; row++) {
    for (const matrix of MATRICES) {
      const terms = body.getUint32(position, true);
      position += 4;
      for (let index = 0; index < terms; index++, position += 4 + ELEMENT_BYTES) {
        bytes.set(r1cs.body.subarray(position + 4, position + 4 + ELEMENT_BYTES), coefficient);
        visit(matrix, row, body.getUint32(position, true), coefficient);
      }
    }
  }
  bytes.fill(0, coefficient, coefficient + ELEMENT_BYTES);
  bytes[coefficient] = 1;
  for (let wire = 0; wire <= publicWires(r1cs); wire++) visit(0, r1cs.constraints + wire, wire, coefficient);
}

/** Section 4 of a key, which holds the terms of A and B: what the prover multiplies the witness with. */
export class CoefficientSection {
  private readonly section: Uint8Array;
  private readonly view: DataView;
  private readonly square: number;
  private readonly product: number;
  private readonly multiply: (...words: number[]) => number;
  private entry = 4;

  constructor(private readonly memory: CurveMemory, r1cs: R1cs) {
    this.section = new Uint8Array(4 + (countTerms(r1cs) + publicWires(r1cs) + 1) * ENTRY_BYTES);
    this.view = viewOf(this.section);
    // The prover's field multiplication takes section 4 as coefficient * 2^512: one factor for its own form, one for the plain witness.
    this.square = memory.element((1n << 512n) % FIELD_MODULUS, 'montgomery');
    this.product = memory.allocate(ELEMENT_BYTES);
    this.multiply = memory.method('frm_mul');
  }

  /** Takes a term as visitTerms gives it; those of C are not in the section. */
  add(matrix: Matrix, row: number, wire: number, coefficient: number): void {
    if (matrix === 2) return;
    const { entry, product } = this;
    this.view.setUint32(entry, matrix, true);
    this.view.setUint32(entry + 4, row, true);
    this.view.setUint32(entry + 8, wire, true);
    this.multiply(coefficient, this.square, product);
    this.section.set(this.memory.bytes().subarray(product, product + ELEMENT_BYTES), entry + 12);
    this.entry += ENTRY_BYTES;
  }

  /** All of the section, once every term was added. */
  finish(): Uint8Array {
    this.view.setUint32(0, (this.entry - 4) / ENTRY_BYTES, true);
    return this.section;
  }
}

/** Terms of A and B in the constraints. */
function countTerms(r1cs: R1cs): number {
  const body = viewOf(r1cs.body);
  let position = 0;
  let count = 0;
  for (let row = 0; row < r1cs.constraints; row++) {
    for (const matrix of MATRICES) {
      const terms = body.getUint32(position, true);
      position += 4 + terms * (4 + ELEMENT_BYTES);
      if (matrix !== 2) count += terms;
    }
  }
  return count;
}
