// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarkClaim} from "../interfaces/IAccountProofs.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {IMarketBoard, Instrument, InstrumentKind} from "../interfaces/IMarketBoard.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {Auction, LiquidationRules, Lot, Standing} from "../interfaces/LiquidationTypes.sol";
import {LiquidationPrices} from "../libraries/LiquidationPrices.sol";
import {Standings} from "./Standings.sol";

/// @title What is for sale of an account, and since when
abstract contract Auctions is Standings {
    /// @dev By lot and number of the liquidation: what was for sale in an earlier one is not any more.
    mapping(bytes32 key => Auction) private _auctions;

    /// @inheritdoc ILiquidations
    function markAuction(Lot calldata lot, uint256 marketCommitment, MarkClaim calldata mark, MarkClaim calldata payMark)
        external
        nonReentrant
    {
        uint256 venueId = _account(lot.handle).venueId;
        _requireStanding(lot.handle, Standing.LIQUIDATING);
        _requirePrices(venueId);
        Auction memory marked;
        marked.marketCommitment = marketCommitment;
        marked.tableTime = _requireLatest(venueId, marketCommitment, MarginLevel.INITIAL);
        marked.strike = _requireForSale(venueId, lot);
        marked.mark = _markOf(venueId, marketCommitment, lot.row, mark);
        marked.payMark = _markOf(venueId, marketCommitment, lot.payRow, payMark);
        if (marked.payMark == 0) revert NoPayMark(lot.payRow);
        bytes32 key = _keyOf(lot);
        marked.since = _clockSince(venueId, _auctions[key]);
        _auctions[key] = marked;
        uint32 liquidation = _standings[lot.handle].liquidation;
        emit AuctionMarked(lot.handle, lot.row, lot.payRow, lot.accountSells, liquidation, marked);
    }

    /// @inheritdoc ILiquidations
    function auctionOf(Lot calldata lot) external view returns (Auction memory) {
        return _auctions[_keyOf(lot)];
    }

    /// @inheritdoc ILiquidations
    function clockOf(Lot calldata lot) external view returns (uint24 discount, uint24 subsidy) {
        Auction memory auction = _auctionOf(lot);
        return _ratesNow(_rulesOf(_account(lot.handle).venueId), auction);
    }

    /// @dev Reverts where there is none.
    function _auctionOf(Lot calldata lot) internal view returns (Auction memory auction) {
        auction = _auctions[_keyOf(lot)];
        if (auction.marketCommitment == 0) revert NoAuction(lot.handle, lot.row, lot.payRow);
    }

    function _ratesNow(LiquidationRules memory rules, Auction memory auction)
        internal
        view
        returns (uint24 discount, uint24 subsidy)
    {
        return LiquidationPrices.ratesAfter(rules, block.timestamp - auction.since);
    }

    /// @dev Two instruments by their first tiers, of which the second can be paid in.
    /// @return strike of an option that is bought back, else 0
    function _requireForSale(uint256 venueId, Lot calldata lot) private view returns (uint64 strike) {
        IMarketBoard board = _boardOf(venueId);
        // Reverts for a row that nothing is paid in.
        board.assetOfRow(venueId, lot.payRow);
        bool listed = lot.row != lot.payRow && lot.row < board.instrumentCount(venueId);
        if (!listed || board.instrument(venueId, lot.payRow).continues) revert NotForSale(lot.row, lot.payRow);
        Instrument memory sold = board.instrument(venueId, lot.row);
        if (sold.continues) revert NotForSale(lot.row, lot.payRow);
        return sold.kind == InstrumentKind.OPTION && !lot.accountSells ? sold.strike : 0;
    }

    function _markOf(uint256 venueId, uint256 marketCommitment, uint16 row, MarkClaim calldata claim)
        private
        view
        returns (uint64)
    {
        if (claim.row != row) revert WrongRow(claim.row, row);
        PROOFS.checkMark(venueId, marketCommitment, claim);
        return claim.mark;
    }

    /// @dev Runs on while the prices that it ran under are fresh: nobody was waiting for a price that was no more.
    function _clockSince(uint256 venueId, Auction storage before) private view returns (uint64) {
        bool runs =
            before.marketCommitment != 0 && block.timestamp - before.tableTime <= _terms.rulesOf(venueId).tableMaxAge;
        return runs ? before.since : uint64(block.timestamp);
    }

    function _keyOf(Lot calldata lot) private view returns (bytes32) {
        return keccak256(abi.encode(lot, _standings[lot.handle].liquidation));
    }
}
