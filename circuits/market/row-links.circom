pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "../lookup/inverse.circom";

/*
 * Caps of ROWS rows, and what ties the rows of a group together: a further tier has price, multiplier, scan ranges, basis
 * and exactness of the row before it, and no lower charge rate. Options have no tiers. The tiered region is no larger than
 * caps and tiers need; that it holds all of them is a rule of TableRules.
 *
 * @param  ROWS
 * @input  listed, continues, tiered, option   of each row; option only matters for a row that continues
 * @input  capped, cap                         1 and the cap in quanta, or 0 and 0
 * @input  price, multiplier, shared, long, short   see RowRates
 * @output committedCap  the cap, 2^64 for an uncapped row, 0 for one that is not listed: as the rows digest holds it
 * **Requires** flags but capped are 0 or 1, tiered rows are listed and come first, rates are below 2^24
 * **Ensures**  0 < cap < 2^64 in a capped row
 * **Cost**     124 constraints a row
 */
template RowLinks(ROWS) {
    signal input listed[ROWS];
    signal input continues[ROWS];
    signal input tiered[ROWS];
    signal input option[ROWS];
    signal input capped[ROWS];
    signal input cap[ROWS];
    signal input price[ROWS];
    signal input multiplier[ROWS];
    signal input shared[ROWS];
    signal input long[ROWS];
    signal input short[ROWS];
    signal output committedCap[ROWS];

    component capRange[ROWS];
    component notZero[ROWS];
    component longRise[ROWS];
    component shortRise[ROWS];
    signal needed[ROWS];
    for (var k = 0; k < ROWS; k++) {
        // 1. Capped: between 1 and 2^64 - 1, and listed. Else the cap is 0.
        capped[k] * (1 - capped[k]) === 0;
        (1 - capped[k]) * cap[k] === 0;
        capRange[k] = RangeCheck(64);
        capRange[k].in <== cap[k];
        notZero[k] = Inverse();
        notZero[k].in <== cap[k] + 1 - capped[k];
        capped[k] * (1 - listed[k]) === 0;
        committedCap[k] <== cap[k] + (listed[k] - capped[k]) * (1 << 64);

        // 2. The region is no larger than caps and tiers need.
        needed[k] <== capped[k] + continues[k] - capped[k] * continues[k];
        if (k + 1 < ROWS) {
            (tiered[k] - tiered[k + 1]) * (1 - needed[k]) === 0;
        } else {
            tiered[k] * (1 - needed[k]) === 0;
        }

        // 3. A further tier agrees with the row before and charges no less.
        continues[k] * (1 - listed[k]) === 0;
        continues[k] * option[k] === 0;
        longRise[k] = RangeCheck(24);
        shortRise[k] = RangeCheck(24);
        if (k == 0) {
            continues[k] === 0;
            longRise[k].in <== 0;
            shortRise[k].in <== 0;
        } else {
            continues[k] * (price[k] - price[k - 1]) === 0;
            continues[k] * (multiplier[k] - multiplier[k - 1]) === 0;
            continues[k] * (shared[k] - shared[k - 1]) === 0;
            longRise[k].in <== continues[k] * (long[k] - long[k - 1]);
            shortRise[k].in <== continues[k] * (short[k] - short[k - 1]);
        }
    }
}
