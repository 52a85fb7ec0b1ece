pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "../commitment/account-frame.circom";
include "../commitment/account-key.circom";
include "../commitment/market-commitment.circom";
include "../commitment/market-row.circom";
include "../commitment/nullifier.circom";
include "../tree/row-opening.circom";
include "./account-anchor.circom";
include "./account-excess.circom";
include "./account-slots.circom";
include "./account-terms.circom";
include "./account-verdict.circom";
include "./account-withdrawal.circom";
include "./greedy-split.circom";
include "./row-caps.circom";

/*
 * What the terms say of one account: healthy after a withdrawal, watched, held, or not healthy. Statement: docs/statement.md.
 *
 * It knows no table but opens the rows that the account holds. An unused slot opens any row: it holds nothing of it.
 *
 * @param K      slots, those of the leaf
 * @param S      scenarios of the market table
 * @param DEPTH  of the accounts tree
 *
 * **Requires** an accepted table, which lies in range; frame and terms are the contract's own
 * **Cost**     see test/snapshots/constraints.json
 */
template AccountMargin(K, S, DEPTH) {
    assert(K >= 1 && DEPTH <= 8);
    // Bits of an excess, those of the batches.
    var W = 84;

    // ---- Public ----
    signal input frame;
    signal input terms;
    signal input nullifier;
    signal input nullifierNext;

    // ---- Private: what the terms hold ----
    signal input healthy;
    signal input held;
    signal input withdraws;
    signal input unmargined;
    signal input watched;
    signal input row;
    signal input amount;
    signal input context;

    // ---- Private: what the frame commits to ----
    signal input base;
    signal input circuitId;
    signal input epoch;
    signal input source;
    signal input level;
    signal input snapshotTime;
    signal input valueScale;
    signal input listedRows;
    signal input tieredRows;
    signal input instrumentList;
    signal input parameterSet;
    signal input scenarioDigest;
    signal input rowsDigest;
    signal input top[16];

    // ---- Private: the account ----
    signal input secret;
    signal input signer;
    signal input userId;
    signal input subAccount;
    signal input key;
    signal input salt;
    signal input index[K];
    signal input quantity[K];
    signal input used[K];
    signal input from[K];
    signal input position;
    signal input children[DEPTH][16];

    // ---- Private: its rows ----
    signal input place[K];
    signal input rowChildren[K][2][16];
    signal input group[K];
    signal input predecessor[K];
    signal input instrument[K];
    signal input cap[K];
    signal input activationEpoch[K];
    signal input price[K];
    signal input volatility[K];
    signal input multiplier[K];
    signal input rates[K];
    signal input strike[K];
    signal input capped[K];
    signal input kind[K];
    signal input mark[K];
    signal input longCharge[K];
    signal input shortCharge[K];
    signal input pnl[K][S];

    // 1. What is said. Neither healthy nor held says that the account is not healthy.
    component said = AccountTerms();
    said.terms <== terms;
    said.healthy <== healthy;
    said.held <== held;
    said.withdraws <== withdraws;
    said.unmargined <== unmargined;
    said.watched <== watched;
    said.row <== row;
    said.amount <== amount;
    said.context <== context;

    // 2. The account, and that it is the prover's: not where anybody who has its opening says how it stands.
    component slots = AccountSlots(K);
    slots.key <== key;
    slots.salt <== salt;
    slots.index <== index;
    slots.quantity <== quantity;
    slots.used <== used;
    component own = AccountKey();
    own.secret <== secret;
    own.signer <== signer;
    own.userId <== userId;
    own.subAccount <== subAccount;
    said.owned * (key - own.key) === 0;

    // 3. Every used slot has the row of its index.
    component rowsRoot = Poseidon(16);
    rowsRoot.inputs <== top;
    component market = MarketCommitment(S);
    market.level <== level;
    market.snapshotTime <== snapshotTime;
    market.valueScale <== valueScale;
    market.listedRows <== listedRows;
    market.tieredRows <== tieredRows;
    market.instrumentList <== instrumentList;
    market.parameterSet <== parameterSet;
    market.scenarioDigest <== scenarioDigest;
    market.rowsDigest <== rowsDigest;
    market.rowsRoot <== rowsRoot.out;
    component marketRow[K];
    component opening[K];
    for (var slot = 0; slot < K; slot++) {
        marketRow[slot] = MarketRow(S);
        marketRow[slot].group <== group[slot];
        marketRow[slot].predecessor <== predecessor[slot];
        marketRow[slot].instrument <== instrument[slot];
        marketRow[slot].cap <== cap[slot];
        marketRow[slot].activationEpoch <== activationEpoch[slot];
        marketRow[slot].price <== price[slot];
        marketRow[slot].volatility <== volatility[slot];
        marketRow[slot].multiplier <== multiplier[slot];
        marketRow[slot].rates <== rates[slot];
        marketRow[slot].strike <== strike[slot];
        marketRow[slot].kind <== kind[slot];
        marketRow[slot].mark <== mark[slot];
        marketRow[slot].longCharge <== longCharge[slot];
        marketRow[slot].shortCharge <== shortCharge[slot];
        marketRow[slot].pnl <== pnl[slot];
        opening[slot] = RowOpening();
        opening[slot].place <== place[slot];
        opening[slot].leaf <== marketRow[slot].hash;
        opening[slot].children <== rowChildren[slot];
        opening[slot].top <== top;
        used[slot] * (place[slot] - index[slot]) === 0;
    }
    component caps = RowCaps(K);
    caps.magnitude <== slots.magnitude;
    caps.cap <== cap;
    caps.capped <== capped;

    // 4. Unmargined: nothing owed, nothing but cash and spot. Each magnitude less its quantity is at least 0, so their sum is 0 only if all are.
    signal unpayable[K];
    signal promised[K];
    var owed = 0;
    for (var slot = 0; slot < K; slot++) {
        unpayable[slot] <== (kind[slot] - 1) * (kind[slot] - 2);
        promised[slot] <== unmargined * used[slot];
        promised[slot] * unpayable[slot] === 0;
        owed += slots.magnitude[slot] - quantity[slot];
    }
    unmargined * owed === 0;

    // 5. The verdict, after the withdrawal.
    component withdrawal = AccountWithdrawal(K);
    withdrawal.withdraws <== withdraws;
    withdrawal.row <== row;
    withdrawal.amount <== amount;
    withdrawal.from <== from;
    withdrawal.index <== index;
    withdrawal.quantity <== quantity;
    withdrawal.magnitude <== slots.magnitude;
    withdrawal.unpayable <== unpayable;
    component figures = AccountExcess(K, S);
    figures.quantity <== withdrawal.quantityAfter;
    figures.magnitude <== withdrawal.magnitudeAfter;
    figures.mark <== mark;
    figures.longCharge <== longCharge;
    figures.shortCharge <== shortCharge;
    figures.pnl <== pnl;
    component verdict = AccountVerdict(S, W);
    verdict.excess <== figures.excess;
    verdict.healthy <== healthy;
    verdict.held <== held;

    // 6. Without the owner: of an account on chain only; where it is shown not to be healthy, split so that it looks no worse than it is.
    (1 - said.owned) * (1 - source) === 0;
    component split = GreedySplit(K);
    split.wanted <== 1 - healthy - held;
    split.index <== index;
    split.quantity <== quantity;
    split.magnitude <== slots.magnitude;
    split.used <== used;
    split.predecessor <== predecessor;
    split.cap <== cap;

    // 7. Where the account stands.
    source * (1 - source) === 0;
    component tree = AccountAnchor(DEPTH);
    tree.leaf <== slots.leaf;
    tree.position <== position;
    tree.children <== children;
    component where = AccountFrame();
    where.base <== base;
    where.circuitId <== circuitId;
    where.epoch <== epoch;
    where.source <== source;
    where.anchor <== slots.leaf + (1 - source) * (tree.root - slots.leaf);
    where.marketCommitment <== market.commitment;
    where.frame === frame;

    // 8. By what the owner is known in this epoch and the next; 0 without the owner.
    component names[2];
    for (var later = 0; later < 2; later++) {
        names[later] = Nullifier();
        names[later].key <== key;
        names[later].base <== base;
        names[later].epoch <== epoch + later;
        names[later].scope <== said.scope;
    }
    nullifier === said.owned * names[0].hash;
    nullifierNext === said.owned * names[1].hash;
}
