pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Hash of all that a batch claims: excesses in the order account, scenario, floor(252/W) to a word; then headrooms in
 * the order account, slot, three to a word.
 *
 * @param  N, K, T, S, W  shape of the batch
 * @input  offset         E + 2^(W-1) of each account and scenario
 * @input  headroom       of each account's tiered slots
 * @output hash           the hash that the chain binds before any challenge exists
 * **Requires** the same circuit shows 0 <= offset < 2^W and 0 <= headroom < 2^65
 * **Cost**     about 14 constraints an excess at W = 84, as many a headroom
 */
template Claims(N, K, T, S, W) {
    signal input offset[N][S + 1];
    signal input headroom[N][T];
    signal output hash;

    var PER_WORD = 252 \ W;
    var COUNT = N * (S + 1);
    var WORDS = (COUNT + PER_WORD - 1) \ PER_WORD;
    var HEADROOM_WORDS = (N * T + 2) \ 3;
    component list = HashList(tagOf(tagClaims(), K, N, S, W, T), WORDS + HEADROOM_WORDS);
    for (var word = 0; word < WORDS; word++) {
        var packed = 0;
        for (var place = 0; place < PER_WORD && word * PER_WORD + place < COUNT; place++) {
            var claim = word * PER_WORD + place;
            packed += offset[claim \ (S + 1)][claim % (S + 1)] * (1 << (W * place));
        }
        list.elements[word] <== packed;
    }
    for (var word = 0; word < HEADROOM_WORDS; word++) {
        var packed = 0;
        for (var place = 0; place < 3 && word * 3 + place < N * T; place++) {
            var claim = word * 3 + place;
            packed += headroom[claim \ T][claim % T] * (1 << (65 * place));
        }
        list.elements[WORDS + word] <== packed;
    }
    hash <== list.hash;
}
