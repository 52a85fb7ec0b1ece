pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "../arithmetic/signed-excess.circom";
include "../arithmetic/signed-quantity.circom";
include "../arithmetic/strictly-increasing.circom";
include "../commitment/account-leaf.circom";
include "../lookup/slot-fractions.circom";
include "../lookup/tiered-slots.circom";

/*
 * One account of a batch: well formed, committed, with claimed excesses and headrooms in range.
 *
 * That they are the true ones is not shown here but by `solvency-close`, for all accounts at once.
 *
 * @param  K, T, S, W, INDEX_BITS  slots, tiered slots, scenarios, bits of an excess, bits of an index
 * @input  key, salt            of the leaf
 * @input  index, quantity      slots; unused ones have quantity 0 and the next free indices outside the tiered region
 * @input  headroom             cap - |q| of the first T slots
 * @input  excess               E_0..E_S, value units
 * @input  beta, rPower         challenges: beta and r^0..r^max(S, T-1)
 * @input  tieredRows           rows of the tiered region, below 2^16
 * @output leaf                 commitment
 * @output offset               E_s + 2^(W-1)
 * @output unhealthy            1 when some E_s < 0
 * @output shortfall            max(0, -E_0)
 * @output net, gross           sums of q/(beta-k) and |q|/(beta-k)
 * @output combined             sum_s r^s E_s
 * @output placed, filled       sums of r^j/(beta-k) and r^j (|q| + h) over the tiered slots
 * **Cost** 2,600 constraints at K = 8, T = 0, S = 16, W = 84, INDEX_BITS = 11
 */
template AccountClaim(K, T, S, W, INDEX_BITS) {
    assert(T <= K);
    var POWERS = S + 1 > T ? S + 1 : T;
    signal input key;
    signal input salt;
    signal input index[K];
    signal input quantity[K];
    signal input headroom[T];
    signal input excess[S + 1];
    signal input beta;
    signal input rPower[POWERS];
    signal input tieredRows;
    signal output leaf;
    signal output offset[S + 1];
    signal output unhealthy;
    signal output shortfall;
    signal output net;
    signal output gross;
    signal output combined;
    signal output placed;
    signal output filled;

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

    // 2. No row of the tiered region outside the first T slots: unused slots cannot push one out of sight.
    if (T == 0) {
        increasing.least <== tieredRows;
    } else {
        increasing.least <== 0;
    }
    component outside;
    if (T > 0 && T < K) {
        outside = RangeCheck(INDEX_BITS);
        outside.in <== index[T] - tieredRows;
    }

    // 3. Committed.
    commitment.key <== key;
    commitment.salt <== salt;
    leaf <== commitment.leaf;

    // 4. Look-up: this account's share of the running sums.
    fractions.beta <== beta;
    net <== fractions.net;
    gross <== fractions.gross;
    component tiers;
    if (T > 0) {
        tiers = TieredSlots(T);
        tiers.beta <== beta;
        for (var slot = 0; slot < T; slot++) {
            tiers.index[slot] <== index[slot];
            tiers.magnitude[slot] <== signed[slot].magnitude;
            tiers.headroom[slot] <== headroom[slot];
            tiers.rPower[slot] <== rPower[slot];
        }
        placed <== tiers.placed;
        filled <== tiers.filled;
    } else {
        placed <== 0;
        filled <== 0;
    }

    // 5. Excesses: in range, healthy only when none is negative.
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
