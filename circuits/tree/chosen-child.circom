pragma circom 2.2.3;

/*
 * The child of a node that a selector names.
 *
 * @input  selected  1 at one place, 0 elsewhere
 * @input  children
 * @output child
 * **Cost** 16 constraints
 */
template ChosenChild() {
    signal input selected[16];
    signal input children[16];
    signal output child;

    signal part[16];
    var sum = 0;
    for (var i = 0; i < 16; i++) {
        part[i] <== selected[i] * children[i];
        sum += part[i];
    }
    child <== sum;
}
