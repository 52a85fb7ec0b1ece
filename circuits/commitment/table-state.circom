pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Commitment to everything one part of the close hands to the next.
 *
 * @param  T, S       tiered slots, scenarios: parts of another shape have other states
 * @input  blinding   random: B, O and the sums in here are not public
 * @input  r, beta, z challenges and the settlement vector's point, the same in every part
 * @input  nextRow    rows taken in so far
 * @input  digests    of table, book and weighted book so far
 * @input  rules      listed rows, tiered rows, last row's listed, tiered and kind, open group's net quantity, what it leaves unmatched
 * @input  sums       right sides of the seven identities so far
 * @input  zPower, settlementValue  the settlement vector's power and value so far
 * @output hash       the state
 * **Cost** 1,077 constraints
 */
template TableState(T, S) {
    signal input blinding;
    signal input r;
    signal input beta;
    signal input z;
    signal input nextRow;
    signal input digests[3];
    signal input rules[7];
    signal input sums[7];
    signal input zPower;
    signal input settlementValue;
    signal output hash;

    component list = HashList(tagOf(tagTableState(), S, T, 0, 0, 0), 24);
    list.elements[0] <== blinding;
    list.elements[1] <== r;
    list.elements[2] <== beta;
    list.elements[3] <== z;
    list.elements[4] <== nextRow;
    for (var i = 0; i < 3; i++) {
        list.elements[5 + i] <== digests[i];
    }
    for (var i = 0; i < 7; i++) {
        list.elements[8 + i] <== rules[i];
        list.elements[15 + i] <== sums[i];
    }
    list.elements[22] <== zPower;
    list.elements[23] <== settlementValue;
    hash <== list.hash;
}
