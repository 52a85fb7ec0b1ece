import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../venue/account.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** Bits of an index and of an offset quantity inside a packed holding, and holdings in a word (3 * 81 = 243 bits). */
const INDEX_FIELD_BITS = 16n;
const QUANTITY_OFFSET = 2n ** 64n;
const HOLDING_BITS = 81n;
const HOLDINGS_PER_WORD = 3;

/** Holdings that no leaf of the stated shape can hold. */
export class LeafShapeError extends ClearproofError {
  readonly code = 'LEAF_SHAPE';
}

/**
 * The K slots of a leaf: the row-level holdings, then unused slots with quantity 0 and the next indices after the last
 * used one, all outside the tiered region, so that no unused slot pushes a row of that region out of the checked slots.
 *
 * @param tieredRows rows of the tiered region: indices below it are in it
 * @throws LeafShapeError when there are more holdings than slots, indices do not strictly increase, or a quantity is out of range
 */
export function slotsOf(holdings: readonly Holding[], slots: number, tieredRows: number): readonly Holding[] {
  if (holdings.length > slots) {
    throw new LeafShapeError(`${holdings.length} holdings do not fit in ${slots} slots: use a circuit with more slots or split into sub-accounts`);
  }
  let previous = -1;
  for (const { index, quantity } of holdings) {
    if (!Number.isSafeInteger(index) || index <= previous) throw new LeafShapeError('holdings must have strictly increasing row indices');
    if (quantity < MIN_QUANTITY || quantity > MAX_QUANTITY) throw new LeafShapeError(`quantity of row ${index} is outside [-2^64, 2^64)`, { index });
    previous = index;
  }
  const unusedFrom = Math.max(previous + 1, tieredRows);
  if (unusedFrom + slots - holdings.length > 2 ** Number(INDEX_FIELD_BITS)) throw new LeafShapeError('a row index is beyond 2^16');
  const unused = Array.from({ length: slots - holdings.length }, (_, place) => ({ index: unusedFrom + place, quantity: 0n }));
  return [...holdings, ...unused];
}

/** `k + (q + 2^64)*2^16` of each slot, three to a word, the first lowest. */
export function packHoldings(slots: readonly Holding[]): bigint[] {
  const words: bigint[] = [];
  for (let first = 0; first < slots.length; first += HOLDINGS_PER_WORD) {
    const word = slots
      .slice(first, first + HOLDINGS_PER_WORD)
      .reduce((sum, slot, place) => sum + (packHolding(slot) << (HOLDING_BITS * BigInt(place))), 0n);
    words.push(word);
  }
  return words;
}

function packHolding({ index, quantity }: Holding): bigint {
  return BigInt(index) + ((quantity + QUANTITY_OFFSET) << INDEX_FIELD_BITS);
}

/** Commitment to one account: H(tag(K), key, salt, packed holdings). `slots` are the K slots as `slotsOf` makes them. */
export function accountLeaf(poseidon: Poseidon, key: bigint, salt: bigint, slots: readonly Holding[]): bigint {
  return hashList(poseidon, tagOf('leaf', slots.length), [key, salt, ...packHoldings(slots)]);
}
