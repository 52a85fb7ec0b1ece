pragma circom 2.2.3;

include "../arithmetic/signed-excess.circom";
include "../arithmetic/signed-quantity.circom";
include "../arithmetic/strictly-increasing.circom";
include "../commitment/account-leaf.circom";
include "../lookup/slot-fractions.circom";

/*
 * One account of a batch: well formed, committed, with claimed excesses in range.
 *
 * That the excesses are the true ones is not shown here but by `solvency-close`, for all accounts at once.
 *
 * @param  K, S, W, INDEX_BITS  slots, scenarios, bits of an excess, bits of an index
 * @input  key, salt            of the leaf
 * @input  index, quantity      slots; unused ones have quantity 0 and the next free indices
 * @input  excess               E_0..E_S, value units
 * @input  beta, rPower         challenges: beta and r^0..r^S
 * @output leaf                 commitment
 * @output offset               E_s + 2^(W-1)
 * @output unhealthy            1 when some E_s < 0
 * @output shortfall            max(0, -E_0)
 * @output net, gross           sums of q/(beta-k) and |q|/(beta-k)
 * @output combined             sum_s r^s E_s
 * **Cost** 1,853 constraints at K = 8, S = 8, W = 84, INDEX_BITS = 6
 */
template AccountClaim(K, S, W, INDEX_BITS) {
    signal input key;
    signal input salt;
    signal input index[K];
    signal input quantity[K];
    signal input excess[S + 1];
    signal input beta;
    signal input rPower[S + 1];
    signal output leaf;
    signal output offset[S + 1];
    signal output unhealthy;
    signal output shortfall;
    signal output net;
    signal output gross;
    signal output combined;

    // 1. Well formed: indices strictly increase below 2^INDEX_BITS, quantities have 65 bits.
    component increasing = StrictlyIncreasing(K, INDEX_BITS);
    component signed[K];
    component commitment = AccountLeaf(K);
    component fractions = SlotFractions(K);
    for (var slot = 0; slot < K; slot++) {
        increasing.index[slot] <== index[slot];
        signed[slot] = SignedQuantity();
        signed[slot].quantity <== quantity[slot];
        commitment.index[slot] <== index[slot];
        commitment.offset[slot] <== signed[slot].offset;
        fractions.index[slot] <== index[slot];
        fractions.quantity[slot] <== quantity[slot];
        fractions.magnitude[slot] <== signed[slot].magnitude;
    }

    // 2. Committed.
    commitment.key <== key;
    commitment.salt <== salt;
    leaf <== commitment.leaf;

    // 3. Look-up: this account's share of the running sums.
    fractions.beta <== beta;
    net <== fractions.net;
    gross <== fractions.gross;

    // 4. Excesses: in range, healthy only when none is negative.
    component claim[S + 1];
    signal healthySoFar[S + 1];
    signal weighted[S + 1];
    var sum = 0;
    for (var s = 0; s <= S; s++) {
        claim[s] = SignedExcess(W);
        claim[s].excess <== excess[s];
        offset[s] <== claim[s].offset;
        if (s == 0) {
            healthySoFar[s] <== claim[s].nonNegative;
        } else {
            healthySoFar[s] <== healthySoFar[s - 1] * claim[s].nonNegative;
        }
        weighted[s] <== excess[s] * rPower[s];
        sum += weighted[s];
    }
    unhealthy <== 1 - healthySoFar[S];
    shortfall <== (claim[0].nonNegative - 1) * excess[0];
    combined <== sum;
}
