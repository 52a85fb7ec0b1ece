pragma circom 2.2.3;

include "../arithmetic/word-fields.circom";

/*
 * What an `account-transition` says, from its packed word: kind + 4 seller + 8 owned + 16 reducing + 32 unmargined + 64 opens
 * + 2^8 period + 2^40 band + 2^64 first + 2^128 second + 2^192 expiry. Kinds: 0 collateral, 1 trade, 2 expiry, 3 funding.
 *
 * @input  terms       the word
 * @output collateral, trade, expires, funds   1 at the kind, 0 elsewhere
 * @output sells       1 for the seller's side of a trade; 0 of every other kind
 * @output owned, reducing, unmargined, opens
 * @output period      of the new account, 32 bits
 * @output band        ppm, 24 bits
 * @output first       handle of a trade's buyer, or pay row of funding; 64 bits
 * @output second      handle of a trade's seller, or period before of funding; 64 bits
 * @output parties     first + second * 2^64 + expiry * 2^128
 * **Ensures** the word has one reading; only trades reduce, only collateral opens; without the owner nothing is opened,
 *             and a trade only reduces
 * **Cost**    240 constraints
 */
template TransitionTerms() {
    signal input terms;
    signal output collateral;
    signal output trade;
    signal output expires;
    signal output funds;
    signal output sells;
    signal output owned;
    signal output reducing;
    signal output unmargined;
    signal output opens;
    signal output period;
    signal output band;
    signal output first;
    signal output second;
    signal output parties;

    // 1. One reading: 232 bits in all, below p; one of them is not used.
    component word = WordFields(13, [1, 1, 1, 1, 1, 1, 1, 1, 32, 24, 64, 64, 40]);
    word.word <== terms;
    word.field[7] === 0;
    funds <== word.field[0] * word.field[1];
    trade <== word.field[0] - funds;
    expires <== word.field[1] - funds;
    collateral <== 1 - word.field[0] - expires;
    sells <== trade * word.field[2];
    owned <== word.field[3];
    reducing <== word.field[4];
    unmargined <== word.field[5];
    opens <== word.field[6];
    period <== word.field[8];
    band <== word.field[9];
    first <== word.field[10];
    second <== word.field[11];
    parties <== first + second * (1 << 64) + word.field[12] * (1 << 128);

    // 2. Who may say what.
    reducing * (1 - trade) === 0;
    opens * (1 - collateral) === 0;
    (1 - owned) * (opens + trade - reducing) === 0;
}
