// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Instrument, InstrumentKind} from "../../../contracts/interfaces/IMarketBoard.sol";
import {IMarketSource, MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";

/// @dev Tables and rows of one venue, as a test says them.
contract MockLiquidationBoard {
    mapping(uint256 commitment => Market) private _markets;
    mapping(MarginLevel => uint256) private _latest;
    mapping(uint256 row => uint256) private _assets;
    Instrument[] private _rows;

    function accept(uint256 commitment, MarginLevel level, uint64 time) external {
        _markets[commitment] = Market(level, time, 2);
        _latest[level] = commitment;
    }

    function list(InstrumentKind kind, uint48 strike, bool continues) external {
        Instrument memory row;
        (row.kind, row.strike, row.continues) = (kind, strike, continues);
        _rows.push(row);
    }

    function setAsset(uint256 row, uint256 asset) external {
        _assets[row] = asset + 1;
    }

    /// @dev What tells a board from tables that are stated.
    function PRICES() external view returns (address) {
        return address(this);
    }

    function market(uint256, uint256 commitment) external view returns (Market memory) {
        return _markets[commitment];
    }

    function latestMarket(uint256, MarginLevel level) external view returns (uint256) {
        return _latest[level];
    }

    function instrumentCount(uint256) external view returns (uint256) {
        return _rows.length;
    }

    function instrument(uint256, uint256 row) external view returns (Instrument memory) {
        return _rows[row];
    }

    function assetOfRow(uint256 venueId, uint256 row) external view returns (uint256) {
        if (_assets[row] == 0) revert IMarketSource.NotASettlementRow(venueId, row);
        return _assets[row] - 1;
    }
}
