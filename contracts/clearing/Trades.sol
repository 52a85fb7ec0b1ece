// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Settlement, Trade, Transition} from "../interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {Action} from "../interfaces/IPriceBoard.sol";
import {GateMode} from "../interfaces/ISolvencyGate.sol";
import {TransitionTermsWord} from "../libraries/TransitionTermsWord.sol";
import {AccountChanges, Changes} from "./AccountChanges.sol";

/// @notice What a venue lets accounts do now.
/// @param newRisk its prices are fresh enough for it
struct Permission {
    GateMode mode;
    bool newRisk;
}

/// @title Trades: two accounts, one commitment, both sides or none
abstract contract Trades is AccountChanges {
    /// @inheritdoc IClearingHouse
    function settle(Settlement calldata settlement, bytes calldata receipt) external nonReentrant {
        Changes memory changes = _begin(_venueOf(settlement.trade.buyer), 2);
        _settle(changes, _permission(changes.venueId), settlement);
        _end(changes, receipt);
    }

    /// @inheritdoc IClearingHouse
    function settleBatch(Settlement[] calldata settlements, bytes calldata receipt) external nonReentrant {
        uint256 count = settlements.length;
        if (count == 0) revert NothingMoves();
        Changes memory changes = _begin(_venueOf(settlements[0].trade.buyer), 2 * count);
        Permission memory permission = _permission(changes.venueId);
        for (uint256 i = 0; i < count; ++i) {
            _settle(changes, permission, settlements[i]);
        }
        _end(changes, receipt);
    }

    /// @inheritdoc IClearingHouse
    function checkSide(Trade calldata trade, bool seller, Transition calldata side) external view {
        Changes memory changes = _begin(_venueOf(trade.buyer), 1);
        uint256 venueId = changes.venueId;
        _requireOpen(venueId, trade);
        changes.marketCommitment = side.marketCommitment;
        changes.frame = _frameOf(venueId, side.circuitId, side.marketCommitment);
        _requireNewRiskTable(changes);
        uint64 handle = seller ? trade.seller : trade.buyer;
        _requireOwnerOrLiquidation(venueId, handle, side);
        _requirePermitted(venueId, _permission(venueId), side.reducing, !side.owned);
        uint256 terms = _sideTerms(_terms(changes, trade), seller, side);
        _claim(changes, _commitments[venueId][handle], side, terms, trade.commitment);
        _verify(changes.claims);
    }

    /// @dev One side is checked and written, then the other: what the second starts from is what the first left.
    function _settle(Changes memory changes, Permission memory permission, Settlement calldata settlement) private {
        Trade calldata trade = settlement.trade;
        uint256 venueId = changes.venueId;
        _requireOpen(venueId, trade);
        (Transition calldata buys, Transition calldata sells) = (settlement.buyerSide, settlement.sellerSide);
        if (buys.marketCommitment != sells.marketCommitment) {
            revert SidesUnderTwoTables(buys.marketCommitment, sells.marketCommitment);
        }
        _requirePermitted(venueId, permission, buys.reducing && sells.reducing, !(buys.owned && sells.owned));
        _filled[trade.commitment] = true;
        uint256 terms = _terms(changes, trade);
        _changeSide(changes, trade, terms, false, buys);
        // Both are under one table.
        _requireNewRiskTable(changes);
        _changeSide(changes, trade, terms, true, sells);
        emit TradeSettled(venueId, trade.buyer, trade.seller, trade.commitment);
    }

    function _changeSide(
        Changes memory changes,
        Trade calldata trade,
        uint256 terms,
        bool seller,
        Transition calldata side
    ) private {
        uint64 handle = seller ? trade.seller : trade.buyer;
        _requireOwnerOrLiquidation(changes.venueId, handle, side);
        _change(changes, handle, side, _sideTerms(terms, seller, side), trade.commitment);
    }

    /// @dev Of the buyer's side. The expiry's range was checked.
    function _terms(Changes memory changes, Trade calldata trade) private pure returns (uint256) {
        return TransitionTermsWord.ofTrade(trade.buyer, trade.seller, uint40(trade.expiry), changes.rules.band);
    }

    function _sideTerms(uint256 terms, bool seller, Transition calldata side) private pure returns (uint256) {
        return terms | (seller ? TransitionTermsWord.SELLER : 0) | TransitionTermsWord.reducing(side.reducing);
    }

    /// @dev Two accounts of the venue, in time, for the first time.
    function _requireOpen(uint256 venueId, Trade calldata trade) private view {
        if (trade.buyer == trade.seller) revert SelfMatch(trade.buyer);
        _requireAt(venueId, trade.buyer);
        _requireAt(venueId, trade.seller);
        if (trade.expiry > type(uint40).max) revert ExpiryOutOfRange(trade.expiry);
        if (block.timestamp > trade.expiry) revert TradeExpired(trade.expiry, block.timestamp);
        if (_filled[trade.commitment]) revert TradeFilled(trade.commitment);
    }

    function _requireOwnerOrLiquidation(uint256 venueId, uint64 handle, Transition calldata side) private view {
        if (side.owned) _requireNotFrozen(venueId, handle);
        else _requireLiquidations(venueId, handle);
    }

    function _permission(uint256 venueId) private view returns (Permission memory) {
        return Permission(REGISTRY.mode(venueId), TERMS.pricesAllow(venueId, Action.NEW_RISK));
    }

    /// @param reduces no side takes risk that it does not have
    /// @param liquidates a side is closed without its owner, for which prices may be older
    function _requirePermitted(uint256 venueId, Permission memory permission, bool reduces, bool liquidates)
        private
        view
    {
        GateMode mode = permission.mode;
        if (mode == GateMode.HALT) revert VenueHalted(venueId);
        // Who takes over what is liquidated takes risk that is there already.
        bool permitted = mode == GateMode.OPEN || liquidates || (mode == GateMode.REDUCE_ONLY && reduces);
        if (permitted && !permission.newRisk) {
            permitted = (reduces || liquidates) && TERMS.pricesAllow(venueId, Action.LIQUIDATION);
        }
        if (!permitted) revert NewRiskStopped(venueId);
    }
}
