pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "./funding-due.circom";
include "./settled-amount.circom";

/*
 * What a transition posts to the three rows that it names.
 *
 *   collateral  + amount, - amount, nothing
 *   trade       + quantity, - payment, nothing; of the seller - quantity, + payment
 *   expiry      - held, floor(held value / unit), held deliver
 *   funding     nothing, floor(- sum q rate / 10^6), nothing
 *
 * @param  K          slots
 * @input  collateral, trade, expires, funds   1 at the kind, 0 elsewhere
 * @input  sells      1 for the seller's side of a trade
 * @input  amount, value, unit, deliver, listed, rate   see TransitionDelta; 0 in kinds that lack them
 * @input  held       what is held of an expiring instrument
 * @input  settled    the rounded quotient; 0 in other kinds
 * @input  before, group, other   slots, see FundingDue
 * @output total      of each posting
 * **Ensures** nothing is held of another kind; -2^71 <= held < 2^71
 * **Cost**    13 K + 255 constraints
 */
template TransitionPostings(K) {
    signal input collateral;
    signal input trade;
    signal input expires;
    signal input funds;
    signal input sells;
    signal input amount[2];
    signal input value;
    signal input unit;
    signal input deliver;
    signal input listed[3];
    signal input rate[3];
    signal input held;
    signal input settled;
    signal input before[K];
    signal input group[K];
    signal input other[K][3];
    signal output total[3];

    (1 - expires) * held === 0;
    component bounded = RangeCheck(72);
    bounded.in <== held + (1 << 71);
    component funding = FundingDue(K);
    funding.quantity <== before;
    funding.group <== group;
    funding.listed <== listed;
    funding.rate <== rate;
    funding.other <== other;

    // A worth of 0 in units of 1 in the other kinds: nothing is settled.
    signal worth <== held * value;
    component quotient = SettledAmount();
    quotient.worth <== worth - funding.due;
    quotient.unit <== unit + 1000000 * funds + collateral + trade;
    quotient.amount <== settled;

    total[0] <== amount[0] * (1 - 2 * sells) - held;
    total[1] <== amount[1] * (2 * sells - 1) + settled;
    total[2] <== held * deliver;
}
