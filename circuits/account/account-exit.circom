pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "../arithmetic/signed-excess.circom";
include "../commitment/account-frame.circom";
include "../commitment/account-key.circom";
include "../commitment/market-commitment.circom";
include "../commitment/nullifier.circom";
include "../commitment/row-leaf.circom";
include "../tree/row-opening.circom";
include "./account-anchor.circom";
include "./account-slots.circom";

/*
 * What an account of the tree is worth, to its owner: max(0, V). Statement: docs/statement.md.
 *
 * Neither charges nor caps matter here, so details of rows stay closed. V is read in 120 bits: K * 2^64 * 2^47 fits for any K
 * up to 256, so nobody's equity is too large to be claimed.
 *
 * @param K, S, DEPTH  see AccountMargin
 *
 * **Requires** an accepted table, which lies in range; frame and recipient are the contract's own
 * **Cost**     see test/snapshots/constraints.json
 */
template AccountExit(K, S, DEPTH) {
    assert(K >= 1 && K <= 256 && DEPTH <= 8);

    // ---- Public ----
    signal input frame;
    signal input equity;
    signal input recipient;
    signal input nullifier;

    // ---- Private: what the frame commits to ----
    signal input base;
    signal input circuitId;
    signal input epoch;
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
    signal input salt;
    signal input index[K];
    signal input quantity[K];
    signal input used[K];
    signal input position;
    signal input children[DEPTH][16];

    // ---- Private: its rows ----
    signal input place[K];
    signal input rowChildren[K][2][16];
    signal input detail[K];
    signal input kind[K];
    signal input mark[K];
    signal input longCharge[K];
    signal input shortCharge[K];
    signal input pnl[K][S];

    // 1. The recipient takes part in nothing else; a constraint keeps every compiler from dropping it.
    signal recipientSquare <== recipient * recipient;

    // 2. The account, with the key of whoever knows the secret.
    component own = AccountKey();
    own.secret <== secret;
    own.signer <== signer;
    own.userId <== userId;
    own.subAccount <== subAccount;
    component slots = AccountSlots(K);
    slots.key <== own.key;
    slots.salt <== salt;
    slots.index <== index;
    slots.quantity <== quantity;
    slots.used <== used;

    // 3. Every used slot has the row of its index, and is worth quantity times mark.
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
    component rowLeaf[K];
    component opening[K];
    signal value[K];
    var worth = 0;
    for (var slot = 0; slot < K; slot++) {
        rowLeaf[slot] = RowLeaf(S);
        rowLeaf[slot].detail <== detail[slot];
        rowLeaf[slot].kind <== kind[slot];
        rowLeaf[slot].mark <== mark[slot];
        rowLeaf[slot].longCharge <== longCharge[slot];
        rowLeaf[slot].shortCharge <== shortCharge[slot];
        rowLeaf[slot].pnl <== pnl[slot];
        opening[slot] = RowOpening();
        opening[slot].place <== place[slot];
        opening[slot].leaf <== rowLeaf[slot].hash;
        opening[slot].children <== rowChildren[slot];
        opening[slot].top <== top;
        used[slot] * (place[slot] - index[slot]) === 0;
        value[slot] <== quantity[slot] * mark[slot];
        worth += value[slot];
    }
    component sign = SignedExcess(120);
    sign.excess <== worth;
    equity === sign.nonNegative * worth;

    // 4. Where the account stands: in the tree of an epoch, never alone.
    component tree = AccountAnchor(DEPTH);
    tree.leaf <== slots.leaf;
    tree.position <== position;
    tree.children <== children;
    component where = AccountFrame();
    where.base <== base;
    where.circuitId <== circuitId;
    where.epoch <== epoch;
    where.source <== 0;
    where.anchor <== tree.root;
    where.marketCommitment <== market.commitment;
    where.frame === frame;

    // 5. By what payouts know it.
    component name = Nullifier();
    name.key <== own.key;
    name.base <== base;
    name.epoch <== epoch;
    name.scope <== 0;
    name.hash === nullifier;
}
