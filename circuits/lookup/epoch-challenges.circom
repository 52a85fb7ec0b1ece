pragma circom 2.2.3;

include "../commitment/hash-list.circom";
include "../commitment/tags.circom";

/*
 * The three challenges of an epoch, from all that must be fixed before each.
 *
 * h0 binds market, every leaf and claim (through the chain) and the book; alpha and r come from h0, beta from h0 and
 * the book weighted by alpha. A challenge from less would let the prover choose what it leaves out afterwards.
 *
 * @param  U                rows
 * @input  marketCommitment binds the table
 * @input  finalChain       binds leaves and claimed excesses of every batch
 * @input  net, gross       book: B_k = sum of q, O_k = sum of |q|
 * @input  weightedNet, weightedGross  G_k = sum of alpha^i q, G'_k = sum of alpha^i |q|
 * @output alpha, r, beta   challenges
 * @output hash             H(tag, alpha, r, beta), as every accumulator carries it
 * **Cost** about 176 constraints a row
 */
template EpochChallenges(U) {
    signal input marketCommitment;
    signal input finalChain;
    signal input net[U];
    signal input gross[U];
    signal input weightedNet[U];
    signal input weightedGross[U];
    signal output alpha;
    signal output r;
    signal output beta;
    signal output hash;

    component book = HashList(tagOf(tagBook(), U, 0, 0, 0), 2 + 2 * U);
    book.elements[0] <== marketCommitment;
    book.elements[1] <== finalChain;
    for (var k = 0; k < U; k++) {
        book.elements[2 + 2 * k] <== net[k];
        book.elements[3 + 2 * k] <== gross[k];
    }

    component weighted = HashList(tagOf(tagWeightedBook(), U, 0, 0, 0), 1 + 2 * U);
    weighted.elements[0] <== book.hash;
    for (var k = 0; k < U; k++) {
        weighted.elements[1 + 2 * k] <== weightedNet[k];
        weighted.elements[2 + 2 * k] <== weightedGross[k];
    }

    component alphaHash = HashList(tagAlpha(), 1);
    alphaHash.elements[0] <== book.hash;
    component rHash = HashList(tagR(), 1);
    rHash.elements[0] <== book.hash;
    alpha <== alphaHash.hash;
    r <== rHash.hash;
    beta <== weighted.hash;

    component challenges = HashList(tagChallenges(), 3);
    challenges.elements[0] <== alpha;
    challenges.elements[1] <== r;
    challenges.elements[2] <== beta;
    hash <== challenges.hash;
}
