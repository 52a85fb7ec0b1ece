pragma circom 2.2.3;

include "../commitment/market-row.circom";
include "../lookup/inverse.circom";
include "./row-class.circom";
include "./row-rates.circom";
include "./row-values.circom";

/*
 * One row of a market table: its values follow from price, rates and moves, and its leaf holds all of them.
 *
 * Where nothing is listed every number is 0: price, multiplier and rates by the lines below, the values because they
 * follow, so that digest, tree and public vector have one form. What is an option the public vector says by its class. (A
 * perpetual passed off as one would have P&L of the venue's choice.) Only options have a strike, and options and only they a
 * volatility, as on the contract's list.
 *
 * @param  S, TIERS, OPTIONS   see MarketTable
 * @input  initial             1 for the table of initial level, 0 for maintenance
 * @input  index, groupsBefore place of the row, and how many groups started before it
 * @input  class, instrument, activationEpoch, cap                   what the row is
 * @input  price, multiplier, rates, volatility, strike              what it follows from
 * @input  base, scanUnit, basisUnit, mark, longCharge, shortCharge, pnl   its values, see RowValues
 * @input  scanMove, basisMove moves of the scenarios
 * @output listed              1 when the row stands for something, as the class says
 * @output leaf                of the rows tree, 0 where nothing is listed
 * @output groupsAfter         the count with this row
 * @output listedClass         what the row is, as the contract has it: kind + 8 * continues + 16 * cap, cap 0 for none
 * @output continues, tiered, option, shared, long, short            what RowLinks compares
 * **Requires** what RowValues requires of price, multiplier, strike and moves; cap below 2^64, which keeps the parts of
 *              listedClass apart: kind has 3 bits and continues one
 * **Cost**     about 3,000 constraints at S = 16 with options
 */
template TableRow(S, TIERS, OPTIONS) {
    signal input initial;
    signal input index;
    signal input groupsBefore;
    signal input class;
    signal input instrument;
    signal input activationEpoch;
    signal input cap[TIERS];
    signal input price;
    signal input multiplier;
    signal input rates;
    signal input volatility[OPTIONS];
    signal input strike[OPTIONS];
    signal input base[OPTIONS];
    signal input scanUnit;
    signal input basisUnit;
    signal input mark;
    signal input longCharge;
    signal input shortCharge;
    signal input pnl[S];
    signal input scanMove[S];
    signal input basisMove[S];
    signal output listed;
    signal output leaf;
    signal output groupsAfter;
    signal output listedClass;
    signal output continues;
    signal output tiered;
    signal output option;
    signal output shared;
    signal output long;
    signal output short;

    // 1. Kind. Of the four that net to zero, 3 to 6, an option is the one at which this cubic is 6 and not 0.
    component kinds = RowClass(TIERS);
    kinds.class <== class;
    listed <== kinds.listed;
    continues <== kinds.continues;
    tiered <== kinds.tiered;
    signal square <== (kinds.kind - 3) * (kinds.kind - 4);
    signal cubic <== square * (kinds.kind - 5);
    option <== kinds.matched * cubic / 6;
    if (OPTIONS == 0) {
        option === 0;
    }

    // Class without the tiered bit: the region is the table's, not the instrument's.
    listedClass <== kinds.kind + 8 * kinds.continues + 16 * (TIERS == 1 ? cap[0] : 0);

    // 2. Nothing where nothing is listed.
    (1 - listed) * instrument === 0;
    (1 - listed) * activationEpoch === 0;
    (1 - listed) * price === 0;
    (1 - listed) * multiplier === 0;
    (1 - listed) * rates === 0;
    component implied;
    if (OPTIONS == 1) {
        (1 - option) * volatility[0] === 0;
        (1 - option) * strike[0] === 0;
        // Not 0 in an option; 1 in any other row, whose volatility is 0.
        implied = Inverse();
        implied.in <== volatility[0] + 1 - option;
    }

    // 3. Values.
    component terms = RowRates();
    terms.rates <== rates;
    terms.initial <== initial;
    shared <== terms.shared;
    long <== terms.long;
    short <== terms.short;
    component values = RowValues(S, OPTIONS);
    values.listed <== listed;
    values.option <== option;
    values.price <== price;
    values.multiplier <== multiplier;
    values.strike <== strike;
    values.long <== terms.long;
    values.short <== terms.short;
    values.scan <== terms.scan;
    values.basis <== terms.basis;
    values.exact <== terms.exact;
    values.put <== terms.put;
    values.base <== base;
    values.scanUnit <== scanUnit;
    values.basisUnit <== basisUnit;
    values.mark <== mark;
    values.longCharge <== longCharge;
    values.shortCharge <== shortCharge;
    values.pnl <== pnl;
    values.scanMove <== scanMove;
    values.basisMove <== basisMove;

    // 4. The same values are in the tree's leaf. Groups are counted from 0, the predecessor is the row before counted from 1.
    groupsAfter <== groupsBefore + listed - kinds.continues;
    component row = MarketRow(S);
    row.group <== groupsAfter - 1;
    row.predecessor <== kinds.continues * index;
    row.instrument <== instrument;
    row.cap <== TIERS == 1 ? cap[0] : 0;
    row.activationEpoch <== activationEpoch;
    row.price <== price;
    row.volatility <== OPTIONS == 1 ? volatility[0] : 0;
    row.multiplier <== multiplier;
    row.rates <== rates;
    row.strike <== OPTIONS == 1 ? strike[0] : 0;
    row.kind <== kinds.kind;
    row.mark <== mark;
    row.longCharge <== longCharge;
    row.shortCharge <== shortCharge;
    row.pnl <== pnl;
    leaf <== listed * row.hash;
}
