import { ClearproofError } from '../error/clearproof-error.js';

/** Order p of the BN254 scalar field, the field of every circuit signal. Source: EIP-196, there called the group order. */
export const FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** A value that should be a canonical field element is not. */
export class FieldRangeError extends ClearproofError {
  readonly code = 'FIELD_RANGE';
}

/** Least non-negative residue of any integer: in [0, p). */
export function toField(value: bigint): bigint {
  const residue = value % FIELD_MODULUS;
  return residue < 0n ? residue + FIELD_MODULUS : residue;
}

/** The integer in (-p/2, p/2) that a field element stands for. Requires `0 <= element < p`. */
export function toSigned(element: bigint): bigint {
  return element > FIELD_MODULUS / 2n ? element - FIELD_MODULUS : element;
}

export function addInField(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum >= FIELD_MODULUS ? sum - FIELD_MODULUS : sum;
}

export function subtractInField(a: bigint, b: bigint): bigint {
  const difference = a - b;
  return difference < 0n ? difference + FIELD_MODULUS : difference;
}

/** Product of two canonical elements, canonical. */
export function multiplyInField(a: bigint, b: bigint): bigint {
  return (a * b) % FIELD_MODULUS;
}

/** Inverse of a canonical element. Throws FieldRangeError for 0. Extended Euclid; not constant time (inputs are challenges). */
export function invertInField(element: bigint): bigint {
  if (element === 0n) throw new FieldRangeError('0 has no inverse in the scalar field');
  let [remainder, nextRemainder] = [FIELD_MODULUS, element];
  let [coefficient, nextCoefficient] = [0n, 1n];
  while (nextRemainder !== 0n) {
    const quotient = remainder / nextRemainder;
    [remainder, nextRemainder] = [nextRemainder, remainder - quotient * nextRemainder];
    [coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient];
  }
  return toField(coefficient);
}

/** True when `value` is a canonical field element. */
export function isFieldElement(value: bigint): boolean {
  return value >= 0n && value < FIELD_MODULUS;
}

/** Returns `value`, or throws FieldRangeError naming `what` when it is not in [0, p). The value itself is not shown: it may be secret. */
export function requireFieldElement(value: bigint, what: string): bigint {
  if (!isFieldElement(value)) throw new FieldRangeError(`${what} is not a field element: it must lie in [0, p)`, { what });
  return value;
}
