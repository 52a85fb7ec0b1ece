pragma circom 2.2.3;

include "../arithmetic/non-zero.circom";
include "../arithmetic/range-check.circom";
include "../arithmetic/signed-excess.circom";
include "../commitment/hash-list.circom";
include "../commitment/tags.circom";
include "./account-anchor.circom";
include "./account-slots.circom";

/*
 * The account of a balance receipt is in an accounts tree, with no less than the receipt promises. Statement: docs/statement.md.
 *
 * Nobody's secret is asked for: the venue proves it, about a key that only the receipt's commitment names. Rows of a receipt are
 * the tiers of one asset; what stands in them is added up, so that neither the split nor a debt elsewhere shows.
 *
 * @param K      slots, those of the leaf
 * @param DEPTH  of the accounts tree
 *
 * **Requires** domain and root are the contract's own, the commitment is one that the venue has signed
 * **Ensures**  an account under the commitment's key stands below the root, 0 <= firstRow <= lastRow < 2^16, 0 <= amount < 2^64, and where
 *              amount is not 0 no less is held in rows firstRow..lastRow
 * **Cost**     see test/snapshots/constraints.json
 */
template AccountInclusion(K, DEPTH) {
    assert(K >= 1 && K <= 256 && DEPTH <= 8);
    // Bits of a surplus: K * 2^64 fits for any K up to 256.
    var W = 72;

    // ---- Public ----
    signal input domain;
    signal input accountsRoot;
    signal input balance;

    // ---- Private: what the receipt commits to ----
    signal input key;
    signal input firstRow;
    signal input lastRow;
    signal input amount;
    signal input blinding;
    signal input promises;

    // ---- Private: the account ----
    signal input salt;
    signal input index[K];
    signal input quantity[K];
    signal input used[K];
    signal input position;
    signal input children[DEPTH][16];

    // 1. The domain takes part in nothing else; a constraint keeps every compiler from dropping it.
    signal domainSquare <== domain * domain;

    // 2. What is promised, and to whom.
    component receipt = HashList(tagBalance(), 5);
    receipt.elements <== [key, firstRow, lastRow, amount, blinding];
    receipt.hash === balance;
    component firstRange = RangeCheck(16);
    firstRange.in <== firstRow;
    component lastRange = RangeCheck(16);
    lastRange.in <== lastRow;
    component inOrder = RangeCheck(16);
    inOrder.in <== lastRow - firstRow;
    component amountRange = RangeCheck(64);
    amountRange.in <== amount;
    component promised = NonZero();
    promised.in <== amount;
    promised.flag <== promises;

    // 3. An account of the same key in the tree.
    component slots = AccountSlots(K);
    slots.key <== key;
    slots.salt <== salt;
    slots.index <== index;
    slots.quantity <== quantity;
    slots.used <== used;
    component tree = AccountAnchor(DEPTH);
    tree.leaf <== slots.leaf;
    tree.position <== position;
    tree.children <== children;
    tree.root === accountsRoot;

    // 4. What it holds in those rows. Rows and indices have 16 bits, so that their differences lie in (-2^16, 2^16).
    component fromFirst[K];
    component upToLast[K];
    signal within[K];
    signal counted[K];
    var sum = 0;
    for (var slot = 0; slot < K; slot++) {
        fromFirst[slot] = SignedExcess(17);
        fromFirst[slot].excess <== index[slot] - firstRow;
        upToLast[slot] = SignedExcess(17);
        upToLast[slot].excess <== lastRow - index[slot];
        within[slot] <== fromFirst[slot].nonNegative * upToLast[slot].nonNegative;
        counted[slot] <== within[slot] * quantity[slot];
        sum += counted[slot];
    }

    // 5. A receipt of presence alone asks nothing of the sum, which a debt may put below 0.
    component surplus = RangeCheck(W);
    surplus.in <== promises * (sum - amount);
}
