pragma circom 2.2.3;

/*
 * A holding is split over the tiers of its instrument from the lowest up, where `wanted` is 1.
 *
 * Higher tiers are charged more, so an account that is split otherwise can look worse than it is: it must not be shown
 * unhealthy by it. Rows of tiers follow each other and indices rise, so the tier below stands in the slot before.
 *
 * @param  K            slots
 * @input  wanted       1 or 0
 * @input  index, quantity, magnitude, used  of each slot
 * @input  predecessor  index of the tier below and 1, or 0
 * @input  cap          of each slot's row
 * **Requires** used is 1 where quantity is not 0, else 0; no more than the cap is held in a row
 * **Ensures**  with 1: a used slot of a row with a tier below follows a slot of that tier with the same sign that is full to its cap
 * **Cost**     7 constraints a slot
 */
template GreedySplit(K) {
    signal input wanted;
    signal input index[K];
    signal input quantity[K];
    signal input magnitude[K];
    signal input used[K];
    signal input predecessor[K];
    signal input cap[K];

    signal judged[K];
    signal further[K];
    signal here[K];
    signal below[K];
    for (var slot = 0; slot < K; slot++) {
        judged[slot] <== wanted * used[slot];
        // Not 0 where the rule applies.
        further[slot] <== judged[slot] * predecessor[slot];
        if (slot == 0) {
            further[slot] === 0;
            here[slot] <== 0;
            below[slot] <== 0;
        } else {
            further[slot] * (index[slot - 1] - predecessor[slot] + 1) === 0;
            further[slot] * (1 - used[slot - 1]) === 0;
            further[slot] * (magnitude[slot - 1] - cap[slot - 1]) === 0;
            // q m' = m q': both signs are the same, as neither is 0.
            here[slot] <== quantity[slot] * magnitude[slot - 1];
            below[slot] <== magnitude[slot] * quantity[slot - 1];
            further[slot] * (here[slot] - below[slot]) === 0;
        }
    }
}
