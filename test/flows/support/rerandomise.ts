import { FIELD_MODULUS } from '../../../src/field/scalar-field.js';
import type { Groth16Proof } from '../../../src/groth16/proof.js';
import { multiply, power, type Point } from '../../contracts/bn254.js';

/** Another proof of the same statement, made by somebody who knows neither witness nor trapdoor: (rA, B/r, C). */
export function rerandomised(proof: Groth16Proof, r = 3n): Groth16Proof {
  const a = multiply({ x: [proof.a[0], 0n], y: [proof.a[1], 0n] }, r) as NonNullable<Point>;
  const b = multiply({ x: proof.b[0], y: proof.b[1] }, power(r, FIELD_MODULUS - 2n, FIELD_MODULUS)) as NonNullable<Point>;
  return { a: [a.x[0], a.y[0]], b: [b.x, b.y], c: proof.c };
}
