import assert from 'node:assert/strict';
import { MerkleShapeError, MerkleTree16, emptyNodes } from '../../src/commitment/merkle-tree-16.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';

describe('MerkleTree16', () => {
  const leaves = Array.from({ length: 35 }, (_, place) => BigInt(place + 1));
  const tree = MerkleTree16.ofLeaves(poseidon, 2, leaves);

  it('hashes 16 children without a tag and fills with empty nodes', () => {
    const [, empty = 0n, root] = emptyNodes(poseidon, 2);
    const nodes = [leaves.slice(0, 16), leaves.slice(16, 32), [...leaves.slice(32), ...new Array<bigint>(13).fill(0n)]].map((children) => poseidon.hash(children));
    assert.equal(tree.root, poseidon.hash([...nodes, ...new Array<bigint>(13).fill(empty)]));
    assert.equal(MerkleTree16.ofLeaves(poseidon, 2, []).root, root);
  });

  it('leaves its own node out of a path', () => {
    const { siblings } = tree.path(17);
    assert.deepEqual(siblings[0], leaves.slice(16, 32).filter((leaf) => leaf !== 18n));
    assert.deepEqual(siblings.map((level) => level.length), [15, 15]);
  });

  it('refuses more leaves than it has places', () => {
    assert.throws(() => MerkleTree16.ofLeaves(poseidon, 1, leaves.slice(0, 17)), (thrown) => thrown instanceof MerkleShapeError && /17 leaves do not fit/.test(thrown.message));
  });
  for (const position of [-1, 256, 1.5, NaN]) {
    it(`has no path for position ${position}`, () => {
      assert.throws(() => tree.path(position), (thrown) => thrown instanceof MerkleShapeError && thrown.message.includes(`position ${position} is outside`));
    });
  }
});
