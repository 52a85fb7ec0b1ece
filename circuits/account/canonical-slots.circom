pragma circom 2.2.3;

include "../arithmetic/non-zero.circom";

/*
 * Slots that nothing needs come last and have the indices that follow, 0 and up if none is needed.
 *
 * So who changes an account without its owner hides nothing from the owner in indices that mean nothing.
 *
 * @param  K       slots
 * @input  index   of each slot
 * @input  reasons why a slot is needed, counted
 * @input  needed  1 where there is any, else 0
 * **Ensures** the above
 * **Cost**    5 K constraints
 */
template CanonicalSlots(K) {
    signal input index[K];
    signal input reasons[K];
    signal input needed[K];

    component any[K];
    for (var slot = 0; slot < K; slot++) {
        any[slot] = NonZero();
        any[slot].in <== reasons[slot];
        any[slot].flag <== needed[slot];
        if (slot == 0) {
            (1 - needed[slot]) * index[slot] === 0;
        } else {
            (1 - needed[slot]) * (index[slot] - index[slot - 1] - 1) === 0;
            (1 - needed[slot - 1]) * needed[slot] === 0;
        }
    }
}
