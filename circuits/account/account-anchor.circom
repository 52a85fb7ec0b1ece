pragma circom 2.2.3;

include "../arithmetic/hex-digits.circom";
include "../tree/tree-path.circom";

/*
 * Root of an accounts tree that has this leaf.
 *
 * @param  DEPTH     of the tree
 * @input  leaf
 * @input  position  its place
 * @input  children  of the opened nodes from below
 * @output root
 * **Ensures** 0 <= position < 16^DEPTH
 * **Cost**    643 constraints a level
 */
template AccountAnchor(DEPTH) {
    signal input leaf;
    signal input position;
    signal input children[DEPTH][16];
    signal output root;

    component digits = HexDigits(DEPTH);
    digits.number <== position;
    component path = TreePath(DEPTH);
    path.leaf <== leaf;
    path.selected <== digits.selected;
    path.children <== children;
    root <== path.node;
}
