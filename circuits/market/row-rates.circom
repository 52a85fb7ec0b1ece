pragma circom 2.2.3;

include "../arithmetic/bit-fields.circom";

/*
 * What a row's word of rates says at one level. Seven rates of 24 bits, lowest first: long and short charge at maintenance,
 * long and short at initial, scan range at maintenance and at initial, basis; then exact and put. Rates are in ppm.
 *
 * @input  rates    the word
 * @input  initial  1 for the table of initial level, 0 for maintenance
 * @output long, short, scan, basis  rates at this level
 * @output exact    1 when the row's base value must have no remainder
 * @output put      1 for a put
 * @output shared   what the tiers of a group agree in: scan ranges, basis and exact, as one number
 * **Requires** initial is 0 or 1
 * **Ensures**  0 <= rates < 2^170, 0 <= long, short, scan, basis < 2^24, exact and put are 0 or 1, shared is injective
 * **Cost**     173 constraints
 */
template RowRates() {
    signal input rates;
    signal input initial;
    signal output long;
    signal output short;
    signal output scan;
    signal output basis;
    signal output exact;
    signal output put;
    signal output shared;

    component fields = BitFields(7, 24, 2);
    fields.word <== rates;
    long <== fields.field[0] + initial * (fields.field[2] - fields.field[0]);
    short <== fields.field[1] + initial * (fields.field[3] - fields.field[1]);
    scan <== fields.field[4] + initial * (fields.field[5] - fields.field[4]);
    basis <== fields.field[6];
    exact <== fields.flag[0];
    put <== fields.flag[1];
    // Each part is below 2^24 here, so that no two lists of parts give one number.
    shared <== fields.field[4] + fields.field[5] * (1 << 24) + fields.field[6] * (1 << 48) + fields.flag[0] * (1 << 72);
}
