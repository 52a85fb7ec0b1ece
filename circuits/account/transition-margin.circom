pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "./account-excess.circom";

/*
 * The new account meets its table, or only reduces risk. With V = sum of q mark and R = V - min E_s of the accounts before and after:
 *
 *   not reducing  every E'_s >= 0
 *   reducing      R' <= R and 2 (V' - V) + (R - R') >= 0
 *
 * Exact: of R one E_s is named, which is no lower than the least; of R' a number that is no higher than any E'_s. Naming others makes both
 * tests harder. Sums of 50 products of 65 and 47 bits and a charge lie below 2^119, what is compared below 2^123.
 *
 * @param  K, S, W    slots, scenarios, bits of an excess
 * @input  tested     1 where the account must meet either
 * @input  reducing   which one
 * @input  before, beforeMagnitude, after, afterMagnitude   q and |q| of each slot
 * @input  mark, longCharge, shortCharge, pnl               of each slot's row
 * @input  worst      1 at the scenario where the account before is worst, 0 elsewhere
 * @input  least      least E'_s where reducing, else 0
 * **Requires** tested and reducing are bits
 * **Ensures**  the above; E'_s less least, or than 0, lies below 2^(W-1)
 * **Cost**     K (2 S + 6) + (S + 1)(W + 2) + 252 constraints
 */
template TransitionMargin(K, S, W) {
    signal input tested;
    signal input reducing;
    signal input before[K];
    signal input beforeMagnitude[K];
    signal input after[K];
    signal input afterMagnitude[K];
    signal input mark[K];
    signal input longCharge[K];
    signal input shortCharge[K];
    signal input pnl[K][S];
    signal input worst[S + 1];
    signal input least;

    // 1. Excesses and equity, under the same rows.
    component old = AccountExcess(K, S);
    old.quantity <== before;
    old.magnitude <== beforeMagnitude;
    old.mark <== mark;
    old.longCharge <== longCharge;
    old.shortCharge <== shortCharge;
    old.pnl <== pnl;
    component new = AccountExcess(K, S);
    new.quantity <== after;
    new.magnitude <== afterMagnitude;
    new.mark <== mark;
    new.longCharge <== longCharge;
    new.shortCharge <== shortCharge;
    new.pnl <== pnl;
    signal gain[K];
    var equityGain = 0;
    for (var slot = 0; slot < K; slot++) {
        gain[slot] <== (after[slot] - before[slot]) * mark[slot];
        equityGain += gain[slot];
    }

    // 2. Nothing after is below the least, which is 0 unless risk is only reduced.
    (1 - reducing) * least === 0;
    component above[S + 1];
    for (var s = 0; s <= S; s++) {
        above[s] = RangeCheck(W - 1);
        above[s].in <== tested * (new.excess[s] - least);
    }

    // 3. R' <= R, and half of what risk falls by at most is paid for it. R - R' = (V - E) - (V' - E') = E' - E - (V' - V).
    signal named[S + 1];
    var flags = 0;
    var oldLeast = 0;
    for (var s = 0; s <= S; s++) {
        worst[s] * (1 - worst[s]) === 0;
        named[s] <== worst[s] * old.excess[s];
        flags += worst[s];
        oldLeast += named[s];
    }
    flags === 1;
    signal fall <== reducing * (least - oldLeast - equityGain);
    component falls = RangeCheck(124);
    falls.in <== fall;
    signal worth <== reducing * equityGain;
    component paid = RangeCheck(124);
    paid.in <== 2 * worth + fall;
}
