pragma circom 2.2.3;

include "../arithmetic/range-check.circom";

/*
 * Shows that amount = floor(worth / unit), of either sign: whoever pays pays up.
 *
 * The remainder is checked from both sides. An amount below 2^71 times a unit is an integer far below p.
 *
 * @input  worth   signed, |worth| < 2^200
 * @input  unit    0 <= unit < 2^48; no witness exists for 0
 * @input  amount
 * **Ensures** 0 <= worth - amount * unit < unit, -2^71 <= amount < 2^71
 * **Cost**    171 constraints
 */
template SettledAmount() {
    signal input worth;
    signal input unit;
    signal input amount;

    component bounded = RangeCheck(72);
    bounded.in <== amount + (1 << 71);
    signal remainder <== worth - amount * unit;
    component notNegative = RangeCheck(48);
    notNegative.in <== remainder;
    component below = RangeCheck(48);
    below.in <== unit - 1 - remainder;
}
