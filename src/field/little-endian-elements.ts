import { ELEMENT_BYTES } from './element-bytes.js';

/*
 * Field elements one after another, 32 bytes each, little-endian: as bulk hashing takes and gives them. (Files and stores have them
 * big-endian: element-bytes.ts.)
 */

const WORD_BITS = 64n;

/** Writes canonical elements into a buffer of packed ones. */
export class ElementWriter {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  /** @param count elements it has room for; those that are not written are 0 */
  constructor(count: number) {
    this.bytes = new Uint8Array(ELEMENT_BYTES * count);
    this.view = new DataView(this.bytes.buffer);
  }

  write(element: bigint): void {
    const { view, at } = this;
    // setBigUint64 takes the lowest 64 bits of what it is given. Small elements are common.
    view.setBigUint64(at, element, true);
    let rest = element >> WORD_BITS;
    for (let word = 8; rest !== 0n; word += 8, rest >>= WORD_BITS) view.setBigUint64(at + word, rest, true);
    this.at = at + ELEMENT_BYTES;
  }

  /** Packed elements. */
  copy(elements: Uint8Array): void {
    this.bytes.set(elements, this.at);
    this.at += elements.length;
  }
}

export function packLittleEndian(elements: readonly bigint[]): Uint8Array {
  const writer = new ElementWriter(elements.length);
  for (const element of elements) writer.write(element);
  return writer.bytes;
}

/** The integer at a place of packed elements. Of bytes from outside it may be p or more. */
export function littleEndianAt(bytes: Uint8Array, place: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + ELEMENT_BYTES * place, ELEMENT_BYTES);
  const low = view.getBigUint64(0, true) | (view.getBigUint64(8, true) << WORD_BITS);
  return low | ((view.getBigUint64(16, true) | (view.getBigUint64(24, true) << WORD_BITS)) << (2n * WORD_BITS));
}

/** All integers of packed elements. */
export function unpackLittleEndian(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, place) => littleEndianAt(bytes, place));
}
