pragma circom 2.2.3;

include "../arithmetic/non-zero.circom";

/*
 * What an account's perpetuals owe for funding.
 *
 * @param  K         slots
 * @input  quantity  held before
 * @input  group     of each slot's row
 * @input  listed    groups of up to three perpetuals; with rate 0 where there are fewer
 * @input  rate      what a long owes a quantum, 10^-6 quanta of the pay row
 * @input  other     1 where a slot is of another group than a listed one, else 0
 * @output due       sum of q rate, 10^-6 quanta of the pay row
 * **Ensures** a slot is charged the rates of every listed entry of its group, and nothing if there is none
 * **Cost**    13 K constraints
 */
template FundingDue(K) {
    signal input quantity[K];
    signal input group[K];
    signal input listed[3];
    signal input rate[3];
    signal input other[K][3];
    signal output due;

    component differs[K][3];
    signal charged[K][3];
    signal owed[K];
    var sum = 0;
    for (var slot = 0; slot < K; slot++) {
        var rates = 0;
        for (var place = 0; place < 3; place++) {
            differs[slot][place] = NonZero();
            differs[slot][place].in <== group[slot] - listed[place];
            differs[slot][place].flag <== other[slot][place];
            charged[slot][place] <== (1 - other[slot][place]) * rate[place];
            rates += charged[slot][place];
        }
        owed[slot] <== quantity[slot] * rates;
        sum += owed[slot];
    }
    due <== sum;
}
