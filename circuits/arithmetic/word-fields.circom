pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/* Sum of the first COUNT widths. */
function bitsBefore(COUNT, WIDTHS) {
    var bits = 0;
    for (var i = 0; i < COUNT; i++) { bits += WIDTHS[i]; }
    return bits;
}

/*
 * Takes a word apart into numbers of different widths, the first lowest.
 *
 * @param  FIELDS   numbers
 * @param  WIDTHS   bits of each, 252 in all at most, so that no word has two readings
 * @input  word
 * @output field    the numbers
 * **Ensures** 0 <= field[i] < 2^WIDTHS[i], and the word is their sum, each at the place where those before it end
 * **Cost**    one constraint a bit
 */
template WordFields(FIELDS, WIDTHS) {
    var BITS = bitsBefore(FIELDS, WIDTHS);
    assert(BITS >= 1 && BITS <= 252);
    signal input word;
    signal output field[FIELDS];

    component bits = Num2Bits(BITS);
    bits.in <== word;
    for (var i = 0; i < FIELDS; i++) {
        var place = bitsBefore(i, WIDTHS);
        var value = 0;
        for (var bit = 0; bit < WIDTHS[i]; bit++) {
            value += bits.out[place + bit] * (1 << bit);
        }
        field[i] <== value;
    }
}
