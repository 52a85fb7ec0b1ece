pragma circom 2.2.3;

include "../commitment/epoch-challenges.circom";
include "../commitment/table-state.circom";
include "./epoch-seal.circom";
include "./table-start.circom";

/*
 * The end of an epoch whose rows were taken in by a chain of `solvency-close-part` proofs. With them it proves what
 * `solvency-close` proves alone. Statement: docs/statement.md section 3.
 *
 * @param T, S, DEPTH  tiered slots, scenarios, depth of the accounts tree
 *
 * **Requires** what `solvency-close` requires, and that tableStart is the first part's tableBefore, tableEnd the last
 *              one's tableAfter, and each part's tableAfter the next one's tableBefore.
 * **Cost**     about 6,000 constraints
 */
template SolvencyCloseEnd(T, S, DEPTH) {
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
    signal input tableStart;
    signal input tableEnd;

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
    signal input beyond[T];
    signal input startBlinding;
    signal input endBlinding;
    signal input rows;
    signal input digests[3];
    signal input rules[7];
    signal input sums[7];
    signal input zPower;
    signal input vectorValue;

    // 1. Challenges from final chain, market and books.
    component challenges = EpochChallenges(T);
    challenges.marketCommitment <== marketCommitment;
    challenges.finalChain <== finalChain;
    challenges.bookDigest <== digests[1];
    challenges.weightedDigest <== digests[2];
    challenges.beyond <== beyond;
    challenges.tieredRows <== rules[1];

    // 2. The parts started from nothing, for as many rows as they took in, under these challenges and this z.
    component start = TableStart(T, S);
    start.rows <== rows;
    component first = TableState(T, S);
    first.blinding <== startBlinding;
    first.r <== challenges.r;
    first.beta <== challenges.beta;
    first.z <== z;
    first.nextRow <== 0;
    first.digests <== start.digests;
    first.rules <== start.rules;
    for (var i = 0; i < 7; i++) {
        first.sums[i] <== 0;
    }
    first.zPower <== 1;
    first.settlementValue <== 0;
    first.hash === tableStart;

    // 3. They ended with these digests, counts and sums, under the same.
    component last = TableState(T, S);
    last.blinding <== endBlinding;
    last.r <== challenges.r;
    last.beta <== challenges.beta;
    last.z <== z;
    last.nextRow <== rows;
    last.digests <== digests;
    last.rules <== rules;
    last.sums <== sums;
    last.zPower <== zPower;
    last.settlementValue <== vectorValue;
    last.hash === tableEnd;

    // 4. All of it belongs together.
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
    seal.rows <== rows;
    seal.rowsDigest <== digests[0];
    seal.rules <== rules;
    seal.sums <== sums;
    seal.vectorValue <== vectorValue;
}
