// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Settlement, Trade, Transition, TransitionKind} from "../interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ILiquidationSource} from "../interfaces/ILiquidationSource.sol";
import {Action} from "../interfaces/IPriceBoard.sol";
import {GateMode} from "../interfaces/ISolvencyGate.sol";
import {TransitionTermsWord} from "../libraries/TransitionTermsWord.sol";
import {AccountChanges, Changes} from "./AccountChanges.sol";
import {TransitionFrame} from "./TransitionFrames.sol";

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
        _requireOpen(changes.venueId, trade);
        uint64 handle = seller ? trade.seller : trade.buyer;
        TransitionFrame memory frame = _frameOf(changes.venueId, side.circuitId, side.marketCommitment);
        _requireNewRiskTable(changes, frame, side.marketCommitment);
        _requireOwnerOrLiquidation(changes.venueId, handle, side);
        _requirePermitted(changes.venueId, _permission(changes.venueId), side.reducing, !side.owned);
        TransitionTermsWord.Terms memory terms = _full(changes, side, _sideTerms(changes, trade, seller, side.reducing));
        _verifyOne(_claim(frame, _accounts[handle].commitment, side, terms, trade.commitment));
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
        _changeSide(changes, trade, false, buys);
        _changeSide(changes, trade, true, sells);
        emit TradeSettled(venueId, trade.buyer, trade.seller, trade.commitment);
    }

    function _changeSide(Changes memory changes, Trade calldata trade, bool seller, Transition calldata side) private {
        uint64 handle = seller ? trade.seller : trade.buyer;
        _requireOwnerOrLiquidation(changes.venueId, handle, side);
        TransitionTermsWord.Terms memory terms = _sideTerms(changes, trade, seller, side.reducing);
        TransitionFrame memory frame = _change(changes, handle, side, terms, trade.commitment);
        _requireNewRiskTable(changes, frame, side.marketCommitment);
    }

    function _sideTerms(Changes memory changes, Trade calldata trade, bool seller, bool reducing)
        private
        pure
        returns (TransitionTermsWord.Terms memory terms)
    {
        terms.kind = TransitionKind.TRADE;
        terms.seller = seller;
        terms.reducing = reducing;
        terms.band = changes.rules.band;
        terms.first = trade.buyer;
        terms.second = trade.seller;
        // Its range was checked.
        terms.expiry = uint40(trade.expiry);
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
        if (side.owned) return;
        address liquidations = TERMS.liquidationsOf(venueId);
        bool liquidated = liquidations != address(0) && ILiquidationSource(liquidations).isLiquidated(handle);
        if (!liquidated) revert NotLiquidated(handle);
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
        bool permitted = mode == GateMode.OPEN || (mode == GateMode.REDUCE_ONLY && reduces);
        if (permitted && !permission.newRisk) {
            permitted = (reduces || liquidates) && TERMS.pricesAllow(venueId, Action.LIQUIDATION);
        }
        if (!permitted) revert NewRiskStopped(venueId);
    }
}
