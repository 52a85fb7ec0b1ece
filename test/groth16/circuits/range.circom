pragma circom 2.2.3;
include "circomlib/circuits/bitify.circom";

// `value` has BITS bits; `doubled` is twice the value.
template Range(BITS) {
    signal input value;
    signal output doubled;
    component bits = Num2Bits(BITS);
    bits.in <== value;
    doubled <== 2 * value;
}
