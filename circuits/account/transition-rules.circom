pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "../lookup/inverse.circom";
include "../market/row-class.circom";
include "./price-band.circom";

/*
 * What a transition may do to the two rows that it pays in and out of.
 *
 * An account is split greedily, so the first tier has the sign of all that is held of an instrument, and is 0 only if nothing is.
 *
 * @input  collateral, trade, expires   1 at the kind, 0 elsewhere
 * @input  sells, owned
 * @input  paysIn     1 at collateral without the owner, 0 elsewhere
 * @input  band       ppm
 * @input  amount     of the two postings; 0 outside collateral and trades
 * @input  held       of an expiring instrument; 0 in other kinds
 * @input  named      of the two postings: whether they name a row
 * @input  group, kind, mark, shortCharge   of the named rows; 0 of none
 * @input  after, magnitude                 q' and |q'| of the named slots, first tiers
 * **Requires** the new account is split greedily; kinds are 0 to 6; nothing is posted without a named row
 * **Ensures**
 *   collateral  rows are cash or spot; the row that pays is not left in debt; without the owner something comes in and nothing goes out
 *   trade       0 < quantity; both rows are named, of different instruments; the pay row is cash, spot or entry and has a mark;
 *               the price lies in the band; owned: a cash or spot row that pays is not left in debt; not owned: what is traded
 *               moves towards zero and not beyond
 *   expiry      something was held, and nothing is afterwards
 * **Cost**    360 constraints
 */
template TransitionRules() {
    signal input collateral;
    signal input trade;
    signal input expires;
    signal input sells;
    signal input owned;
    signal input paysIn;
    signal input band;
    signal input amount[2];
    signal input held;
    signal input named[2];
    signal input group[2];
    signal input kind[2];
    signal input mark[2];
    signal input shortCharge[2];
    signal input after[2];
    signal input magnitude[2];

    // 1. Kinds of rows: 1 cash, 2 spot, 3 entry.
    signal unpayable[2];
    signal moved[2];
    for (var l = 0; l < 2; l++) {
        unpayable[l] <== (kind[l] - 1) * (kind[l] - 2);
        moved[l] <== collateral * named[l];
        moved[l] * unpayable[l] === 0;
    }
    signal strange <== unpayable[1] * (kind[1] - 3);
    trade * strange === 0;

    // 2. A trade is of two instruments, and there is something to trade, as there is something that expires or is paid in without the owner. So both rows
    // of a trade are named: the pay row for its kind, as 0 is none of those above, the other because no slot would take what is posted.
    signal apart <== trade * (group[0] - group[1]);
    component differs = Inverse();
    differs.in <== apart + 1 - trade;
    signal moving <== (trade + paysIn) * amount[0];
    component something = Inverse();
    something.in <== moving + held + 1 - trade - paysIn - expires;
    expires * after[0] === 0;

    // 3. The price. A row without a mark would take any payment.
    component valued = RangeCheck(47);
    valued.in <== trade * (mark[1] - 1);
    component price = PriceBand();
    price.wanted <== trade;
    price.band <== band;
    price.quantity <== amount[0];
    price.payment <== amount[1];
    price.mark <== mark[0];
    price.charge <== shortCharge[0];
    price.payMark <== mark[1];

    // 4. Nothing is lent to an owner: of the row that pays, which is the seller's first and else the second, no debt is left, if it pays anything.
    component payer = RowClass(0);
    payer.class <== kind[1] + sells * (kind[0] - kind[1]);
    signal short[2];
    for (var l = 0; l < 2; l++) {
        short[l] <== magnitude[l] - after[l];
    }
    signal paid <== amount[1] + sells * (amount[0] - amount[1]);
    signal debt <== short[1] + sells * (short[0] - short[1]);
    signal asked <== collateral + trade * owned;
    signal lent <== payer.settlement * debt;
    signal borrowed <== asked * lent;
    borrowed * paid === 0;

    // 5. Without the owner: what is sold is still held or gone, what is bought still owed or gone, and where something is paid in nothing goes out.
    signal crossed <== magnitude[0] + (1 - 2 * sells) * after[0];
    signal taken <== trade * (1 - owned);
    taken * crossed === 0;
    paysIn * amount[1] === 0;
}
