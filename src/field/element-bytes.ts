/** Bytes of a packed field element. */
export const ELEMENT_BYTES = 32;

const WORD_BITS = 64n;

/** Field elements one after another, 32 bytes each, big-endian. Requires canonical elements. */
export function packElements(elements: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(ELEMENT_BYTES * elements.length);
  elements.forEach((element, place) => writeElement(bytes, place, element));
  return bytes;
}

/** Puts a canonical element at a place of packed ones. */
export function writeElement(bytes: Uint8Array, place: number, element: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + ELEMENT_BYTES * place, ELEMENT_BYTES);
  // setBigUint64 takes the lowest 64 bits of what it is given.
  view.setBigUint64(24, element);
  view.setBigUint64(16, element >> WORD_BITS);
  view.setBigUint64(8, element >> (2n * WORD_BITS));
  view.setBigUint64(0, element >> (3n * WORD_BITS));
}

/** The integer at a place of packed elements. Of bytes from outside it may be p or more: hold it against the field. */
export function elementAt(bytes: Uint8Array, place: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + ELEMENT_BYTES * place, ELEMENT_BYTES);
  const high = (view.getBigUint64(0) << WORD_BITS) | view.getBigUint64(8);
  return (high << (2n * WORD_BITS)) | (view.getBigUint64(16) << WORD_BITS) | view.getBigUint64(24);
}

/** All integers of packed elements. */
export function unpackElements(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, place) => elementAt(bytes, place));
}
