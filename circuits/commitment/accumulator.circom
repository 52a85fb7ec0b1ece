pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Commitment to everything one batch hands to the next.
 *
 * @input  blinding    random, so that the few possible counts behind a public accumulator cannot be guessed
 * @input  root        of the accounts tree so far
 * @input  positions   places taken so far
 * @input  unhealthy   accounts counted unhealthy so far
 * @input  shortfall   their shortfall so far, value units
 * @input  chain       last link of the epoch's chain
 * @input  challenges  H(tag, alpha, r, beta, tiered rows)
 * @input  power       alpha^positions
 * @input  sums        XG, XG', XB, XO, XD, XN, XC
 * @output hash        the accumulator
 * **Cost** 813 constraints
 */
template Accumulator() {
    signal input blinding;
    signal input root;
    signal input positions;
    signal input unhealthy;
    signal input shortfall;
    signal input chain;
    signal input challenges;
    signal input power;
    signal input sums[7];
    signal output hash;

    component list = HashList(tagAccumulator(), 15);
    list.elements[0] <== blinding;
    list.elements[1] <== root;
    list.elements[2] <== positions;
    list.elements[3] <== unhealthy;
    list.elements[4] <== shortfall;
    list.elements[5] <== chain;
    list.elements[6] <== challenges;
    list.elements[7] <== power;
    for (var i = 0; i < 7; i++) {
        list.elements[8 + i] <== sums[i];
    }
    hash <== list.hash;
}
