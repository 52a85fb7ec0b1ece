pragma circom 2.2.3;

include "./absorb.circom";

/*
 * Takes ROWS rows of the market table, the book and the weighted book into their three digests, 16 rows a page.
 *
 * Every number is an element of its own: a packed word whose parts no constraint bounds lets a prover bend values
 * inside the word. A page of the table without a listed row is left out, so that a table has one digest whatever the
 * circuit's size; the books have all pages.
 *
 * @param  ROWS, T, S   rows, a multiple of 16; tiered slots; scenarios
 * @input  before       digests of table, book and weighted book before these rows
 * @input  listed       1 for rows that stand for something; those come first
 * @input  class, mark, longCharge, shortCharge, cap, pnl  of each row; cap only where T > 0
 * @input  net, gross, weightedNet, weightedGross, weightedTiers  B, O, G, G', N of each row; N only where T > 0
 * @output after        the three digests after these rows
 * **Cost** about 1,010 constraints a row at S = 16, T = 0
 */
template TablePages(ROWS, T, S) {
    assert(ROWS >= 16 && ROWS % 16 == 0);
    var TIERS = T > 0 ? 1 : 0;
    signal input before[3];
    signal input listed[ROWS];
    signal input class[ROWS];
    signal input mark[ROWS];
    signal input longCharge[ROWS];
    signal input shortCharge[ROWS];
    signal input cap[ROWS * TIERS];
    signal input pnl[ROWS][S];
    signal input net[ROWS];
    signal input gross[ROWS];
    signal input weightedNet[ROWS];
    signal input weightedGross[ROWS];
    signal input weightedTiers[ROWS * TIERS];
    signal output after[3];

    var PAGES = ROWS \ 16;
    var PER_ROW = 4 + TIERS + S;
    var PER_WEIGHTED = 2 + TIERS;
    component table[PAGES];
    component book[PAGES];
    component weighted[PAGES];
    signal tableState[PAGES + 1];
    tableState[0] <== before[0];
    for (var page = 0; page < PAGES; page++) {
        table[page] = Absorb(16 * PER_ROW);
        book[page] = Absorb(32);
        weighted[page] = Absorb(16 * PER_WEIGHTED);
        for (var i = 0; i < 16; i++) {
            var k = 16 * page + i;
            table[page].elements[PER_ROW * i] <== class[k];
            table[page].elements[PER_ROW * i + 1] <== mark[k];
            table[page].elements[PER_ROW * i + 2] <== longCharge[k];
            table[page].elements[PER_ROW * i + 3] <== shortCharge[k];
            if (TIERS == 1) {
                table[page].elements[PER_ROW * i + 4] <== cap[k];
                weighted[page].elements[PER_WEIGHTED * i + 2] <== weightedTiers[k];
            }
            for (var s = 0; s < S; s++) {
                table[page].elements[PER_ROW * i + 4 + TIERS + s] <== pnl[k][s];
            }
            book[page].elements[2 * i] <== net[k];
            book[page].elements[2 * i + 1] <== gross[k];
            weighted[page].elements[PER_WEIGHTED * i] <== weightedNet[k];
            weighted[page].elements[PER_WEIGHTED * i + 1] <== weightedGross[k];
        }
        table[page].state <== tableState[page];
        tableState[page + 1] <== tableState[page] + listed[16 * page] * (table[page].next - tableState[page]);
        if (page == 0) {
            book[page].state <== before[1];
            weighted[page].state <== before[2];
        } else {
            book[page].state <== book[page - 1].next;
            weighted[page].state <== weighted[page - 1].next;
        }
    }
    after[0] <== tableState[PAGES];
    after[1] <== book[PAGES - 1].next;
    after[2] <== weighted[PAGES - 1].next;
}
