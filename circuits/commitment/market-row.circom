pragma circom 2.2.3;

include "./hash-list.circom";
include "./row-leaf.circom";
include "./tags.circom";

/*
 * A listed row as a leaf of the rows tree: H(tag(S), detail, kind, mark, charges, pnl), where the detail holds what the
 * row is and what its values follow from.
 *
 * @param  S            scenarios
 * @input  group, predecessor             counted by the caller: numbers of groups before, own index of a further tier, else 0
 * @input  instrument   digest of the text that says what the row is
 * @input  cap          quanta; 0 where uncapped
 * @input  activationEpoch
 * @input  price, volatility, multiplier, rates, strike   what values follow from
 * @input  kind, mark, longCharge, shortCharge, pnl
 * @output hash
 * **Cost** about 1,450 constraints at S = 16
 */
template MarketRow(S) {
    signal input group;
    signal input predecessor;
    signal input instrument;
    signal input cap;
    signal input activationEpoch;
    signal input price;
    signal input volatility;
    signal input multiplier;
    signal input rates;
    signal input strike;
    signal input kind;
    signal input mark;
    signal input longCharge;
    signal input shortCharge;
    signal input pnl[S];
    signal output hash;

    component detail = HashList(tagRowDetail(), 10);
    detail.elements <== [group, predecessor, instrument, cap, activationEpoch, price, volatility, multiplier, rates, strike];

    component row = RowLeaf(S);
    row.detail <== detail.hash;
    row.kind <== kind;
    row.mark <== mark;
    row.longCharge <== longCharge;
    row.shortCharge <== shortCharge;
    row.pnl <== pnl;
    hash <== row.hash;
}
