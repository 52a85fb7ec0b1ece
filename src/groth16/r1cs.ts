import { FIELD_MODULUS } from '../field/scalar-field.js';
import { BinaryFileError, readLittleEndian, readSections, requireSection, viewOf } from './binary-file.js';

/** Bytes of one field element in every file of circom and snarkjs. */
export const ELEMENT_BYTES = 32;

/** The header of a .r1cs file and its constraints, still encoded. Wire 0 is the constant 1, then outputs, public inputs, private inputs, the rest. */
export interface R1cs {
  readonly wires: number;
  readonly outputs: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly constraints: number;
  /** Section 2: per constraint three lists (A, B, C), each a count and then pairs of wire (4 bytes) and coefficient (32 bytes), little-endian. */
  readonly body: Uint8Array;
}

/**
 * Reads a .r1cs file of the BN254 scalar field.
 *
 * @param file what the file is called in errors
 * @throws BinaryFileError
 */
export function parseR1cs(bytes: Uint8Array, file: string): R1cs {
  const sections = readSections(bytes, 'r1cs', file);
  const header = requireSection(sections, 1, 4 + ELEMENT_BYTES + 28, file);
  const view = viewOf(header);
  const isOurField =
    view.getUint32(0, true) === ELEMENT_BYTES && readLittleEndian(header.subarray(4, 4 + ELEMENT_BYTES)) === FIELD_MODULUS;
  if (!isOurField) throw new BinaryFileError(`${file} is over another field: compile it for bn128`, { file });
  const at = 4 + ELEMENT_BYTES;
  const r1cs = {
    wires: view.getUint32(at, true),
    outputs: view.getUint32(at + 4, true),
    publicInputs: view.getUint32(at + 8, true),
    privateInputs: view.getUint32(at + 12, true),
    constraints: view.getUint32(at + 24, true),
    body: requireSection(sections, 2, 0, file),
  };
  checkBody(r1cs, file);
  return r1cs;
}

/** Walks the lists once, so that later passes can read without looking at bounds. */
function checkBody(r1cs: R1cs, file: string): void {
  const view = viewOf(r1cs.body);
  let position = 0;
  for (let list = 0; list < 3 * r1cs.constraints; list++) {
    if (position + 4 > r1cs.body.length) throw new BinaryFileError(`${file} ends inside constraint ${Math.floor(list / 3)}`, { file });
    const terms = view.getUint32(position, true);
    position += 4;
    for (let term = 0; term < terms; term++, position += 4 + ELEMENT_BYTES) {
      if (position + 4 + ELEMENT_BYTES > r1cs.body.length || view.getUint32(position, true) >= r1cs.wires) {
        throw new BinaryFileError(`${file} has a broken term in constraint ${Math.floor(list / 3)}: compile it again`, { file });
      }
    }
  }
  if (position !== r1cs.body.length) throw new BinaryFileError(`${file} has bytes after its last constraint: compile it again`, { file });
}
