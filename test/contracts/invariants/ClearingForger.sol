// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    Collateral,
    ExpirySettlement,
    Settlement,
    Transfer,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ClearingHandler} from "./ClearingHandler.sol";
import {Deal, Opening} from "./ClearingStatement.sol";

/// @dev Tries what nobody may, each time one step away from what an honest party does. The operator signs everything: its signature must not
/// be what stands in the way.
contract ClearingForger is ClearingHandler {
    /// @dev What an account was before a trade.
    mapping(uint64 handle => uint256) private _former;

    function tradeAgain(uint256 seed, uint256 other, uint256 row, uint256 quantity) public {
        if (count < 2) return;
        (uint64 buyer, uint64 seller) = ready(seed, other);
        (Settlement memory s, bool fits) =
            settlement(dealOf(buyer, seller, row, quantity, 0), fresh(buyer), fresh(seller));
        if (!fits || !callHouse(STRANGER, settleCall(s))) return;
        (_former[buyer], _former[seller]) = (current[buyer], current[seller]);
        noteFill(s);
        attempt(settleCall(s));
        // Under the same commitment, from where the accounts are now.
        Deal memory deal = deals[s.trade.commitment];
        (Settlement memory next,) = settlement(deal, fresh(buyer), fresh(seller));
        next.trade = s.trade;
        attempt(settleCall(next));
    }

    function tradeWithItself(uint256 seed, uint256 row, uint256 quantity, uint256 payment) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        catchUp(handle);
        Deal memory deal = dealOf(handle, handle, row, quantity, payment);
        (Settlement memory s,) = settlement(deal, fresh(handle), fresh(handle));
        attempt(settleCall(s));
        // The second side from what the first leaves.
        Opening memory next = renewed(openings[s.buyerSide.newCommitment]);
        (next.q[deal.row], next.q[deal.payRow]) = (openingOf(handle).q[deal.row], openingOf(handle).q[deal.payRow]);
        s.sellerSide = proven(handle, next, deal.market);
        attempt(settleCall(s));
    }

    function tradeSwapped(uint256 seed, uint256 other, uint256 row, uint256 quantity, uint256 payment) public {
        if (count < 2) return;
        (uint64 buyer, uint64 seller) = ready(seed, other);
        Deal memory deal = dealOf(buyer, seller, row, quantity, payment);
        (Settlement memory s,) = settlement(deal, fresh(buyer), fresh(seller));
        (s.buyerSide, s.sellerSide) = (s.sellerSide, s.buyerSide);
        attempt(settleCall(s));
        (s.trade.buyer, s.trade.seller) = (seller, buyer);
        attempt(settleCall(s));
        // Both buy.
        (s.trade.buyer, s.trade.seller) = (buyer, seller);
        s.buyerSide = s.sellerSide;
        Opening memory next = fresh(seller);
        next.q[deal.row] += deal.quantity;
        next.q[deal.payRow] -= deal.payment;
        s.sellerSide = proven(seller, next, deal.market);
        attempt(settleCall(s));
    }

    /// @dev One side takes more than was agreed, or gives nothing.
    function tradeForMore(uint256 seed, uint256 other, uint256 row, uint256 quantity, uint256 more, bool bySeller)
        public
    {
        if (count < 2) return;
        (uint64 buyer, uint64 seller) = ready(seed, other);
        Deal memory deal = dealOf(buyer, seller, row, quantity, 0);
        (Settlement memory s,) = settlement(deal, fresh(buyer), fresh(seller));
        Opening memory next = renewed(openings[(bySeller ? s.sellerSide : s.buyerSide).newCommitment]);
        next.q[bySeller ? deal.payRow : deal.row] += int256(bound(more, 1, 1e9));
        if (bySeller) s.sellerSide = proven(seller, next, deal.market);
        else s.buyerSide = proven(buyer, next, deal.market);
        attempt(settleCall(s));
        s.sellerSide = proven(seller, fresh(seller), deal.market);
        attempt(settleCall(s));
    }

    /// @dev From what the account was before, under old prices, of another level, by a stranger, or twice in a batch.
    function tradeOtherwise(uint256 seed, uint256 other, uint256 row, uint256 quantity, uint256 how) public {
        if (count < 2) return;
        (uint64 buyer, uint64 seller) = ready(seed, other);
        Deal memory deal = dealOf(buyer, seller, row, quantity, 0);
        how = how % 5;
        if (how == 0) deal.market = maintenanceTable();
        if (how == 1) pass(CLEARED_AGE + 1);
        if (how == 1) deal.expiry = uint64(block.timestamp);
        if (how == 2) pass(1);
        Opening memory a = how == 3 && _former[buyer] != 0 ? renewed(openings[_former[buyer]]) : fresh(buyer);
        bool moved = keccak256(abi.encode(a.q)) != keccak256(abi.encode(openingOf(buyer).q));
        (Settlement memory s,) = settlement(deal, a, fresh(seller));
        if (how == 3 && !moved) s.sellerSide.proof.a[0] = secretOf(buyer);
        if (how == 4) return attemptTwice(s);
        attempt(settleCall(s));
    }

    function attemptTwice(Settlement memory s) private {
        Settlement[] memory list = new Settlement[](2);
        (list[0], list[1]) = (s, s);
        (list[1].buyerSide, list[1].sellerSide) = (s.buyerSide, s.sellerSide);
        bytes memory openings_ = bytes.concat(signedForTrade(s), signedForTrade(s));
        attempt(abi.encodeCall(house.settleBatch, (list, receipt(openings_))));
    }

    /// @dev More than the account gives, another's, or what it does not have.
    function takeMore(uint256 seed, uint256 asset, uint256 amount, uint256 how) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        catchUp(handle);
        (asset, amount) = (asset % ASSETS, bound(amount, 1, 1e9));
        Opening memory next = fresh(handle);
        how = how % 3;
        // Debited by one less than is taken; the owner's secret is another's; or into debt.
        if (how == 0) next.q[asset] -= int256(amount) - 1;
        if (how == 1) next.q[asset] -= int256(amount);
        if (how == 2) {
            amount += held(handle, asset);
            next.q[asset] -= int256(amount);
        }
        Transition memory t = proven(handle, next, table());
        if (how == 1) t.proof.a[0] = secretOf(handle + 1);
        Collateral memory c = collateral(0, 0, asset, amount, STRANGER);
        attempt(abi.encodeCall(house.adjust, (handle, c, t, receipt(signedFor(handle, t)))));
        t.owned = false;
        attempt(abi.encodeCall(house.adjust, (handle, c, t, "")));
    }

    /// @dev To itself, or more than leaves.
    function transferMore(uint256 seed, uint256 other, uint256 asset, uint256 amount) public {
        if (count < 2) return;
        (uint64 from, uint64 to) = ready(seed, other);
        (asset, amount) = (asset % ASSETS, bound(amount, 1, 1e9));
        Transfer memory m = Transfer(from, from, uint16(asset), uint64(amount), uint64(block.timestamp));
        (Opening memory a, Opening memory b) = (fresh(from), fresh(from));
        a.q[asset] -= int256(amount);
        b.q[asset] += int256(amount);
        attemptTransfer(m, proven(from, a, table()), proven(from, b, table()));
        m.to = to;
        b = fresh(to);
        b.q[asset] += int256(amount) + 1;
        attemptTransfer(m, proven(from, a, table()), proven(to, b, table()));
    }

    function attemptTransfer(Transfer memory m, Transition memory s, Transition memory t) private {
        bytes memory signature = receipt(bytes.concat(signedFor(m.from, s), signedFor(m.to, t)));
        attempt(abi.encodeCall(house.transfer, (m, s, t, signature)));
    }

    /// @dev What is due, and one quantum more.
    function expireForMore(uint256 seed, uint256 which) public {
        if (count == 0) return;
        (uint64 handle, uint16 row) = (handleAt(seed), CASH_OPTION + uint16(which % 2));
        catchUp(handle);
        ExpirySettlement memory s = settlementOf(row);
        Opening memory next = fresh(handle);
        int256 unit = s.unit == 0 ? int256(1) : int256(uint256(s.unit));
        next.q[USD_ROW] += floorDiv(next.q[row] * s.value, unit) + 1;
        next.q[BTC_ROW] += next.q[row] * s.deliver;
        next.q[row] = 0;
        Transition memory t = proven(handle, next, table());
        attempt(abi.encodeCall(house.settleExpiry, (handle, row, t, receipt(signedFor(handle, t)))));
    }

    /// @dev Since a period in which the account paid already, or without what it owes.
    function fundForLess(uint256 seed, uint256 period) public {
        if (count == 0) return;
        uint64 handle = handleAt(seed);
        Opening memory old = openingOf(handle);
        Opening memory next = renewed(old);
        int256 due = floorDiv(-old.q[PERP_ROW] * int256(terms.rateSince(old.period)), 1e6);
        next.q[USD_ROW] += due + 1;
        Transition memory t = proven(handle, next, table());
        bytes memory signature = receipt(signedFor(handle, t));
        attempt(abi.encodeCall(house.settleFunding, (handle, old.period, t, signature)));
        uint32 from = uint32(period % (terms.period() + 2));
        next.q[USD_ROW] -= 1;
        if (from == old.period) return;
        t = proven(handle, next, table());
        attempt(abi.encodeCall(house.settleFunding, (handle, from, t, receipt(signedFor(handle, t)))));
    }

    // ---- how ----

    function ready(uint256 seed, uint256 other) private returns (uint64 first, uint64 second) {
        (first, second) = pair(seed, other);
        catchUp(first);
        catchUp(second);
    }

    function settleCall(Settlement memory s) private view returns (bytes memory) {
        return abi.encodeCall(house.settle, (s, receipt(signedForTrade(s))));
    }

    function attempt(bytes memory data) private {
        ++forgeriesTried;
        if (callHouse(STRANGER, data)) ++forgeriesTaken;
    }
}
