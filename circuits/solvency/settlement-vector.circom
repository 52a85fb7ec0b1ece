pragma circom 2.2.3;

/*
 * Deposits and loans of every settlement asset as one value: sum_j z^(2j) (A_j + z L_j) over cash and spot rows in order.
 *
 * The contract holds the vector itself, derives z from it and from what fixes the book, and compares values.
 *
 * @param  U           rows
 * @input  z           point, derived after the vector was fixed
 * @input  settlement  1 for cash and spot rows
 * @input  net, gross  B and O of each row; deposits A = (O + B)/2, loans L = (O - B)/2
 * @output value       the polynomial at z
 * **Cost** 4 constraints a row
 */
template SettlementVector(U) {
    signal input z;
    signal input settlement[U];
    signal input net[U];
    signal input gross[U];
    signal output value;

    signal zSquare <== z * z;
    signal zPower[U + 1];
    signal selected[U];
    signal zLoans[U];
    signal term[U];
    zPower[0] <== 1;
    var sum = 0;
    for (var k = 0; k < U; k++) {
        selected[k] <== settlement[k] * zPower[k];
        zLoans[k] <== z * ((gross[k] - net[k]) / 2);
        term[k] <== selected[k] * ((gross[k] + net[k]) / 2 + zLoans[k]);
        sum += term[k];
        zPower[k + 1] <== zPower[k] + selected[k] * (zSquare - 1);
    }
    value <== sum;
}
