// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketSource, MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {ISolvencyRegistry, VenueConfig} from "../interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {TestChainContract} from "./TestChainContract.sol";

/// @title Stand-in for a market board: takes the parameter admin's word for a table, without prices and without a proof
/// @notice For demos and tests on local chains. A venue with this source can make any account healthy.
contract StatedMarkets is IMarketSource, TestChainContract {
    event MarketStated(uint256 indexed venueId, uint256 indexed commitment, Market market);
    event SettlementRowStated(uint256 indexed venueId, uint256 indexed row, uint256 asset);

    error MarketExists(uint256 venueId, uint256 commitment);
    error InvalidMarketLevel(uint256 commitment);
    error MarketFromTheFuture(uint256 snapshotTime, uint256 now_);
    error WrongValueScale(uint256 got, uint256 expected);
    error InvalidAssetCount(uint256 got, uint256 registered);
    error RowExists(uint256 venueId, uint256 row);
    error UnknownAsset(uint256 asset, uint256 registered);

    ISolvencyRegistry public immutable REGISTRY;

    mapping(uint256 venueId => mapping(uint256 commitment => Market)) private _markets;
    /// @dev Asset's index plus 1; 0 for a row nobody stated.
    mapping(uint256 venueId => mapping(uint256 row => uint256)) private _assetsOfRows;

    constructor(ISolvencyRegistry registry) {
        REGISTRY = registry;
    }

    /// @notice Accepts a table, once. The venue's parameter admin only, who answers for what is said of the committed header.
    /// @param valueScale the header's value scale; must be the venue's
    function stateMarket(uint256 venueId, uint256 commitment, Market calldata market_, uint8 valueScale) external {
        VenueConfig memory venue = REGISTRY.venue(venueId);
        if (msg.sender != venue.parameterAdmin) revert ISolvencyRegistry.NotParameterAdmin(venueId, msg.sender);
        ScalarField.requireElement("marketCommitment", commitment);
        if (_markets[venueId][commitment].level != MarginLevel.NONE) revert MarketExists(venueId, commitment);
        if (market_.level == MarginLevel.NONE) revert InvalidMarketLevel(commitment);
        if (market_.snapshotTime > block.timestamp) revert MarketFromTheFuture(market_.snapshotTime, block.timestamp);
        if (valueScale != venue.valueScale) revert WrongValueScale(valueScale, venue.valueScale);
        uint256 registered = REGISTRY.settlementAssets(venueId).length;
        if (market_.settlementAssets == 0 || market_.settlementAssets > registered) {
            revert InvalidAssetCount(market_.settlementAssets, registered);
        }
        _markets[venueId][commitment] = market_;
        emit MarketStated(venueId, commitment, market_);
    }

    /// @notice Says of cash and spot rows which settlement asset each is, once for a row. The venue's parameter admin only.
    function stateSettlementRows(uint256 venueId, uint256[] calldata rows, uint256[] calldata assets) external {
        VenueConfig memory venue = REGISTRY.venue(venueId);
        if (msg.sender != venue.parameterAdmin) revert ISolvencyRegistry.NotParameterAdmin(venueId, msg.sender);
        uint256 registered = REGISTRY.settlementAssets(venueId).length;
        for (uint256 i = 0; i < rows.length; ++i) {
            if (assets[i] >= registered) revert UnknownAsset(assets[i], registered);
            if (_assetsOfRows[venueId][rows[i]] != 0) revert RowExists(venueId, rows[i]);
            _assetsOfRows[venueId][rows[i]] = assets[i] + 1;
            emit SettlementRowStated(venueId, rows[i], assets[i]);
        }
    }

    /// @inheritdoc IMarketSource
    function assetOfRow(uint256 venueId, uint256 row) external view returns (uint256) {
        uint256 stated = _assetsOfRows[venueId][row];
        if (stated == 0) revert NotASettlementRow(venueId, row);
        return stated - 1;
    }

    /// @inheritdoc IMarketSource
    function market(uint256 venueId, uint256 commitment) external view returns (Market memory) {
        return _markets[venueId][commitment];
    }

    /// @inheritdoc IMarketSource
    function circuitOf(uint256, uint256) external pure returns (uint256) {
        return 0;
    }
}
