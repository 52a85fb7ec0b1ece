pragma circom 2.2.3;

include "./inverse.circom";
include "./powers.circom";

/*
 * What ROWS rows add to the right sides of the seven identities that make every claim the true one.
 *
 *   XG  = sum_k G_k /(beta-k)     XB = sum_k B_k/(beta-k)     XN = sum_k N_k/(beta-k)
 *   XG' = sum_k G'_k/(beta-k)     XO = sum_k O_k/(beta-k)     XC = sum_k N_k cap_k
 *   XD  = sum_k (u_k G_k - w_k G'_k)
 *
 * with u_k = sum_s r^s (mark_k + pnl_k,s - (long_k - short_k)/2), w_k = (sum_s r^s)(long_k + short_k)/2, pnl_k,0 = 0.
 * For q >= 0 that makes u q - w |q| the excess with the long charge, for q < 0 with the short charge; the halves are
 * exact because |q| + q and |q| - q are even. Where nothing is listed the cap is 0, not what the prover says.
 *
 * @param  ROWS, T, S  rows, tiered slots, scenarios
 * @input  before      XG, XG', XB, XO, XD, XN, XC over the rows before
 * @input  r, beta     challenges
 * @input  firstRow    index k of the first of these rows
 * @input  listed, mark, longCharge, shortCharge, cap, pnl      the table; cap only where T > 0
 * @input  net, gross, weightedNet, weightedGross, weightedTiers  B, O, G, G', N; N only where T > 0
 * @output after       the seven with these rows
 * **Requires** r binds claims, headrooms, B, O; beta binds G, G', N; the table is bound before all of them
 * **Cost**     S + 9 constraints a row, 3 more with tiers
 */
template TableIdentities(ROWS, T, S) {
    var TIERS = T > 0 ? 1 : 0;
    signal input before[7];
    signal input r;
    signal input beta;
    signal input firstRow;
    signal input listed[ROWS];
    signal input mark[ROWS];
    signal input longCharge[ROWS];
    signal input shortCharge[ROWS];
    signal input cap[ROWS * TIERS];
    signal input pnl[ROWS][S];
    signal input net[ROWS];
    signal input gross[ROWS];
    signal input weightedNet[ROWS];
    signal input weightedGross[ROWS];
    signal input weightedTiers[ROWS * TIERS];
    signal output after[7];

    component rPowers = Powers(S + 1);
    rPowers.base <== r;
    var rSum = 0;
    for (var s = 0; s <= S; s++) {
        rSum += rPowers.power[s];
    }

    component inverse[ROWS];
    signal fraction[ROWS][4];
    signal constantPart[ROWS];
    signal scenarioPart[ROWS][S];
    signal halfCharges[ROWS];
    signal netTerm[ROWS];
    signal grossTerm[ROWS];
    signal tierFraction[ROWS * TIERS];
    signal listedCap[ROWS * TIERS];
    signal capTerm[ROWS * TIERS];
    var sums[7];
    for (var i = 0; i < 7; i++) {
        sums[i] = before[i];
    }
    for (var k = 0; k < ROWS; k++) {
        inverse[k] = Inverse();
        inverse[k].in <== beta - firstRow - k;
        fraction[k][0] <== inverse[k].out * weightedNet[k];
        fraction[k][1] <== inverse[k].out * weightedGross[k];
        fraction[k][2] <== inverse[k].out * net[k];
        fraction[k][3] <== inverse[k].out * gross[k];
        for (var i = 0; i < 4; i++) {
            sums[i] += fraction[k][i];
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
        sums[4] += netTerm[k] - grossTerm[k];

        if (TIERS == 1) {
            tierFraction[k] <== inverse[k].out * weightedTiers[k];
            listedCap[k] <== listed[k] * cap[k];
            capTerm[k] <== listedCap[k] * weightedTiers[k];
            sums[5] += tierFraction[k];
            sums[6] += capTerm[k];
        }
    }
    for (var i = 0; i < 7; i++) {
        after[i] <== sums[i];
    }
}
