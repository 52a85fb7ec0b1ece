pragma circom 2.2.3;

/*
 * Deposits and loans of every settlement asset as one value: sum_j z^(2j+2) (A_j + z L_j) over the groups of cash and
 * spot rows in order; A and L of a group are the sums over its rows.
 *
 * The contract holds the vector itself, derives z from it and from what fixes the book, and compares values.
 *
 * @param  ROWS         rows
 * @input  z            point, derived after the vector was fixed
 * @input  powerBefore  z^(2j), j groups being before these rows; 1 at the start
 * @input  valueBefore  the sum over the rows before
 * @input  settlement   1 for cash and spot rows
 * @input  opens        1 for those that start a group
 * @input  net, gross   B and O of each row; deposits A = (O + B)/2, loans L = (O - B)/2
 * @output powerAfter, valueAfter  the same with these rows
 * **Cost** 5 constraints a row
 */
template SettlementVector(ROWS) {
    signal input z;
    signal input powerBefore;
    signal input valueBefore;
    signal input settlement[ROWS];
    signal input opens[ROWS];
    signal input net[ROWS];
    signal input gross[ROWS];
    signal output powerAfter;
    signal output valueAfter;

    signal zSquare <== z * z;
    signal power[ROWS + 1];
    signal step[ROWS];
    signal selected[ROWS];
    signal zLoans[ROWS];
    signal term[ROWS];
    power[0] <== powerBefore;
    var sum = valueBefore;
    for (var k = 0; k < ROWS; k++) {
        step[k] <== power[k] * (zSquare - 1);
        power[k + 1] <== power[k] + opens[k] * step[k];
        selected[k] <== settlement[k] * power[k + 1];
        zLoans[k] <== z * ((gross[k] - net[k]) / 2);
        term[k] <== selected[k] * ((gross[k] + net[k]) / 2 + zLoans[k]);
        sum += term[k];
    }
    powerAfter <== power[ROWS];
    valueAfter <== sum;
}
