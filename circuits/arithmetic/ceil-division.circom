pragma circom 2.2.3;

include "./below-constant.circom";
include "./range-check.circom";

/*
 * Shows that quotient = ceil(numerator / DIVISOR).
 *
 * @param  DIVISOR        at least 2
 * @param  QUOTIENT_BITS  bits of the quotient; with those of the divisor at most 252
 * @input  numerator
 * @input  quotient
 * **Requires** 0 <= numerator < 2^252, as an integer
 * **Ensures**  0 <= DIVISOR * quotient - numerator < DIVISOR, 0 <= quotient < 2^QUOTIENT_BITS; neither side wraps, as the
 *              left one lies between -2^252 and 2^252
 * **Cost**     QUOTIENT_BITS and about one and a half times the bits of DIVISOR
 */
template CeilDivision(DIVISOR, QUOTIENT_BITS) {
    assert(DIVISOR >= 2 && bitLength(DIVISOR - 1) + QUOTIENT_BITS <= 252);
    signal input numerator;
    signal input quotient;

    signal surplus <== DIVISOR * quotient - numerator;
    component below = BelowConstant(DIVISOR);
    below.in <== surplus;
    component bounded = RangeCheck(QUOTIENT_BITS);
    bounded.in <== quotient;
}
