pragma circom 2.2.3;

include "./row-class.circom";

/*
 * Rules of the book over ROWS rows: listed rows come first, and among them those of the tiered region; rows of a group
 * stand together and have one kind; a row outside the region is capped by nothing and continues nothing; every derivative group and entry row nets to zero; nothing is held where nothing is
 * listed.
 *
 * @param  ROWS, TIERS  rows; 1 with tiers, else 0
 * @input  before       listed rows, tiered rows, last row's listed, tiered and kind, open group's net quantity, and what
 *                      of it would stay unmatched if the group ended here (0 for cash and spot)
 * @input  class        of each row
 * @input  cap          of each row, 2^64 where there is none; only with tiers
 * @input  net, gross   B and O of each row
 * @output after        the same seven after these rows
 * @output listed       1 for rows that stand for something
 * @output settlement   1 for cash and spot rows
 * @output opens        1 for cash and spot rows that start a group: a new settlement asset
 * **Requires** the caller shows that nothing stays unmatched after the last row
 * **Cost**     9 constraints a row, 20 with tiers
 */
template TableRules(ROWS, TIERS) {
    signal input before[7];
    signal input class[ROWS];
    signal input cap[ROWS * TIERS];
    signal input net[ROWS];
    signal input gross[ROWS];
    signal output after[7];
    signal output listed[ROWS];
    signal output settlement[ROWS];
    signal output opens[ROWS];

    component row[ROWS];
    signal carried[ROWS];
    signal groupNet[ROWS + 1];
    signal unmatched[ROWS + 1];
    var listedRows = before[0];
    var tieredRows = before[1];
    var lastListed = before[2];
    var lastTiered = before[3];
    var lastKind = before[4];
    groupNet[0] <== before[5];
    unmatched[0] <== before[6];
    for (var k = 0; k < ROWS; k++) {
        row[k] = RowClass(TIERS);
        row[k].class <== class[k];
        listed[k] <== row[k].listed;
        settlement[k] <== row[k].settlement;

        // 1. Listed rows first, and nothing held in the others.
        listed[k] * (1 - lastListed) === 0;
        (1 - listed[k]) * gross[k] === 0;

        // 2. The tiered region is the first of the listed rows; a further tier has the kind of the row before it.
        if (TIERS == 1) {
            row[k].tiered * (1 - lastTiered) === 0;
            row[k].tiered * (1 - listed[k]) === 0;
            row[k].continues * (row[k].kind - lastKind) === 0;
            // Batches look at caps of the region only: outside it a row must have none, and no cheaper tier before it.
            row[k].continues * (listed[k] - row[k].tiered) === 0;
            (listed[k] - row[k].tiered) * (cap[k] - (1 << 64)) === 0;
            opens[k] <== settlement[k] * (1 - row[k].continues);
            carried[k] <== row[k].continues * groupNet[k];
        } else {
            opens[k] <== settlement[k];
            carried[k] <== 0;
        }

        // 3. A group that ends here leaves no long without its short.
        (1 - row[k].continues) * unmatched[k] === 0;
        groupNet[k + 1] <== carried[k] + net[k];
        unmatched[k + 1] <== row[k].matched * groupNet[k + 1];

        listedRows += listed[k];
        tieredRows += row[k].tiered;
        lastListed = listed[k];
        lastTiered = row[k].tiered;
        lastKind = row[k].kind;
    }
    after[0] <== listedRows;
    after[1] <== tieredRows;
    after[2] <== lastListed;
    after[3] <== lastTiered;
    after[4] <== lastKind;
    after[5] <== groupNet[ROWS];
    after[6] <== unmatched[ROWS];
}
