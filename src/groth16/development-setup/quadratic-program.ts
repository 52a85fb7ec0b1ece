import { invertInField, multiplyInField } from '../../field/scalar-field.js';
import { ELEMENT_BYTES, type R1cs } from '../r1cs.js';
import type { CurveMemory } from './curve-memory.js';
import { evaluateLagrange } from './lagrange.js';
import { CoefficientSection, domainBits, publicWires, visitTerms } from './program-terms.js';
import type { Trapdoor } from './trapdoor.js';

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

/** Adds each term's coefficient times its row's Lagrange value to its wire, and returns section 4. */
function accumulate(memory: CurveMemory, r1cs: R1cs, lagrange: number, sums: readonly [number, number, number]): Uint8Array {
  const section = new CoefficientSection(memory, r1cs);
  const product = memory.allocate(ELEMENT_BYTES);
  const multiply = memory.method('frm_mul');
  const add = memory.method('frm_add');
  visitTerms(memory, r1cs, (matrix, row, wire, coefficient) => {
    const sum = sums[matrix] + wire * ELEMENT_BYTES;
    multiply(coefficient, lagrange + row * ELEMENT_BYTES, product);
    add(sum, product, sum);
    section.add(matrix, row, wire, coefficient);
  });
  return section.finish();
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
