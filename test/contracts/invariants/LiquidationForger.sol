// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {AccountStanding, Bid, Lot, Standing, VerdictClaim} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {TransitionDeltaWord} from "../../../contracts/libraries/TransitionDeltaWord.sol";
import {Holding} from "./LiquidationStatement.sol";
import {LiquidationHandler} from "./LiquidationHandler.sol";

/// @dev Tries what nobody may, each time one step away from what an honest party does. What is tried is always wrong: where a step would be
/// right by chance, nothing is tried.
contract LiquidationForger is LiquidationHandler {
    uint256 public forgeriesTried;
    uint256 public forgeriesTaken;

    uint256 private constant BIDS = 11;
    uint256 private constant OTHERS = 15;

    /// @dev Prices move as far as no margin covers.
    function ruin(uint256 by, bool up) public {
        by = 10 + by % 31;
        price = up ? price * (100 + by) / 100 : price * (100 - by) / 100;
        if (price < 1e9) price = 1e9;
        if (price > 1e12) price = 1e12;
        pass(1);
        publish();
    }

    function forge(uint256 seed, uint256 other, uint256 how) public {
        if (count < 2) return;
        freshen();
        (uint64 handle, uint64 second) = pair(seed, other);
        catchUp(handle);
        catchUp(second);
        how = how % (BIDS + OTHERS);
        if (how < BIDS) forgeBid(handle, second, how);
        else if (how < BIDS + 7) forgeVerdict(handle, second, how - BIDS);
        else forgeRest(handle, how - BIDS - 7);
    }

    // ---- verdicts ----

    function forgeVerdict(uint64 handle, uint64 second, uint256 how) private {
        bool healthy = isHealthy(current[handle], maintenance);
        // Not so, but said.
        if (how == 0 && healthy) tryStart(handle, current[handle], maintenance, handle, ALICE);
        if (how == 1 && !healthy) tryAnswer(handle, current[handle], maintenance, handle);
        // So under prices that are not the newest, or for another purpose.
        if (how == 2 && !isHealthy(current[handle], formerMaintenance)) {
            tryStart(handle, current[handle], formerMaintenance, handle, ALICE);
        }
        if (how == 3 && !isHealthy(current[handle], initial)) {
            tryStart(handle, current[handle], initial, handle, ALICE);
        }
        // Of another handle, another commitment, or another sender.
        if (how == 4 && !healthy) {
            tryStart(handle, current[handle], maintenance, second, ALICE);
            tryStart(handle, current[handle], maintenance, handle, BOB);
            tryStart(handle, current[handle], maintenance, handle, address(0));
        }
        if (how == 5 && current[second] != current[handle]) {
            tryStart(handle, current[second], maintenance, handle, ALICE);
            tryAnswer(handle, current[second], maintenance, handle);
        }
        if (how != 6) return;
        // Healthy before the prices that it is doubted by; or for another handle.
        AccountStanding memory known = liquidations.standingOf(handle);
        if (known.standing != Standing.SOUND && tableTime(formerMaintenance) < known.tableTime) {
            tryAnswer(handle, current[handle], formerMaintenance, handle);
        }
        tryAnswer(handle, current[handle], maintenance, second);
    }

    function tryStart(uint64 handle, uint256 commitment, uint256 market, uint64 named, address sender) private {
        VerdictClaim memory c = verdictOf(commitment, market, false, named, sender);
        attempt(address(liquidations), ALICE, 0, abi.encodeCall(liquidations.start, (handle, c)));
    }

    function tryAnswer(uint64 handle, uint256 commitment, uint256 market, uint64 named) private {
        VerdictClaim memory c = verdictOf(commitment, market, true, named, address(0));
        attempt(address(liquidations), ALICE, 0, abi.encodeCall(liquidations.answer, (handle, c)));
    }

    // ---- bids ----

    function forgeBid(uint64 handle, uint64 bidder, uint256 how) private {
        Lot memory lot = lotToForge(handle);
        if (lot.handle == 0 || !marked(lot)) return;
        int256 position = holdingOf(handle).q[lot.row];
        uint256 most = uint256(position > 0 ? position : -position);
        uint256 quantity = how == 0 ? most : needed(lot, most);
        Bid memory bid = bidOf(lot, bidder, quantity, priceOf(lot, quantity, true));
        if (how == 0) {
            // All of it, though less would do.
            if (bid.stillBelow.circuitId != 0 || sliceValue(lot, quantity) < rules().minLot) return;
            tryBid(bid);
            uint256 left = (lot.accountSells ? bid.settlement.sellerSide : bid.settlement.buyerSide).newCommitment;
            bid.stillBelow = verdictOf(left, initial, false, handle, address(0));
            tryBid(bid);
            // Of what the account was before the sale.
            bid.stillBelow = verdictOf(current[handle], initial, false, handle, address(0));
            return tryBid(bid);
        }
        if (how == 1) return attempt(address(liquidations), STRANGER, 0, bidCall(bid));
        if (how == 2) bid.underWater = verdictOf(current[handle], formerMaintenance, false, handle, address(0));
        if (how == 3) bid.underWater = verdictOf(current[handle], initial, false, handle, address(0));
        if (how == 4) bid.underWater = verdictOf(current[bidder], maintenance, false, handle, address(0));
        if (how == 4 && current[bidder] == current[handle]) return;
        if (how == 5) bid.subsidy = mostSubsidy(lot, quantity) + 1;
        if (how == 6) ++bid.nonce;
        if (how == 7) lot.accountSells ? ++bid.payment : --bid.payment;
        if (how == 8) bid.lot.row = bid.lot.row == BTC_ROW ? PERP_ROW : BTC_ROW;
        if (how == 9) return worsePrice(lot, bidder, quantity);
        if (how == 10) return withoutTheBidder(bid, bidder);
        tryBid(bid);
    }

    /// @dev Nothing where nothing of the account is for sale.
    function lotToForge(uint64 handle) private view returns (Lot memory lot) {
        if (standing(handle) != Standing.LIQUIDATING) return lot;
        int256[5] memory q = holdingOf(handle).q;
        uint16 row = q[PERP_ROW] != 0 ? PERP_ROW : q[OPTION_ROW] != 0 ? OPTION_ROW : BTC_ROW;
        if (q[row] != 0) return lotOf(handle, row);
    }

    function worsePrice(Lot memory lot, uint64 bidder, uint256 quantity) private {
        uint256 price_ = priceOf(lot, quantity, true);
        if (lot.accountSells && price_ == 0) return;
        // Rounded the other way it would be right by chance.
        price_ = lot.accountSells ? price_ - 1 : price_ + 1;
        tryBid(bidOf(lot, bidder, quantity, price_));
    }

    /// @dev The other account holds what would be sold to it, and reduces: what the house takes of a liquidation contract alone.
    function withoutTheBidder(Bid memory bid, uint64 bidder) private {
        bool sells = bid.lot.accountSells;
        Transition memory theirs = sells ? bid.settlement.buyerSide : bid.settlement.sellerSide;
        Holding memory next = holdings[theirs.newCommitment];
        theirs = provenByAnybody(bidder, next, initial, bid.settlement.trade.commitment);
        theirs.reducing = true;
        if (sells) bid.settlement.buyerSide = theirs;
        else bid.settlement.sellerSide = theirs;
        tryBid(bid);
    }

    function tryBid(Bid memory bid) private {
        uint64 bidder = bid.lot.accountSells ? bid.settlement.trade.buyer : bid.settlement.trade.seller;
        attempt(address(liquidations), house.accountOf(bidder).controller, 0, bidCall(bid));
    }

    function bidCall(Bid memory bid) private view returns (bytes memory) {
        return abi.encodeCall(liquidations.take, (bid, receipt(signedForTrade(bid.settlement))));
    }

    // ---- challenges, marks, debts, the fund ----

    function forgeRest(uint64 handle, uint256 how) private {
        vm.deal(ALICE, 100 ether);
        uint256 bond = liquidations.challengeBond(handle);
        bytes memory challenge_ = abi.encodeCall(liquidations.challenge, (handle, maintenance));
        if (how == 0) {
            attempt(address(liquidations), ALICE, bond - 1, challenge_);
            attempt(address(liquidations), ALICE, bond + 1, challenge_);
        }
        if (how == 1) {
            challenge_ = abi.encodeCall(liquidations.challenge, (handle, initial));
            attempt(address(liquidations), ALICE, bond, challenge_);
            challenge_ = abi.encodeCall(liquidations.challenge, (handle, formerMaintenance));
            attempt(address(liquidations), ALICE, bond, challenge_);
        }
        if (how == 2 && block.timestamp <= liquidations.standingOf(handle).deadline) {
            attempt(address(liquidations), ALICE, 0, abi.encodeCall(liquidations.freeze, (handle, maintenance)));
        }
        if (how == 3) falselyMarked(handle);
        if (how == 4) overpaid(handle);
        if (how == 5) asAnotherContract();
        if (how == 6) ownersWhoAreFrozen(handle);
        if (how == 7 && isHealthy(current[handle], maintenance)) {
            Lot memory lot = lotOf(handle, PERP_ROW);
            ++forgeriesTried;
            if (marked(lot)) ++forgeriesTaken;
        }
    }

    function falselyMarked(uint64 handle) private {
        Lot memory lot = lotToForge(handle);
        if (lot.handle == 0) return;
        VerdictClaim memory c = verdictOf(current[handle], maintenance, false, handle, address(0));
        MarkClaim[3] memory marks =
            [markClaim(initial, lot.row), markClaim(initial, lot.payRow), markClaim(initial, USD_ROW)];
        marks[0].mark += 1;
        attempt(address(liquidations), ALICE, 0, markCall(lot, initial, marks, c));
        // Another row's.
        marks[0] = marks[1];
        attempt(address(liquidations), ALICE, 0, markCall(lot, initial, marks, c));
        marks[0] = markClaim(maintenance, lot.row);
        attempt(address(liquidations), ALICE, 0, markCall(lot, maintenance, marks, c));
        marks[0] = markClaim(initial, lot.row);
        // Paid in coin, which an account would borrow.
        lot.payRow = BTC_ROW;
        marks[1] = markClaim(initial, BTC_ROW);
        attempt(address(liquidations), ALICE, 0, markCall(lot, initial, marks, c));
    }

    function markCall(Lot memory lot, uint256 market, MarkClaim[3] memory m, VerdictClaim memory c)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(liquidations.markAuction, (lot, market, m[0], m[1], m[2], c));
    }

    /// @dev More than is owed, or where something is left; and what no liquidation contract asks for.
    function overpaid(uint64 handle) private {
        Holding memory next = renewed(holdingOf(handle));
        uint256 quanta = next.q[USD_ROW] < 0 ? uint256(-next.q[USD_ROW]) + 1 : 1;
        next.q[USD_ROW] += int256(quanta);
        uint256 delta = TransitionDeltaWord.collateral(USD_ROW, uint64(quanta), 0, 0);
        Transition memory t = provenByAnybody(handle, next, maintenance, delta);
        bytes memory data = abi.encodeCall(liquidations.payDebt, (handle, USD_ROW, uint64(quanta), t));
        attempt(address(liquidations), ALICE, 0, data);
        data = abi.encodeCall(house.payIn, (handle, USD_ROW, uint64(quanta), t, 0));
        attempt(address(house), ALICE, 0, data);
        next.q[USD_ROW] = holdingOf(handle).q[USD_ROW] + 1;
        if (owesOnly(next.q)) {
            delta = TransitionDeltaWord.collateral(USD_ROW, 1, 0, 0);
            t = provenByAnybody(handle, next, maintenance, delta);
            data = abi.encodeCall(house.payIn, (handle, USD_ROW, uint64(1), t, 0));
            attempt(address(house), ALICE, 0, data);
        }
    }

    function asAnotherContract() private {
        attempt(address(fund), ALICE, 0, abi.encodeCall(fund.draw, (HELD, 0, 1)));
        attempt(address(fund), ALICE, 0, abi.encodeCall(fund.subsidise, (HELD, 0, 1, ALICE)));
        attempt(address(fund), ALICE, 0, abi.encodeCall(fund.sharePayout, (HELD, 0, 1)));
        attempt(address(fund), ALICE, 0, abi.encodeCall(fund.takePenalty, (HELD, 0, 1, ALICE, 0, 0)));
        attempt(address(liquidations), ALICE, 0, abi.encodeCall(liquidations.sharePayout, (HELD, 0, 1)));
    }

    /// @dev Dust in, all that is there out, and what is owed with a nonce of one's own.
    function ownersWhoAreFrozen(uint64 handle) private {
        if (!liquidations.isFrozen(handle)) return;
        Holding memory next = renewed(holdingOf(handle));
        next.q[USD_ROW] += 1;
        Transition memory t = proven(handle, next, initial);
        if (t.unmargined) return;
        bytes memory signature = receipt(signedFor(handle, t));
        bytes memory data = abi.encodeCall(house.adjust, (handle, collateral(0, 1, 0, 0, address(0)), t, signature));
        attempt(address(house), ALICE, 0, data);
        terms.accrue(1e6);
        if (next.q[PERP_ROW] == 0) return;
        uint32 period = holdingOf(handle).period;
        next = renewed(holdingOf(handle));
        next.q[USD_ROW] += floorDiv(-next.q[PERP_ROW] * int256(terms.rateSince(period)), PPM);
        t = proven(handle, next, initial);
        signature = receipt(signedFor(handle, t));
        attempt(address(house), ALICE, 0, abi.encodeCall(house.settleFunding, (handle, period, t, signature)));
    }

    function attempt(address to, address who, uint256 value, bytes memory data) private {
        ++forgeriesTried;
        if (tried(to, who, value, data)) ++forgeriesTaken;
    }
}
