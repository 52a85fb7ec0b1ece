pragma circom 2.2.3;

include "../commitment/tags.circom";

/*
 * Where digests and rules start before the first row.
 *
 * @param  T, S     tiered slots, scenarios
 * @input  rows     U, which the books' digests are for
 * @output digests  tags of table, book and weighted book
 * @output rules    no row so far; the first row may be listed and tiered, but continues nothing: 7 is no kind
 * **Cost** 0 constraints
 */
template TableStart(T, S) {
    var TIERS = T > 0 ? 1 : 0;
    signal input rows;
    signal output digests[3];
    signal output rules[7];

    digests[0] <== tagOf(tagRows(), S, TIERS, 0, 0, 0);
    digests[1] <== tagBookRows() + rows * (1 << 16);
    digests[2] <== tagOf(tagWeightedRows(), 0, TIERS, 0, 0, 0) + rows * (1 << 16);
    rules[0] <== 0;
    rules[1] <== 0;
    rules[2] <== 1;
    rules[3] <== 1;
    rules[4] <== 7;
    rules[5] <== 0;
    rules[6] <== 0;
}
