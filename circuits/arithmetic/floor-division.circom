pragma circom 2.2.3;

include "./below-constant.circom";
include "./range-check.circom";

/*
 * Shows that quotient = floor(numerator / DIVISOR).
 *
 * Both remainder and quotient are bounded, so DIVISOR * quotient + remainder is an integer below p: a quotient moved by a
 * multiple of p/DIVISOR is as wrong as one that is off by one.
 *
 * @param  DIVISOR        at least 2
 * @param  QUOTIENT_BITS  bits of the quotient; with those of the divisor at most 252
 * @input  numerator
 * @input  quotient
 * @output remainder      numerator - DIVISOR * quotient
 * **Requires** numerator is an integer in [0, p), no difference that may have wrapped
 * **Ensures**  0 <= remainder < DIVISOR, 0 <= quotient < 2^QUOTIENT_BITS
 * **Cost**     QUOTIENT_BITS and about one and a half times the bits of DIVISOR
 */
template FloorDivision(DIVISOR, QUOTIENT_BITS) {
    assert(DIVISOR >= 2 && bitLength(DIVISOR - 1) + QUOTIENT_BITS <= 252);
    signal input numerator;
    signal input quotient;
    signal output remainder;

    remainder <== numerator - DIVISOR * quotient;
    component below = BelowConstant(DIVISOR);
    below.in <== remainder;
    component bounded = RangeCheck(QUOTIENT_BITS);
    bounded.in <== quotient;
}
