import { ARITY, MerkleShapeError, type MerkleTree16 } from '../commitment/merkle-tree-16.js';

/** One row of the rows tree, opened below the root. */
export interface RowOpening {
  readonly place: number;
  /** Of the two nodes below the root on the row's path, from below. */
  readonly children: readonly (readonly bigint[])[];
}

/** @throws MerkleShapeError for a place outside the tree */
export function openRow(tree: MerkleTree16, place: number): RowOpening {
  if (!Number.isSafeInteger(place) || place < 0 || place >= ARITY ** tree.depth) throw new MerkleShapeError(`row ${place} is outside the rows tree`);
  return { place, children: Array.from({ length: tree.depth - 1 }, (_, level) => childrenOf(tree, level + 1, Math.floor(place / ARITY ** (level + 1)))) };
}

/** Children of the root, which all openings share. */
export function childrenOfRoot(tree: MerkleTree16): readonly bigint[] {
  return childrenOf(tree, tree.depth, 0);
}

function childrenOf(tree: MerkleTree16, level: number, place: number): bigint[] {
  return Array.from({ length: ARITY }, (_, child) => tree.node(level - 1, ARITY * place + child));
}
