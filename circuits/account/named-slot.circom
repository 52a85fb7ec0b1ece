pragma circom 2.2.3;

/*
 * The slot of a row that a posting names, and what is posted there.
 *
 * @param  K            slots
 * @input  row          named
 * @input  total        posted
 * @input  at           1 at the slot, 0 elsewhere; nowhere only if nothing is posted
 * @input  index        of the slots
 * @input  predecessor  of each slot's row, see MarketRow
 * @output named        1 or 0: whether a slot is named
 * @output part         the total at the slot, 0 elsewhere
 * **Requires** indices differ; the row of every slot with a flag other than 0 is opened
 * **Ensures**  the slot is of the row, which is the first tier of its instrument
 * **Cost**     3 K + 2 constraints
 */
template NamedSlot(K) {
    signal input row;
    signal input total;
    signal input at[K];
    signal input index[K];
    signal input predecessor[K];
    signal output named;
    signal output part[K];

    var flags = 0;
    for (var slot = 0; slot < K; slot++) {
        at[slot] * (index[slot] - row) === 0;
        at[slot] * predecessor[slot] === 0;
        part[slot] <== at[slot] * total;
        flags += at[slot];
    }
    // Indices differ, so one flag at most is not 0, and it is the whole sum: a bit.
    named <== flags;
    named * (1 - named) === 0;
    (1 - named) * total === 0;
}
