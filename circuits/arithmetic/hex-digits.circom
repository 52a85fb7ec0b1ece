pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "./one-hot.circom";

/*
 * The digits of a place in a 16-ary tree, each as a selector.
 *
 * @param  COUNT     digits, at most 16
 * @input  number
 * @output selected  of each digit, lowest first, 1 at its value and 0 elsewhere
 * **Ensures** 0 <= number < 16^COUNT
 * **Cost**    18 constraints a digit
 */
template HexDigits(COUNT) {
    assert(COUNT >= 1 && COUNT <= 16);
    signal input number;
    signal output selected[COUNT][16];

    component bits = Num2Bits(4 * COUNT);
    bits.in <== number;
    component digit[COUNT];
    for (var i = 0; i < COUNT; i++) {
        digit[i] = OneHot(4);
        for (var bit = 0; bit < 4; bit++) {
            digit[i].bits[bit] <== bits.out[4 * i + bit];
        }
        selected[i] <== digit[i].selected;
    }
}
