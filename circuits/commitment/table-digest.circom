pragma circom 2.2.3;

include "./absorb.circom";

/*
 * Takes ROWS rows of the market table into its digest, 16 rows a page.
 *
 * Every number is an element of its own: a packed word whose parts no constraint bounds lets a prover bend values
 * inside the word. A page without a listed row is left out, so that a table has one digest whatever the circuit's size.
 *
 * @param  ROWS, TIERS, S  rows, a multiple of 16; 1 where caps are committed, else 0; scenarios
 * @input  before          digest before these rows
 * @input  listed          1 for rows that stand for something; those come first
 * @input  class, mark, longCharge, shortCharge, cap, pnl  of each row; cap only with TIERS
 * @output after           digest after these rows
 * **Cost** about 820 constraints a row at S = 16
 */
template TableDigest(ROWS, TIERS, S) {
    assert(ROWS >= 16 && ROWS % 16 == 0);
    signal input before;
    signal input listed[ROWS];
    signal input class[ROWS];
    signal input mark[ROWS];
    signal input longCharge[ROWS];
    signal input shortCharge[ROWS];
    signal input cap[ROWS * TIERS];
    signal input pnl[ROWS][S];
    signal output after;

    var PAGES = ROWS \ 16;
    var PER_ROW = 4 + TIERS + S;
    component table[PAGES];
    signal state[PAGES + 1];
    state[0] <== before;
    for (var page = 0; page < PAGES; page++) {
        table[page] = Absorb(16 * PER_ROW);
        for (var i = 0; i < 16; i++) {
            var k = 16 * page + i;
            table[page].elements[PER_ROW * i] <== class[k];
            table[page].elements[PER_ROW * i + 1] <== mark[k];
            table[page].elements[PER_ROW * i + 2] <== longCharge[k];
            table[page].elements[PER_ROW * i + 3] <== shortCharge[k];
            if (TIERS == 1) {
                table[page].elements[PER_ROW * i + 4] <== cap[k];
            }
            for (var s = 0; s < S; s++) {
                table[page].elements[PER_ROW * i + 4 + TIERS + s] <== pnl[k][s];
            }
        }
        table[page].state <== state[page];
        state[page + 1] <== state[page] + listed[16 * page] * (table[page].next - state[page]);
    }
    after <== state[PAGES];
}
