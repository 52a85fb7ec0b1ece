pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/*
 * What a row's kind means for the book.
 *
 * @input  kind        0 none, 1 cash, 2 spot, 3 entry, 4 perpetual, 5 future, 6 option
 * @output listed      1 when the row stands for something
 * @output settlement  1 for cash and spot: deposits and loans are published
 * @output matched     1 for entry, perpetual, future and option: quantities net to zero over all accounts
 * **Ensures** 0 <= kind <= 6
 * **Cost**    6 constraints
 */
template RowKind() {
    signal input kind;
    signal output listed;
    signal output settlement;
    signal output matched;

    component bits = Num2Bits(3);
    bits.in <== kind;
    signal three <== bits.out[0] * bits.out[1];
    // Seven is no kind.
    three * bits.out[2] === 0;
    settlement <== (bits.out[0] + bits.out[1] - 2 * three) * (1 - bits.out[2]);
    matched <== bits.out[2] + three;
    listed <== settlement + matched;
}
