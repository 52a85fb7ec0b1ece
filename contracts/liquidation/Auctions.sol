// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearedAccount} from "../interfaces/ClearingTypes.sol";
import {MarkClaim} from "../interfaces/IAccountProofs.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {Auction, LiquidationRules, Lot, Standing, VerdictClaim} from "../interfaces/LiquidationTypes.sol";
import {GateMode} from "../interfaces/ISolvencyGate.sol";
import {LiquidationPrices} from "../libraries/LiquidationPrices.sol";
import {Standings} from "./Standings.sol";

/// @title What is for sale of an account, and since when
abstract contract Auctions is Standings {
    /// @dev By lot, number of the liquidation and fee row: what was for sale in an earlier one, or marked in other fees, is not any more.
    mapping(bytes32 key => Auction) private _auctions;

    /// @inheritdoc ILiquidations
    function markAuction(
        Lot calldata lot,
        uint256 marketCommitment,
        MarkClaim calldata mark,
        MarkClaim calldata payMark,
        MarkClaim calldata feeMark,
        VerdictClaim calldata underWater
    ) external nonReentrant {
        ClearedAccount memory account = _account(lot.handle);
        uint256 venueId = account.venueId;
        _requireStanding(lot.handle, Standing.LIQUIDATING);
        // Nothing is settled then, and no clock runs.
        if (PROOFS.mode(venueId) == GateMode.HALT) revert IClearingHouse.VenueHalted(venueId);
        Auction memory marked;
        LiquidationRules memory rules = _rulesOf(venueId);
        marked.extra = _judge.requireForSale(venueId, lot, rules.strikeShare);
        marked.marketCommitment = marketCommitment;
        marked.tableTime = _judge.requireLatest(venueId, marketCommitment, MarginLevel.INITIAL);
        marked.mark = _markOf(venueId, marketCommitment, lot.row, mark);
        marked.payMark = _payMarkOf(venueId, marketCommitment, lot.payRow, payMark);
        marked.feeMark =
            rules.feeRow == lot.payRow ? marked.payMark : _payMarkOf(venueId, marketCommitment, rules.feeRow, feeMark);
        _requireUnderWater(account, lot.handle, address(0), underWater);
        _mark(venueId, lot, rules.feeRow, marked);
    }

    /// @inheritdoc ILiquidations
    function auctionOf(Lot calldata lot) external view returns (Auction memory) {
        return _auctions[_keyOf(lot, _rulesOf(_account(lot.handle).venueId).feeRow)];
    }

    /// @inheritdoc ILiquidations
    function clockOf(Lot calldata lot) external view returns (uint24 discount, uint24 subsidy) {
        uint256 venueId = _account(lot.handle).venueId;
        LiquidationRules memory rules = _rulesOf(venueId);
        Auction memory auction = _auctionOf(lot, rules.feeRow);
        return _judge.isAtPar(venueId, lot.row) ? (uint24(0), uint24(0)) : _ratesNow(rules, auction);
    }

    /// @dev Reverts where there is none.
    function _auctionOf(Lot calldata lot, uint16 feeRow) internal view returns (Auction memory auction) {
        auction = _auctions[_keyOf(lot, feeRow)];
        if (auction.marketCommitment == 0) revert NoAuction(lot.handle, lot.row, lot.payRow);
    }

    function _ratesNow(LiquidationRules memory rules, Auction memory auction)
        internal
        view
        returns (uint24 discount, uint24 subsidy)
    {
        return LiquidationPrices.ratesAfter(rules, block.timestamp - auction.since);
    }

    /// @dev Its clock runs on while the prices that it ran under are fresh: nobody was waiting for a price that was no more.
    function _mark(uint256 venueId, Lot calldata lot, uint16 feeRow, Auction memory marked) private {
        bytes32 key = _keyOf(lot, feeRow);
        Auction storage known = _auctions[key];
        bool runs = known.marketCommitment != 0 && _judge.isFresh(venueId, known.tableTime);
        marked.since = runs ? known.since : uint64(block.timestamp);
        _auctions[key] = marked;
        uint32 liquidation = _standings[lot.handle].liquidation;
        emit AuctionMarked(lot.handle, lot.row, lot.payRow, lot.accountSells, liquidation, marked);
    }

    function _payMarkOf(uint256 venueId, uint256 marketCommitment, uint16 row, MarkClaim calldata claim)
        private
        view
        returns (uint64 mark)
    {
        mark = _markOf(venueId, marketCommitment, row, claim);
        if (mark == 0) revert NoPayMark(row);
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

    function _keyOf(Lot calldata lot, uint16 feeRow) private view returns (bytes32) {
        return keccak256(abi.encode(lot, _standings[lot.handle].liquidation, feeRow));
    }
}
