pragma circom 2.2.3;

/*
 * Selector of the place that a bit string names.
 *
 * @param  BITS      length of the string, lowest bit first
 * @input  bits      the string
 * @output selected  1 at the place sum_i bits[i] 2^i, 0 elsewhere
 * **Requires** every bit is 0 or 1
 * **Cost**     2^BITS - 2 constraints
 */
template OneHot(BITS) {
    assert(BITS >= 1 && BITS <= 8);
    signal input bits[BITS];
    signal output selected[1 << BITS];

    // stage[i][j] is 1 when the first i bits name j.
    signal stage[BITS + 1][1 << BITS];
    stage[0][0] <== 1;
    for (var i = 0; i < BITS; i++) {
        for (var j = 0; j < (1 << i); j++) {
            stage[i + 1][j + (1 << i)] <== stage[i][j] * bits[i];
            stage[i + 1][j] <== stage[i][j] - stage[i + 1][j + (1 << i)];
        }
        for (var j = (2 << i); j < (1 << BITS); j++) {
            stage[i + 1][j] <== 0;
        }
    }
    for (var j = 1; j < (1 << BITS); j++) {
        stage[0][j] <== 0;
    }
    for (var j = 0; j < (1 << BITS); j++) {
        selected[j] <== stage[BITS][j];
    }
}
