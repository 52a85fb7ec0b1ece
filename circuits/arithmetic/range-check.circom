pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/*
 * Shows that 0 <= in < 2^BITS.
 *
 * @param  BITS  1..252, so that the bound lies below p and no value has two encodings
 * @input  in    the number
 * **Ensures** 0 <= in < 2^BITS
 * **Cost**    BITS + 1 constraints, BITS after linear elimination
 */
template RangeCheck(BITS) {
    assert(BITS >= 1 && BITS <= 252);
    signal input in;

    component bits = Num2Bits(BITS);
    bits.in <== in;
}
