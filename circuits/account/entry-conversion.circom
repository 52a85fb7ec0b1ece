pragma circom 2.2.3;

/*
 * What a trade must be that is exempt from the test of risk: an entry against cash, without the owner.
 *
 * Without the owner a trade says that it only reduces risk, so that `reducing - converts` is a bit.
 *
 * @input  converts   1 where the test is not made
 * @input  trade, owned
 * @input  kind       of the row and of the pay row; 0 of none
 * **Requires** trade and owned are bits; kinds are 0 to 6; the account has nothing above 0 afterwards
 * **Ensures**  converts is a bit; 1 only of a trade without the owner whose row is an entry and whose pay row is cash
 * **Cost**    4 constraints
 */
template EntryConversion() {
    signal input converts;
    signal input trade;
    signal input owned;
    signal input kind[2];

    signal taken <== trade * (1 - owned);
    converts * (1 - converts) === 0;
    converts * (1 - taken) === 0;
    // Kinds of rows: 1 cash, 3 entry.
    converts * (kind[0] - 3) === 0;
    converts * (kind[1] - 1) === 0;
}
