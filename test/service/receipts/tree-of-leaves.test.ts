import assert from 'node:assert/strict';
import { MerkleTree16 } from '../../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { treeOfLeaves } from '../../../src/service/receipts/tree-of-leaves.js';

describe('a tree made between other things', () => {
  it('is the tree that is made at once', async () => {
    const poseidon = await bulkPoseidon();
    for (const [depth, count] of [[1, 1], [2, 16], [2, 17], [3, 1100]] as const) {
      const leaves = Array.from({ length: count }, (_, place) => BigInt(place) + 9n);
      const [tree, other] = [await treeOfLeaves(poseidon, depth, leaves), MerkleTree16.ofLeaves(poseidon, depth, leaves)];
      assert.equal(tree.root, other.root);
      for (const position of [0, count - 1]) assert.deepEqual(tree.path(position), other.path(position));
    }
  });

  it('lets others run meanwhile', async () => {
    const poseidon = await bulkPoseidon();
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await treeOfLeaves(poseidon, 3, Array.from({ length: 4096 }, (_, place) => BigInt(place)));
    clearImmediate(next);
    assert.ok(turns >= 4, `${turns} turns`);
  });
});
