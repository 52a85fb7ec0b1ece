pragma circom 2.2.3;

include "../arithmetic/range-check.circom";

/*
 * A trade's price lies in a band around the mark:
 * |payment payMark - quantity mark| 10^6 <= band quantity (mark + charge) + 10^6 payMark.
 *
 * The charge stands in it because an option far out of the money has no mark to speak of; the last term is one quantum of rounding.
 * Both sides lie below 2^137.
 *
 * @input  wanted    1 or 0
 * @input  band      ppm, below 2^24
 * @input  quantity, payment   below 2^64
 * @input  mark, charge        of a quantum of what is traded: signed below 2^47 in size, and its short charge
 * @input  payMark   of a quantum of what is paid, 0 < payMark < 2^48
 * **Ensures** the price lies in the band, where wanted
 * **Cost**    282 constraints
 */
template PriceBand() {
    signal input wanted;
    signal input band;
    signal input quantity;
    signal input payment;
    signal input mark;
    signal input charge;
    signal input payMark;

    signal price <== payment * payMark;
    signal worth <== quantity * mark;
    signal share <== band * quantity;
    signal slack <== share * (mark + charge);
    var room = slack + 1000000 * payMark;
    var off = 1000000 * (price - worth);
    component notAbove = RangeCheck(138);
    notAbove.in <== wanted * (room - off);
    component notBelow = RangeCheck(138);
    notBelow.in <== wanted * (room + off);
}
