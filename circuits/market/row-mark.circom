pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "../arithmetic/range-check.circom";
include "../commitment/market-commitment.circom";
include "../commitment/row-leaf.circom";
include "../tree/row-opening.circom";

/*
 * The mark of one row of a market table. Statement: docs/statement.md.
 *
 * @param S  scenarios of the table
 *
 * **Requires** domain, market commitment and row are the contract's own
 * **Cost**     see test/snapshots/constraints.json
 */
template RowMark(S) {
    // ---- Public ----
    signal input domain;
    signal input marketCommitment;
    signal input row;
    signal input mark;

    // ---- Private: header ----
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

    // ---- Private: the row ----
    signal input rowChildren[2][16];
    signal input detail;
    signal input kind;
    signal input longCharge;
    signal input shortCharge;
    signal input pnl[S];

    // 1. The domain takes part in nothing else; a constraint keeps every compiler from dropping it.
    signal domainSquare <== domain * domain;

    // 2. The row stands in the market's tree.
    component leaf = RowLeaf(S);
    leaf.detail <== detail;
    leaf.kind <== kind;
    leaf.mark <== mark;
    leaf.longCharge <== longCharge;
    leaf.shortCharge <== shortCharge;
    leaf.pnl <== pnl;
    component opening = RowOpening();
    opening.place <== row;
    opening.leaf <== leaf.hash;
    opening.children <== rowChildren;
    opening.top <== top;
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
    market.commitment === marketCommitment;

    // 3. Marks of perpetuals and futures may stand below 0; no contract values anything at those.
    component range = RangeCheck(47);
    range.in <== mark;
}
