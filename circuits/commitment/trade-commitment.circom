pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * What the two sides of a trade have in common: H(tag, base, parties, amounts, market commitment, nonce). No circuit id, so
 * that accounts of different shapes trade.
 *
 * @input  base
 * @input  parties           buyer + seller * 2^64 + expiry * 2^128
 * @input  amounts           row + payRow * 2^16 + quantity * 2^32 + payment * 2^96
 * @input  marketCommitment
 * @input  nonce             hides the amounts
 * @output commitment
 * **Requires** the same circuit shows the range of every part; packing is injective only then
 * **Cost**     354 constraints
 */
template TradeCommitment() {
    signal input base;
    signal input parties;
    signal input amounts;
    signal input marketCommitment;
    signal input nonce;
    signal output commitment;

    component list = HashList(tagTrade(), 5);
    list.elements <== [base, parties, amounts, marketCommitment, nonce];
    commitment <== list.hash;
}
