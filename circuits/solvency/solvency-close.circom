pragma circom 2.2.3;

include "../commitment/epoch-challenges.circom";
include "../commitment/table-pages.circom";
include "../lookup/table-identities.circom";
include "../market/table-rules.circom";
include "./epoch-seal.circom";
include "./settlement-vector.circom";
include "./table-start.circom";

/*
 * The end of an epoch: challenges, table, book and running sums agree, so every claim of every batch was true.
 * Statement: docs/statement.md section 3.
 *
 * @param U      rows of the market table that can be listed, a multiple of 16
 * @param T      most tiered slots of any batch; 0 for tables without tiers
 * @param S      scenarios
 * @param DEPTH  depth of the accounts tree
 *
 * **Requires** the caller checks that genesisAccumulator is the first batch's accumulatorBefore, finalAccumulator the
 *              last one's accumulatorAfter, and z the hash of the published vector with base, epoch, final accumulator
 *              and market commitment.
 * **Cost**     about 1,050 constraints a row at S = 16
 */
template SolvencyClose(U, T, S, DEPTH) {
    var TIERS = T > 0 ? 1 : 0;
    // ---- Public ----
    signal input domain;
    signal input epoch;
    signal input marketCommitment;
    signal input genesisAccumulator;
    signal input finalAccumulator;
    signal input accountsRoot;
    signal input accountsBound;
    signal input unhealthyBound;
    signal input shortfall;
    signal input z;
    signal input settlementValue;

    // ---- Private ----
    signal input genesisBlinding;
    signal input finalBlinding;
    signal input finalChain;
    signal input finalPower;
    signal input accumulated[7];
    signal input snapshotTime;
    signal input valueScale;
    signal input instrumentList;
    signal input parameterSet;
    signal input scenarioDigest;
    signal input rowsRoot;
    signal input class[U];
    signal input mark[U];
    signal input longCharge[U];
    signal input shortCharge[U];
    signal input cap[U * TIERS];
    signal input pnl[U][S];
    signal input net[U];
    signal input gross[U];
    signal input weightedNet[U];
    signal input weightedGross[U];
    signal input weightedTiers[U * TIERS];
    signal input beyond[T];

    // 1. Rules of the book.
    component start = TableStart(T, S);
    start.rows <== U;
    component rules = TableRules(U, TIERS);
    rules.before <== start.rules;
    rules.class <== class;
    rules.cap <== cap;
    rules.net <== net;
    rules.gross <== gross;

    // 2. Digests of table and books.
    component pages = TablePages(U, T, S);
    pages.before <== start.digests;
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

    // 3. Challenges from final chain, market and books, then sums over the rows under them.
    component challenges = EpochChallenges(T);
    challenges.marketCommitment <== marketCommitment;
    challenges.finalChain <== finalChain;
    challenges.bookDigest <== pages.after[1];
    challenges.weightedDigest <== pages.after[2];
    challenges.beyond <== beyond;
    challenges.tieredRows <== rules.after[1];
    component identities = TableIdentities(U, T, S);
    for (var i = 0; i < 7; i++) {
        identities.before[i] <== 0;
    }
    identities.r <== challenges.r;
    identities.beta <== challenges.beta;
    identities.firstRow <== 0;
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

    // 4. Deposits and loans.
    component settlement = SettlementVector(U);
    settlement.z <== z;
    settlement.powerBefore <== 1;
    settlement.valueBefore <== 0;
    settlement.settlement <== rules.settlement;
    settlement.opens <== rules.opens;
    settlement.net <== net;
    settlement.gross <== gross;

    // 5. All of it belongs together.
    component seal = EpochSeal(T, S, DEPTH);
    seal.domain <== domain;
    seal.epoch <== epoch;
    seal.marketCommitment <== marketCommitment;
    seal.genesisAccumulator <== genesisAccumulator;
    seal.finalAccumulator <== finalAccumulator;
    seal.accountsRoot <== accountsRoot;
    seal.accountsBound <== accountsBound;
    seal.unhealthyBound <== unhealthyBound;
    seal.shortfall <== shortfall;
    seal.z <== z;
    seal.settlementValue <== settlementValue;
    seal.genesisBlinding <== genesisBlinding;
    seal.finalBlinding <== finalBlinding;
    seal.finalChain <== finalChain;
    seal.finalPower <== finalPower;
    seal.accumulated <== accumulated;
    seal.snapshotTime <== snapshotTime;
    seal.valueScale <== valueScale;
    seal.instrumentList <== instrumentList;
    seal.parameterSet <== parameterSet;
    seal.scenarioDigest <== scenarioDigest;
    seal.rowsRoot <== rowsRoot;
    seal.beyond <== beyond;
    seal.challenges <== challenges.hash;
    seal.beta <== challenges.beta;
    seal.rows <== U;
    seal.rowsDigest <== pages.after[0];
    seal.rules <== rules.after;
    seal.sums <== identities.after;
    seal.vectorValue <== settlement.valueAfter;
}
