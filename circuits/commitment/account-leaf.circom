pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Commitment to one account: H(tag(K), key, salt, packed holdings).
 *
 * A holding is packed as index + offset*2^16 in 81 bits, three to a word of 243 bits.
 *
 * @param  K       slots
 * @input  key     names the owner, user and sub-account
 * @input  salt    fresh each epoch
 * @input  index   rows held
 * @input  offset  q + 2^64 of each slot
 * @output leaf    the commitment
 * **Requires** the same circuit shows index < 2^16 and offset < 2^65 for every slot; packing is injective only then
 * **Cost**     354 constraints at K = 8
 */
template AccountLeaf(K) {
    signal input key;
    signal input salt;
    signal input index[K];
    signal input offset[K];
    signal output leaf;

    var WORDS = (K + 2) \ 3;
    component list = HashList(tagOf(tagLeaf(), K, 0, 0, 0, 0), WORDS + 2);
    list.elements[0] <== key;
    list.elements[1] <== salt;
    for (var word = 0; word < WORDS; word++) {
        var packed = 0;
        for (var place = 0; place < 3 && 3 * word + place < K; place++) {
            packed += (index[3 * word + place] + offset[3 * word + place] * (1 << 16)) * (1 << (81 * place));
        }
        list.elements[2 + word] <== packed;
    }
    leaf <== list.hash;
}
