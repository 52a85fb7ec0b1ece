pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * H(tag, base, circuit id): for which venue on which chain, and in which circuit, something is proven.
 *
 * @input  base, circuitId
 * @output domain
 * **Cost** 261 constraints
 */
template StatementDomain() {
    signal input base;
    signal input circuitId;
    signal output domain;

    component list = HashList(tagDomain(), 2);
    list.elements <== [base, circuitId];
    domain <== list.hash;
}
