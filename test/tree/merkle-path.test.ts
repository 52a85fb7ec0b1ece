import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MerkleShapeError, MerkleTree16, type MerklePath16 } from '../../src/commitment/merkle-tree-16.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { FIELD_MODULUS, FieldRangeError } from '../../src/field/scalar-field.js';
import { rootOfPath } from '../../src/tree/merkle-path.js';

const DEPTH = 2;
const leaves = Array.from({ length: 40 }, (_, place) => BigInt(1000 + place));
const tree = MerkleTree16.ofLeaves(poseidon, DEPTH, leaves);
const path = tree.path(21);
const leaf = leaves[21] as bigint;

describe('the root of a path', () => {
  it('is the root of the tree for every leaf and for empty places', () => {
    for (const position of [0, 15, 16, 21, 39, 40, 255]) assert.equal(rootOfPath(poseidon, leaves[position] ?? 0n, tree.path(position), DEPTH), tree.root);
  });

  it('is another for another leaf, position or sibling', () => {
    assert.notEqual(rootOfPath(poseidon, leaf + 1n, path, DEPTH), tree.root);
    fc.assert(fc.property(fc.nat(255), (position) => {
      fc.pre(position !== 21);
      assert.notEqual(rootOfPath(poseidon, leaf, { ...path, position }, DEPTH), tree.root);
    }), { numRuns: 40 });
    fc.assert(fc.property(fc.nat(DEPTH - 1), fc.nat(14), (level, place) => {
      const siblings = path.siblings.map((others, at) => others.map((node, other) => (at === level && other === place ? node + 1n : node)));
      assert.notEqual(rootOfPath(poseidon, leaf, { ...path, siblings }, DEPTH), tree.root);
    }));
  });

  const [low = [], high = []] = path.siblings;
  const inner = tree.node(1, 1);
  const refusals: readonly (readonly [string, bigint, MerklePath16, number, string, RegExp])[] = [
    ['a path that shows an inner node as a leaf', inner, { position: 1, siblings: [high] }, DEPTH, 'MERKLE_SHAPE', /the path has 1 levels, the tree has 2/],
    ['a path with a level too many', leaf, { ...path, siblings: [low, high, low] }, DEPTH, 'MERKLE_SHAPE', /the path has 3 levels/],
    ['a path without levels', tree.root, { position: 0, siblings: [] }, DEPTH, 'MERKLE_SHAPE', /the path has 0 levels/],
    ['a path with a hole where its lowest level should be', inner, { position: 1, siblings: withHole(high) }, DEPTH, 'MERKLE_SHAPE', /level 0 of the path has 0 siblings/],
    ['a level with a hole', leaf, { ...path, siblings: [withHole(...low.slice(1)), high] }, DEPTH, 'MERKLE_SHAPE', /level 0 of the path lacks a sibling/],
    ['14 siblings', leaf, { ...path, siblings: [low.slice(1), high] }, DEPTH, 'MERKLE_SHAPE', /level 0 of the path has 14 siblings/],
    ['16 siblings', leaf, { ...path, siblings: [low, [...high, 0n]] }, DEPTH, 'MERKLE_SHAPE', /level 1 of the path has 16 siblings/],
    ['a negative position', leaf, { ...path, position: -1 }, DEPTH, 'MERKLE_SHAPE', /position -1 is outside/],
    ['a position beyond the tree, whose low digits are right', leaf, { ...path, position: 21 + 256 }, DEPTH, 'MERKLE_SHAPE', /position 277 is outside/],
    ['a position that is no integer', leaf, { ...path, position: 21.5 }, DEPTH, 'MERKLE_SHAPE', /position 21.5 is outside/],
    ['a sibling of p', leaf, { ...path, siblings: [low, [...high.slice(1), FIELD_MODULUS]] }, DEPTH, 'FIELD_RANGE', /a sibling at level 1/],
    ['a sibling that is right but for p more', leaf, { ...path, siblings: [[(low[0] ?? 0n) + FIELD_MODULUS, ...low.slice(1)], high] }, DEPTH, 'FIELD_RANGE', /a sibling at level 0/],
    ['a negative sibling', leaf, { ...path, siblings: [[-1n, ...low.slice(1)], high] }, DEPTH, 'FIELD_RANGE', /a sibling at level 0/],
    ['a leaf that is right but for p more', leaf + FIELD_MODULUS, path, DEPTH, 'FIELD_RANGE', /the leaf/],
  ];
  for (const [name, shownLeaf, shown, depth, code, message] of refusals) {
    it(`does not exist for ${name}`, () => {
      assert.throws(() => rootOfPath(poseidon, shownLeaf, shown, depth), (thrown) => {
        assert.ok(thrown instanceof MerkleShapeError || thrown instanceof FieldRangeError);
        assert.equal(thrown.code, code);
        return message.test(thrown.message);
      });
    });
  }
});

/** An array whose first place was never filled: `forEach` would step over it. */
function withHole<Item>(...rest: readonly Item[]): Item[] {
  const items = new Array<Item>(rest.length + 1);
  rest.forEach((item, place) => { items[place + 1] = item; });
  return items;
}
