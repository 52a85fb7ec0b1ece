pragma circom 2.2.3;

/*
 * Every instrument gains what is posted to it, however it is split over its tiers before and after.
 *
 * What is not yet explained is carried from slot to slot, which it may be only within a group: slots of one group follow each
 * other, as rows of tiers do and indices rise. A slot that holds nothing has any row; it passes on what it is handed within a
 * group, or ends the run.
 *
 * @param  K             slots
 * @input  before, after quantities
 * @input  posted        to each slot
 * @input  group         of each slot's row
 * **Requires** quantities and postings are integers far below p
 * **Ensures**  the changes of a group's slots sum to what is posted to them
 * **Cost**     K constraints
 */
template GroupSums(K) {
    signal input before[K];
    signal input after[K];
    signal input posted[K];
    signal input group[K];

    signal carry[K];
    for (var slot = 0; slot < K; slot++) {
        if (slot == 0) {
            carry[slot] <== after[slot] - before[slot] - posted[slot];
        } else {
            carry[slot - 1] * (group[slot] - group[slot - 1]) === 0;
            carry[slot] <== carry[slot - 1] + after[slot] - before[slot] - posted[slot];
        }
    }
    carry[K - 1] === 0;
}
