import * as lite from 'poseidon-lite';
import { FIELD_MODULUS, FieldRangeError } from '../field/scalar-field.js';
import type { Poseidon } from './poseidon.js';

type FixedArity = (inputs: bigint[]) => bigint;

const BY_ARITY: readonly FixedArity[] = [
  lite.poseidon1, lite.poseidon2, lite.poseidon3, lite.poseidon4, lite.poseidon5, lite.poseidon6, lite.poseidon7, lite.poseidon8,
  lite.poseidon9, lite.poseidon10, lite.poseidon11, lite.poseidon12, lite.poseidon13, lite.poseidon14, lite.poseidon15, lite.poseidon16,
] as FixedArity[];

/** The dependency-free implementation. Refuses elements outside the field instead of reducing them. */
export const portablePoseidon: Poseidon = {
  hash(inputs) {
    const fixed = BY_ARITY[inputs.length - 1];
    if (fixed === undefined) throw new FieldRangeError(`Poseidon takes 1 to 16 inputs, got ${inputs.length}`);
    for (const input of inputs) {
      if (input < 0n || input >= FIELD_MODULUS) throw new FieldRangeError('a Poseidon input is not in [0, p)');
    }
    return fixed([...inputs]);
  },
};
