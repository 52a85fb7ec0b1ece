import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MerkleShapeError, MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { oneByOne } from '../../src/commitment/poseidon-many.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { packLittleEndian } from '../../src/field/little-endian-elements.js';
import { GrowingTree, subtreeCells, subtreeLevels } from '../../src/tree/batch-insertion.js';
import { FilledTree, type PackedSubtree } from '../../src/tree/filled-tree.js';

const leavesFrom = (first: number, count: number): bigint[] => Array.from({ length: count }, (_, place) => BigInt(first + place + 1));

describe('a tree filled at once', () => {
  let poseidon: Poseidon;
  before(async () => { poseidon = await bulkPoseidon(); });

  const subtree = (leaves: readonly bigint[]): PackedSubtree => subtreeLevels(poseidon, leaves).map(packLittleEndian);
  const fill = (depth: number, batches: readonly PackedSubtree[]): Promise<FilledTree> => FilledTree.of(poseidon, oneByOne(poseidon), depth, batches);

  it('went through every state that a growing tree does [P-270]', async () => {
    const sizes = fc.array(fc.constantFrom(16, 32, 64, 128, 256, 512), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(sizes, fc.constantFrom(3, 4), async (list, depth) => {
      const growing = new GrowingTree(poseidon, depth);
      const leaves: bigint[] = [];
      const batches = list.sort((a, b) => b - a).map((N) => {
        const members = leavesFrom(leaves.length, N);
        leaves.push(...members);
        return members;
      });
      const filled = await fill(depth, batches.map(subtree));
      let position = 0;
      for (const [place, members] of batches.entries()) {
        const expected = growing.insert(members.length, position, subtreeCells(poseidon, members));
        assert.deepEqual(filled.insertion(place), expected, `batch ${place}`);
        assert.equal(filled.rootAfter(place), expected.rootAfter);
        position += members.length;
      }
      const expected = MerkleTree16.ofLeaves(poseidon, depth, leaves);
      assert.equal(filled.tree.root, expected.root);
      for (const leaf of [0, leaves.length - 1, leaves.length]) assert.deepEqual(filled.tree.path(leaf), expected.path(leaf));
    }), { numRuns: 12 });
  });

  it('may be one batch that fills it', async () => {
    const filled = await fill(1, [subtree(leavesFrom(0, 16))]);
    assert.deepEqual(filled.insertion(0), new GrowingTree(poseidon, 1).insert(16, 0, subtreeCells(poseidon, leavesFrom(0, 16))));
  });

  it('goes from small batches to larger ones where these stand at a multiple of their size, and not otherwise', async () => {
    const [small, large] = [subtree(leavesFrom(0, 16)), subtree(leavesFrom(500, 32))];
    const growing = new GrowingTree(poseidon, 2);
    growing.insert(16, 0, subtreeCells(poseidon, leavesFrom(0, 16)));
    growing.insert(16, 16, subtreeCells(poseidon, leavesFrom(0, 16)));
    assert.deepEqual((await fill(2, [small, small, large])).insertion(2), growing.insert(32, 32, subtreeCells(poseidon, leavesFrom(500, 32))));
    await assert.rejects(fill(2, [small, large]), (thrown) => thrown instanceof MerkleShapeError && /a batch of 32 cannot stand at position 16/.test(thrown.message));
  });

  it('refuses batches that are none, lack levels, or go beyond it', async () => {
    const honest = subtree(leavesFrom(0, 16));
    const refused = async (batches: readonly PackedSubtree[], message: RegExp): Promise<void> => {
      await assert.rejects(fill(1, batches), (thrown) => thrown instanceof MerkleShapeError && message.test(thrown.message));
    };
    await refused([[packLittleEndian(leavesFrom(0, 17))]], /not 17/);
    await refused([honest.slice(0, 1)], /a batch of 16 has 1 cells at level 1, not 16/);
    await refused([honest, honest], /a batch of 16 cannot stand at position 16 of a tree of depth 1/);
  });
});
