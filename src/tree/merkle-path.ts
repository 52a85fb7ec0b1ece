import { ARITY, MerkleShapeError, type MerklePath16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { requireFieldElement } from '../field/scalar-field.js';

/**
 * Root of the tree in which `leaf` has this path. Trusts nothing in the path: its form is checked first.
 *
 * @param depth exact depth; a shorter path would let an inner node pass for a leaf
 * @throws MerkleShapeError for a wrong depth, position or number of siblings, FieldRangeError for a node outside [0, p)
 */
export function rootOfPath(poseidon: Poseidon, leaf: bigint, path: MerklePath16, depth: number): bigint {
  return openPath(poseidon, leaf, path, depth).root;
}

/** A path with the nodes it runs through. */
export interface OpenedPath {
  /** All children of the opened nodes, from below. */
  readonly children: readonly (readonly bigint[])[];
  readonly root: bigint;
}

/** The same with the children of every node on the way. @throws as rootOfPath */
export function openPath(poseidon: Poseidon, leaf: bigint, path: MerklePath16, depth: number): OpenedPath {
  const { position, siblings } = path;
  if (!Number.isSafeInteger(position) || position < 0 || position >= ARITY ** depth) {
    throw new MerkleShapeError(`position ${position} is outside a tree of depth ${depth}`);
  }
  if (siblings.length !== depth) throw new MerkleShapeError(`the path has ${siblings.length} levels, the tree has ${depth}`);
  let node = requireFieldElement(leaf, 'the leaf');
  const children: bigint[][] = [];
  // By index, not forEach: that would skip the holes of a sparse array, and with them a level.
  for (let level = 0; level < depth; level += 1) {
    const others = siblings[level] ?? [];
    if (others.length !== ARITY - 1) throw new MerkleShapeError(`level ${level} of the path has ${others.length} siblings, not ${ARITY - 1}`);
    const checked = Array.from(others, (sibling: bigint | undefined) => requireSibling(sibling, level));
    const digit = Math.floor(position / ARITY ** level) % ARITY;
    children.push([...checked.slice(0, digit), node, ...checked.slice(digit)]);
    node = poseidon.hash(children[level] as bigint[]);
  }
  return { children, root: node };
}

function requireSibling(sibling: bigint | undefined, level: number): bigint {
  if (sibling === undefined) throw new MerkleShapeError(`level ${level} of the path lacks a sibling`);
  return requireFieldElement(sibling, `a sibling at level ${level}`);
}
