pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * A listed row as a leaf of the rows tree, from the hash of its detail: H(tag(S), detail, kind, mark, charges, pnl).
 *
 * @param  S       scenarios
 * @input  detail  see MarketRow; a proof that asks nothing of it need not open it
 * @input  kind, mark, longCharge, shortCharge, pnl
 * @output hash
 * **Cost** about 900 constraints at S = 16
 */
template RowLeaf(S) {
    signal input detail;
    signal input kind;
    signal input mark;
    signal input longCharge;
    signal input shortCharge;
    signal input pnl[S];
    signal output hash;

    component row = HashList(tagOf(tagRow(), S, 0, 0, 0, 0), 5 + S);
    row.elements[0] <== detail;
    row.elements[1] <== kind;
    row.elements[2] <== mark;
    row.elements[3] <== longCharge;
    row.elements[4] <== shortCharge;
    for (var s = 0; s < S; s++) {
        row.elements[5 + s] <== pnl[s];
    }
    hash <== row.hash;
}
