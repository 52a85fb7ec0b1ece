import { CoefficientSection, programRows, visitTerms, type Matrix } from './development-setup/program-terms.js';
import type { CurveMemory } from './development-setup/curve-memory.js';
import { ELEMENT_BYTES, type R1cs } from './r1cs.js';

/** Bytes of the random factor of a wire. */
export const FACTOR_BYTES = 16;

/** A circuit's quadratic program, its wires taken together with one factor each. */
export interface CombinedProgram {
  /** For A, B and C: each row's sum over the wires of factor times coefficient, 32 bytes, plain little-endian. */
  readonly rows: Readonly<Record<Matrix, Uint8Array>>;
  /** For A, B and C: one byte a wire, not 0 where a row has a term of it. */
  readonly uses: Readonly<Record<Matrix, Uint8Array>>;
  /** Section 4 of every key of the circuit. */
  readonly coefficients: Uint8Array;
}

/**
 * Sums a circuit's terms by row: one multiplication in the field a term, where a key's points took one on the curve.
 *
 * @param factors FACTOR_BYTES a wire, little-endian
 */
export function combineProgram(memory: CurveMemory, r1cs: R1cs, factors: Uint8Array): CombinedProgram {
  const rowCount = programRows(r1cs);
  const factorsAt = montgomeryFactors(memory, factors);
  const sums = [0, 1, 2].map(() => memory.allocate(rowCount * ELEMENT_BYTES)) as [number, number, number];
  const uses = [0, 1, 2].map(() => new Uint8Array(r1cs.wires)) as [Uint8Array, Uint8Array, Uint8Array];
  const section = new CoefficientSection(memory, r1cs);
  const product = memory.allocate(ELEMENT_BYTES);
  const multiply = memory.method('frm_mul');
  const add = memory.method('frm_add');
  visitTerms(memory, r1cs, (matrix, row, wire, coefficient) => {
    const sum = sums[matrix] + row * ELEMENT_BYTES;
    // A Montgomery factor times a plain coefficient is plain.
    multiply(factorsAt + wire * ELEMENT_BYTES, coefficient, product);
    add(sum, product, sum);
    uses[matrix][wire] = 1;
    section.add(matrix, row, wire, coefficient);
  });
  const copy = (address: number): Uint8Array => memory.bytes().slice(address, address + rowCount * ELEMENT_BYTES);
  return { rows: [copy(sums[0]), copy(sums[1]), copy(sums[2])], uses, coefficients: section.finish() };
}

function montgomeryFactors(memory: CurveMemory, factors: Uint8Array): number {
  const count = factors.length / FACTOR_BYTES;
  const address = memory.allocate(count * ELEMENT_BYTES);
  const bytes = memory.bytes();
  const toMontgomery = memory.method('frm_toMontgomery');
  for (let index = 0; index < count; index++) {
    const at = address + index * ELEMENT_BYTES;
    bytes.set(factors.subarray(index * FACTOR_BYTES, (index + 1) * FACTOR_BYTES), at);
    toMontgomery(at, at);
  }
  return address;
}
