import { FIELD_MODULUS, invertInField, multiplyInField, subtractInField } from '../../field/scalar-field.js';
import { ELEMENT_BYTES } from '../r1cs.js';
import { BATCH, type CurveMemory, type ElementForm } from './curve-memory.js';

/** The scalar field has a multiplicative subgroup of order 2^28 and none of order 2^29. */
export const MOST_DOMAIN_BITS = 28;

/** base^exponent in the scalar field, for canonical `base` and `exponent >= 0`. */
export function powerInField(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiplyInField(result, square);
    square = multiplyInField(square, square);
  }
  return result;
}

/**
 * The root of unity of order 2^bits that snarkjs takes: 5 is the least non-residue, and larger domains extend smaller ones.
 * Domains of prover and key must agree in the root itself, not only in its order.
 */
export function rootOfUnity(bits: number): bigint {
  const oddPart = (FIELD_MODULUS - 1n) >> BigInt(MOST_DOMAIN_BITS);
  return powerInField(powerInField(5n, oddPart), 1n << BigInt(MOST_DOMAIN_BITS - bits));
}

/** Which Lagrange polynomials over a domain of 2^bits points: number first, first + step, … below 2^bits, each times `factor`. */
export interface LagrangeSelection {
  readonly bits: number;
  readonly first: 0 | 1;
  readonly step: 1 | 2;
  readonly factor: bigint;
}

/**
 * Evaluates Lagrange polynomials at `tau`: `L_j(tau) = w^j (tau^m - 1) / (m (tau - w^j))`, m = 2^bits.
 *
 * @param form of the results: Montgomery to multiply with, plain to be scalars
 * @returns their address, 32 bytes each
 */
export function evaluateLagrange(memory: CurveMemory, tau: bigint, selection: LagrangeSelection, form: ElementForm): number {
  const size = 2 ** selection.bits;
  const count = size / selection.step;
  const root = rootOfUnity(selection.bits);
  const vanishing = subtractInField(powerInField(tau, BigInt(size)), 1n);
  if (vanishing === 0n) throw new RangeError('tau lies in the domain: choose another trapdoor');
  const common = multiplyInField(multiplyInField(vanishing, invertInField(BigInt(size))), selection.factor);
  const results = memory.allocate(count * ELEMENT_BYTES);
  const differences = memory.allocate(BATCH * ELEMENT_BYTES);
  const inverses = memory.allocate(BATCH * ELEMENT_BYTES);
  // The factor's form becomes the results' form: the product of a Montgomery and a plain element is plain.
  const factor = memory.element(common, form);
  const power = memory.element(powerInField(root, BigInt(selection.first)), 'montgomery');
  const stride = memory.element(powerInField(root, BigInt(selection.step)), 'montgomery');
  const point = memory.element(tau, 'montgomery');
  const multiply = memory.method('frm_mul');
  const subtract = memory.method('frm_sub');
  const invert = memory.method('frm_batchInverse');
  for (let first = 0; first < count; first += BATCH) {
    const batch = Math.min(BATCH, count - first);
    const start = results + first * ELEMENT_BYTES;
    for (let index = 0; index < batch; index++) {
      subtract(point, power, differences + index * ELEMENT_BYTES);
      multiply(power, factor, start + index * ELEMENT_BYTES);
      multiply(power, stride, power);
    }
    invert(differences, ELEMENT_BYTES, batch, inverses, ELEMENT_BYTES);
    for (let index = 0; index < batch; index++) {
      const result = start + index * ELEMENT_BYTES;
      multiply(result, inverses + index * ELEMENT_BYTES, result);
    }
  }
  return results;
}
