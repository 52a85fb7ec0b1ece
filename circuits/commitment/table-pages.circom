pragma circom 2.2.3;

include "./absorb.circom";
include "./table-digest.circom";

/*
 * Takes ROWS rows of the market table, the book and the weighted book into their three digests, 16 rows a page.
 *
 * Every number is an element of its own, as TableDigest says. Pages of the table without a listed row are left out, the
 * books have all pages.
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
    var PER_WEIGHTED = 2 + TIERS;
    component book[PAGES];
    component weighted[PAGES];
    component table = TableDigest(ROWS, TIERS, S);
    table.before <== before[0];
    table.listed <== listed;
    table.class <== class;
    table.mark <== mark;
    table.longCharge <== longCharge;
    table.shortCharge <== shortCharge;
    table.cap <== cap;
    table.pnl <== pnl;
    for (var page = 0; page < PAGES; page++) {
        book[page] = Absorb(32);
        weighted[page] = Absorb(16 * PER_WEIGHTED);
        for (var i = 0; i < 16; i++) {
            var k = 16 * page + i;
            if (TIERS == 1) {
                weighted[page].elements[PER_WEIGHTED * i + 2] <== weightedTiers[k];
            }
            book[page].elements[2 * i] <== net[k];
            book[page].elements[2 * i + 1] <== gross[k];
            weighted[page].elements[PER_WEIGHTED * i] <== weightedNet[k];
            weighted[page].elements[PER_WEIGHTED * i + 1] <== weightedGross[k];
        }
        if (page == 0) {
            book[page].state <== before[1];
            weighted[page].state <== before[2];
        } else {
            book[page].state <== book[page - 1].next;
            weighted[page].state <== weighted[page - 1].next;
        }
    }
    after[0] <== table.after;
    after[1] <== book[PAGES - 1].next;
    after[2] <== weighted[PAGES - 1].next;
}
