pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Nonce of an account that was changed without its owner: H(tag, nonce, delta). The owner knows both, and so the account.
 *
 * @input  nonce    before
 * @input  delta    public signal of the transition
 * @output derived  nonce after
 * **Cost** 261 constraints
 */
template DerivedNonce() {
    signal input nonce;
    signal input delta;
    signal output derived;

    component list = HashList(tagDerivedNonce(), 2);
    list.elements <== [nonce, delta];
    derived <== list.hash;
}
