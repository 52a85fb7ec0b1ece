pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Hash of all excesses a batch claims, in the order account, scenario; floor(252/W) offset excesses to a word.
 *
 * @param  N, K, S, W  shape of the batch
 * @input  offset      E + 2^(W-1) of each account and scenario
 * @output hash        the hash that the chain binds before any challenge exists
 * **Requires** the same circuit shows 0 <= offset < 2^W
 * **Cost**     about 15 constraints an excess at W = 84
 */
template Claims(N, K, S, W) {
    signal input offset[N][S + 1];
    signal output hash;

    var PER_WORD = 252 \ W;
    var COUNT = N * (S + 1);
    var WORDS = (COUNT + PER_WORD - 1) \ PER_WORD;
    component list = HashList(tagOf(tagClaims(), K, N, S, W), WORDS);
    for (var word = 0; word < WORDS; word++) {
        var packed = 0;
        for (var place = 0; place < PER_WORD && word * PER_WORD + place < COUNT; place++) {
            var claim = word * PER_WORD + place;
            packed += offset[claim \ (S + 1)][claim % (S + 1)] * (1 << (W * place));
        }
        list.elements[word] <== packed;
    }
    hash <== list.hash;
}
