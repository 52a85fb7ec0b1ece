pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "../arithmetic/one-hot.circom";
include "./empty-node.circom";
include "./subtree-cells.circom";

/*
 * Puts the cells of a batch into the accounts tree, at a multiple of N that was empty.
 *
 * The children of the lowest parent are opened with the batch's group empty before and filled after; above it one
 * child changes from the old node to the new one. Position is a multiple of N below 16^DEPTH, so a batch never
 * crosses a parent and never lands outside the tree.
 *
 * @param  N           16 * 2^a accounts
 * @param  DEPTH       depth of the tree, above the cells' level
 * @input  rootBefore  root with the group empty
 * @input  position    place of the first leaf
 * @input  cells       nodes over the batch's leaves
 * @input  children    of the opened parents from below, as they were before
 * @output rootAfter   root with the group filled
 * **Cost** about 1,280 constraints a level
 */
template SubtreeInsertion(N, DEPTH) {
    var BASE_LEVEL = cellLevel(N);
    var CELLS = cellCount(N);
    var LEVELS = DEPTH - BASE_LEVEL;
    assert(LEVELS >= 1);
    signal input rootBefore;
    signal input position;
    signal input cells[CELLS];
    signal input children[LEVELS][16];
    signal output rootAfter;

    // 1. The group's number, lowest digit first; N divides the position because N * slot equals it below p.
    var SLOT_BITS = 0;
    for (var size = N; size < 16 ** DEPTH; size *= 2) { SLOT_BITS++; }
    var GROUP_BITS = SLOT_BITS - 4 * (LEVELS - 1);
    component slot = Num2Bits(SLOT_BITS);
    slot.in <== position / N;

    // 2. The lowest parent: the group was empty and becomes the cells.
    component group = OneHot(GROUP_BITS);
    for (var i = 0; i < GROUP_BITS; i++) {
        group.bits[i] <== slot.out[i];
    }
    component parentBefore[LEVELS];
    component parentAfter[LEVELS];
    for (var level = 0; level < LEVELS; level++) {
        parentBefore[level] = Poseidon(16);
        parentAfter[level] = Poseidon(16);
        for (var child = 0; child < 16; child++) {
            parentBefore[level].inputs[child] <== children[level][child];
        }
    }
    for (var child = 0; child < 16; child++) {
        group.selected[child \ CELLS] * (children[0][child] - emptyNode(BASE_LEVEL)) === 0;
    }
    signal filled[16];
    for (var child = 0; child < 16; child++) {
        filled[child] <== group.selected[child \ CELLS] * (cells[child % CELLS] - emptyNode(BASE_LEVEL));
        parentAfter[0].inputs[child] <== children[0][child] + filled[child];
    }

    // 3. Above it: the old node stands at its place and gives way to the new one.
    component digit[LEVELS];
    signal standing[LEVELS - 1][16];
    signal change[LEVELS - 1][16];
    for (var level = 1; level < LEVELS; level++) {
        digit[level] = OneHot(4);
        for (var i = 0; i < 4; i++) {
            digit[level].bits[i] <== slot.out[GROUP_BITS + 4 * (level - 1) + i];
        }
        var oldNode = 0;
        for (var child = 0; child < 16; child++) {
            standing[level - 1][child] <== digit[level].selected[child] * children[level][child];
            oldNode += standing[level - 1][child];
            change[level - 1][child] <== digit[level].selected[child] * (parentAfter[level - 1].out - parentBefore[level - 1].out);
            parentAfter[level].inputs[child] <== children[level][child] + change[level - 1][child];
        }
        oldNode === parentBefore[level - 1].out;
    }

    // 4. The whole stood under the root before.
    parentBefore[LEVELS - 1].out === rootBefore;
    rootAfter <== parentAfter[LEVELS - 1].out;
}
