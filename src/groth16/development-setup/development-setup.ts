import { createHash } from 'node:crypto';
import { concatBytes } from '@noble/hashes/utils';
import { FIELD_MODULUS } from '../../field/scalar-field.js';
import { littleEndian, viewOf, writeSections } from '../binary-file.js';
import { BASE_FIELD_MODULUS } from '../curve-points.js';
import { ELEMENT_BYTES, parseR1cs, type R1cs } from '../r1cs.js';
import { curveImage } from './curve-image.js';
import { CurveMemory } from './curve-memory.js';
import { POINT_BYTES } from './fixed-base.js';
import { generatorMultiples, type Scalars } from './generator-multiples.js';
import { MOST_DOMAIN_BITS } from './lagrange.js';
import { domainBits, publicWires } from './program-terms.js';
import { evaluateProgram, type QuadraticProgram } from './quadratic-program.js';
import { DEVELOPMENT_SEED, developmentTrapdoor, type Trapdoor } from './trapdoor.js';
import { ClearproofError } from '../../error/clearproof-error.js';

/** Default number of threads: measured, two halve the time and further ones wait for memory. */
const DEFAULT_THREADS = 2;

/** A circuit is too large for any Groth16 key over this curve. */
export class CircuitTooLargeError extends ClearproofError {
  readonly code = 'CIRCUIT_TOO_LARGE';
}

/**
 * A proving key (.zkey) made in one go from a trapdoor everybody can compute: **anyone can forge proofs for it**. For tests and demos.
 *
 * The same constraints always give the same bytes. 2^17 rows take about 20 s on two cores.
 *
 * @param r1cs a whole .r1cs file
 * @param file what the file is called in errors
 * @throws BinaryFileError, CircuitTooLargeError
 */
export async function developmentProvingKey(r1cs: Uint8Array, file: string, threads = DEFAULT_THREADS): Promise<Uint8Array> {
  const sha256 = createHash('sha256').update(r1cs).digest('hex');
  return provingKeyFromTrapdoor(parseR1cs(r1cs, file), developmentTrapdoor(sha256), threads);
}

/** The same for a given trapdoor; exported for tests that compare with another implementation at that implementation's secrets. */
export async function provingKeyFromTrapdoor(r1cs: R1cs, trapdoor: Trapdoor, threads = DEFAULT_THREADS): Promise<Uint8Array> {
  // The quotient lives on the doubled domain.
  if (domainBits(r1cs) >= MOST_DOMAIN_BITS) {
    throw new CircuitTooLargeError(`${r1cs.constraints} constraints are too many: at most 2^${MOST_DOMAIN_BITS - 1} rows fit the field`);
  }
  const program = evaluateProgram(await CurveMemory.open(await curveImage()), r1cs, trapdoor);
  const points = await generatorMultiples(scalarsOf(program, trapdoor), threads);
  return layOut(r1cs, program, points);
}

/** All scalars in the order in which `layOut` takes their points: first those of the header. */
function scalarsOf(program: QuadraticProgram, { alpha, beta, delta }: Trapdoor): Scalars {
  const element = (value: bigint): Uint8Array => littleEndian(value, ELEMENT_BYTES);
  return {
    g1m: concatBytes(
      ...[alpha, beta, delta].map(element),
      ...[program.inputs, program.a, program.b, program.rest, program.quotient],
    ),
    g2m: concatBytes(...[beta, 1n, delta].map(element), program.b),
  };
}

/** Sections in the order of snarkjs's zkey_new. */
function layOut(r1cs: R1cs, program: QuadraticProgram, points: Scalars): Uint8Array {
  const g1 = taker(points.g1m, POINT_BYTES.g1m);
  const g2 = taker(points.g2m, POINT_BYTES.g2m);
  const count = (scalars: Uint8Array): number => scalars.length / ELEMENT_BYTES;
  const [alpha1, beta1, delta1] = [g1(1), g1(1), g1(1)];
  const [beta2, gamma2, delta2] = [g2(1), g2(1), g2(1)];
  const [inputs, a, b1] = [g1(count(program.inputs)), g1(count(program.a)), g1(count(program.b))];
  const [rest, quotient] = [g1(count(program.rest)), g1(count(program.quotient))];
  const header = concatBytes(
    ...[word(ELEMENT_BYTES), littleEndian(BASE_FIELD_MODULUS, ELEMENT_BYTES)],
    ...[word(ELEMENT_BYTES), littleEndian(FIELD_MODULUS, ELEMENT_BYTES)],
    ...[word(r1cs.wires), word(publicWires(r1cs)), word(program.domainSize)],
    ...[alpha1, beta1, beta2, gamma2, delta1, delta2],
  );
  return writeSections('zkey', 1, [
    [1, word(1)],
    [2, header],
    [4, program.coefficients],
    [3, inputs],
    [9, quotient],
    [8, rest],
    [5, a],
    [6, b1],
    [7, g2(count(program.b))],
    [10, concatBytes(setUpHash(), word(0))],
  ]);
}

/**
 * Section 10: where a ceremony's transcript starts, a hash that names this set-up instead, and no contributions.
 * So the key says what it is, and `snarkjs zkey verify` can never take it for one with a ceremony.
 */
function setUpHash(): Uint8Array {
  return createHash('sha512').update(DEVELOPMENT_SEED).digest();
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

/** A function that cuts the next `count` points off. */
function taker(points: Uint8Array, size: number): (count: number) => Uint8Array {
  let position = 0;
  return (count) => points.subarray(position, (position += count * size));
}
