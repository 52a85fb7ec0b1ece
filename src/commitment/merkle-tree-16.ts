import { ClearproofError } from '../error/clearproof-error.js';
import type { Poseidon } from './poseidon.js';

export const ARITY = 16;

/** A leaf count or position outside the tree, or a path of the wrong form. */
export class MerkleShapeError extends ClearproofError {
  readonly code = 'MERKLE_SHAPE';
}

/** Siblings from the leaf's level upwards: at each level the 15 others, in order, the own node left out. */
export interface MerklePath16 {
  readonly position: number;
  readonly siblings: readonly (readonly bigint[])[];
}

/** Node value of an empty subtree at levels 0..depth: Z_0 = 0, Z_l = H(Z_(l-1) 16 times). */
export function emptyNodes(poseidon: Poseidon, depth: number): bigint[] {
  const nodes = [0n];
  for (let level = 1; level <= depth; level += 1) {
    nodes.push(poseidon.hash(new Array<bigint>(ARITY).fill(nodes[level - 1] as bigint)));
  }
  return nodes;
}

/** A 16-ary Merkle tree of fixed depth, filled from the left, without sums in its nodes. Level 0 holds the leaves. */
export class MerkleTree16 {
  private constructor(
    readonly depth: number,
    private readonly levels: readonly (readonly bigint[])[],
    private readonly empty: readonly bigint[],
  ) {}

  /** @throws MerkleShapeError when there are more than 16^depth leaves */
  static ofLeaves(poseidon: Poseidon, depth: number, leaves: readonly bigint[]): MerkleTree16 {
    if (leaves.length > ARITY ** depth) {
      throw new MerkleShapeError(`${leaves.length} leaves do not fit in a tree of depth ${depth}: it holds ${ARITY ** depth}`);
    }
    const empty = emptyNodes(poseidon, depth);
    const levels: (readonly bigint[])[] = [leaves];
    for (let level = 0; level < depth; level += 1) {
      levels.push(parentsOf(poseidon, levels[level] as readonly bigint[], empty[level] as bigint));
    }
    return new MerkleTree16(depth, levels, empty);
  }

  /**
   * A tree whose nodes are known: leaves first, each level as far as it is filled, the root last. Nothing is hashed but
   * the empty nodes; the nodes are taken on trust.
   *
   * @throws MerkleShapeError when a level has another number of nodes than the level below needs
   */
  static ofLevels(poseidon: Poseidon, levels: readonly (readonly bigint[])[]): MerkleTree16 {
    const depth = levels.length - 1;
    const wrong = levels.findIndex((nodes, level) => nodes.length > ARITY ** (depth - level)
      || (level > 0 && nodes.length !== Math.ceil((levels[level - 1] as readonly bigint[]).length / ARITY)));
    if (wrong >= 0) throw new MerkleShapeError(`level ${wrong} of the tree has ${(levels[wrong] as readonly bigint[]).length} nodes: it does not lie over the level below it`);
    return new MerkleTree16(depth, levels, emptyNodes(poseidon, depth));
  }

  get root(): bigint {
    return this.node(this.depth, 0);
  }

  /** Nodes of `level` that were filled; of level 0 the leaves. */
  filled(level: number): number {
    return this.levels[level]?.length ?? 0;
  }

  /** Node `place` of `level`; the empty value where nothing was filled. */
  node(level: number, place: number): bigint {
    return this.levels[level]?.[place] ?? (this.empty[level] as bigint);
  }

  /** Path of the leaf at `position`. */
  path(position: number): MerklePath16 {
    if (!Number.isSafeInteger(position) || position < 0 || position >= ARITY ** this.depth) {
      throw new MerkleShapeError(`position ${position} is outside the tree of depth ${this.depth}`);
    }
    const siblings: bigint[][] = [];
    for (let level = 0, place = position; level < this.depth; level += 1, place = Math.floor(place / ARITY)) {
      const first = place - (place % ARITY);
      const others = Array.from({ length: ARITY }, (_, child) => first + child).filter((child) => child !== place);
      siblings.push(others.map((child) => this.node(level, child)));
    }
    return { position, siblings };
  }
}

function parentsOf(poseidon: Poseidon, children: readonly bigint[], empty: bigint): bigint[] {
  const parents: bigint[] = [];
  for (let first = 0; first < children.length; first += ARITY) {
    const group = children.slice(first, first + ARITY);
    while (group.length < ARITY) group.push(empty);
    parents.push(poseidon.hash(group));
  }
  return parents;
}
