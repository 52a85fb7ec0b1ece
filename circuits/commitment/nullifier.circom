pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * What an account is known by to one scope in one epoch: H(tag, key, base, epoch, scope).
 *
 * Neither leaf nor salt nor circuit is in it: an account has one, whatever it proves and in whatever circuit.
 *
 * @input  key, base, epoch, scope
 * @output hash
 * **Cost** 324 constraints
 */
template Nullifier() {
    signal input key;
    signal input base;
    signal input epoch;
    signal input scope;
    signal output hash;

    component list = HashList(tagNullifier(), 4);
    list.elements <== [key, base, epoch, scope];
    hash <== list.hash;
}
