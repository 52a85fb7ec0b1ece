import { ARITY, type MerklePath16 } from '../../commitment/merkle-tree-16.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { FIELD_MODULUS } from '../../field/scalar-field.js';
import type { TreeFile } from '../../store/tree-file.js';
import { ReceiptDamagedError } from './receipt-damaged-error.js';

interface Group {
  readonly number: number;
  readonly nodes: readonly bigint[];
}

/** Paths of an open tree in tree order, each node hashed up to the root: in order that is a hash for sixteen leaves and a little. */
export class VerifiedPaths {
  /** The last group of each level. */
  private readonly groups: Group[] = [];

  constructor(private readonly tree: TreeFile, private readonly poseidon: Poseidon) {}

  /** @throws ReceiptDamagedError for a node that does not lead to the root, MerkleShapeError */
  async path(position: number): Promise<MerklePath16 & { readonly leaf: bigint }> {
    for (let level = this.tree.depth - 1; level >= 0; level -= 1) await this.enter(level, Math.floor(position / ARITY ** (level + 1)));
    const siblings = this.groups.map(({ nodes }, level) => {
      const own = Math.floor(position / ARITY ** level) % ARITY;
      return nodes.filter((_node, child) => child !== own);
    });
    return { position, siblings, leaf: this.groups[0]?.nodes[position % ARITY] as bigint };
  }

  /** Requires the groups above. */
  private async enter(level: number, number: number): Promise<void> {
    if (this.groups[level]?.number === number) return;
    const nodes = await this.tree.group(level, number * ARITY);
    const parent = level === this.tree.depth - 1 ? this.tree.root : this.groups[level + 1]?.nodes[number % ARITY];
    if (this.hashOf(nodes) !== parent) throw new ReceiptDamagedError('the tree file is damaged: start again, it is then made anew');
    this.groups[level] = { number, nodes };
  }

  /** Undefined for what no tree has: a node of p or more. */
  private hashOf(nodes: readonly bigint[]): bigint | undefined {
    return nodes.every((node) => node < FIELD_MODULUS) ? this.poseidon.hash(nodes) : undefined;
  }
}
