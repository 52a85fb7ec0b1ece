pragma circom 2.2.3;

include "../lookup/inverse.circom";

/*
 * Shows that a flag says whether a number is other than 0.
 *
 * @input  in
 * @input  flag
 * **Ensures** flag is 1 when in is not 0, else 0
 * **Cost**    3 constraints
 */
template NonZero() {
    signal input in;
    signal input flag;

    flag * (1 - flag) === 0;
    (1 - flag) * in === 0;
    // Of 1 where the flag is 0, of the number where it is 1: that one must have an inverse.
    component inverse = Inverse();
    inverse.in <== in + 1 - flag;
}
