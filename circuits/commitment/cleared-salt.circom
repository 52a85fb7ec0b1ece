pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Salt of a cleared account's leaf: H(tag, nonce, period).
 *
 * @input  nonce   random, of the owner
 * @input  period  funding period up to which perpetuals are settled
 * @output salt
 * **Cost** 261 constraints
 */
template ClearedSalt() {
    signal input nonce;
    signal input period;
    signal output salt;

    component list = HashList(tagClearedSalt(), 2);
    list.elements <== [nonce, period];
    salt <== list.hash;
}
