pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "./inverse.circom";

/*
 * One account's share of the argument that no tier holds more than its cap: a headroom h >= 0 in each tiered slot,
 * such that m + h is the cap of the slot's row. That it is, `solvency-close` shows for all accounts at once.
 *
 * Weights r^j tell the slots of one account apart, alpha^i the accounts; see docs/statement.md.
 *
 * @param  T          tiered slots, the first of the account
 * @input  index      k of each
 * @input  magnitude  m = |q| of each
 * @input  headroom   h of each
 * @input  beta       challenge
 * @input  rPower     r^0 .. r^(T-1)
 * @output placed     sum_j r^j / (beta - k)
 * @output filled     sum_j r^j (m + h)
 * **Requires** index, magnitude and headroom are bound by the epoch's chain
 * **Ensures**  0 <= headroom < 2^65
 * **Cost**     68 constraints a slot
 */
template TieredSlots(T) {
    signal input index[T];
    signal input magnitude[T];
    signal input headroom[T];
    signal input beta;
    signal input rPower[T];
    signal output placed;
    signal output filled;

    component range[T];
    component inverse[T];
    signal place[T];
    signal fill[T];
    var placedSum = 0;
    var filledSum = 0;
    for (var j = 0; j < T; j++) {
        range[j] = RangeCheck(65);
        range[j].in <== headroom[j];
        inverse[j] = Inverse();
        inverse[j].in <== beta - index[j];
        place[j] <== rPower[j] * inverse[j].out;
        fill[j] <== rPower[j] * (magnitude[j] + headroom[j]);
        placedSum += place[j];
        filledSum += fill[j];
    }
    placed <== placedSum;
    filled <== filledSum;
}
