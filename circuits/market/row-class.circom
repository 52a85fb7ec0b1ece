pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/*
 * What a row's class says: kind + 8 * continues + 16 * tiered. Kinds: 0 none, 1 cash, 2 spot, 3 entry, 4 perpetual,
 * 5 future, 6 option.
 *
 * @param  TIERS       1 where a row may continue a group or lie in the tiered region, else 0 and the class is the kind
 * @input  class
 * @output kind        0 to 6
 * @output listed      1 when the row stands for something
 * @output settlement  1 for cash and spot: deposits and loans are published
 * @output matched     1 for entry, perpetual, future and option: quantities of the group net to zero over all accounts
 * @output continues   1 when the row is a further tier of the row before it
 * @output tiered      1 when the row lies in the tiered region
 * **Ensures** 0 <= kind <= 6, and the other outputs are 0 or 1
 * **Cost**    6 constraints, 8 with tiers
 */
template RowClass(TIERS) {
    signal input class;
    signal output kind;
    signal output listed;
    signal output settlement;
    signal output matched;
    signal output continues;
    signal output tiered;

    component bits = Num2Bits(3 + 2 * TIERS);
    bits.in <== class;
    kind <== bits.out[0] + 2 * bits.out[1] + 4 * bits.out[2];
    signal three <== bits.out[0] * bits.out[1];
    // Seven is no kind.
    three * bits.out[2] === 0;
    settlement <== (bits.out[0] + bits.out[1] - 2 * three) * (1 - bits.out[2]);
    matched <== bits.out[2] + three;
    listed <== settlement + matched;
    if (TIERS == 1) {
        continues <== bits.out[3];
        tiered <== bits.out[4];
    } else {
        continues <== 0;
        tiered <== 0;
    }
}
