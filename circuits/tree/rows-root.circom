pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "./empty-node.circom";

/*
 * Root of the 16-ary tree of depth 3 whose first places hold ROWS leaves; all others are empty.
 *
 * @param  ROWS    a multiple of 16, at most 256: one node of level 2 is filled
 * @input  leaves  in order; 0 where nothing is listed
 * @output root
 * **Cost** 609 constraints for 16 leaves, 1,218 for the two levels above
 */
template RowsRoot(ROWS) {
    assert(ROWS >= 16 && ROWS % 16 == 0 && ROWS <= 256);
    signal input leaves[ROWS];
    signal output root;

    component lowest[ROWS \ 16];
    component middle = Poseidon(16);
    component top = Poseidon(16);
    for (var node = 0; node < 16; node++) {
        if (16 * node < ROWS) {
            lowest[node] = Poseidon(16);
            for (var child = 0; child < 16; child++) {
                lowest[node].inputs[child] <== leaves[16 * node + child];
            }
            middle.inputs[node] <== lowest[node].out;
        } else {
            middle.inputs[node] <== emptyNode(1);
        }
    }
    top.inputs[0] <== middle.out;
    for (var node = 1; node < 16; node++) {
        top.inputs[node] <== emptyNode(2);
    }
    root <== top.out;
}
