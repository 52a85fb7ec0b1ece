pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/* Number of bits of x. */
function bitLength(x) {
    var bits = 0;
    for (var rest = x; rest > 0; rest = rest \ 2) { bits++; }
    return bits;
}

/* Number of ones that x ends with. */
function trailingOnes(x) {
    var ones = 0;
    for (var rest = x; rest % 2 == 1; rest = rest \ 2) { ones++; }
    return ones;
}

/*
 * Shows that 0 <= in < BOUND.
 *
 * The bits of the number are read against those of BOUND - 1 from the top. As long as they are equal, a 1 where BOUND - 1
 * has a 0 makes it larger; once it has a 0 for a 1 it is smaller, whatever follows. The ones at the end of BOUND - 1 are
 * as large as any bits, so nothing is read against them.
 *
 * @param  BOUND  2 to 2^252, so that no value has two encodings
 * @input  in     the number
 * **Ensures** 0 <= in < BOUND
 * **Cost**    bits of BOUND - 1, one more for each of its ones and each run of zeros above those at its end
 */
template BelowConstant(BOUND) {
    var MOST = BOUND - 1;
    var BITS = bitLength(MOST);
    var LOW = trailingOnes(MOST);
    assert(BOUND >= 2 && BITS <= 252);
    signal input in;

    component bits = Num2Bits(BITS);
    bits.in <== in;

    // equal[i] is 1 when all bits from i up are those of MOST, else 0.
    signal equal[BITS + 1];
    equal[BITS] <== 1;
    var zeros = 0;
    for (var i = BITS - 1; i >= LOW; i--) {
        if ((MOST >> i) % 2 == 1) {
            equal[i] <== equal[i + 1] * bits.out[i];
        } else {
            equal[i] <== equal[i + 1];
            zeros += bits.out[i];
            // The last zero of a run: at most 252 bits cannot add up to 0 mod p unless each is 0.
            if (i == LOW || (MOST >> (i - 1)) % 2 == 1) {
                equal[i] * zeros === 0;
                zeros = 0;
            }
        }
    }
    for (var i = 0; i < LOW; i++) {
        equal[i] <== 0;
    }
}
