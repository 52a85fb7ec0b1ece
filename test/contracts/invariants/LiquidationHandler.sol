// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral, Settlement, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {
    AccountStanding,
    Bid,
    Lot,
    Standing,
    Tranches,
    VerdictClaim
} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {TransitionDeltaWord} from "../../../contracts/libraries/TransitionDeltaWord.sol";
import {Holding, Sale, Worth} from "./LiquidationStatement.sol";
import {LiquidationWorld} from "./LiquidationWorld.sol";

/// @dev Does what owners, keepers, bidders and the venue may do, and looks at what each success did. No action reverts.
contract LiquidationHandler is LiquidationWorld {
    /// @dev What a slice did that it must not.
    uint256 public healthyHurt;
    uint256 public overcharged;
    uint256 public soldTooMuch;
    uint256 public penaltyWrong;
    uint256 public fundPoorer;
    uint256 public boundsBroken;
    /// @dev Refused though true and in time, or taken though not.
    uint256 public honestRefused;
    /// @dev Token base units of debts that were paid, and of payouts: what left accounts, and what of it was paid.
    mapping(uint256 asset => uint256) public debtsPaid;
    mapping(uint256 asset => uint256) public wentOut;
    mapping(uint256 asset => uint256) public cameIn;
    mapping(uint256 asset => uint256) public paidOut;
    /// @dev Time of the prices that an account was last doubted or shown under water by, as the rules have it.
    mapping(uint64 handle => uint256) internal doubtedBy;
    uint256 public slices;
    uint256 public roundings;
    mapping(uint64 liquidatedHandle => uint256) public dustOf;
    mapping(uint64 handle => uint32) internal dustIn;

    // ---- owners ----

    function open(uint256 user, uint256 amount) public {
        if (count == MOST_ACCOUNTS) return;
        amount = bound(amount, 0, 1e11);
        Collateral memory c = collateral(0, amount, 0, 0, address(0));
        Holding memory next;
        (next.key, next.nonce) = (uint256(keccak256(abi.encode(secretOf(count + 1)))), ++nonces);
        (next.period, next.q[0]) = (terms.period(), int256(amount));
        Transition memory t = proven(count + 1, next, initial);
        if (!tried(address(house), userAt(user), 0, abi.encodeCall(house.open, (HELD, userAt(user), c, t)))) return;
        current[++count] = t.newCommitment;
        cameIn[0] += amount;
    }

    function bring(uint256 seed, uint256 asset, uint256 amount) public {
        if (count == 0) return;
        (asset, amount) = (asset % 2, bound(amount, 1, 1e10));
        adjust(handleAt(seed), collateral(asset, amount, 0, 0, address(0)));
    }

    function take(uint256 seed, uint256 asset, uint256 amount, bool toTree) public {
        if (count == 0) return;
        (uint64 handle, uint256 row) = (handleAt(seed), asset % 2);
        int256 held = holdingOf(handle).q[row];
        if (held <= 0) return;
        adjust(handle, collateral(0, 0, row, bound(amount, 1, uint256(held)), toTree ? address(0) : BOB));
    }

    function adjust(uint64 handle, Collateral memory c) private {
        freshen();
        catchUp(handle);
        Holding memory next = renewed(holdingOf(handle));
        next.q[c.inRow] += int256(uint256(c.inAmount));
        next.q[c.outRow] -= int256(uint256(c.outAmount));
        Transition memory t = proven(handle, next, initial);
        uint256 before = clearedOf(c.outRow);
        bytes memory data = abi.encodeCall(house.adjust, (handle, c, t, receipt(signedFor(handle, t))));
        if (!tried(address(house), ALICE, 0, data)) return;
        if (liquidations.isFrozen(handle) && !t.unmargined) ++honestRefused;
        current[handle] = t.newCommitment;
        cameIn[c.inRow] += c.inAmount * unitsOf(c.inRow);
        wentOut[c.outRow] += c.outAmount * unitsOf(c.outRow);
        if (c.outAmount != 0) paidOut[c.outRow] += before - clearedOf(c.outRow);
    }

    /// @dev At or near the mark, both sides with initial margin.
    function trade(uint256 seed, uint256 other, uint256 row, uint256 quantity, uint256 off) public {
        if (count < 2) return;
        (uint64 buyer, uint64 seller) = pair(seed, other);
        freshen();
        catchUp(buyer);
        catchUp(seller);
        Lot memory lot = lotOf(buyer, [PERP_ROW, OPTION_ROW, BTC_ROW, PERP_ROW][row % 4]);
        quantity = bound(quantity, 1, 1e6);
        uint256 worth = quantity * uint256(judgedTable(initial).mark[lot.row]) / USD_MARK;
        Sale memory sale = saleOf(lot, buyer, seller, quantity, worth * (990 + off % 21) / 1_000);
        (Settlement memory s,) = settlementOf(sale);
        bytes memory data = abi.encodeCall(house.settle, (s, receipt(signedForTrade(s))));
        if (!tried(address(house), STRANGER, 0, data)) return;
        if (liquidations.isFrozen(buyer) || liquidations.isFrozen(seller)) ++honestRefused;
        (current[buyer], current[seller]) = (s.buyerSide.newCommitment, s.sellerSide.newCommitment);
    }

    // ---- prices, time, funding, epochs ----

    /// @dev By up to a tenth.
    function movePrice(uint256 by) public {
        price = price * (900 + by % 201) / 1_000;
        if (price < 1e9) price = 1e9;
        if (price > 1e12) price = 1e12;
        pass(1);
        publish();
    }

    function passTime(uint256 duration) public {
        pass(bound(duration, 1, 20 minutes));
    }

    function stopPrices(uint256 how) public {
        terms.stop(how % 4 == 0);
    }

    function refreshVenue() public {
        letStand();
        nextEpoch();
        publish();
    }

    function accrue(int256 rate) public {
        terms.accrue(int64(rate % 1e9));
    }

    function fundAccount(uint256 seed) public {
        if (count != 0) catchUp(handleAt(seed));
    }

    /// @dev By anybody: also of an account that is frozen.
    function catchUp(uint64 handle) internal {
        Holding memory old = holdingOf(handle);
        if (old.q[PERP_ROW] == 0 || old.period == terms.period()) return;
        Holding memory next = renewed(old);
        next.q[USD_ROW] += floorDiv(-old.q[PERP_ROW] * int256(terms.rateSince(old.period)), PPM);
        (, uint16[] memory groups, int64[] memory rates) = terms.fundingSince(HELD, old.period);
        Transition memory t = provenByAnybody(handle, next, initial, TransitionDeltaWord.funding(groups, rates));
        if (!tried(address(house), STRANGER, 0, abi.encodeCall(house.settleFunding, (handle, old.period, t, "")))) {
            ++honestRefused;
            return;
        }
        current[handle] = t.newCommitment;
        ++roundings;
    }

    // ---- challenges ----

    function challenge(uint256 seed, uint256 user) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        freshen();
        // Soon after an answer it takes newer prices than the answer's.
        if (tableTime(maintenance) <= liquidations.standingOf(handle).soundTableTime) movePrice(100);
        uint256 bond = liquidations.challengeBond(handle);
        vm.deal(userAt(user), 10 ether);
        bytes memory data = abi.encodeCall(liquidations.challenge, (handle, maintenance));
        bool due = standing(handle) == Standing.SOUND && !terms.stopped();
        if (tried(address(liquidations), userAt(user), bond, data) != due) ++honestRefused;
        if (due) doubtedBy[handle] = tableTime(maintenance);
    }

    /// @dev True and under the newest table: taken of whoever is doubted, frozen or being sold, and of nobody else.
    function answer(uint256 seed) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        freshen();
        if (!isHealthy(current[handle], maintenance)) return;
        bool due = standing(handle) != Standing.SOUND;
        VerdictClaim memory c = verdictOf(current[handle], maintenance, true, handle, address(0));
        bytes memory data = abi.encodeCall(liquidations.answer, (handle, c));
        if (tried(address(liquidations), STRANGER, 0, data) != due) ++honestRefused;
    }

    function start(uint256 seed, uint256 user) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        freshen();
        if (isHealthy(current[handle], maintenance)) return;
        bool due = standing(handle) != Standing.LIQUIDATING && !terms.stopped();
        VerdictClaim memory c = verdictOf(current[handle], maintenance, false, handle, userAt(user));
        bytes memory data = abi.encodeCall(liquidations.start, (handle, c));
        if (tried(address(liquidations), userAt(user), 0, data) != due) ++honestRefused;
        if (due) doubtedBy[handle] = tableTime(maintenance);
    }

    function freeze(uint256 seed) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        freshen();
        AccountStanding memory known = liquidations.standingOf(handle);
        bool due = known.standing == Standing.CHALLENGED && block.timestamp > known.deadline && !terms.stopped();
        bytes memory data = abi.encodeCall(liquidations.freeze, (handle, maintenance));
        if (tried(address(liquidations), STRANGER, 0, data) != due) ++honestRefused;
    }

    function withdrawBonds(uint256 user) public {
        tried(address(liquidations), userAt(user), 0, abi.encodeCall(liquidations.withdrawBonds, ()));
    }

    // ---- sales ----

    function mark(uint256 seed, uint256 row) public {
        if (count == 0) return;
        freshen();
        uint64 handle = handleAt(seed);
        uint16 r = uint16(row % ROWS);
        if (r == USD_ROW || holdingOf(handle).q[r] == 0) return;
        catchUp(handle);
        Lot memory lot = lotOf(handle, r);
        bool due = standing(handle) == Standing.LIQUIDATING && !terms.stopped() && registry.mode(HELD) != GateMode.HALT
            && !isHealthy(current[handle], maintenance);
        if (marked(lot) != due) ++honestRefused;
    }

    function marked(Lot memory lot) internal returns (bool) {
        VerdictClaim memory c = verdictOf(current[lot.handle], maintenance, false, lot.handle, address(0));
        bytes memory data = abi.encodeCall(
            liquidations.markAuction,
            (lot, initial, markClaim(initial, lot.row), markClaim(initial, lot.payRow), markClaim(initial, USD_ROW), c)
        );
        return tried(address(liquidations), STRANGER, 0, data);
    }

    /// @dev A slice as large as is needed at most, at the mark or at the price that the clock asks for.
    function buySlice(uint256 seed, uint256 other, uint256 row, uint256 quantity, uint256 how) public {
        if (count < 2) return;
        (uint64 handle, uint64 bidder) = pair(seed, other);
        freshen();
        catchUp(handle);
        catchUp(bidder);
        Lot memory lot = lotOf(handle, [PERP_ROW, OPTION_ROW, BTC_ROW, ENTRY_ROW][row % 4]);
        int256 position = holdingOf(handle).q[lot.row];
        if (position == 0 || standing(handle) != Standing.LIQUIDATING || !marked(lot)) return;
        if (how % 3 == 0) pass(how % 100);
        quantity = needed(lot, bound(quantity, 1, uint256(position > 0 ? position : -position)));
        Bid memory bid = bidOf(lot, bidder, quantity, priceOf(lot, quantity, how % 2 == 0));
        if (how % 5 == 0) bid.subsidy = mostSubsidy(lot, quantity);
        bought(bid);
    }

    /// @dev Halved until what is left is below initial margin.
    function needed(Lot memory lot, uint256 quantity) internal view returns (uint256) {
        Holding memory old = holdingOf(lot.handle);
        for (; quantity > 1; quantity /= 2) {
            int256[5] memory q = old.q;
            int256 sign = lot.accountSells ? int256(1) : int256(-1);
            q[lot.row] -= sign * int256(quantity);
            q[lot.payRow] += sign * int256(quantity) * judgedTable(initial).mark[lot.row] / int256(uint256(USD_MARK));
            Worth memory left = worthOf(q, initial);
            q[lot.row] += sign * int256(quantity);
            q[lot.payRow] -= sign * int256(quantity) * judgedTable(initial).mark[lot.row] / int256(uint256(USD_MARK));
            if (left.equity < left.risk) return quantity;
        }
        return quantity;
    }

    function priceOf(Lot memory lot, uint256 quantity, bool asAsked) internal view returns (uint256) {
        uint256 worth = quantity * uint256(judgedTable(initial).mark[lot.row]);
        if (!asAsked || lot.row == ENTRY_ROW) return worth / USD_MARK;
        (uint24 discount,) = liquidations.clockOf(lot);
        uint256 off = ratedValue(lot, quantity) * (uint256(discount) + rules().penalty);
        if (!lot.accountSells) return (worth * 1e6 + off) / (USD_MARK * 1e6);
        return (worth * 1e6 - off + USD_MARK * 1e6 - 1) / (USD_MARK * 1e6);
    }

    /// @dev What rates are of: an entry is exchanged at par.
    function ratedValue(Lot memory lot, uint256 quantity) public view returns (uint256) {
        return lot.row == ENTRY_ROW ? 0 : sliceValue(lot, quantity);
    }

    function sliceValue(Lot memory lot, uint256 quantity) public view returns (uint256) {
        bool buysOption = lot.row == OPTION_ROW && !lot.accountSells;
        uint256 extra = buysOption ? uint256(STRIKE) * rules().strikeShare / 1e6 : 0;
        return quantity * (uint256(judgedTable(initial).mark[lot.row]) + extra);
    }

    function mostSubsidy(Lot memory lot, uint256 quantity) internal view returns (uint256) {
        (, uint24 subsidy) = liquidations.clockOf(lot);
        return ratedValue(lot, quantity) * subsidy / (1e6 * uint256(USD_MARK));
    }

    function bidOf(Lot memory lot, uint64 bidder, uint256 quantity, uint256 payment) internal returns (Bid memory bid) {
        (uint64 buyer, uint64 seller) = lot.accountSells ? (bidder, lot.handle) : (lot.handle, bidder);
        Sale memory sale = saleOf(lot, buyer, seller, quantity, payment);
        (bid.lot, bid.quantity, bid.payment) = (lot, uint64(quantity), uint64(payment));
        (bid.settlement, bid.nonce) = settlementOf(sale);
        Holding memory left =
            holdings[(lot.accountSells ? bid.settlement.sellerSide : bid.settlement.buyerSide).newCommitment];
        Transition memory own = provenByAnybody(lot.handle, left, initial, bid.settlement.trade.commitment);
        own.reducing = true;
        if (lot.accountSells) bid.settlement.sellerSide = own;
        else bid.settlement.buyerSide = own;
        bid.underWater = verdictOf(current[lot.handle], maintenance, false, lot.handle, address(0));
        if (isHealthy(own.newCommitment, initial)) return bid;
        bid.stillBelow = verdictOf(own.newCommitment, initial, false, lot.handle, address(0));
    }

    function bought(Bid memory bid) internal returns (bool done) {
        uint64 handle = bid.lot.handle;
        uint64 bidder = bid.lot.accountSells ? bid.settlement.trade.buyer : bid.settlement.trade.seller;
        address who = house.accountOf(bidder).controller;
        uint256 tokens = usd.balanceOf(who);
        uint256 held = inTranches(0);
        bytes memory data = abi.encodeCall(liquidations.take, (bid, receipt(signedForTrade(bid.settlement))));
        done = tried(address(liquidations), who, 0, data);
        if (!done) return false;
        ++slices;
        bool sells = bid.lot.accountSells;
        uint256 next = (sells ? bid.settlement.sellerSide : bid.settlement.buyerSide).newCommitment;
        lookAtSlice(bid, current[handle], next);
        lookAtPenalty(bid, tokens + bid.subsidy - usd.balanceOf(who));
        if (inTranches(0) < held) ++fundPoorer;
        current[handle] = next;
        current[bidder] = (sells ? bid.settlement.buyerSide : bid.settlement.sellerSide).newCommitment;
    }

    function lookAtSlice(Bid memory bid, uint256 before, uint256 next) private {
        if (isHealthy(before, maintenance)) ++healthyHurt;
        uint256 value = ratedValue(bid.lot, bid.quantity);
        Worth memory old = worthOf(holdings[before].q, initial);
        Worth memory left = worthOf(holdings[next].q, initial);
        uint256 most = value * (uint256(rules().maxDiscount) + rules().penalty) / 1e6 + USD_MARK;
        if (old.equity - left.equity > int256(most)) ++overcharged;
        if (left.equity < left.risk) return;
        AccountStanding memory known = liquidations.standingOf(bid.lot.handle);
        if (dustIn[bid.lot.handle] != known.liquidation) dustOf[bid.lot.handle] = 0;
        dustIn[bid.lot.handle] = known.liquidation;
        if (sliceValue(bid.lot, bid.quantity) >= rules().minLot || ++dustOf[bid.lot.handle] > 16) ++soldTooMuch;
    }

    function lookAtPenalty(Bid memory bid, uint256 tokens) private {
        uint256 wanted = ratedValue(bid.lot, bid.quantity) * rules().penalty;
        uint256 unit = 1e6 * uint256(USD_MARK);
        if (tokens != (wanted + unit - 1) / unit) ++penaltyWrong;
    }

    // ---- debts ----

    function payDebt(uint256 seed, uint256 asset, uint256 quanta) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        uint16 row = uint16(asset % 2);
        freshen();
        int256 owed = -holdingOf(handle).q[row];
        if (owed <= 0) return;
        catchUp(handle);
        paid(handle, row, bound(quanta, 1, uint256(owed)));
    }

    function paid(uint64 handle, uint16 row, uint256 quanta) internal returns (bool done) {
        Holding memory next = renewed(holdingOf(handle));
        next.q[row] += int256(quanta);
        Transition memory t =
            provenByAnybody(handle, next, maintenance, TransitionDeltaWord.collateral(row, uint64(quanta), 0, 0));
        Tranches memory before = fund.tranchesOf(HELD, row);
        uint256[3] memory room = roomOf(row);
        bytes memory data = abi.encodeCall(liquidations.payDebt, (handle, row, uint64(quanta), t));
        if (!tried(address(liquidations), STRANGER, 0, data)) return false;
        lookAtDraw(before, room, row);
        current[handle] = t.newCommitment;
        debtsPaid[row] += quanta * unitsOf(row);
        return true;
    }

    function roomOf(uint256 asset) private view returns (uint256[3] memory room) {
        (room[0], room[1], room[2]) = fund.roomOf(HELD, asset);
    }

    function lookAtDraw(Tranches memory before, uint256[3] memory room, uint256 asset) private {
        Tranches memory then_ = fund.tranchesOf(HELD, asset);
        bool within = before.firstLoss - then_.firstLoss <= room[0] && before.insurance - then_.insurance <= room[1]
            && then_.shared - before.shared <= room[2];
        bool inOrder = then_.shared == before.shared || then_.firstLoss + then_.insurance == 0;
        if (!within || !inOrder) ++boundsBroken;
    }

    /// @dev As much of a debt in cash as the bounds let through now, to the last unit.
    function drain(uint256 seed) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        freshen();
        catchUp(handle);
        for (uint256 i = 0; i < 3; ++i) {
            int256 owed = -holdingOf(handle).q[USD_ROW];
            (uint256 first, uint256 second, uint256 third) = fund.roomOf(HELD, 0);
            uint256 room = first + second + third;
            if (owed <= 0 || room == 0) return;
            paid(handle, USD_ROW, room < uint256(owed) ? room : uint256(owed));
        }
    }

    function cover(uint256 asset) public {
        asset = asset % 2;
        (uint256 first, uint256 second,) = fund.roomOf(HELD, asset);
        uint256 before = inTranches(asset);
        if (!tried(address(fund), STRANGER, 0, abi.encodeCall(fund.cover, (HELD, asset)))) return;
        if (before - inTranches(asset) > first + second) ++boundsBroken;
    }

    function contribute(uint256 asset, uint256 amount, bool insurance) public {
        asset = asset % 2;
        amount = bound(amount, 1, 1e9);
        bytes memory data =
            abi.encodeWithSelector(fund.contribute.selector, HELD, asset, insurance ? uint256(1) : uint256(0), amount);
        if (!tried(address(fund), ALICE, 0, data)) ++honestRefused;
    }

    function withdrawReward(uint256 user) public {
        tried(address(fund), userAt(user), 0, abi.encodeCall(fund.withdrawReward, (address(usd))));
    }

    function inTranches(uint256 asset) public view returns (uint256) {
        Tranches memory held = fund.tranchesOf(HELD, asset);
        return held.firstLoss + held.insurance;
    }

    // ---- how ----

    function standing(uint64 handle) public view returns (Standing) {
        return liquidations.standingOf(handle).standing;
    }

    function saleOf(Lot memory lot, uint64 buyer, uint64 seller, uint256 quantity, uint256 payment)
        internal
        view
        returns (Sale memory sale)
    {
        (sale.buyer, sale.seller, sale.expiry) = (buyer, seller, uint64(block.timestamp));
        (sale.row, sale.payRow, sale.market) = (lot.row, lot.payRow, initial);
        (sale.quantity, sale.payment) = (int256(quantity), int256(payment));
    }

    /// @dev With both owners' proofs. What a side may say, that it is in margin or that it reduces risk, it says.
    function settlementOf(Sale memory sale) internal returns (Settlement memory s, uint256 nonce) {
        nonce = ++nonces;
        (s.trade.buyer, s.trade.seller, s.trade.expiry) = (sale.buyer, sale.seller, sale.expiry);
        s.trade.commitment = agreed(sale, nonce);
        (Holding memory a, Holding memory b) = (renewed(holdingOf(sale.buyer)), renewed(holdingOf(sale.seller)));
        a.q[sale.row] += sale.quantity;
        a.q[sale.payRow] -= sale.payment;
        b.q[sale.row] -= sale.quantity;
        b.q[sale.payRow] += sale.payment;
        s.buyerSide = proven(sale.buyer, a, sale.market);
        s.sellerSide = proven(sale.seller, b, sale.market);
        s.buyerSide.reducing = !isHealthy(s.buyerSide.newCommitment, sale.market);
        s.sellerSide.reducing = !isHealthy(s.sellerSide.newCommitment, sale.market);
    }
}
