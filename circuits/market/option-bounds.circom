pragma circom 2.2.3;

include "../arithmetic/range-check.circom";

/*
 * Holds an option's mark and scenario values between the bounds that no model is needed for:
 *
 *   call  base - strike - gap <= mark <= base + gap        put  strike - base - gap <= mark <= strike
 *   0 <= mark + 1 + pnl_s < 2^47
 *
 * Inside them the value is the venue's word. All differences lie between -2^49 and 2^49, so 49 bits tell them from
 * negative ones.
 *
 * @param  S       scenarios
 * @input  option  1 where the bounds hold, 0 for other rows
 * @input  put     1 for a put
 * @input  base    value of the underlying, value units
 * @input  strike  the same at the strike
 * @input  gap     allowed between index and discounted forward
 * @input  mark    value of one quantum of the option
 * @input  pnl     of each scenario
 * **Requires** 0 <= base, strike < 2^47 and 0 <= gap < 2^44, as integers; option and put are 0 or 1
 * **Ensures**  with option = 1 the bounds, and 0 <= mark < 2^47; -2^47 <= pnl < 2^47
 * **Cost**     151 and 48 a scenario
 */
template OptionBounds(S) {
    signal input option;
    signal input put;
    signal input base;
    signal input strike;
    signal input gap;
    signal input mark;
    signal input pnl[S];

    component range = RangeCheck(47);
    range.in <== option * mark;

    signal lower <== (1 - 2 * put) * (base - strike) - gap;
    signal upper <== base + gap + put * (strike - base - gap);
    component notBelow = RangeCheck(49);
    notBelow.in <== option * (mark - lower);
    component notAbove = RangeCheck(49);
    notAbove.in <== option * (upper - mark);

    component after[S];
    for (var s = 0; s < S; s++) {
        after[s] = RangeCheck(47);
        after[s].in <== option * (mark + 1 + pnl[s]);
    }
}
