pragma circom 2.2.3;

include "../commitment/accumulator.circom";
include "../commitment/hash-list.circom";
include "../commitment/market-commitment.circom";
include "../commitment/tags.circom";
include "../lookup/epoch-challenges.circom";
include "../lookup/table-identities.circom";
include "../market/row-kind.circom";
include "../tree/empty-node.circom";
include "./settlement-vector.circom";

/*
 * The end of an epoch: challenges, table, book and running sums agree, so every claim of every batch was true.
 * Statement: docs/statement.md section 3.
 *
 * @param U      rows of the market table that can be listed
 * @param S      scenarios
 * @param DEPTH  depth of the accounts tree
 *
 * **Requires** the caller checks that genesisAccumulator is the first batch's accumulatorBefore, finalAccumulator the
 *              last one's accumulatorAfter, and z the hash of the published vector with base, epoch, final accumulator
 *              and market commitment.
 * **Cost**     about 800 constraints a row at S = 8
 */
template SolvencyClose(U, S, DEPTH) {
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
    signal input sums[5];
    signal input snapshotTime;
    signal input valueScale;
    signal input instrumentList;
    signal input parameterSet;
    signal input detail[U];
    signal input kind[U];
    signal input mark[U];
    signal input longCharge[U];
    signal input shortCharge[U];
    signal input pnl[U][S];
    signal input net[U];
    signal input gross[U];
    signal input weightedNet[U];
    signal input weightedGross[U];

    // 1. Rows: listed ones first; derivatives and entries net to zero; nothing is held in a row that is not listed.
    component rowKind[U];
    var listedRows = 0;
    for (var k = 0; k < U; k++) {
        rowKind[k] = RowKind();
        rowKind[k].kind <== kind[k];
        listedRows += rowKind[k].listed;
        if (k > 0) {
            rowKind[k].listed * (1 - rowKind[k - 1].listed) === 0;
        }
        rowKind[k].matched * net[k] === 0;
        (1 - rowKind[k].listed) * gross[k] === 0;
    }

    // 2. The table is the registered one, at maintenance level.
    component market = MarketCommitment(U, S);
    market.level <== 1;
    market.snapshotTime <== snapshotTime;
    market.valueScale <== valueScale;
    market.listedRows <== listedRows;
    market.instrumentList <== instrumentList;
    market.parameterSet <== parameterSet;
    market.detail <== detail;
    market.kind <== kind;
    market.mark <== mark;
    market.longCharge <== longCharge;
    market.shortCharge <== shortCharge;
    market.pnl <== pnl;
    for (var k = 0; k < U; k++) {
        market.listed[k] <== rowKind[k].listed;
    }
    market.commitment === marketCommitment;

    // 3. Challenges from final chain, market and book.
    component challenges = EpochChallenges(U);
    challenges.marketCommitment <== marketCommitment;
    challenges.finalChain <== finalChain;
    challenges.net <== net;
    challenges.gross <== gross;
    challenges.weightedNet <== weightedNet;
    challenges.weightedGross <== weightedGross;

    // 4. Genesis: empty tree, first link of this epoch's chain, power 1, every count and sum 0, these challenges.
    component start = HashList(tagChainStart(), 2);
    start.elements[0] <== domain;
    start.elements[1] <== epoch;
    component genesis = Accumulator();
    genesis.blinding <== genesisBlinding;
    genesis.root <== emptyNode(DEPTH);
    genesis.positions <== 0;
    genesis.unhealthy <== 0;
    genesis.shortfall <== 0;
    genesis.chain <== start.hash;
    genesis.challenges <== challenges.hash;
    genesis.power <== 1;
    for (var i = 0; i < 5; i++) {
        genesis.sums[i] <== 0;
    }
    genesis.hash === genesisAccumulator;

    // 5. The final accumulator opens to the published figures.
    component final = Accumulator();
    final.blinding <== finalBlinding;
    final.root <== accountsRoot;
    final.positions <== accountsBound;
    final.unhealthy <== unhealthyBound;
    final.shortfall <== shortfall;
    final.chain <== finalChain;
    final.challenges <== challenges.hash;
    final.power <== finalPower;
    for (var i = 0; i < 5; i++) {
        final.sums[i] <== sums[i];
    }
    final.hash === finalAccumulator;

    // 6. Running sums agree with table and book.
    component identities = TableIdentities(U, S);
    identities.sums <== sums;
    identities.r <== challenges.r;
    identities.beta <== challenges.beta;
    identities.net <== net;
    identities.gross <== gross;
    identities.weightedNet <== weightedNet;
    identities.weightedGross <== weightedGross;
    identities.mark <== mark;
    identities.longCharge <== longCharge;
    identities.shortCharge <== shortCharge;
    identities.pnl <== pnl;

    // 7. Deposits and loans of each settlement asset are the published ones.
    component settlement = SettlementVector(U);
    settlement.z <== z;
    settlement.net <== net;
    settlement.gross <== gross;
    for (var k = 0; k < U; k++) {
        settlement.settlement[k] <== rowKind[k].settlement;
    }
    settlement.value === settlementValue;
}
