pragma circom 2.2.3;

include "./range-check.circom";

/*
 * Shows least <= index[0] < index[1] < ... < index[K-1] < 2^BITS, as integers.
 *
 * Each gap minus one is checked, and so is the last index: gaps alone would let the sum pass the bound, and an index
 * that is wider than its field in a packed word would read as another one.
 *
 * @param  K     number of indices
 * @param  BITS  bits of an index; K * 2^BITS must stay far below p
 * @input  least 0 <= least < 2^16
 * @input  index the indices
 * **Cost** (K + 1) * BITS constraints
 */
template StrictlyIncreasing(K, BITS) {
    assert(K >= 1 && BITS <= 16);
    signal input least;
    signal input index[K];

    component first = RangeCheck(BITS);
    first.in <== index[0] - least;
    component gaps[K - 1];
    for (var i = 0; i + 1 < K; i++) {
        gaps[i] = RangeCheck(BITS);
        gaps[i].in <== index[i + 1] - index[i] - 1;
    }
    component last = RangeCheck(BITS);
    last.in <== index[K - 1];
}
