pragma circom 2.2.3;

include "../arithmetic/non-zero.circom";
include "../arithmetic/range-check.circom";

/*
 * No slot holds more than its row's cap.
 *
 * @param  K          slots
 * @input  magnitude  |q|; 0 in an unused slot
 * @input  cap        of the slot's row, 0 where it is uncapped
 * @input  capped     of each slot
 * **Requires** 0 <= magnitude <= 2^64, cap < 2^65
 * **Ensures**  capped is 1 where cap is not 0, and there magnitude <= cap
 * **Cost**     68 constraints a slot
 */
template RowCaps(K) {
    signal input magnitude[K];
    signal input cap[K];
    signal input capped[K];

    component isCapped[K];
    component headroom[K];
    for (var slot = 0; slot < K; slot++) {
        isCapped[slot] = NonZero();
        isCapped[slot].in <== cap[slot];
        isCapped[slot].flag <== capped[slot];
        headroom[slot] = RangeCheck(64);
        headroom[slot].in <== capped[slot] * (cap[slot] - magnitude[slot]);
    }
}
