pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/*
 * Range, sign and magnitude of a quantity in 65 bits.
 *
 * The number q + 2^64 has exactly one encoding in 65 bits and its top bit is the sign, so there is no minus zero
 * and no free sign bit that could give one account two leaves.
 *
 * @input  quantity   q, signed
 * @output offset     q + 2^64, in [0, 2^65)
 * @output magnitude  m = |q|
 * **Ensures** -2^64 <= q < 2^64
 * **Cost**    66 constraints
 */
template SignedQuantity() {
    signal input quantity;
    signal output offset;
    signal output magnitude;

    offset <== quantity + (1 << 64);
    component bits = Num2Bits(65);
    bits.in <== offset;

    // Top bit 1: q >= 0.
    magnitude <== (2 * bits.out[64] - 1) * quantity;
}
