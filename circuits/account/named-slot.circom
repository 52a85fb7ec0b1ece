pragma circom 2.2.3;

include "../lookup/inverse.circom";

/*
 * The slot of a row that a posting names, and what is posted there.
 *
 * Exactly then is a row named, so that who changes an account without its owner has no choice in which slots it leaves.
 *
 * @param  K            slots
 * @input  row          named
 * @input  total        posted
 * @input  kept         1 where the row is named also if nothing is posted, else 0
 * @input  at           1 at the slot, 0 elsewhere; nowhere if nothing is posted
 * @input  index        of the slots
 * @input  predecessor  of each slot's row, see MarketRow
 * @output named        1 or 0: whether a slot is named
 * @output part         the total at the slot, 0 elsewhere
 * **Requires** indices differ; the row of every slot with a flag other than 0 is opened
 * **Ensures**  the slot is of the row, which is the first tier of its instrument; none is named if nothing is posted, unless kept
 * **Cost**     3 K + 4 constraints
 */
template NamedSlot(K) {
    signal input row;
    signal input total;
    signal input kept;
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
    // Of the total where a row is named, of 1 elsewhere: that one must have an inverse.
    signal idle <== (1 - kept) * (total - named);
    component posted = Inverse();
    posted.in <== idle + 1;
}
