import { ELEMENT_BYTES } from '../field/element-bytes.js';
import { ElementWriter, littleEndianAt, packLittleEndian, unpackLittleEndian } from '../field/little-endian-elements.js';
import { FieldRangeError } from '../field/scalar-field.js';
import type { Poseidon } from './poseidon.js';

/** Elements of a list beside the state, as hashList takes them. */
const BLOCK = 14;

/** Poseidon over many lists at once: the hashes that `Poseidon` gives one by one. */
export interface PoseidonMany {
  /**
   * One hash for each list of `inputs` elements that follow each other.
   *
   * @param inputs 1 to 16
   * @param elements packed little-endian, canonical
   * @returns packed hashes, one a list
   * @throws FieldRangeError; where another program hashes, what talking to it throws
   */
  hashMany(inputs: number, elements: Uint8Array): Promise<Uint8Array>;
  /** Lets go of what it keeps. */
  close(): Promise<void>;
}

/** By any implementation, one after another in this process. */
export function oneByOne(poseidon: Poseidon): PoseidonMany {
  return {
    hashMany: (inputs, elements) => new Promise((resolve) => resolve(hashEach(poseidon, inputs, elements))),
    close: () => Promise.resolve(),
  };
}

function hashEach(poseidon: Poseidon, inputs: number, elements: Uint8Array): Uint8Array {
  const lists = listsIn(inputs, elements);
  const hashes = new ElementWriter(lists);
  for (let list = 0; list < lists; list += 1) {
    hashes.write(poseidon.hash(Array.from({ length: inputs }, (_, place) => littleEndianAt(elements, list * inputs + place))));
  }
  return hashes.bytes;
}

/** How many lists of `inputs` there are. @throws FieldRangeError when it is no whole number, or the list too long or empty */
export function listsIn(inputs: number, elements: Uint8Array): number {
  const lists = elements.length / (ELEMENT_BYTES * inputs);
  if (inputs < 1 || inputs > 16 || !Number.isInteger(lists)) {
    throw new FieldRangeError(`${elements.length} bytes are no lists of ${inputs} elements: Poseidon takes 1 to 16 at once, ${ELEMENT_BYTES} bytes each`, { inputs });
  }
  return lists;
}

/**
 * The hash that `hashList` gives of each of many lists under one tag.
 *
 * @param length elements a list, at least 1
 * @param elements packed little-endian, one list after another
 * @returns packed hashes
 */
export async function hashLists(many: PoseidonMany, tag: bigint, length: number, elements: Uint8Array): Promise<Uint8Array> {
  const listBytes = ELEMENT_BYTES * length;
  const lists = elements.length / listBytes;
  const tagBytes = packLittleEndian([tag]);
  let states: Uint8Array | undefined;
  for (let first = 0; first < length; first += BLOCK) {
    const taken = Math.min(BLOCK, length - first);
    const block = new ElementWriter(lists * (1 + taken));
    for (let list = 0; list < lists; list += 1) {
      block.copy(states === undefined ? tagBytes : states.subarray(ELEMENT_BYTES * list, ELEMENT_BYTES * (list + 1)));
      const start = listBytes * list + ELEMENT_BYTES * first;
      block.copy(elements.subarray(start, start + ELEMENT_BYTES * taken));
    }
    states = await many.hashMany(1 + taken, block.bytes);
  }
  return states ?? new Uint8Array(0);
}

/** The same of lists of integers. All have one length. */
export async function hashListsOf(many: PoseidonMany, tag: bigint, lists: readonly (readonly bigint[])[]): Promise<bigint[]> {
  const length = lists[0]?.length ?? 1;
  return unpackLittleEndian(await hashLists(many, tag, length, packLittleEndian(lists.flat())));
}
