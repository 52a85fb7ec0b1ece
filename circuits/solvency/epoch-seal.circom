pragma circom 2.2.3;

include "../commitment/accumulator.circom";
include "../commitment/hash-list.circom";
include "../commitment/market-commitment.circom";
include "../commitment/tags.circom";
include "../lookup/fractions-beyond.circom";
include "../tree/empty-node.circom";

/*
 * What ends an epoch once all rows are in: digest, counts and sums over the rows belong to the registered market and to
 * the accumulators around the batches.
 *
 * @param  T, S, DEPTH  tiered slots, scenarios, depth of the accounts tree
 * @input  domain .. settlementValue      the public signals
 * @input  genesisBlinding .. rowsRoot    what opens accumulators and market commitment
 * @input  accumulated  the seven running sums of the final accumulator
 * @input  beyond       N of the T indices after the last row
 * @input  rows         U
 * @input  rowsDigest, rules, sums, vectorValue  what all rows gave: see TablePages, TableRules, TableIdentities, SettlementVector
 * @input  challenges, beta  from EpochChallenges over the same digests and tiered rows
 * **Requires** rows digest, rules, sums and vectorValue are of one and the same list of rows, under these challenges
 * **Cost**     about 2,400 constraints
 */
template EpochSeal(T, S, DEPTH) {
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
    signal input beyond[T];
    signal input rows;
    signal input challenges;
    signal input beta;
    signal input rowsDigest;
    signal input rules[7];
    signal input sums[7];
    signal input vectorValue;

    // 1. The table is the registered one, at maintenance level; no group of derivatives is left unmatched.
    component market = MarketCommitment(S);
    market.level <== 1;
    market.snapshotTime <== snapshotTime;
    market.valueScale <== valueScale;
    market.listedRows <== rules[0];
    market.tieredRows <== rules[1];
    market.instrumentList <== instrumentList;
    market.parameterSet <== parameterSet;
    market.scenarioDigest <== scenarioDigest;
    market.rowsDigest <== rowsDigest;
    market.rowsRoot <== rowsRoot;
    market.commitment === marketCommitment;
    rules[6] === 0;

    // 2. Genesis: empty tree, first link of this epoch's chain, power 1, every count and sum 0, these challenges.
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
    genesis.challenges <== challenges;
    genesis.power <== 1;
    for (var i = 0; i < 7; i++) {
        genesis.sums[i] <== 0;
    }
    genesis.hash === genesisAccumulator;

    // 3. The final accumulator opens to the published figures.
    component final = Accumulator();
    final.blinding <== finalBlinding;
    final.root <== accountsRoot;
    final.positions <== accountsBound;
    final.unhealthy <== unhealthyBound;
    final.shortfall <== shortfall;
    final.chain <== finalChain;
    final.challenges <== challenges;
    final.power <== finalPower;
    final.sums <== accumulated;
    final.hash === finalAccumulator;

    // 4. What the batches accumulated agrees with table and book.
    component after = FractionsBeyond(T);
    after.rows <== rows;
    after.beta <== beta;
    after.beyond <== beyond;
    accumulated[0] === sums[0];
    accumulated[1] === sums[1];
    accumulated[2] === sums[2];
    accumulated[3] === sums[3];
    accumulated[4] === sums[4];
    accumulated[5] === sums[5] + after.sum;
    accumulated[6] === sums[6];

    // 5. Deposits and loans of each settlement asset are the published ones.
    signal zSquare <== z * z;
    vectorValue === zSquare * settlementValue;
}
