pragma circom 2.2.3;

include "../commitment/market-commitment.circom";
include "../commitment/table-digest.circom";
include "../solvency/table-start.circom";
include "../tree/rows-root.circom";
include "./row-links.circom";
include "./scenario-moves.circom";
include "./table-row.circom";
include "./table-rules.circom";
include "./table-vector.circom";

/*
 * Every row of a market table follows from prices and parameters that the contract holds, and the table's digest and tree
 * are of the same rows. Statement: docs/statement.md section 3.
 *
 * @param ROWS     rows that can be listed, a multiple of 16, at most 256
 * @param TIERS    1 for tables with a tiered region, else 0
 * @param OPTIONS  1 where rows may be options, else 0 and options are refused
 * @param S        scenarios
 *
 * **Requires** the caller checks that z is the hash of base, market commitment, snapshot time and vector; that tableValue is
 *              the vector's value at z; that prices in the vector are below 2^128, multipliers below 2^64, strikes below
 *              2^47, activation epochs below 2^32, classes those of the digests' texts; that level, snapshot time, scale and
 *              settlement assets are what it records for the commitment.
 * **Cost**     about 3,900 constraints a row at S = 16 with options
 */
template MarketTable(ROWS, TIERS, OPTIONS, S) {
    assert(TIERS * (1 - TIERS) == 0 && OPTIONS * (1 - OPTIONS) == 0);
    // ---- Public ----
    signal input domain;
    signal input marketCommitment;
    signal input level;
    signal input snapshotTime;
    signal input valueScale;
    signal input settlementAssets;
    signal input z;
    signal input tableValue;

    // ---- Private: header ----
    signal input instrumentList;
    signal input parameterSet;
    signal input scanMove[S];
    signal input basisMove[S];

    // ---- Private: what rows are and follow from ----
    signal input class[ROWS];
    signal input instrument[ROWS];
    signal input activationEpoch[ROWS];
    signal input capped[ROWS * TIERS];
    signal input cap[ROWS * TIERS];
    signal input price[ROWS];
    signal input multiplier[ROWS];
    signal input rates[ROWS];
    signal input volatility[ROWS * OPTIONS];
    signal input strike[ROWS * OPTIONS];

    // ---- Private: values ----
    signal input base[ROWS * OPTIONS];
    signal input scanUnit[ROWS];
    signal input basisUnit[ROWS];
    signal input mark[ROWS];
    signal input longCharge[ROWS];
    signal input shortCharge[ROWS];
    signal input pnl[ROWS][S];

    // 1. The domain takes part in nothing else; a constraint keeps every compiler from dropping it. Level 1 or 2.
    signal domainSquare <== domain * domain;
    (level - 1) * (level - 2) === 0;

    // 2. Rows: values from prices and parameters; zeros where nothing is listed.
    component moves = ScenarioMoves(S);
    moves.scanMove <== scanMove;
    moves.basisMove <== basisMove;
    component row[ROWS];
    var groups = 0;
    for (var k = 0; k < ROWS; k++) {
        row[k] = TableRow(S, TIERS, OPTIONS);
        row[k].initial <== level - 1;
        row[k].class <== class[k];
        row[k].instrument <== instrument[k];
        row[k].activationEpoch <== activationEpoch[k];
        row[k].price <== price[k];
        row[k].multiplier <== multiplier[k];
        row[k].rates <== rates[k];
        if (TIERS == 1) {
            row[k].cap[0] <== cap[k];
        }
        if (OPTIONS == 1) {
            row[k].volatility[0] <== volatility[k];
            row[k].strike[0] <== strike[k];
            row[k].base[0] <== base[k];
        }
        row[k].scanUnit <== scanUnit[k];
        row[k].basisUnit <== basisUnit[k];
        row[k].mark <== mark[k];
        row[k].longCharge <== longCharge[k];
        row[k].shortCharge <== shortCharge[k];
        row[k].pnl <== pnl[k];
        row[k].scanMove <== scanMove;
        row[k].basisMove <== basisMove;
        row[k].index <== k;
        row[k].groupsBefore <== groups;
        groups = row[k].groupsAfter;
    }

    // 3. Caps and groups.
    component links;
    if (TIERS == 1) {
        links = RowLinks(ROWS);
        links.capped <== capped;
        links.cap <== cap;
        links.price <== price;
        links.multiplier <== multiplier;
        for (var k = 0; k < ROWS; k++) {
            links.listed[k] <== row[k].listed;
            links.continues[k] <== row[k].continues;
            links.tiered[k] <== row[k].tiered;
            links.option[k] <== row[k].option;
            links.shared[k] <== row[k].shared;
            links.long[k] <== row[k].long;
            links.short[k] <== row[k].short;
        }
    }

    // 4. Listed rows first, tiered ones first of them, a further tier of the kind of the row before. There is no book here.
    component start = TableStart(TIERS, S);
    start.rows <== ROWS;
    component rules = TableRules(ROWS, TIERS);
    rules.before <== start.rules;
    rules.class <== class;
    if (TIERS == 1) {
        rules.cap <== links.committedCap;
    }
    for (var k = 0; k < ROWS; k++) {
        rules.net[k] <== 0;
        rules.gross[k] <== 0;
    }
    var assets = 0;
    for (var k = 0; k < ROWS; k++) {
        assets += rules.opens[k];
    }
    assets === settlementAssets;

    // 5. Digest and tree of the same rows.
    component digest = TableDigest(ROWS, TIERS, S);
    digest.before <== start.digests[0];
    digest.listed <== rules.listed;
    digest.class <== class;
    digest.mark <== mark;
    digest.longCharge <== longCharge;
    digest.shortCharge <== shortCharge;
    if (TIERS == 1) {
        digest.cap <== links.committedCap;
    }
    digest.pnl <== pnl;
    component tree = RowsRoot(ROWS);
    for (var k = 0; k < ROWS; k++) {
        tree.leaves[k] <== row[k].leaf;
    }

    // 6. The table is the one of this name.
    component market = MarketCommitment(S);
    market.level <== level;
    market.snapshotTime <== snapshotTime;
    market.valueScale <== valueScale;
    market.listedRows <== rules.after[0];
    market.tieredRows <== rules.after[1];
    market.instrumentList <== instrumentList;
    market.parameterSet <== parameterSet;
    market.scenarioDigest <== moves.digest;
    market.rowsDigest <== digest.after;
    market.rowsRoot <== tree.root;
    market.commitment === marketCommitment;

    // 7. Prices, parameters and what rows are, are the contract's. RowLinks holds caps below 2^64; without tiers there is none.
    component vector = TableVector(ROWS, S, OPTIONS);
    vector.z <== z;
    vector.listedRows <== rules.after[0];
    vector.scanMove <== scanMove;
    vector.basisMove <== basisMove;
    vector.instrument <== instrument;
    for (var k = 0; k < ROWS; k++) {
        vector.listedClass[k] <== row[k].listedClass;
    }
    vector.activationEpoch <== activationEpoch;
    vector.price <== price;
    vector.volatility <== volatility;
    vector.multiplier <== multiplier;
    vector.rates <== rates;
    vector.strike <== strike;
    vector.value === tableValue;
}
