pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "../arithmetic/non-zero.circom";
include "../commitment/account-key.circom";
include "../commitment/cleared-salt.circom";
include "../commitment/derived-nonce.circom";
include "../commitment/market-commitment.circom";
include "../commitment/market-row.circom";
include "../commitment/trade-commitment.circom";
include "../commitment/transition-frame.circom";
include "../lookup/inverse.circom";
include "../tree/row-opening.circom";
include "./account-slots.circom";
include "./canonical-slots.circom";
include "./entry-conversion.circom";
include "./greedy-split.circom";
include "./group-sums.circom";
include "./matched-slots.circom";
include "./named-slot.circom";
include "./row-caps.circom";
include "./slot-value.circom";
include "./transition-delta.circom";
include "./transition-margin.circom";
include "./transition-postings.circom";
include "./transition-rules.circom";
include "./transition-terms.circom";

/*
 * A cleared account becomes another one by a deposit, a withdrawal, one side of a trade, an expiry or a funding payment.
 * Statement: docs/decisions/0009-clearing-house.md.
 *
 * It knows no table but opens the rows of the new account's slots. A slot that nothing needs opens any row: nothing is held of it.
 *
 * @param K  slots, those of both leaves
 * @param S  scenarios of the market table
 *
 * **Requires** an accepted table, which lies in range; frame, terms and delta are the contract's own
 * **Cost**     see test/snapshots/constraints.json
 */
