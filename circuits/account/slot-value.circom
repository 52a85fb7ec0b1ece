pragma circom 2.2.3;

/*
 * Value at the slot that flags name.
 *
 * @param  K      slots
 * @input  at     1 at one slot, 0 elsewhere
 * @input  value  at each slot
 * @output out    at the named one; 0 if none is
 * **Cost** K constraints
 */
template SlotValue(K) {
    signal input at[K];
    signal input value[K];
    signal output out;

    signal part[K];
    var sum = 0;
    for (var slot = 0; slot < K; slot++) {
        part[slot] <== at[slot] * value[slot];
        sum += part[slot];
    }
    out <== sum;
}
