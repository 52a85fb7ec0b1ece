pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "../lookup/inverse.circom";

/*
 * What an `account-margin` proof says, from its packed word: healthy + 2 held + 4 withdraws + 8 unmargined + 16 payload +
 * 2^84 watched + 2^96 context, where the payload is row + amount * 2^16.
 *
 * @input  terms                                           the word
 * @input  healthy, held, withdraws, unmargined, watched   its bits
 * @input  row, amount, context                            its numbers
 * @output owned    1 when the prover knows the account's secret: healthy and not watched, or held
 * @output scope    of the nullifiers: 0 of a withdrawal, else the payload
 * **Ensures** flags are 0 or 1 and not both healthy and held, row < 2^16, amount < 2^64, context < 2^128, so that a word has one reading;
 *             a withdrawal is of a healthy account and of an amount other than 0; only a healthy account is watched; without the
 *             owner the payload is 0, so that nothing is withdrawn either
 * **Cost**    220 constraints
 */
template AccountTerms() {
    signal input terms;
    signal input healthy;
    signal input held;
    signal input withdraws;
    signal input unmargined;
    signal input watched;
    signal input row;
    signal input amount;
    signal input context;
    signal output owned;
    signal output scope;

    // 1. One reading: 224 bits in all, below p.
    healthy * (1 - healthy) === 0;
    held * (1 - held) === 0;
    withdraws * (1 - withdraws) === 0;
    unmargined * (1 - unmargined) === 0;
    watched * (1 - watched) === 0;
    component rowRange = RangeCheck(16);
    rowRange.in <== row;
    component amountRange = RangeCheck(64);
    amountRange.in <== amount;
    component contextRange = RangeCheck(128);
    contextRange.in <== context;
    signal payload <== row + amount * (1 << 16);
    terms === healthy + 2 * held + 4 * withdraws + 8 * unmargined + 16 * payload + (1 << 84) * watched + (1 << 96) * context;

    // 2. One verdict: healthy, held, or neither, which says that the account is not healthy. Two of them take no secret.
    healthy * held === 0;
    watched * (1 - healthy) === 0;
    owned <== healthy + held - watched;
    (1 - owned) * payload === 0;

    // 3. A withdrawal.
    withdraws * (1 - healthy) === 0;
    signal withdrawn <== withdraws * amount;
    component notZero = Inverse();
    notZero.in <== withdrawn + 1 - withdraws;
    scope <== (1 - withdraws) * payload;
}
