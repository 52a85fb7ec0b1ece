pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/*
 * Takes a word apart: FIELDS numbers of BITS bits, the first lowest, then FLAGS single bits.
 *
 * @param  FIELDS, BITS, FLAGS  FIELDS * BITS + FLAGS at most 252, so that no word has two readings
 * @input  word
 * @output field  the numbers
 * @output flag   the bits above them
 * **Ensures** 0 <= field < 2^BITS, flag is 0 or 1, 0 <= word < 2^(FIELDS * BITS + FLAGS)
 * **Cost**    FIELDS * BITS + FLAGS
 */
template BitFields(FIELDS, BITS, FLAGS) {
    assert(FIELDS * BITS + FLAGS >= 1 && FIELDS * BITS + FLAGS <= 252);
    signal input word;
    signal output field[FIELDS];
    signal output flag[FLAGS];

    component bits = Num2Bits(FIELDS * BITS + FLAGS);
    bits.in <== word;
    for (var i = 0; i < FIELDS; i++) {
        var value = 0;
        for (var bit = 0; bit < BITS; bit++) {
            value += bits.out[BITS * i + bit] * (1 << bit);
        }
        field[i] <== value;
    }
    for (var i = 0; i < FLAGS; i++) {
        flag[i] <== bits.out[FIELDS * BITS + i];
    }
}
