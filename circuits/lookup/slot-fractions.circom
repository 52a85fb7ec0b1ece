pragma circom 2.2.3;

/*
 * One account's share of the look-up argument: sum of q/(beta - k) and of |q|/(beta - k) over its slots.
 *
 * Slots, and with them these fractions, are bound before beta exists, so the sums over all accounts are rational
 * functions of beta with fixed numerators; see docs/statement.md.
 *
 * @param  K          slots
 * @input  index      k of each slot
 * @input  quantity   q of each slot
 * @input  magnitude  |q| of each slot
 * @input  beta       challenge
 * @output net        sum of q/(beta - k)
 * @output gross      sum of |q|/(beta - k)
 * **Requires** index, quantity and magnitude are bound by the epoch's chain
 * **Cost**     2 constraints a slot
 */
template SlotFractions(K) {
    signal input index[K];
    signal input quantity[K];
    signal input magnitude[K];
    signal input beta;
    signal output net;
    signal output gross;

    signal netFraction[K];
    signal grossFraction[K];
    var netSum = 0;
    var grossSum = 0;
    for (var slot = 0; slot < K; slot++) {
        // A hint, because division is no constraint; the line below it fixes the value unless beta equals an index,
        // which the error bound of docs/statement.md covers.
        netFraction[slot] <-- quantity[slot] / (beta - index[slot]);
        netFraction[slot] * (beta - index[slot]) === quantity[slot];
        // As above, because of the same division.
        grossFraction[slot] <-- magnitude[slot] / (beta - index[slot]);
        grossFraction[slot] * (beta - index[slot]) === magnitude[slot];
        netSum += netFraction[slot];
        grossSum += grossFraction[slot];
    }
    net <== netSum;
    gross <== grossSum;
}
