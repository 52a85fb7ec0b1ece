pragma circom 2.2.3;
include "circomlib/circuits/poseidon.circom";

// Knows the start of a chain of LENGTH hashes that ends in `end`; as large as wanted, for measurements.
template HashChain(LENGTH) {
    signal input end;
    signal input start;
    signal state[LENGTH + 1];
    state[0] <== start;
    component hashes[LENGTH];
    for (var i = 0; i < LENGTH; i++) {
        hashes[i] = Poseidon(2);
        hashes[i].inputs[0] <== state[i];
        hashes[i].inputs[1] <== i;
        state[i + 1] <== hashes[i].out;
    }
    end === state[LENGTH];
}
