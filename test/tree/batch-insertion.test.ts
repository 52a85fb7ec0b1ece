import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MerkleShapeError, MerkleTree16, emptyNodes } from '../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { GrowingTree, cellLevel, subtreeCells } from '../../src/tree/batch-insertion.js';

const leavesFrom = (first: number, count: number): bigint[] => Array.from({ length: count }, (_, place) => BigInt(first + place + 1));

describe('a growing tree', () => {
  let poseidon: Poseidon;
  before(async () => { poseidon = await bulkPoseidon(); });

  it('is the tree over all its leaves after each batch, whatever the sizes and order of the batches', () => {
    const sizes = fc.array(fc.constantFrom(16, 32, 64, 128, 256), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(sizes, (list) => {
      const growing = new GrowingTree(poseidon, 3);
      const leaves: bigint[] = [];
      for (const N of list.sort((a, b) => b - a)) {
        const rootBefore = growing.root;
        const members = leavesFrom(leaves.length, N);
        const insertion = growing.insert(N, leaves.length, subtreeCells(poseidon, members));
        leaves.push(...members);
        assert.equal(insertion.rootBefore, rootBefore);
        assert.equal(insertion.rootAfter, MerkleTree16.ofLeaves(poseidon, 3, leaves).root);
        assert.deepEqual(insertion.children.map((children) => children.length), new Array(3 - cellLevel(N)).fill(16));
      }
    }), { numRuns: 12 });
  });

  it('may skip places, which stay empty', () => {
    const growing = new GrowingTree(poseidon, 2);
    growing.insert(16, 48, subtreeCells(poseidon, leavesFrom(0, 16)));
    const leaves = [...new Array<bigint>(48).fill(0n), ...leavesFrom(0, 16)];
    assert.equal(growing.root, MerkleTree16.ofLeaves(poseidon, 2, leaves).root);
  });

  it('starts empty', () => { assert.equal(new GrowingTree(poseidon, 4).root, emptyNodes(poseidon, 4)[4]); });

  const refusals: readonly (readonly [string, number, number, RegExp])[] = [
    ['a position that is no multiple of the batch', 32, 16, /a batch of 32 cannot stand at position 16/],
    ['a position beyond the tree', 16, 256, /a batch of 16 cannot stand at position 256/],
    ['a batch that would cross the end of the tree', 512, 0, /a batch of 512 cannot stand at position 0/],
    ['a place that is taken', 16, 0, /position 0 is taken/],
    ['a group of which a part is taken', 32, 0, /position 0 is taken/],
  ];
  for (const [name, N, position, message] of refusals) {
    it(`refuses ${name}`, () => {
      const growing = new GrowingTree(poseidon, 2);
      growing.insert(16, 0, [5n]);
      assert.throws(() => growing.insert(N, position, subtreeCells(poseidon, leavesFrom(0, N))), (thrown) => thrown instanceof MerkleShapeError && message.test(thrown.message));
    });
  }

  it('refuses more cells than its batch has, which would spill into the next group', () => {
    assert.throws(() => new GrowingTree(poseidon, 2).insert(16, 0, [1n, 2n]), (thrown) => thrown instanceof MerkleShapeError && thrown.message.includes('a batch of 16 has 1 cells, not 2'));
  });

  for (const count of [0, 1, 8, 15, 17, 24, 48, 272, 768]) {
    it(`has no cells over ${count} leaves, which are no batch`, () => {
      assert.throws(() => subtreeCells(poseidon, leavesFrom(0, count)), (thrown) => thrown instanceof MerkleShapeError && thrown.message.includes(`not ${count}`));
    });
  }
});
