pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";

/* Level of the highest nodes that N = 16*2^a leaves fill: floor(log16 N). */
function cellLevel(N) {
    var level = 0;
    for (var size = 16; size <= N; size *= 16) { level++; }
    return level;
}

/* Number of nodes at that level: 1, 2, 4 or 8. */
function cellCount(N) {
    return N \ (16 ** cellLevel(N));
}

/*
 * The nodes of level floor(log16 N) over N leaves.
 *
 * @param  N      16 * 2^a
 * @input  leaves the leaves, in order
 * @output cells  1, 2, 4 or 8 nodes, in order
 * **Cost** 609 constraints a node
 */
template SubtreeCells(N) {
    var LEVELS = cellLevel(N);
    var CELLS = cellCount(N);
    assert(CELLS * 16 ** LEVELS == N && (CELLS == 1 || CELLS == 2 || CELLS == 4 || CELLS == 8));
    signal input leaves[N];
    signal output cells[CELLS];

    component nodes[LEVELS][N \ 16];
    for (var level = 0; level < LEVELS; level++) {
        for (var node = 0; node < N \ (16 ** (level + 1)); node++) {
            nodes[level][node] = Poseidon(16);
            for (var child = 0; child < 16; child++) {
                if (level == 0) {
                    nodes[level][node].inputs[child] <== leaves[16 * node + child];
                } else {
                    nodes[level][node].inputs[child] <== nodes[level - 1][16 * node + child].out;
                }
            }
        }
    }
    for (var cell = 0; cell < CELLS; cell++) {
        cells[cell] <== nodes[LEVELS - 1][cell].out;
    }
}
