pragma circom 2.2.3;

/*
 * Prices, parameters and identities of a table as one value: sum_j v_j z^j of
 *
 *   v = n, P_1 + 256, B_1 + 256, ..., then of each row: instrument digest, listedClass, activation epoch, price, volatility,
 *       multiplier, rates, strike
 *
 * The contract holds v itself, derives z from it and from the market commitment, and compares values: each number here is
 * then equal mod p to the contract's word, and so that integer. Rows that are not listed hold zeros and add nothing.
 *
 * @param  ROWS, S, OPTIONS  rows; scenarios; 1 where a row may be an option, else 0
 * @input  z                 point, drawn after every number here was committed and v fixed
 * @input  listedRows        n
 * @input  scanMove, basisMove  P_s and B_s
 * @input  instrument, listedClass, activationEpoch, price, volatility, multiplier, rates, strike
 *                           of each row; listedClass is kind + 8 * continues + 16 * cap, volatility and strike only with OPTIONS
 * @output value
 * **Requires** moves of at least -255, so that P + 256 is the contract's unsigned word; zeros where nothing is listed;
 *              parts of listedClass in their ranges: kind below 8, continues 0 or 1
 * **Cost**     8 constraints a row, 2 a scenario
 */
template TableVector(ROWS, S, OPTIONS) {
    signal input z;
    signal input listedRows;
    signal input scanMove[S];
    signal input basisMove[S];
    signal input instrument[ROWS];
    signal input listedClass[ROWS];
    signal input activationEpoch[ROWS];
    signal input price[ROWS];
    signal input volatility[ROWS * OPTIONS];
    signal input multiplier[ROWS];
    signal input rates[ROWS];
    signal input strike[ROWS * OPTIONS];
    signal output value;

    // Horner: from the last element down, each stage is the element plus z times the stage after it.
    signal rowStage[ROWS][8];
    signal moveStage[S][2];
    var after = 0;
    for (var k = ROWS - 1; k >= 0; k--) {
        rowStage[k][7] <== (OPTIONS == 1 ? strike[k * OPTIONS] : 0) + z * after;
        rowStage[k][6] <== rates[k] + z * rowStage[k][7];
        rowStage[k][5] <== multiplier[k] + z * rowStage[k][6];
        rowStage[k][4] <== (OPTIONS == 1 ? volatility[k * OPTIONS] : 0) + z * rowStage[k][5];
        rowStage[k][3] <== price[k] + z * rowStage[k][4];
        rowStage[k][2] <== activationEpoch[k] + z * rowStage[k][3];
        rowStage[k][1] <== listedClass[k] + z * rowStage[k][2];
        rowStage[k][0] <== instrument[k] + z * rowStage[k][1];
        after = rowStage[k][0];
    }
    for (var s = S - 1; s >= 0; s--) {
        moveStage[s][1] <== basisMove[s] + 256 + z * after;
        moveStage[s][0] <== scanMove[s] + 256 + z * moveStage[s][1];
        after = moveStage[s][0];
    }
    value <== listedRows + z * after;
}
