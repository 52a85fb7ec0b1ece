pragma circom 2.2.3;

include "../commitment/table-pages.circom";
include "../commitment/table-state.circom";
include "../lookup/table-identities.circom";
include "../market/table-rules.circom";
include "./settlement-vector.circom";

/*
 * R more rows of a close in parts: table, book and weighted book go on by exactly these rows, and every count and sum
 * over rows grows by what they add. Statement: docs/statement.md section 3.
 *
 * @param R      rows, a multiple of 16
 * @param T, S   tiered slots, scenarios
 *
 * **Requires** `solvency-close-end` over the last state, and a first state equal to the start it names.
 * **Cost**     about 1,050 constraints a row at S = 16
 */
template SolvencyClosePart(R, T, S) {
    var ROWS = R;
    var TIERS = T > 0 ? 1 : 0;
    // ---- Public ----
    signal input domain;
    signal input epoch;
    signal input tableBefore;
    signal input tableAfter;

    // ---- Private: state before ----
    signal input blindingBefore;
    signal input blindingAfter;
    signal input r;
    signal input beta;
    signal input z;
    signal input firstRow;
    signal input digestsBefore[3];
    signal input rulesBefore[7];
    signal input sumsBefore[7];
    signal input zPowerBefore;
    signal input vectorBefore;

    // ---- Private: rows ----
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

    // 1. Domain and epoch take part in nothing else; a constraint each keeps every compiler from dropping them.
    signal domainSquare <== domain * domain;
    signal epochSquare <== epoch * epoch;

    // 2. The state before is the one the public value commits to.
    component before = TableState(T, S);
    before.blinding <== blindingBefore;
    before.r <== r;
    before.beta <== beta;
    before.z <== z;
    before.nextRow <== firstRow;
    before.digests <== digestsBefore;
    before.rules <== rulesBefore;
    before.sums <== sumsBefore;
    before.zPower <== zPowerBefore;
    before.settlementValue <== vectorBefore;
    before.hash === tableBefore;

    // 3. Rules of the book.
    component rules = TableRules(ROWS, TIERS);
    rules.before <== rulesBefore;
    rules.class <== class;
    rules.cap <== cap;
    rules.net <== net;
    rules.gross <== gross;

    // 4. Digests of table and books.
    component pages = TablePages(ROWS, T, S);
    pages.before <== digestsBefore;
    pages.listed <== rules.listed;
    pages.class <== class;
    pages.mark <== mark;
    pages.longCharge <== longCharge;
    pages.shortCharge <== shortCharge;
    pages.cap <== cap;
    pages.pnl <== pnl;
    pages.net <== net;
    pages.gross <== gross;
    pages.weightedNet <== weightedNet;
    pages.weightedGross <== weightedGross;
    pages.weightedTiers <== weightedTiers;

    // 5. Sums over the rows.
    component identities = TableIdentities(ROWS, T, S);
    identities.before <== sumsBefore;
    identities.r <== r;
    identities.beta <== beta;
    identities.firstRow <== firstRow;
    identities.listed <== rules.listed;
    identities.mark <== mark;
    identities.longCharge <== longCharge;
    identities.shortCharge <== shortCharge;
    identities.cap <== cap;
    identities.pnl <== pnl;
    identities.net <== net;
    identities.gross <== gross;
    identities.weightedNet <== weightedNet;
    identities.weightedGross <== weightedGross;
    identities.weightedTiers <== weightedTiers;

    // 6. Deposits and loans.
    component settlement = SettlementVector(ROWS);
    settlement.z <== z;
    settlement.powerBefore <== zPowerBefore;
    settlement.valueBefore <== vectorBefore;
    settlement.settlement <== rules.settlement;
    settlement.opens <== rules.opens;
    settlement.net <== net;
    settlement.gross <== gross;

    // 7. The state after, under the same challenges.
    component after = TableState(T, S);
    after.blinding <== blindingAfter;
    after.r <== r;
    after.beta <== beta;
    after.z <== z;
    after.nextRow <== firstRow + ROWS;
    after.digests <== pages.after;
    after.rules <== rules.after;
    after.sums <== identities.after;
    after.zPower <== settlement.powerAfter;
    after.settlementValue <== settlement.valueAfter;
    after.hash === tableAfter;
}
