pragma circom 2.2.3;

include "../arithmetic/hex-digits.circom";
include "./chosen-child.circom";
include "./tree-path.circom";

/*
 * Opens one row of the rows tree, depth 3, below a root whose children the caller hashes once for all rows.
 *
 * @input  place     of the row
 * @input  leaf      its hash
 * @input  children  of the two opened nodes below the root, from below
 * @input  top       children of the root
 * **Ensures** 0 <= place < 4096, and the leaf stands there
 * **Cost**    1,320 constraints
 */
template RowOpening() {
    signal input place;
    signal input leaf;
    signal input children[2][16];
    signal input top[16];

    component digits = HexDigits(3);
    digits.number <== place;
    component path = TreePath(2);
    path.leaf <== leaf;
    path.selected <== [digits.selected[0], digits.selected[1]];
    path.children <== children;
    component chosen = ChosenChild();
    chosen.selected <== digits.selected[2];
    chosen.children <== top;
    chosen.child === path.node;
}
