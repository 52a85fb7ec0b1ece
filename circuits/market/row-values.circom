pragma circom 2.2.3;

include "../arithmetic/ceil-division.circom";
include "../arithmetic/floor-division.circom";
include "./option-bounds.circom";

/*
 * Values of one row from its price, its rates and the scenario moves. Rule: docs/decisions/0004-market-table.md.
 *
 *   base        = floor(price * multiplier / 10^18)            mark = base but for options
 *   longCharge  = ceil(mark * long / 10^6)
 *   shortCharge = inexact + ceil((base + inexact) * short / 10^6)
 *   scanUnit    = ceil(base * scan / (60 * 10^6)), basisUnit alike        options: scanUnit = 0
 *   pnl_s       = scanUnit * P_s + basisUnit * B_s              options: bounds only
 *
 * inexact is 0 where the row is exact, and then base has no remainder; an option is never exact. A row that is not listed
 * is inexact in nothing, so that with price 0 every value of it is 0.
 *
 * Bounds: price * multiplier < 2^192. base, mark < 2^47 and rates < 2^24, so numerators stay below 2^73. Units below 2^38
 * and moves of at most 255 make |pnl| <= 2 * 255 * 2^38 < 2^47.
 *
 * @param  S, OPTIONS                scenarios; 1 where a row may be an option, else 0
 * @input  listed, option            of the row; a listed row that is no option is linear
 * @input  price, multiplier, strike as the board holds them; strike only with OPTIONS
 * @input  long, short, scan, basis, exact, put   see RowRates
 * @input  base, scanUnit, basisUnit quotients; base only with OPTIONS
 * @input  mark, longCharge, shortCharge, pnl     what the table says
 * @input  scanMove, basisMove       P_s and B_s, sixtieths
 * **Requires** 0 <= price < 2^128, 0 <= multiplier < 2^64, 0 <= strike < 2^47, as integers: the board's word, whose value
 *              the public vector fixes; rates below 2^24; -255 <= moves <= 255; price is 0 where nothing is listed
 * **Ensures**  the values above; 0 <= mark, longCharge, shortCharge < 2^47, |pnl| < 2^47 (an option's may be -2^47)
 * **Cost**     532 + 3 S constraints; with options 208 + 48 S more
 */
template RowValues(S, OPTIONS) {
    signal input listed;
    signal input option;
    signal input price;
    signal input multiplier;
    signal input strike[OPTIONS];
    signal input long;
    signal input short;
    signal input scan;
    signal input basis;
    signal input exact;
    signal input put;
    signal input base[OPTIONS];
    signal input scanUnit;
    signal input basisUnit;
    signal input mark;
    signal input longCharge;
    signal input shortCharge;
    signal input pnl[S];
    signal input scanMove[S];
    signal input basisMove[S];

    // 1. Base value. An exact row has no remainder; only linear rows can be exact.
    signal floored;
    if (OPTIONS == 1) {
        floored <== base[0];
        (1 - option) * (mark - floored) === 0;
    } else {
        floored <== mark;
    }
    component baseValue = FloorDivision(1000000000000000000, 47);
    baseValue.numerator <== price * multiplier;
    baseValue.quotient <== floored;
    signal linear <== listed - option;
    signal exactRow <== exact * linear;
    exactRow * baseValue.remainder === 0;
    signal inexact <== listed - exactRow;

    // 2. Charges, in ppm of the mark; what is short of an inexact mark is one value unit more.
    component charge[2];
    charge[0] = CeilDivision(1000000, 47);
    charge[0].numerator <== mark * long;
    charge[0].quotient <== longCharge;
    charge[1] = CeilDivision(1000000, 47);
    charge[1].numerator <== (floored + inexact) * short + inexact * 1000000;
    charge[1].quotient <== shortCharge;

    // 3. A sixtieth of scan range and basis.
    signal linearScan <== linear * scan;
    component unit[2];
    unit[0] = CeilDivision(60000000, 38);
    unit[0].numerator <== floored * linearScan;
    unit[0].quotient <== scanUnit;
    unit[1] = CeilDivision(60000000, 38);
    unit[1].numerator <== floored * basis;
    unit[1].quotient <== basisUnit;

    // 4. Scenario P&L: multiples of the units, of an option what its model gives.
    signal scanPart[S];
    signal basisPart[S];
    for (var s = 0; s < S; s++) {
        scanPart[s] <== scanUnit * scanMove[s];
        basisPart[s] <== basisUnit * basisMove[s];
        if (OPTIONS == 1) {
            (1 - option) * (pnl[s] - scanPart[s] - basisPart[s]) === 0;
        } else {
            pnl[s] === scanPart[s] + basisPart[s];
        }
    }

    // 5. An option's mark and P&L keep to what needs no model. The gap of sixty units is below 2^44.
    component bounds;
    if (OPTIONS == 1) {
        bounds = OptionBounds(S);
        bounds.option <== option;
        bounds.put <== put;
        bounds.base <== floored;
        bounds.strike <== strike[0];
        bounds.gap <== 60 * basisUnit;
        bounds.mark <== mark;
        bounds.pnl <== pnl;
    }
}
