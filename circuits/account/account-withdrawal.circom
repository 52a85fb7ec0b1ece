pragma circom 2.2.3;

include "../arithmetic/range-check.circom";

/*
 * Holdings after a withdrawal from one slot, or as they are without one.
 *
 * The amount is not 0 and no more than the slot holds, so the slot's quantity is positive and its sign stays.
 *
 * @param  K          slots
 * @input  withdraws  1 or 0
 * @input  row, amount  what is withdrawn; elsewhere anything
 * @input  from       1 at the slot, 0 elsewhere
 * @input  index, quantity, magnitude  slots before
 * @input  unpayable  0 for cash and spot, else another number
 * @output quantityAfter, magnitudeAfter
 * **Requires** withdraws is 0 or 1; 0 < amount < 2^64 with 1; indices differ
 * **Ensures**  the slot is of the row, the row is cash or spot, and 0 <= quantityAfter there
 * **Cost**     64 constraints and 4 a slot
 */
template AccountWithdrawal(K) {
    signal input withdraws;
    signal input row;
    signal input amount;
    signal input from[K];
    signal input index[K];
    signal input quantity[K];
    signal input magnitude[K];
    signal input unpayable[K];
    signal output quantityAfter[K];
    signal output magnitudeAfter[K];

    signal taken[K];
    signal available[K];
    var chosen = 0;
    var left = 0;
    for (var slot = 0; slot < K; slot++) {
        from[slot] * (index[slot] - row) === 0;
        from[slot] * unpayable[slot] === 0;
        taken[slot] <== from[slot] * amount;
        available[slot] <== from[slot] * quantity[slot];
        quantityAfter[slot] <== quantity[slot] - taken[slot];
        magnitudeAfter[slot] <== magnitude[slot] - taken[slot];
        chosen += from[slot];
        left += available[slot] - taken[slot];
    }
    // Indices differ, so one slot at most is of the row, and its flag is the whole sum: a bit.
    chosen === withdraws;
    component notNegative = RangeCheck(64);
    notNegative.in <== left;
}
