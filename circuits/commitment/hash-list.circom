pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";

/* Number of Poseidon calls for LENGTH elements: 14 fit beside the tag, 13 beside tag and state. */
function hashListBlocks(LENGTH) {
    return LENGTH <= 14 ? 1 : 1 + (LENGTH - 14 + 12) \ 13;
}

/*
 * Tagged hash of a list of fixed length. Block 0 is H(tag, e_0..e_13), block i is H(tag + i*2^80, state, next <= 13).
 *
 * @param  TAG       fixes LENGTH (see tags.circom)
 * @param  LENGTH    number of elements, at least 1
 * @input  elements  the list
 * @output hash      its hash
 * **Cost** about 38 constraints an element plus 60 a block
 */
template HashList(TAG, LENGTH) {
    assert(LENGTH >= 1);
    signal input elements[LENGTH];
    signal output hash;

    var BLOCKS = hashListBlocks(LENGTH);
    component blocks[BLOCKS];
    var next = 0;
    for (var block = 0; block < BLOCKS; block++) {
        var carried = block == 0 ? 1 : 2;
        var taken = LENGTH - next < 15 - carried ? LENGTH - next : 15 - carried;
        blocks[block] = Poseidon(carried + taken);
        blocks[block].inputs[0] <== TAG + block * (1 << 80);
        if (block > 0) {
            blocks[block].inputs[1] <== blocks[block - 1].out;
        }
        for (var i = 0; i < taken; i++) {
            blocks[block].inputs[carried + i] <== elements[next + i];
        }
        next += taken;
    }
    hash <== blocks[BLOCKS - 1].out;
}
