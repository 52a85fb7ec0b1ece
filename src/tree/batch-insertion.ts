import { ARITY, MerkleShapeError, emptyNodes } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';

/** What `solvency-batch` needs to put its cells into the tree. */
export interface Insertion {
  readonly rootBefore: bigint;
  /** Children of the opened parents before the insertion, lowest parent first. */
  readonly children: readonly (readonly bigint[])[];
  readonly rootAfter: bigint;
}

/** Level of the highest nodes that a batch of N = 16*2^a leaves fills: floor(log16 N). */
export function cellLevel(N: number): number {
  let level = 0;
  for (let size = ARITY; size <= N; size *= ARITY) level += 1;
  return level;
}

/** Number of those nodes: 1, 2, 4 or 8. @throws MerkleShapeError when N is not 16*2^a */
export function cellCount(N: number): number {
  const count = N / ARITY ** cellLevel(N);
  if (N < ARITY || ![1, 2, 4, 8].includes(count)) throw new MerkleShapeError(`a batch holds 16*2^a accounts, not ${N}`);
  return count;
}

/** The 1, 2, 4 or 8 nodes of level floor(log16 N) over a batch's leaves. */
export function subtreeCells(poseidon: Poseidon, leaves: readonly bigint[]): readonly bigint[] {
  return subtreeLevels(poseidon, leaves).at(-1) as readonly bigint[];
}

/** The levels of a batch's subtrees from the leaves up to its cells. */
export function subtreeLevels(poseidon: Poseidon, leaves: readonly bigint[]): readonly (readonly bigint[])[] {
  cellCount(leaves.length);
  const levels: (readonly bigint[])[] = [leaves];
  for (let level = 0; level < cellLevel(leaves.length); level += 1) {
    const nodes = levels[level] as readonly bigint[];
    levels.push(Array.from({ length: nodes.length / ARITY }, (_, place) => poseidon.hash(nodes.slice(ARITY * place, ARITY * (place + 1)))));
  }
  return levels;
}

/** The accounts tree while batches enter it from the left. */
export class GrowingTree {
  private readonly empty: readonly bigint[];
  private readonly levels: bigint[][];

  constructor(private readonly poseidon: Poseidon, readonly depth: number) {
    this.empty = emptyNodes(poseidon, depth);
    this.levels = Array.from({ length: depth + 1 }, () => []);
  }

  get root(): bigint {
    return this.node(this.depth, 0);
  }

  /**
   * Inserts the cells of a batch of `N` accounts at `position`.
   *
   * @throws MerkleShapeError when the position is no multiple of N, lies outside the tree or is taken, or the cells are not those of N accounts
   */
  insert(N: number, position: number, cells: readonly bigint[]): Insertion {
    const base = cellLevel(N);
    if (cells.length !== cellCount(N)) throw new MerkleShapeError(`a batch of ${N} has ${cellCount(N)} cells, not ${cells.length}`);
    if (position % N !== 0 || position + N > ARITY ** this.depth) {
      throw new MerkleShapeError(`a batch of ${N} cannot stand at position ${position} of a tree of depth ${this.depth}`);
    }
    const rootBefore = this.root;
    const first = position / ARITY ** base;
    cells.forEach((_cell, offset) => {
      if (this.node(base, first + offset) !== this.empty[base]) throw new MerkleShapeError(`position ${position} is taken`);
    });
    const children = this.childrenAbove(base, first);
    this.set(base, first, cells);
    return { rootBefore, children, rootAfter: this.root };
  }

  private childrenAbove(base: number, first: number): bigint[][] {
    const children: bigint[][] = [];
    for (let level = base, place = first; level < this.depth; level += 1, place = Math.floor(place / ARITY)) {
      const start = place - (place % ARITY);
      children.push(Array.from({ length: ARITY }, (_, child) => this.node(level, start + child)));
    }
    return children;
  }

  /** All cells of a batch lie below one parent: it stands at a multiple of its N. */
  private set(base: number, first: number, cells: readonly bigint[]): void {
    cells.forEach((cell, offset) => {
      (this.levels[base] as bigint[])[first + offset] = cell;
    });
    let place = first;
    for (let level = base; level < this.depth; level += 1) {
      place = Math.floor(place / ARITY);
      const children = Array.from({ length: ARITY }, (_, child) => this.node(level, ARITY * place + child));
      (this.levels[level + 1] as bigint[])[place] = this.poseidon.hash(children);
    }
  }

  private node(level: number, place: number): bigint {
    return this.levels[level]?.[place] ?? (this.empty[level] as bigint);
  }
}
