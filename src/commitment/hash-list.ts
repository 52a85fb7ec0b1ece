import type { Poseidon } from './poseidon.js';
import { tagOfBlock } from './tags.js';

/** Elements in the first block, beside the tag, and in each later one, beside tag and state: no tagged hash has over 15 inputs. */
const FIRST_BLOCK = 14;
const LATER_BLOCK = 13;

/**
 * Tagged hash of a list whose length the tag fixes: one Poseidon call up to 14 elements, a chain of calls beyond.
 *
 * Block 0 is `(tag, e_0..e_13)`, block i `(tag + i*2^80, state, next up to 13 elements)`. No padding, so no two lists
 * share an encoding. The circuit's twin is circuits/commitment/hash-list.circom.
 */
export function hashList(poseidon: Poseidon, tag: bigint, elements: readonly bigint[]): bigint {
  let state = poseidon.hash([tag, ...elements.slice(0, FIRST_BLOCK)]);
  for (let next = FIRST_BLOCK, block = 1; next < elements.length; next += LATER_BLOCK, block += 1) {
    state = poseidon.hash([tagOfBlock(tag, block), state, ...elements.slice(next, next + LATER_BLOCK)]);
  }
  return state;
}
