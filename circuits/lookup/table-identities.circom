pragma circom 2.2.3;

include "./inverse.circom";
include "./powers.circom";

/*
 * The five identities that make every claimed excess the true one.
 *
 *   XG  = sum_k G_k /(beta-k)     XB = sum_k B_k/(beta-k)
 *   XG' = sum_k G'_k/(beta-k)     XO = sum_k O_k/(beta-k)
 *   XD  = sum_k (u_k G_k - w_k G'_k)
 *
 * with u_k = sum_s r^s (mark_k + pnl_k,s - (long_k - short_k)/2), w_k = (sum_s r^s)(long_k + short_k)/2, pnl_k,0 = 0.
 * For q >= 0 that makes u q - w |q| the excess with the long charge, for q < 0 with the short charge; the halves are
 * exact because |q| + q and |q| - q are even.
 *
 * @param  U, S   rows, scenarios
 * @input  sums   XG, XG', XB, XO, XD as the batches accumulated them
 * @input  r, beta                      challenges
 * @input  net, gross, weightedNet, weightedGross  B, O, G, G'
 * @input  mark, longCharge, shortCharge, pnl      the table
 * **Requires** r binds claims, B, O; beta binds G, G'; the table is bound before both
 * **Cost**     S + 9 constraints a row
 */
template TableIdentities(U, S) {
    signal input sums[5];
    signal input r;
    signal input beta;
    signal input net[U];
    signal input gross[U];
    signal input weightedNet[U];
    signal input weightedGross[U];
    signal input mark[U];
    signal input longCharge[U];
    signal input shortCharge[U];
    signal input pnl[U][S];

    component rPowers = Powers(S + 1);
    rPowers.base <== r;
    var rSum = 0;
    for (var s = 0; s <= S; s++) {
        rSum += rPowers.power[s];
    }

    component inverse[U];
    signal fraction[U][4];
    signal constantPart[U];
    signal scenarioPart[U][S];
    signal halfCharges[U];
    signal netTerm[U];
    signal grossTerm[U];
    var total[4] = [0, 0, 0, 0];
    var excess = 0;
    for (var k = 0; k < U; k++) {
        inverse[k] = Inverse();
        inverse[k].in <== beta - k;
        fraction[k][0] <== inverse[k].out * weightedNet[k];
        fraction[k][1] <== inverse[k].out * weightedGross[k];
        fraction[k][2] <== inverse[k].out * net[k];
        fraction[k][3] <== inverse[k].out * gross[k];
        for (var i = 0; i < 4; i++) {
            total[i] += fraction[k][i];
        }

        constantPart[k] <== rSum * (mark[k] - (longCharge[k] - shortCharge[k]) / 2);
        var value = constantPart[k];
        for (var s = 1; s <= S; s++) {
            scenarioPart[k][s - 1] <== rPowers.power[s] * pnl[k][s - 1];
            value += scenarioPart[k][s - 1];
        }
        halfCharges[k] <== rSum * ((longCharge[k] + shortCharge[k]) / 2);
        netTerm[k] <== value * weightedNet[k];
        grossTerm[k] <== halfCharges[k] * weightedGross[k];
        excess += netTerm[k] - grossTerm[k];
    }

    sums[0] === total[0];
    sums[1] === total[1];
    sums[2] === total[2];
    sums[3] === total[3];
    sums[4] === excess;
}