template AccountTransition(K, S) {
    assert(K >= 1);
    // Bits of an excess, those of the batches.
    var W = 84;

    // ---- Public ----
    signal input frame;
    signal input oldCommitment;
    signal input newCommitment;
    signal input terms;
    signal input delta;

    // ---- Private: what changes ----
    signal input amounts;
    signal input tradeNonce;
    signal input converts;
    signal input held;
    signal input settled;
    signal input at[3][K];
    signal input worst[S + 1];
    signal input least;

    // ---- Private: what the frame commits to ----
    signal input base;
    signal input circuitId;
    signal input level;
    signal input snapshotTime;
    signal input valueScale;
    signal input listedRows;
    signal input tieredRows;
    signal input instrumentList;
    signal input parameterSet;
    signal input scenarioDigest;
    signal input rowsDigest;
    signal input top[16];

    // ---- Private: the account before and after ----
    signal input secret;
    signal input signer;
    signal input userId;
    signal input subAccount;
    signal input key;
    signal input oldNonce;
    signal input oldPeriod;
    signal input oldIndex[K];
    signal input oldQuantity[K];
    signal input oldUsed[K];
    signal input nonce;
    signal input index[K];
    signal input quantity[K];
    signal input used[K];
    signal input match[K][K];
    signal input needed[K];

    // ---- Private: rows of the slots after ----
    signal input place[K];
    signal input rowChildren[K][2][16];
    signal input group[K];
    signal input predecessor[K];
    signal input instrument[K];
    signal input cap[K];
    signal input activationEpoch[K];
    signal input price[K];
    signal input volatility[K];
    signal input multiplier[K];
    signal input rates[K];
    signal input strike[K];
    signal input capped[K];
    signal input kind[K];
    signal input mark[K];
    signal input longCharge[K];
    signal input shortCharge[K];
    signal input pnl[K][S];
    signal input notPerpetual[K];
    signal input other[K][3];

    // 1. What is said. The delta of a trade is a commitment to its word.
    component said = TransitionTerms();
    said.terms <== terms;
    component change = TransitionDelta();
    change.word <== delta + said.trade * (amounts - delta);
    change.collateral <== said.collateral;
    change.trade <== said.trade;
    change.expires <== said.expires;
    change.funds <== said.funds;
    change.fundingRow <== said.first;

    // 2. Both accounts, and that they are the prover's: not of a transition without the owner, who can open what it leaves.
    component oldSalt = ClearedSalt();
    oldSalt.nonce <== oldNonce;
    oldSalt.period <== oldPeriod;
    component old = AccountSlots(K);
    old.key <== key;
    old.salt <== oldSalt.salt;
    old.index <== oldIndex;
    old.quantity <== oldQuantity;
    old.used <== oldUsed;
    component salt = ClearedSalt();
    salt.nonce <== nonce;
    salt.period <== said.period;
    component new = AccountSlots(K);
    new.key <== key;
    new.salt <== salt.salt;
    new.index <== index;
    new.quantity <== quantity;
    new.used <== used;
    oldCommitment === (1 - said.opens) * old.leaf;
    newCommitment === new.leaf;
    component own = AccountKey();
    own.secret <== secret;
    own.signer <== signer;
    own.userId <== userId;
    own.subAccount <== subAccount;
    said.owned * (key - own.key) === 0;
    component derived = DerivedNonce();
    derived.nonce <== oldNonce;
    derived.delta <== delta;
    (1 - said.owned) * (nonce - derived.derived) === 0;
    var heldSlots = 0;
    for (var slot = 0; slot < K; slot++) {
        heldSlots += oldUsed[slot];
    }
    said.opens * heldSlots === 0;

    // 3. What was held stands in the new slots, and every slot that anything needs has the row of its index.
    component matched = MatchedSlots(K);
    matched.index <== oldIndex;
    matched.quantity <== oldQuantity;
    matched.magnitude <== old.magnitude;
    matched.used <== oldUsed;
    matched.newIndex <== index;
    matched.match <== match;
    component canonical = CanonicalSlots(K);
    canonical.index <== index;
    canonical.needed <== needed;
    component rowsRoot = Poseidon(16);
    rowsRoot.inputs <== top;
    component market = MarketCommitment(S);
    market.level <== level;
    market.snapshotTime <== snapshotTime;
    market.valueScale <== valueScale;
    market.listedRows <== listedRows;
    market.tieredRows <== tieredRows;
    market.instrumentList <== instrumentList;
    market.parameterSet <== parameterSet;
    market.scenarioDigest <== scenarioDigest;
    market.rowsDigest <== rowsDigest;
    market.rowsRoot <== rowsRoot.out;
    component marketRow[K];
    component opening[K];
    for (var slot = 0; slot < K; slot++) {
        canonical.reasons[slot] <== matched.usedAt[slot] + used[slot] + at[0][slot] + at[1][slot] + at[2][slot];
        marketRow[slot] = MarketRow(S);
        marketRow[slot].group <== group[slot];
        marketRow[slot].predecessor <== predecessor[slot];
        marketRow[slot].instrument <== instrument[slot];
        marketRow[slot].cap <== cap[slot];
        marketRow[slot].activationEpoch <== activationEpoch[slot];
        marketRow[slot].price <== price[slot];
        marketRow[slot].volatility <== volatility[slot];
        marketRow[slot].multiplier <== multiplier[slot];
        marketRow[slot].rates <== rates[slot];
        marketRow[slot].strike <== strike[slot];
        marketRow[slot].kind <== kind[slot];
        marketRow[slot].mark <== mark[slot];
        marketRow[slot].longCharge <== longCharge[slot];
        marketRow[slot].shortCharge <== shortCharge[slot];
        marketRow[slot].pnl <== pnl[slot];
        opening[slot] = RowOpening();
        opening[slot].place <== place[slot];
        opening[slot].leaf <== marketRow[slot].hash;
        opening[slot].children <== rowChildren[slot];
        opening[slot].top <== top;
        needed[slot] * (place[slot] - index[slot]) === 0;
    }

    // 4. Every instrument gains what is posted to it, and is split over its tiers from the lowest up, below their caps.
    component posting = TransitionPostings(K);
    posting.collateral <== said.collateral;
    posting.trade <== said.trade;
    posting.expires <== said.expires;
    posting.funds <== said.funds;
    posting.sells <== said.sells;
    posting.amount <== change.amount;
    posting.value <== change.value;
    posting.unit <== change.unit;
    posting.deliver <== change.deliver;
    posting.listed <== change.group;
    posting.rate <== change.rate;
    posting.held <== held;
    posting.settled <== settled;
    posting.before <== matched.quantityAt;
    posting.group <== group;
    posting.other <== other;
    component target[3];
    for (var l = 0; l < 3; l++) {
        target[l] = NamedSlot(K);
        target[l].row <== change.row[l];
        target[l].total <== posting.total[l];
        target[l].at <== at[l];
        target[l].index <== index;
        target[l].predecessor <== predecessor;
    }
    // Of the pay row of a trade the mark is asked for, also where nothing is paid.
    target[0].kept <== 0;
    target[1].kept <== said.trade;
    target[2].kept <== 0;
    component sums = GroupSums(K);
    sums.before <== matched.quantityAt;
    sums.after <== quantity;
    sums.group <== group;
    for (var slot = 0; slot < K; slot++) {
        sums.posted[slot] <== target[0].part[slot] + target[1].part[slot] + target[2].part[slot];
    }
    component split = GreedySplit(K);
    split.wanted <== 1;
    split.index <== index;
    split.quantity <== quantity;
    split.magnitude <== new.magnitude;
    split.used <== used;
    split.predecessor <== predecessor;
    split.cap <== cap;
    component caps = RowCaps(K);
    caps.magnitude <== new.magnitude;
    caps.cap <== cap;
    caps.capped <== capped;

    // 5. What may happen to the rows that are named. What others pay for an account without its owner is a debt, and nothing is left that could be sold.
    signal paysIn <== said.collateral * (1 - said.owned);
    component rules = TransitionRules();
    rules.collateral <== said.collateral;
    rules.trade <== said.trade;
    rules.expires <== said.expires;
    rules.sells <== said.sells;
    rules.owned <== said.owned;
    rules.paysIn <== paysIn;
    rules.band <== said.band;
    rules.amount <== change.amount;
    rules.held <== held;
    component named[2][6];
    for (var l = 0; l < 2; l++) {
        for (var field = 0; field < 6; field++) {
            named[l][field] = SlotValue(K);
            named[l][field].at <== at[l];
        }
        named[l][0].value <== group;
        named[l][1].value <== kind;
        named[l][2].value <== mark;
        named[l][3].value <== shortCharge;
        named[l][4].value <== quantity;
        named[l][5].value <== new.magnitude;
        rules.named[l] <== target[l].named;
        rules.group[l] <== named[l][0].out;
        rules.kind[l] <== named[l][1].out;
        rules.mark[l] <== named[l][2].out;
        rules.shortCharge[l] <== named[l][3].out;
        rules.after[l] <== named[l][4].out;
        rules.magnitude[l] <== named[l][5].out;
    }

    // Where nothing is left that could be sold, an entry that is owed is exchanged for cash that is owed without a test of risk, or it could neither be
    // sold nor paid: entries carry no risk that a discount could be half of. The contract that brings it asks for the price.
    component conversion = EntryConversion();
    conversion.converts <== converts;
    conversion.trade <== said.trade;
    conversion.owned <== said.owned;
    conversion.kind <== rules.kind;

    // 6. Perpetuals are settled up to the period of the new account before anything else happens to them. Funding settles some, up to another period.
    component different[K];
    signal perpetual[K];
    var perpetuals = 0;
    for (var slot = 0; slot < K; slot++) {
        different[slot] = NonZero();
        different[slot].in <== kind[slot] - 4;
        different[slot].flag <== notPerpetual[slot];
        perpetual[slot] <== matched.usedAt[slot] * (1 - notPerpetual[slot]);
        perpetuals += perpetual[slot];
    }
    signal lag <== perpetuals * (oldPeriod - said.period);
    (1 - said.funds) * lag === 0;
    said.funds * (oldPeriod - said.second) === 0;
    component later = Inverse();
    later.in <== said.funds * lag + 1 - said.funds;

    // 7. Margin: of trades, and of collateral that goes out.
    component margin = TransitionMargin(K, S, W);
    margin.tested <== said.trade + said.collateral * target[1].named - converts;
    margin.reducing <== said.reducing - converts;
    margin.before <== matched.quantityAt;
    margin.beforeMagnitude <== matched.magnitudeAt;
    margin.after <== quantity;
    margin.afterMagnitude <== new.magnitude;
    margin.mark <== mark;
    margin.longCharge <== longCharge;
    margin.shortCharge <== shortCharge;
    margin.pnl <== pnl;
    margin.worst <== worst;
    margin.least <== least;

    // 8. Unmargined: nothing owed, nothing but cash and spot, as in `account-margin`. A payment of debts, or an entry exchanged for one: nothing held.
    signal unpayable[K];
    signal promised[K];
    var owed = 0;
    var positive = 0;
    for (var slot = 0; slot < K; slot++) {
        unpayable[slot] <== (kind[slot] - 1) * (kind[slot] - 2);
        promised[slot] <== said.unmargined * used[slot];
        promised[slot] * unpayable[slot] === 0;
        owed += new.magnitude[slot] - quantity[slot];
        positive += new.magnitude[slot] + quantity[slot];
    }
    said.unmargined * owed === 0;
    // Each magnitude with its quantity is at least 0, so their sum is 0 only if nothing held is above 0.
    (paysIn + converts) * positive === 0;

    // 9. For what and under which table, and what both sides of a trade have in common.
    component where = TransitionFrame();
    where.base <== base;
    where.circuitId <== circuitId;
    where.marketCommitment <== market.commitment;
    where.frame === frame;
    component trade = TradeCommitment();
    trade.base <== base;
    trade.parties <== said.parties;
    trade.amounts <== amounts;
    trade.marketCommitment <== market.commitment;
    trade.nonce <== tradeNonce;
    said.trade * (delta - trade.commitment) === 0;
}
