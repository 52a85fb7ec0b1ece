pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Key of an account from its owner's secret: H(tag, owner, user id digest, sub-account) with owner = H(tag, secret, signer).
 *
 * @input  secret
 * @input  signer      digest of the signing key's address
 * @input  userId      digest of the venue's name for the user
 * @input  subAccount
 * @output key
 * **Cost** 576 constraints
 */
template AccountKey() {
    signal input secret;
    signal input signer;
    signal input userId;
    signal input subAccount;
    signal output key;

    component owner = HashList(tagOwner(), 2);
    owner.elements <== [secret, signer];
    component account = HashList(tagKey(), 3);
    account.elements <== [owner.hash, userId, subAccount];
    key <== account.hash;
}
