pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "./chosen-child.circom";

/*
 * Node that stands LEVELS above a leaf in a 16-ary tree.
 *
 * @param  LEVELS
 * @input  leaf
 * @input  selected  digits of the leaf's place, lowest first, see HexDigits
 * @input  children  of the opened nodes from below
 * @output node
 * **Cost** 625 constraints a level
 */
template TreePath(LEVELS) {
    signal input leaf;
    signal input selected[LEVELS][16];
    signal input children[LEVELS][16];
    signal output node;

    component chosen[LEVELS];
    component parent[LEVELS];
    for (var level = 0; level < LEVELS; level++) {
        chosen[level] = ChosenChild();
        chosen[level].selected <== selected[level];
        chosen[level].children <== children[level];
        parent[level] = Poseidon(16);
        parent[level].inputs <== children[level];
        if (level == 0) {
            chosen[level].child === leaf;
        } else {
            chosen[level].child === parent[level - 1].out;
        }
    }
    node <== parent[LEVELS - 1].out;
}
