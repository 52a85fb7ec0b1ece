import assert from 'node:assert/strict';
import { FIELD_MODULUS, invertInField, multiplyInField } from '../../../src/field/scalar-field.js';
import { emptyNodes, MerkleTree16 } from '../../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { GrowingTree, cellLevel, subtreeCells, type Insertion } from '../../../src/tree/batch-insertion.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { templateCircuit, textCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const SOURCE = 'tree/subtree-insertion.circom';
const SHAPES = [{ N: 16, depth: 2 }, { N: 32, depth: 3 }, { N: 128, depth: 3 }, { N: 256, depth: 3 }] as const;
const leavesFrom = (first: number, count: number): bigint[] => Array.from({ length: count }, (_, place) => BigInt(1 + first + place));

/** Inserts batches one after the other at `positions` and gives the circuit's input for the last one. */
function insertionAt(poseidon: Poseidon, N: number, depth: number, positions: readonly number[]): { input: CircuitInput; insertion: Insertion } {
  const tree = new GrowingTree(poseidon, depth);
  const steps = positions.map((position) => {
    const cells = subtreeCells(poseidon, leavesFrom(position, N));
    const insertion = tree.insert(N, position, cells);
    return { insertion, input: { rootBefore: insertion.rootBefore, position: BigInt(position), cells, children: insertion.children } };
  });
  return steps[steps.length - 1] as (typeof steps)[number];
}

describe('SubtreeCells', () => {
  it('are the nodes that TypeScript computes, for 16, 32, 128 and 256 leaves', async () => {
    const poseidon = await bulkPoseidon();
    const sizes = SHAPES.map(({ N }) => N);
    const parts = sizes.map((N) => `
    signal input leaves${N}[${N}];
    component cells${N} = SubtreeCells(${N});
    cells${N}.leaves <== leaves${N};
    signal output out${N}[cellCount(${N})] <== cells${N}.cells;`);
    const circuit = await textCircuit('Cells', `pragma circom 2.2.3;\ninclude "tree/subtree-cells.circom";\ntemplate Cells() {${parts.join('')}\n}\n`);
    const witness = await assertAccepted(circuit, Object.fromEntries(sizes.map((N) => [`leaves${N}`, leavesFrom(N, N)])));
    for (const N of sizes) assert.deepEqual(valuesOf(circuit, witness, `out${N}`), subtreeCells(poseidon, leavesFrom(N, N)), `${N} leaves`);
  });
});

for (const { N, depth } of SHAPES) {
  describe(`SubtreeInsertion of ${N} leaves into a tree of depth ${depth}`, () => {
    const last = 16 ** depth - N;
    let poseidon: Poseidon;
    let circuit: TestCircuit;
    before(async () => {
      poseidon = await bulkPoseidon();
      circuit = await templateCircuit(SOURCE, 'SubtreeInsertion', [N, depth]);
    });

    for (const positions of [[0], [0, N], [0, 2 * N, 5 * N], [last], [0, last]].filter((list) => list.every((position) => position <= last))) {
      it(`gives the root of TypeScript at ${positions[positions.length - 1]}${positions.length > 1 ? ', with others before' : ''}`, async () => {
        const { input, insertion } = insertionAt(poseidon, N, depth, positions);
        assert.deepEqual(valuesOf(circuit, await assertAccepted(circuit, input), 'rootAfter'), [insertion.rootAfter]);
      });
    }

    it('refuses the first place beyond the tree, and one that wraps around p', async () => {
      const { input } = insertionAt(poseidon, N, depth, [0]);
      for (const position of [BigInt(last + N), FIELD_MODULUS - BigInt(N)]) {
        await assertRefused(circuit, { ...input, position }, { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'SubtreeInsertion', statement: 'slot.in <== position / N' } });
      }
    });

    it('refuses positions that are no multiple of N, because their N-th part in the field is no small number', async () => {
      const { input } = insertionAt(poseidon, N, depth, [0]);
      for (const position of [1n, BigInt(N) - 1n, BigInt(N) + 1n, multiplyInField(3n, invertInField(2n))]) {
        await assertRefused(circuit, { ...input, position }, { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'SubtreeInsertion', statement: 'slot.in <== position / N' } });
      }
    });

    it('refuses a place that is taken', async () => {
      const { input, insertion } = insertionAt(poseidon, N, depth, [0]);
      const tree = new GrowingTree(poseidon, depth);
      tree.insert(N, 0, subtreeCells(poseidon, leavesFrom(0, N)));
      const next = tree.insert(N, N, subtreeCells(poseidon, leavesFrom(N, N)));
      const taken = { ...input, rootBefore: insertion.rootAfter, children: next.children };
      await assertRefused(circuit, taken, { template: 'SubtreeInsertion', statement: '(children[0][child] - emptyNode(BASE_LEVEL)) === 0' });
    });

    it('refuses children that are not those of the root before', async () => {
      const { input, insertion } = insertionAt(poseidon, N, depth, [0, N]);
      const levels = depth - cellLevel(N);
      for (const level of insertion.children.keys()) {
        const children = insertion.children.map((nodes, at) => nodes.map((node, child) => (at === level && child === (level === 0 ? 0 : 15) ? node + 1n : node)));
        const statement = level < levels - 1 ? 'oldNode === parentBefore[level - 1].out' : 'parentBefore[LEVELS - 1].out === rootBefore';
        await assertRefused(circuit, { ...input, children }, { template: 'SubtreeInsertion', statement });
      }
    });

    it('refuses a root before that is not the tree\'s', async () => {
      const { input, insertion } = insertionAt(poseidon, N, depth, [0]);
      await assertRefused(circuit, { ...input, rootBefore: insertion.rootAfter }, { template: 'SubtreeInsertion', statement: 'parentBefore[LEVELS - 1].out === rootBefore' });
    });
  });
}

describe('SubtreeInsertion in a copy', () => {
  it('without the check of emptiness would let a later batch overwrite accounts that were counted', async () => {
    const poseidon = await bulkPoseidon();
    const root = mutatedCopy([{ file: SOURCE, from: 'group.selected[child \\ CELLS] * (children[0][child] - emptyNode(BASE_LEVEL)) === 0;', to: '' }]);
    const broken = await templateCircuit(SOURCE, 'SubtreeInsertion', [16, 2], root);
    const full = MerkleTree16.ofLeaves(poseidon, 2, leavesFrom(0, 16));
    const [, empty = 0n] = emptyNodes(poseidon, 1);
    const children = [[full.node(1, 0), ...new Array<bigint>(15).fill(empty)]];
    await assertAccepted(broken, { rootBefore: full.root, position: 0n, cells: [5n], children });
  });

  it('without the check of the old node would grow a tree that is not the one before', async () => {
    const poseidon = await bulkPoseidon();
    const root = mutatedCopy([{ file: SOURCE, from: '        oldNode === parentBefore[level - 1].out;\n', to: '' }]);
    const broken = await templateCircuit(SOURCE, 'SubtreeInsertion', [32, 3], root);
    const { input, insertion } = insertionAt(poseidon, 32, 3, [0, 32]);
    const children = insertion.children.map((nodes, level) => nodes.map((node, child) => (level === 0 && child === 0 ? 99n : node)));
    await assertAccepted(broken, { ...input, children });
  });
});
