pragma circom 2.2.3;

/*
 * What an account held before, at the indices that its slots have now.
 *
 * @param  K           slots before and after
 * @input  index, quantity, magnitude, used   slots before
 * @input  newIndex    of the slots after
 * @input  match       1 where a used slot before and a slot after have one index, else 0
 * @output quantityAt, magnitudeAt, usedAt    what was held at each slot after; 0 where nothing was
 * **Requires** indices strictly increase on both sides; used is 1 where quantity is not 0, else 0
 * **Ensures**  every used slot before has its index among the slots after, and none is counted twice
 * **Cost**     3 K^2 + K constraints
 */
template MatchedSlots(K) {
    signal input index[K];
    signal input quantity[K];
    signal input magnitude[K];
    signal input used[K];
    signal input newIndex[K];
    signal input match[K][K];
    signal output quantityAt[K];
    signal output magnitudeAt[K];
    signal output usedAt[K];

    // Indices differ on both sides, so one flag at most of a row or a column of flags is not 0, and it is the whole sum.
    for (var before = 0; before < K; before++) {
        var places = 0;
        for (var after = 0; after < K; after++) {
            match[before][after] * (index[before] - newIndex[after]) === 0;
            places += match[before][after];
        }
        places === used[before];
    }
    signal heldQuantity[K][K];
    signal heldMagnitude[K][K];
    for (var after = 0; after < K; after++) {
        var quantities = 0;
        var magnitudes = 0;
        var uses = 0;
        for (var before = 0; before < K; before++) {
            heldQuantity[before][after] <== match[before][after] * quantity[before];
            heldMagnitude[before][after] <== match[before][after] * magnitude[before];
            quantities += heldQuantity[before][after];
            magnitudes += heldMagnitude[before][after];
            uses += match[before][after];
        }
        quantityAt[after] <== quantities;
        magnitudeAt[after] <== magnitudes;
        usedAt[after] <== uses;
    }
}
