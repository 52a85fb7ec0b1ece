// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    Collateral,
    ExpirySettlement,
    ExpiryTerms,
    Settlement,
    Transfer,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {TransitionDeltaWord} from "../../../contracts/libraries/TransitionDeltaWord.sol";
import {Deal, Opening} from "./ClearingStatement.sol";
import {ClearingWorld} from "./ClearingWorld.sol";

/// @dev Does to a clearing house what owners, parties, the venue and whoever knows openings may do. No action reverts.
contract ClearingHandler is ClearingWorld {
    // ---- collateral ----

    function open(uint256 user, uint256 asset, uint256 amount) public {
        if (count == MOST_ACCOUNTS) return;
        (asset, amount) = (asset % ASSETS, bound(amount, 0, 1e9));
        Collateral memory c = collateral(asset, amount, 0, 0, address(0));
        uint64 handle = count + 1;
        Opening memory next;
        (next.key, next.period) = (uint256(keccak256(abi.encode(secretOf(handle)))), terms.period());
        next.q[asset] = int256(amount);
        next = renewed(next);
        Transition memory t = proven(handle, next, table());
        if (!expect(true, userAt(user), abi.encodeCall(house.open, (HELD, userAt(user), c, t)))) return;
        count = handle;
        becomes(handle, t);
        noteIn(handle, c);
    }

    function bring(uint256 seed, uint256 user, uint256 asset, uint256 amount) public {
        if (count == 0) return;
        (asset, amount) = (asset % ASSETS, bound(amount, 1, 1e9));
        adjust(handleAt(seed), userAt(user), collateral(asset, amount, 0, 0, address(0)));
    }

    function take(uint256 seed, uint256 asset, uint256 amount, bool toTree) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        catchUp(handle);
        asset = asset % ASSETS;
        uint256 most = held(handle, asset);
        if (most == 0) return;
        amount = bound(amount, 1, most);
        adjust(handle, STRANGER, collateral(0, 0, asset, amount, toTree ? address(0) : BOB));
    }

    /// @dev One for the other, at any rate.
    function exchange(uint256 seed, uint256 asset, uint256 amount, uint256 other) public {
        if (count == 0) return;
        (uint64 handle, uint256 from) = (handleAt(seed), asset % ASSETS);
        catchUp(handle);
        uint256 most = held(handle, from);
        if (most == 0) return;
        (amount, other) = (bound(amount, 1, most), bound(other, 1, 1e9));
        adjust(handle, ALICE, collateral(1 - from, other, from, amount, BOB));
    }

    function adjust(uint64 handle, address payer, Collateral memory c) private {
        catchUp(handle);
        Opening memory next = fresh(handle);
        next.q[c.inRow] += int256(uint256(c.inAmount));
        next.q[c.outRow] -= int256(uint256(c.outAmount));
        Transition memory t = proven(handle, next, table());
        bool may = c.outAmount == 0 || mayLeave(t.unmargined, c.outRow, c.outAmount);
        bytes memory data = abi.encodeCall(house.adjust, (handle, c, t, receipt(signedFor(handle, t))));
        if (!expect(may, payer, data)) return;
        becomes(handle, t);
        noteIn(handle, c);
        wentOut[c.outRow] += c.outAmount * unitsOf(c.outRow);
    }

    function transfer(uint256 seed, uint256 other, uint256 asset, uint256 amount) public {
        if (count < 2) return;
        (uint64 from, uint64 to) = pair(seed, other);
        catchUp(from);
        catchUp(to);
        asset = asset % ASSETS;
        uint256 most = held(from, asset);
        if (most == 0) return;
        Transfer memory m = Transfer(from, to, uint16(asset), uint64(bound(amount, 1, most)), uint64(block.timestamp));
        (Opening memory a, Opening memory b) = (fresh(from), fresh(to));
        a.q[asset] -= int256(uint256(m.amount));
        b.q[asset] += int256(uint256(m.amount));
        (Transition memory s, Transition memory t) = (proven(from, a, table()), proven(to, b, table()));
        bytes memory signature = receipt(bytes.concat(signedFor(from, s), signedFor(to, t)));
        bool may = s.unmargined || registry.mode(HELD) != GateMode.HALT;
        if (!expect(may, STRANGER, abi.encodeCall(house.transfer, (m, s, t, signature)))) return;
        becomes(from, s);
        becomes(to, t);
    }

    /// @dev Out of the tree, where the tokens were deposited for it, to an account.
    function moveFromTree(uint256 seed, uint256 user, uint256 asset, uint256 amount) public {
        if (count == 0) return;
        (uint64 handle, address who) = (handleAt(seed), userAt(user));
        (asset, amount) = (asset % ASSETS, bound(amount, 1, 1e6));
        deposit(who, asset, amount * unitsOf(asset));
        letStand();
        uint64 epoch = standingEpoch();
        Payout memory p = draftPayout(who, epoch, uint16(asset), uint64(amount));
        bytes32 target = bytes32(uint256(handle));
        p = sealPayout(p, vault.moveAction(target, p.deadline));
        vault.moveToCleared(HELD, p, target, signed(OPERATOR_KEY, moveHash(p, target)));
        credit[handle][asset] += amount * unitsOf(asset);
        cameIn[asset] += amount * unitsOf(asset);
        // Else the venue stands still for as long as the epoch took to stand.
        nextEpoch();
    }

    // ---- trades ----

    function trade(uint256 seed, uint256 other, uint256 row, uint256 quantity, uint256 payment) public {
        if (count < 2) return;
        (uint64 buyer, uint64 seller) = pair(seed, other);
        catchUp(buyer);
        catchUp(seller);
        (Settlement memory s, bool fits) =
            settlement(dealOf(buyer, seller, row, quantity, payment), fresh(buyer), fresh(seller));
        if (!fits) return;
        bytes memory data = abi.encodeCall(house.settle, (s, receipt(signedForTrade(s))));
        if (expect(registry.mode(HELD) == GateMode.OPEN, STRANGER, data)) noteFill(s);
    }

    /// @dev Three trades around a circle of two or three accounts: each side from what the trade before left.
    function tradeBatch(uint256 seed, uint256 row, uint256 quantity, uint256 payment) public {
        if (count < 2) return;
        uint64[3] memory circle = [handleAt(seed), handleAt(seed % count + 1), handleAt(seed % count + 2)];
        if (circle[2] == circle[0]) circle[2] = circle[1];
        for (uint256 i = 0; i < 3; ++i) {
            catchUp(circle[i]);
        }
        uint256[3] memory before = [current[circle[0]], current[circle[1]], current[circle[2]]];
        (Settlement[] memory list, bytes memory signs) = chained(circle, row, quantity, payment);
        bytes memory data = abi.encodeCall(house.settleBatch, (list, receipt(signs)));
        bool done = list.length != 0 && expect(registry.mode(HELD) == GateMode.OPEN, STRANGER, data);
        if (done) return;
        for (uint256 i = 0; i < 3; ++i) {
            current[circle[i]] = before[i];
        }
        for (uint256 i = 0; i < list.length; ++i) {
            filled.pop();
            --fills[list[i].trade.commitment];
        }
    }

    /// @dev Notes them as filled: each starts from the one before.
    function chained(uint64[3] memory circle, uint256 row, uint256 quantity, uint256 payment)
        private
        returns (Settlement[] memory list, bytes memory signs)
    {
        list = new Settlement[](3);
        uint256 made = 0;
        for (uint256 i = 0; i < 3; ++i) {
            (uint64 buyer, uint64 seller) = (circle[i], circle[(i + 1) % 3]);
            if (buyer == seller) continue;
            Deal memory deal = dealOf(buyer, seller, row % 4 + i, quantity, payment);
            (Settlement memory s, bool fits) = settlement(deal, fresh(buyer), fresh(seller));
            if (!fits) continue;
            list[made++] = s;
            signs = bytes.concat(signs, signedForTrade(s));
            noteFill(s);
        }
        assembly ("memory-safe") {
            mstore(list, made)
        }
    }

    /// @dev Somebody who knows the opening closes a part of a perpetual, once the account is being liquidated.
    function liquidate(uint256 seed, uint256 other, uint256 quantity) public {
        if (count < 2) return;
        (uint64 loser, uint64 taker) = pair(seed, other);
        catchUp(loser);
        catchUp(taker);
        int256 position = openingOf(loser).q[PERP_ROW];
        if (position == 0) return;
        quantity = bound(quantity, 1, abs(position));
        (uint64 buyer, uint64 seller) = position < 0 ? (loser, taker) : (taker, loser);
        Deal memory deal = dealOf(buyer, seller, 0, quantity, quantity);
        (Settlement memory s,) = settlement(deal, fresh(buyer), fresh(seller));
        bool buys = buyer == loser;
        Opening memory next = openings[(buys ? s.buyerSide : s.sellerSide).newCommitment];
        Transition memory closed = provenByAnybody(loser, next, deal.market, s.trade.commitment);
        closed.reducing = true;
        if (buys) s.buyerSide = closed;
        else s.sellerSide = closed;
        bytes memory data = abi.encodeCall(house.settle, (s, receipt(signedForTrade(s))));
        // The terms are the stand-in of the venue's liquidation contract too: nobody else trades without the owner.
        expect(false, address(terms), data);
        terms.setLiquidated(loser, true);
        expect(false, STRANGER, data);
        if (expect(registry.mode(HELD) != GateMode.HALT, address(terms), data)) noteFill(s);
        terms.setLiquidated(loser, false);
    }

    function pair(uint256 seed, uint256 other) internal view returns (uint64 first, uint64 second) {
        first = handleAt(seed);
        second = handleAt(first + other % (count - 1));
    }

    /// @dev A perpetual is paid in entry, an option and coin in cash.
    function dealOf(uint64 buyer, uint64 seller, uint256 row, uint256 quantity, uint256 payment)
        internal
        returns (Deal memory deal)
    {
        deal.row = [PERP_ROW, CASH_OPTION, COIN_OPTION, BTC_ROW][row % 4];
        deal.payRow = deal.row == PERP_ROW ? ENTRY_ROW : USD_ROW;
        (deal.buyer, deal.seller, deal.expiry) = (buyer, seller, uint64(block.timestamp));
        deal.quantity = int256(bound(quantity, 1, deal.row == BTC_ROW ? 1e3 : 1e6));
        deal.payment = int256(bound(payment, 0, 1e6));
        deal.market = table();
    }

    /// @return s with its proofs
    /// @return fits neither side borrows
    function settlement(Deal memory deal, Opening memory a, Opening memory b)
        internal
        returns (Settlement memory s, bool fits)
    {
        a.q[deal.row] += deal.quantity;
        a.q[deal.payRow] -= deal.payment;
        b.q[deal.row] -= deal.quantity;
        b.q[deal.payRow] += deal.payment;
        fits = (deal.payRow != USD_ROW || a.q[USD_ROW] >= 0 || deal.payment == 0)
            && (deal.row != BTC_ROW || b.q[BTC_ROW] >= 0);
        s.trade = agreed(deal);
        s.buyerSide = proven(deal.buyer, a, deal.market);
        s.sellerSide = proven(deal.seller, b, deal.market);
    }

    // ---- what is owed ----

    function recordExpiry(uint256 which, int256 value, uint256 unit) public {
        uint16 row = CASH_OPTION + uint16(which % 2);
        if (settlementOf(row).round != 0) return;
        bool coin = row == COIN_OPTION;
        ExpirySettlement memory s;
        s.value = int64(value % 1e9);
        (s.unit, s.round) = (uint64(bound(unit, 1, 1e9)), 1);
        if (coin && s.value != 0) s.deliver = s.value < 0 ? int64(1) : int64(-1);
        terms.record(ExpiryTerms(row, USD_ROW, coin ? BTC_ROW : 0, coin ? 1 : 0, 1), s);
    }

    function expire(uint256 seed, uint256 which, bool byOwner) public {
        if (count == 0) return;
        (uint64 handle, uint16 row) = (handleAt(seed), CASH_OPTION + uint16(which % 2));
        ExpirySettlement memory s = settlementOf(row);
        if (s.round == 0) return;
        catchUp(handle);
        Opening memory next = fresh(handle);
        int256 quantity = next.q[row];
        next.q[row] = 0;
        next.q[USD_ROW] += floorDiv(quantity * s.value, int256(uint256(s.unit)));
        next.q[BTC_ROW] += quantity * s.deliver;
        (ExpiryTerms memory listed,) = terms.expiryOf(HELD, row);
        Transition memory t = byOwner
            ? proven(handle, next, table())
            : provenByAnybody(handle, next, table(), TransitionDeltaWord.expiry(listed, s));
        bytes memory data = abi.encodeCall(house.settleExpiry, (handle, row, t, receipt(signedFor(handle, t))));
        if (!expect(byOwner || quantity != 0, STRANGER, data)) return;
        becomes(handle, t);
        expired[row] += quantity;
        ++roundings;
    }

    function accrue(int256 rate) public {
        terms.accrue(int64(rate % 1e9));
    }

    function fund(uint256 seed, bool byOwner) public {
        if (count == 0) return;
        settleFunding(handleAt(seed), byOwner);
    }

    /// @dev An account that holds a perpetual does nothing else before it has paid.
    function catchUp(uint64 handle) internal {
        Opening memory old = openingOf(handle);
        if (old.q[PERP_ROW] != 0 && old.period != terms.period()) settleFunding(handle, handle % 2 == 0);
    }

    function settleFunding(uint64 handle, bool byOwner) private {
        Opening memory old = openingOf(handle);
        Opening memory next = renewed(old);
        int256 rate = terms.rateSince(old.period);
        next.q[USD_ROW] += floorDiv(-old.q[PERP_ROW] * rate, 1e6);
        (, uint16[] memory groups, int64[] memory rates) = terms.fundingSince(HELD, old.period);
        Transition memory t = byOwner
            ? proven(handle, next, table())
            : provenByAnybody(handle, next, table(), TransitionDeltaWord.funding(groups, rates));
        bytes memory data = abi.encodeCall(house.settleFunding, (handle, old.period, t, receipt(signedFor(handle, t))));
        bool due = byOwner || (old.q[PERP_ROW] != 0 && old.period != terms.period());
        if (!expect(due, STRANGER, data)) return;
        becomes(handle, t);
        ++roundings;
    }

    // ---- time ----

    function passTime(uint256 duration) public {
        pass(bound(duration, 1, 30 minutes));
    }

    function refreshVenue() public {
        letStand();
        nextEpoch();
    }

    // ---- how ----

    /// @dev Makes the call, and counts it where it is not as it must be.
    function expect(bool taken, address who, bytes memory data) internal returns (bool done) {
        done = callHouse(who, data);
        if (done != taken) ++honestRefused;
    }

    /// @dev Not more than is there: no margin is asked here, so accounts can be in debt for more than they have.
    function mayLeave(bool unmargined, uint256 asset, uint256 amount) private view returns (bool) {
        return (unmargined || registry.mode(HELD) != GateMode.HALT)
            && amount * unitsOf(asset) <= vault.clearedBalance(HELD, asset);
    }

    function held(uint64 handle, uint256 asset) internal view returns (uint256) {
        int256 quantity = openingOf(handle).q[asset];
        return quantity > 0 ? uint256(quantity) : 0;
    }

    function collateral(uint256 inRow, uint256 inAmount, uint256 outRow, uint256 outAmount, address recipient)
        internal
        view
        returns (Collateral memory)
    {
        return Collateral(
            uint16(inRow),
            uint64(inAmount),
            uint16(outRow),
            uint64(outAmount),
            recipient,
            "beneficiary",
            uint64(block.timestamp)
        );
    }
}
