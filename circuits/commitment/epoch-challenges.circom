pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * The three challenges of an epoch, from all that must be fixed before each.
 *
 * h0 binds market, every leaf, claim and headroom (through the chain) and the book; alpha and r come from h0, beta from
 * h0 and the book weighted by alpha. A challenge from less would let the prover choose what it leaves out afterwards.
 *
 * @param  T                tiered slots
 * @input  marketCommitment binds the table
 * @input  finalChain       binds leaves, claimed excesses and headrooms of every batch
 * @input  bookDigest       binds B_k = sum of q and O_k = sum of |q|
 * @input  weightedDigest   binds G_k, G'_k and, with tiers, N_k of every row
 * @input  beyond           N_k of the T indices after the last row, where unused slots may stand
 * @input  tieredRows       rows of the tiered region; bound by the market commitment, carried with the challenges
 * @output alpha, r, beta   challenges
 * @output hash             H(tag, alpha, r, beta, tiered rows), as every accumulator carries it
 * **Cost** about 1,250 constraints
 */
template EpochChallenges(T) {
    signal input marketCommitment;
    signal input finalChain;
    signal input bookDigest;
    signal input weightedDigest;
    signal input beyond[T];
    signal input tieredRows;
    signal output alpha;
    signal output r;
    signal output beta;
    signal output hash;

    component book = HashList(tagBook(), 3);
    book.elements[0] <== marketCommitment;
    book.elements[1] <== finalChain;
    book.elements[2] <== bookDigest;

    component weighted = HashList(tagOf(tagWeightedBook(), T, 0, 0, 0, 0), 2 + T);
    weighted.elements[0] <== book.hash;
    weighted.elements[1] <== weightedDigest;
    for (var j = 0; j < T; j++) {
        weighted.elements[2 + j] <== beyond[j];
    }

    component alphaHash = HashList(tagAlpha(), 1);
    alphaHash.elements[0] <== book.hash;
    component rHash = HashList(tagR(), 1);
    rHash.elements[0] <== book.hash;
    alpha <== alphaHash.hash;
    r <== rHash.hash;
    beta <== weighted.hash;

    component challenges = HashList(tagChallenges(), 4);
    challenges.elements[0] <== alpha;
    challenges.elements[1] <== r;
    challenges.elements[2] <== beta;
    challenges.elements[3] <== tieredRows;
    hash <== challenges.hash;
}
