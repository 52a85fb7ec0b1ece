import type { Poseidon } from './poseidon.js';

/** Elements of a block beside the state: no tagged hash has over 15 inputs. */
const BLOCK = 14;

/**
 * Tagged hash of a list whose length the tag fixes: a chain of Poseidon calls that starts from the tag and takes up to
 * 14 elements each. No padding. The circuit's twin is circuits/commitment/hash-list.circom.
 */
export function hashList(poseidon: Poseidon, tag: bigint, elements: readonly bigint[]): bigint {
  return absorb(poseidon, tag, elements);
}

/** The same from a state that an earlier call gave: `H(state, next up to 14 elements)` until all are in. */
export function absorb(poseidon: Poseidon, state: bigint, elements: readonly bigint[]): bigint {
  let next = state;
  for (let first = 0; first < elements.length || first === 0; first += BLOCK) {
    next = poseidon.hash([next, ...elements.slice(first, first + BLOCK)]);
  }
  return next;
}
