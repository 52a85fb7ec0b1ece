pragma circom 2.2.3;

include "../commitment/accumulator.circom";
include "../commitment/claims.circom";
include "../commitment/hash-list.circom";
include "../commitment/tags.circom";
include "../lookup/powers.circom";
include "../tree/subtree-cells.circom";
include "../tree/subtree-insertion.circom";
include "./account-claim.circom";

/*
 * N more accounts of an epoch: their leaves enter the tree, their claims the chain, and every count and sum grows by
 * exactly what they add. Statement: docs/statement.md section 2.
 *
 * @param N           accounts, 16 * 2^a
 * @param K           slots an account
 * @param T           tiered slots: the first of an account, where rows of the tiered region may stand
 * @param S           scenarios; 0 is standard margin
 * @param W           bits of an excess
 * @param INDEX_BITS  bits of an instrument index; 2^INDEX_BITS >= U + K
 * @param DEPTH       depth of the accounts tree
 *
 * **Requires** `solvency-close` over the last accumulator, a first accumulator equal to the genesis it names, and
 *              after_i = before_(i+1) between; only then are the claims here the true ones.
 * **Cost**     at N = 32, K = 8, S = 8: see test/snapshots/constraints.json
 */
template SolvencyBatch(N, K, T, S, W, INDEX_BITS, DEPTH) {
    assert(INDEX_BITS <= 16 && 4 * DEPTH <= 32);
    // Sums stay below p: N * 2^W for shortfall and claims.
    assert(W + 4 * DEPTH < 250);

    // ---- Public ----
    signal input domain;
    signal input epoch;
    signal input accumulatorBefore;
    signal input accumulatorAfter;

    // ---- Private: state before ----
    signal input blindingBefore;
    signal input blindingAfter;
    signal input rootBefore;
    signal input positionsBefore;
    signal input unhealthyBefore;
    signal input shortfallBefore;
    signal input chainBefore;
    signal input powerBefore;
    signal input sumsBefore[7];
    signal input alpha;
    signal input r;
    signal input beta;
    signal input tieredRows;

    // ---- Private: accounts ----
    signal input key[N];
    signal input salt[N];
    signal input index[N][K];
    signal input quantity[N][K];
    signal input headroom[N][T];
    signal input excess[N][S + 1];
    signal input children[DEPTH - cellLevel(N)][16];

    // 1. Domain and epoch take part in nothing else; a constraint each keeps every compiler from dropping them.
    signal domainSquare <== domain * domain;
    signal epochSquare <== epoch * epoch;

    // 2. The state before is the one the public accumulator commits to.
    component challenges = HashList(tagChallenges(), 4);
    challenges.elements[0] <== alpha;
    challenges.elements[1] <== r;
    challenges.elements[2] <== beta;
    challenges.elements[3] <== tieredRows;
    component before = Accumulator();
    before.blinding <== blindingBefore;
    before.root <== rootBefore;
    before.positions <== positionsBefore;
    before.unhealthy <== unhealthyBefore;
    before.shortfall <== shortfallBefore;
    before.chain <== chainBefore;
    before.challenges <== challenges.hash;
    before.power <== powerBefore;
    for (var i = 0; i < 7; i++) {
        before.sums[i] <== sumsBefore[i];
    }
    before.hash === accumulatorBefore;

    // 3. Each account is well formed, and what it adds is weighted by alpha^position.
    component rPowers = Powers(S + 1 > T ? S + 1 : T);
    rPowers.base <== r;
    component account[N];
    component claims = Claims(N, K, T, S, W);
    component subtree = SubtreeCells(N);
    signal power[N + 1];
    signal weightedNet[N];
    signal weightedGross[N];
    signal weightedExcess[N];
    signal weightedPlaced[N];
    signal weightedFilled[N];
    power[0] <== powerBefore;
    var unhealthySum = unhealthyBefore;
    var shortfallSum = shortfallBefore;
    var sums[7];
    for (var i = 0; i < 7; i++) {
        sums[i] = sumsBefore[i];
    }
    for (var i = 0; i < N; i++) {
        account[i] = AccountClaim(K, T, S, W, INDEX_BITS);
        account[i].key <== key[i];
        account[i].salt <== salt[i];
        account[i].index <== index[i];
        account[i].quantity <== quantity[i];
        account[i].headroom <== headroom[i];
        account[i].excess <== excess[i];
        account[i].beta <== beta;
        account[i].rPower <== rPowers.power;
        account[i].tieredRows <== tieredRows;
        subtree.leaves[i] <== account[i].leaf;
        claims.offset[i] <== account[i].offset;
        claims.headroom[i] <== headroom[i];

        weightedNet[i] <== power[i] * account[i].net;
        weightedGross[i] <== power[i] * account[i].gross;
        weightedExcess[i] <== power[i] * account[i].combined;
        weightedPlaced[i] <== power[i] * account[i].placed;
        weightedFilled[i] <== power[i] * account[i].filled;
        power[i + 1] <== power[i] * alpha;
        unhealthySum += account[i].unhealthy;
        shortfallSum += account[i].shortfall;
        sums[0] += weightedNet[i];
        sums[1] += weightedGross[i];
        sums[2] += account[i].net;
        sums[3] += account[i].gross;
        sums[4] += weightedExcess[i];
        sums[5] += weightedPlaced[i];
        sums[6] += weightedFilled[i];
    }

    // 4. The same cells enter tree and chain, so no leaf is counted that is not in the tree, and none the other way.
    component insertion = SubtreeInsertion(N, DEPTH);
    var CELLS = cellCount(N);
    component link = HashList(tagOf(tagChain(), K, N, S, W, T), CELLS + 3);
    link.elements[0] <== chainBefore;
    link.elements[1] <== positionsBefore;
    insertion.rootBefore <== rootBefore;
    insertion.position <== positionsBefore;
    insertion.children <== children;
    for (var cell = 0; cell < CELLS; cell++) {
        link.elements[2 + cell] <== subtree.cells[cell];
        insertion.cells[cell] <== subtree.cells[cell];
    }
    link.elements[2 + CELLS] <== claims.hash;

    // 5. The state after, under the same challenges.
    component after = Accumulator();
    after.blinding <== blindingAfter;
    after.root <== insertion.rootAfter;
    after.positions <== positionsBefore + N;
    after.unhealthy <== unhealthySum;
    after.shortfall <== shortfallSum;
    after.chain <== link.hash;
    after.challenges <== challenges.hash;
    after.power <== power[N];
    for (var i = 0; i < 7; i++) {
        after.sums[i] <== sums[i];
    }
    after.hash === accumulatorAfter;
}
