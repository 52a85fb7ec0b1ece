pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";

/*
 * Chains a list of fixed length onto a state: H(state, next up to 14 elements) until all are in.
 *
 * @param  LENGTH    number of elements, at least 1
 * @input  state     a tag, or what an absorption before this one gave
 * @input  elements  the list
 * @output next      state after it
 * **Requires** the tag at the start of the chain fixes every length in it
 * **Cost**     573 constraints for 14 elements
 */
template Absorb(LENGTH) {
    assert(LENGTH >= 1);
    signal input state;
    signal input elements[LENGTH];
    signal output next;

    var BLOCKS = (LENGTH + 13) \ 14;
    component blocks[BLOCKS];
    for (var block = 0; block < BLOCKS; block++) {
        var taken = LENGTH - 14 * block < 14 ? LENGTH - 14 * block : 14;
        blocks[block] = Poseidon(1 + taken);
        if (block == 0) {
            blocks[block].inputs[0] <== state;
        } else {
            blocks[block].inputs[0] <== blocks[block - 1].out;
        }
        for (var i = 0; i < taken; i++) {
            blocks[block].inputs[1 + i] <== elements[14 * block + i];
        }
    }
    next <== blocks[BLOCKS - 1].out;
}
