import { ARITY, MerkleShapeError, MerkleTree16, emptyNodes } from '../commitment/merkle-tree-16.js';
import type { PoseidonMany } from '../commitment/poseidon-many.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { ELEMENT_BYTES } from '../field/element-bytes.js';
import { littleEndianAt, packLittleEndian, unpackLittleEndian } from '../field/little-endian-elements.js';
import { cellCount, cellLevel, type Insertion } from './batch-insertion.js';

/** A batch's subtrees: packed little-endian nodes of each level, from the leaves up to its cells. */
export type PackedSubtree = readonly Uint8Array[];

/** A batch and where it stands. */
interface Entered {
  readonly levels: PackedSubtree;
  /** Of its first leaf. */
  readonly position: number;
  /** Level of its cells. */
  readonly base: number;
}

/**
 * An accounts tree that batches filled one after another from the left, with every state that it went through: what `GrowingTree` gives,
 * with all hashes of a level at once. That can be, because a node after a batch entered follows from the batches up to it alone.
 */
export class FilledTree {
  private constructor(
    readonly tree: MerkleTree16,
    private readonly entered: readonly Entered[],
    /** For each level the packed nodes above each batch, as they were right after it entered; of levels up to its base nothing. */
    private readonly states: readonly Uint8Array[],
    private readonly empty: readonly bigint[],
  ) {}

  /** @throws MerkleShapeError when a batch has no size of batches, stands at no multiple of it, or goes beyond the tree */
  static async of(poseidon: Poseidon, many: PoseidonMany, depth: number, batches: readonly PackedSubtree[]): Promise<FilledTree> {
    const empty = emptyNodes(poseidon, depth);
    const entered = placesOf(depth, batches);
    const filled = entered.reduce((sum, { levels }) => sum + leavesOf(levels), 0);
    const levels: Uint8Array[] = [];
    const states: Uint8Array[] = [new Uint8Array(0)];
    for (let level = 0; level <= depth; level += 1) {
      const nodes = new Uint8Array(ELEMENT_BYTES * Math.ceil(filled / ARITY ** level));
      const groups = fillLevel(level, nodes, entered, states[level] as Uint8Array, empty[level] as bigint);
      levels.push(nodes);
      if (level < depth) states.push(await statesAbove(many, level, entered, groups));
    }
    return new FilledTree(MerkleTree16.ofLevels(poseidon, levels.map(unpackLittleEndian)), entered, states, empty);
  }

  /** Root right after batch number `place` entered. */
  rootAfter(place: number): bigint {
    return this.stateAt(this.tree.depth, place);
  }

  /** What the batch's circuit needs of the tree. */
  insertion(place: number): Insertion {
    const { base } = this.entered[place] as Entered;
    const children = Array.from({ length: this.tree.depth - base }, (_, step) => this.childrenBefore(base + step, place));
    return { rootBefore: place === 0 ? this.empty[this.tree.depth] as bigint : this.rootAfter(place - 1), children, rootAfter: this.rootAfter(place) };
  }

  /** The group at `level` that the batch lies in or above, before it entered: what is left of it is full, what is right of it empty. */
  private childrenBefore(level: number, place: number): bigint[] {
    const { position } = this.entered[place] as Entered;
    const own = Math.floor(position / ARITY ** level);
    const before = position > 0 && Math.floor((position - 1) / ARITY ** level) === own ? this.stateAt(level, place - 1) : this.empty[level] as bigint;
    return Array.from({ length: ARITY }, (_, child) => {
      const node = own - (own % ARITY) + child;
      return node < own ? this.tree.node(level, node) : node === own ? before : this.empty[level] as bigint;
    });
  }

  private stateAt(level: number, place: number): bigint {
    const { base, position } = this.entered[place] as Entered;
    return base < level ? littleEndianAt(this.states[level] as Uint8Array, place) : this.tree.node(level, Math.floor(position / ARITY ** level));
  }
}

function placesOf(depth: number, batches: readonly PackedSubtree[]): readonly Entered[] {
  let position = 0;
  return batches.map((levels) => {
    const N = leavesOf(levels);
    const base = cellLevel(N);
    const cells = (levels.at(-1) as Uint8Array).length / ELEMENT_BYTES;
    if (cells !== cellCount(N) || levels.length !== base + 1) throw new MerkleShapeError(`a batch of ${N} has ${cellCount(N)} cells at level ${base}, not ${cells}`);
    if (position % N !== 0 || position + N > ARITY ** depth) throw new MerkleShapeError(`a batch of ${N} cannot stand at position ${position} of a tree of depth ${depth}`);
    const entered = { levels, position, base };
    position += N;
    return entered;
  });
}

function leavesOf(levels: PackedSubtree): number {
  return (levels[0] as Uint8Array).length / ELEMENT_BYTES;
}

/**
 * Fills a level's nodes batch by batch.
 *
 * @param states nodes of this level above each batch, packed
 * @returns for each batch whose cells are not above the level its group of 16 right after it entered, one after another
 */
function fillLevel(level: number, nodes: Uint8Array, entered: readonly Entered[], states: Uint8Array, empty: bigint): Uint8Array {
  const emptyGroup = packLittleEndian(new Array<bigint>(ARITY).fill(empty));
  const groups = new Uint8Array(emptyGroup.length * entered.filter(({ base }) => base <= level).length);
  let next = 0;
  entered.forEach(({ levels, position, base }, place) => {
    const own = ELEMENT_BYTES * Math.floor(position / ARITY ** level);
    const entering = base < level ? states.subarray(ELEMENT_BYTES * place, ELEMENT_BYTES * (place + 1)) : levels[level] as Uint8Array;
    nodes.set(entering, own);
    if (base > level) return;
    groups.set(emptyGroup, next);
    groups.set(nodes.subarray(own - (own % emptyGroup.length), own + entering.length), next);
    next += emptyGroup.length;
  });
  return groups;
}

async function statesAbove(many: PoseidonMany, level: number, entered: readonly Entered[], groups: Uint8Array): Promise<Uint8Array> {
  const hashes = await many.hashMany(ARITY, groups);
  const states = new Uint8Array(ELEMENT_BYTES * entered.length);
  let next = 0;
  entered.forEach(({ base }, place) => {
    if (base > level) return;
    states.set(hashes.subarray(next, next + ELEMENT_BYTES), ELEMENT_BYTES * place);
    next += ELEMENT_BYTES;
  });
  return states;
}
