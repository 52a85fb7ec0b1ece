pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/*
 * Range and sign of a claimed excess in W bits.
 *
 * @param  W            bits of the offset encoding
 * @input  excess       E, signed, value units
 * @output offset       E + 2^(W-1), in [0, 2^W)
 * @output nonNegative  1 when E >= 0, else 0
 * **Ensures** -2^(W-1) <= E < 2^(W-1)
 * **Cost**    W constraints
 */
template SignedExcess(W) {
    assert(W >= 2 && W <= 126);
    signal input excess;
    signal output offset;
    signal output nonNegative;

    offset <== excess + (1 << (W - 1));
    component bits = Num2Bits(W);
    bits.in <== offset;
    nonNegative <== bits.out[W - 1];
}
