pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "../tree/empty-node.circom";
include "./hash-list.circom";
include "./tags.circom";

/* Depth of the 16-ary tree over rows: 4,096 places. */
function rowsDepth() { return 3; }

/*
 * Root of the rows tree when only the first U places can be filled.
 *
 * @param  U      rows of the circuit, a multiple of 16 or less than 16
 * @input  leaf   row hash, 0 where nothing is listed
 * @output root
 * **Cost** 609 constraints a node
 */
template RowsRoot(U) {
    assert(U >= 1 && U <= 4096);
    signal input leaf[U];
    signal output root;

    component nodes[rowsDepth()][(U + 15) \ 16];
    var width = U;
    for (var level = 0; level < rowsDepth(); level++) {
        var parents = (width + 15) \ 16;
        for (var node = 0; node < parents; node++) {
            nodes[level][node] = Poseidon(16);
            for (var child = 0; child < 16; child++) {
                if (16 * node + child >= width) {
                    nodes[level][node].inputs[child] <== emptyNode(level);
                } else if (level == 0) {
                    nodes[level][node].inputs[child] <== leaf[16 * node + child];
                } else {
                    nodes[level][node].inputs[child] <== nodes[level - 1][16 * node + child].out;
                }
            }
        }
        width = parents;
    }
    root <== nodes[rowsDepth() - 1][0].out;
}

/*
 * Public name of a market table: H(tag, header, root over rows), every row hashed element by element.
 *
 * Nothing here is packed: a packed word whose parts no constraint bounds lets a prover bend values inside the word.
 * Row details (group, tier, asset, cap, activation epoch, oracle price) enter as their own hash; this circuit does not need them.
 *
 * @param  U, S       rows, scenarios
 * @input  level .. parameterSet  the header
 * @input  detail, kind, mark, longCharge, shortCharge, pnl  of each row
 * @input  listed     1 for rows that stand for something
 * @output commitment
 * **Cost** about 590 constraints a row at S = 8
 */
template MarketCommitment(U, S) {
    signal input level;
    signal input snapshotTime;
    signal input valueScale;
    signal input listedRows;
    signal input instrumentList;
    signal input parameterSet;
    signal input detail[U];
    signal input kind[U];
    signal input listed[U];
    signal input mark[U];
    signal input longCharge[U];
    signal input shortCharge[U];
    signal input pnl[U][S];
    signal output commitment;

    component row[U];
    component rows = RowsRoot(U);
    for (var k = 0; k < U; k++) {
        row[k] = HashList(tagOf(tagRow(), S, 0, 0, 0), 5 + S);
        row[k].elements[0] <== detail[k];
        row[k].elements[1] <== kind[k];
        row[k].elements[2] <== mark[k];
        row[k].elements[3] <== longCharge[k];
        row[k].elements[4] <== shortCharge[k];
        for (var s = 0; s < S; s++) {
            row[k].elements[5 + s] <== pnl[k][s];
        }
        rows.leaf[k] <== listed[k] * row[k].hash;
    }

    component header = HashList(tagMarket(), 8);
    header.elements[0] <== level;
    header.elements[1] <== snapshotTime;
    header.elements[2] <== valueScale;
    header.elements[3] <== S;
    header.elements[4] <== listedRows;
    header.elements[5] <== instrumentList;
    header.elements[6] <== parameterSet;
    header.elements[7] <== rows.root;
    commitment <== header.hash;
}
