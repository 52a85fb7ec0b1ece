pragma circom 2.2.3;

include "../arithmetic/non-zero.circom";
include "../arithmetic/signed-quantity.circom";
include "../arithmetic/strictly-increasing.circom";
include "../commitment/account-leaf.circom";

/*
 * An account's slots, well formed, and its commitment.
 *
 * The ranges are shown here too: an account's commitment on chain has passed through no batch.
 *
 * @param  K          slots
 * @input  key, salt  of the leaf
 * @input  index, quantity  slots in order
 * @input  used       of each slot
 * @output leaf       commitment
 * @output magnitude  |q| of each slot
 * **Ensures** 0 <= k_1 < ... < k_K < 2^16, -2^64 <= q < 2^64, used is 1 where q is not 0 and 0 elsewhere
 * **Cost**    1,050 constraints at K = 8
 */
template AccountSlots(K) {
    signal input key;
    signal input salt;
    signal input index[K];
    signal input quantity[K];
    signal input used[K];
    signal output leaf;
    signal output magnitude[K];

    component increasing = StrictlyIncreasing(K, 16);
    component signed[K];
    component holds[K];
    component commitment = AccountLeaf(K);
    increasing.least <== 0;
    increasing.index <== index;
    commitment.key <== key;
    commitment.salt <== salt;
    commitment.index <== index;
    for (var slot = 0; slot < K; slot++) {
        signed[slot] = SignedQuantity();
        signed[slot].quantity <== quantity[slot];
        commitment.offset[slot] <== signed[slot].offset;
        magnitude[slot] <== signed[slot].magnitude;
        holds[slot] = NonZero();
        holds[slot].in <== quantity[slot];
        holds[slot].flag <== used[slot];
    }
    leaf <== commitment.leaf;
}
