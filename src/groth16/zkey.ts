import { FIELD_MODULUS } from '../field/scalar-field.js';
import { BinaryFileError, readLittleEndian, readSections, requireSection, viewOf } from './binary-file.js';
import { BASE_FIELD_MODULUS, type PointG1, type PointG2 } from './curve-points.js';
import { ELEMENT_BYTES } from './r1cs.js';
import type { VerificationKey } from './verification-key.js';

const G1_BYTES = 2 * ELEMENT_BYTES;
const G2_BYTES = 4 * ELEMENT_BYTES;
const ENTRY_BYTES = 12 + ELEMENT_BYTES;
const GROTH16 = 1;
const COEFFICIENTS = 4;

/** What a proving key file says besides its points for the prover. */
export interface Zkey {
  readonly wires: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  /** The verification key inside the file, without a label. */
  readonly verificationKey: Omit<VerificationKey, 'security'>;
}

/**
 * Reads a .zkey file's header and checks that its sections have the lengths that the header demands.
 * The prover's points are not checked one by one: a wrong one makes a proof that does not verify.
 *
 * @throws BinaryFileError
 */
export function parseZkey(bytes: Uint8Array, file: string): Zkey {
  const sections = readSections(bytes, 'zkey', file);
  return zkeyOf(sections, new Map([...sections].map(([id, section]) => [id, section.length])), file);
}

/** How much of a section zkeyOf reads, bytes; of a section that is not listed nothing. */
export const READ_OF_SECTION: ReadonlyMap<number, number> = new Map([[1, Infinity], [2, Infinity], [3, Infinity], [COEFFICIENTS, 4]]);

/**
 * The same of a file that is not in memory.
 *
 * @param sections as much of each as READ_OF_SECTION says
 * @param lengths of all sections, bytes
 */
export function zkeyOf(sections: ReadonlyMap<number, Uint8Array>, lengths: ReadonlyMap<number, number>, file: string): Zkey {
  const protocol = viewOf(requireSection(sections, 1, 4, file)).getUint32(0, true);
  if (protocol !== GROTH16) throw new BinaryFileError(`${file} is a key of another proof system: Groth16 is needed`, { file });
  const fields = 4 + ELEMENT_BYTES;
  const header = requireSection(sections, 2, 2 * fields + 12 + 3 * (G1_BYTES + G2_BYTES), file);
  const isOurCurve =
    readLittleEndian(header.subarray(4, fields)) === BASE_FIELD_MODULUS && readLittleEndian(header.subarray(fields + 4, 2 * fields)) === FIELD_MODULUS;
  if (!isOurCurve) throw new BinaryFileError(`${file} is over another curve: bn128 is needed`, { file });
  const view = viewOf(header);
  const [wires, publicSignals, domainSize] = [0, 4, 8].map((offset) => view.getUint32(2 * fields + offset, true)) as [number, number, number];
  checkLengths(sections, lengths, { wires, publicSignals, domainSize }, file);
  const points = header.subarray(2 * fields + 12);
  const inputs = requireSection(sections, 3, 0, file);
  return {
    wires,
    publicSignals,
    domainSize,
    verificationKey: {
      alpha: pointG1(points, 0),
      beta: pointG2(points, 2 * G1_BYTES),
      gamma: pointG2(points, 2 * G1_BYTES + G2_BYTES),
      delta: pointG2(points, 3 * G1_BYTES + 2 * G2_BYTES),
      ic: Array.from({ length: publicSignals + 1 }, (_, index) => pointG1(inputs, index * G1_BYTES)),
    },
  };
}

function checkLengths(
  sections: ReadonlyMap<number, Uint8Array>, lengths: ReadonlyMap<number, number>, sizes: Pick<Zkey, 'wires' | 'publicSignals' | 'domainSize'>, file: string,
): void {
  const { wires, publicSignals, domainSize } = sizes;
  const expected: readonly (readonly [number, number])[] = [
    [3, (publicSignals + 1) * G1_BYTES],
    [5, wires * G1_BYTES],
    [6, wires * G1_BYTES],
    [7, wires * G2_BYTES],
    [8, (wires - publicSignals - 1) * G1_BYTES],
    [9, domainSize * G1_BYTES],
  ];
  for (const [id, length] of expected) {
    if (lengths.get(id) !== length) {
      throw new BinaryFileError(`${file}: section ${id} does not fit the header: make the key again`, { file, section: id });
    }
  }
  const coefficients = requireSection(sections, COEFFICIENTS, 4, file);
  if (lengths.get(COEFFICIENTS) !== 4 + viewOf(coefficients).getUint32(0, true) * ENTRY_BYTES) {
    throw new BinaryFileError(`${file}: section 4 does not fit its own count: make the key again`, { file, section: COEFFICIENTS });
  }
}

/** 2^-256 in the base field: coordinates in the file are in Montgomery form. */
const FROM_MONTGOMERY = invertInBaseField((1n << 256n) % BASE_FIELD_MODULUS);

function coordinate(bytes: Uint8Array, at: number): bigint {
  return (readLittleEndian(bytes.subarray(at, at + ELEMENT_BYTES)) * FROM_MONTGOMERY) % BASE_FIELD_MODULUS;
}

/** The affine point at `at`, as snarkjs writes it: coordinates in Montgomery form, little-endian. */
export function pointG1(bytes: Uint8Array, at: number): PointG1 {
  return [coordinate(bytes, at), coordinate(bytes, at + ELEMENT_BYTES)];
}

export function pointG2(bytes: Uint8Array, at: number): PointG2 {
  return [pointG1(bytes, at), pointG1(bytes, at + G1_BYTES)];
}

/** By Fermat's theorem; once a process. */
function invertInBaseField(value: bigint): bigint {
  let result = 1n;
  let square = value;
  for (let rest = BASE_FIELD_MODULUS - 2n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % BASE_FIELD_MODULUS;
    square = (square * square) % BASE_FIELD_MODULUS;
  }
  return result;
}
