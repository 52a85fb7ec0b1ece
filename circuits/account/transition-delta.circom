pragma circom 2.2.3;

include "../arithmetic/word-fields.circom";

/*
 * What a transition changes, from its packed word, which is the public delta or the amounts below a trade commitment:
 *
 *   collateral  inRow + inAmount * 2^16 + outRow * 2^80 + outAmount * 2^96
 *   trade       row + payRow * 2^16 + quantity * 2^32 + payment * 2^96
 *   expiry      row + payRow * 2^16 + deliverRow * 2^32 + (value + 2^48) * 2^48 + unit * 2^97 + (deliver + 2^32) * 2^145
 *   funding     three of group + (rate + 2^63) * 2^16, 80 bits each
 *
 * @input  word
 * @input  collateral, trade, expires, funds   1 at the kind, 0 elsewhere
 * @input  fundingRow  pay row of funding, which stands in the terms
 * @output row         named by each of three postings; 0 or anything where the kind has none
 * @output amount      of the first two postings in collateral and trades, each below 2^64; 0 in other kinds
 * @output value, unit, deliver   of expiry, below 2^48 and 2^32 in size; 0 in other kinds
 * @output group, rate            of funding, rates below 2^63 in size; 0 in other kinds
 * **Ensures** nothing stands above the parts of the kind, so that the word has one reading
 * **Cost**    260 constraints
 */
template TransitionDelta() {
    signal input word;
    signal input collateral;
    signal input trade;
    signal input expires;
    signal input funds;
    signal input fundingRow;
    signal output row[3];
    signal output amount[2];
    signal output value;
    signal output unit;
    signal output deliver;
    signal output group[3];
    signal output rate[3];

    // The cuts of all four kinds: at 16, 32, 48, 80, 96, 97, 145, 160, 176 and 178 bits.
    component parts = WordFields(11, [16, 16, 16, 32, 16, 1, 48, 15, 16, 2, 62]);
    parts.word <== word;
    var from16to80 = parts.field[1] + parts.field[2] * (1 << 16) + parts.field[3] * (1 << 32);
    var from32to96 = parts.field[2] + parts.field[3] * (1 << 16) + parts.field[4] * (1 << 48);
    var from48to97 = parts.field[3] + parts.field[4] * (1 << 32) + parts.field[5] * (1 << 48);
    var from96to160 = parts.field[5] + parts.field[6] * (1 << 1) + parts.field[7] * (1 << 49);
    var from145to178 = parts.field[7] + parts.field[8] * (1 << 15) + parts.field[9] * (1 << 31);
    var from176to240 = parts.field[9] + parts.field[10] * (1 << 2);

    // 1. Rows.
    signal outRow <== collateral * parts.field[4];
    signal payRow <== (trade + expires) * parts.field[1];
    signal paidRow <== funds * fundingRow;
    row[0] <== parts.field[0];
    row[1] <== outRow + payRow + paidRow;
    row[2] <== parts.field[2];

    // 2. Amounts of collateral and trades.
    signal inAmount <== collateral * from16to80;
    signal quantity <== trade * from32to96;
    amount[0] <== inAmount + quantity;
    amount[1] <== (collateral + trade) * from96to160;
    (collateral + trade) * (parts.field[8] + from176to240 * (1 << 16)) === 0;

    // 3. Expiry.
    value <== expires * (from48to97 - (1 << 48));
    unit <== expires * parts.field[6];
    deliver <== expires * (from145to178 - (1 << 32));
    expires * parts.field[10] === 0;

    // 4. Funding.
    group[0] <== funds * parts.field[0];
    group[1] <== funds * parts.field[4];
    group[2] <== funds * parts.field[8];
    rate[0] <== funds * (from16to80 - (1 << 63));
    rate[1] <== funds * (from96to160 - (1 << 63));
    rate[2] <== funds * (from176to240 - (1 << 63));
}
