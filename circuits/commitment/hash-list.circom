pragma circom 2.2.3;

include "./absorb.circom";

/*
 * Tagged hash of a list of fixed length: the tag absorbs it, 14 elements a call.
 *
 * @param  TAG       fixes LENGTH (see tags.circom)
 * @param  LENGTH    number of elements, at least 1
 * @input  elements  the list
 * @output hash      its hash
 * **Cost** about 41 constraints an element of a long list
 */
template HashList(TAG, LENGTH) {
    signal input elements[LENGTH];
    signal output hash;

    component absorb = Absorb(LENGTH);
    absorb.state <== TAG;
    absorb.elements <== elements;
    hash <== absorb.next;
}
