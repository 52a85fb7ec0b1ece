pragma circom 2.2.3;

/*
 * Excesses of an account: E_0 = sum of q mark less the charge of the side that is held, E_s = E_0 + sum of q pnl_s.
 *
 * The charge is m (long + short)/2 + q (long - short)/2: of a long its long charge, of a short its short charge.
 *
 * @param  K, S       slots, scenarios
 * @input  quantity, magnitude  q and |q| of each slot
 * @input  mark, longCharge, shortCharge, pnl  of each slot's row
 * @output excess     E_0..E_S, value units
 * **Cost** K * (S + 2) constraints
 */
template AccountExcess(K, S) {
    signal input quantity[K];
    signal input magnitude[K];
    signal input mark[K];
    signal input longCharge[K];
    signal input shortCharge[K];
    signal input pnl[K][S];
    signal output excess[S + 1];

    signal value[K];
    signal charge[K];
    signal gain[K][S];
    var withoutMove = 0;
    for (var slot = 0; slot < K; slot++) {
        value[slot] <== quantity[slot] * (mark[slot] - (longCharge[slot] - shortCharge[slot]) / 2);
        charge[slot] <== magnitude[slot] * (longCharge[slot] + shortCharge[slot]) / 2;
        withoutMove += value[slot] - charge[slot];
    }
    excess[0] <== withoutMove;
    for (var s = 0; s < S; s++) {
        var gains = 0;
        for (var slot = 0; slot < K; slot++) {
            gain[slot][s] <== quantity[slot] * pnl[slot][s];
            gains += gain[slot][s];
        }
        excess[s + 1] <== withoutMove + gains;
    }
}
