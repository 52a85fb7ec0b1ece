// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IDisputeSource} from "../../../contracts/interfaces/IDisputeSource.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {IMarketSource} from "../../../contracts/interfaces/IMarketSource.sol";
import {IReserveSource} from "../../../contracts/interfaces/IReserveSource.sol";
import {EpochRecord, SettlementAsset, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";

/// @dev Registry and market source as far as a vault asks them. Epochs are accepted without proofs, each over a table of its
/// number; rows 0 and 1 are assets 0 and 1.
contract VaultStandIn {
    mapping(uint256 venueId => VenueConfig) private _venues;
    mapping(uint256 venueId => uint64) public latestEpoch;
    mapping(uint256 venueId => uint64) public openedEpoch;
    mapping(uint256 venueId => mapping(uint64 epoch => EpochRecord)) private _epochs;
    SettlementAsset[] private _assets;

    constructor(SettlementAsset[] memory assets) {
        for (uint256 i = 0; i < assets.length; ++i) {
            _assets.push(assets[i]);
        }
    }

    function register(uint256 venueId, address admin, address operator, address parameterAdmin, IReserveSource reserves)
        external
    {
        VenueConfig storage config = _venues[venueId];
        (config.admin, config.operator, config.parameterAdmin) = (admin, operator, parameterAdmin);
        config.reserves = reserves;
        config.markets = IMarketSource(address(this));
        config.fundToken = _assets[0].token;
    }

    function openSnapshot(uint256 venueId) external {
        address[] memory tokens = new address[](_assets.length);
        for (uint256 i = 0; i < tokens.length; ++i) {
            tokens[i] = _assets[i].token;
        }
        uint64 epoch = latestEpoch[venueId] + 1;
        _venues[venueId].reserves.checkpoint(venueId, epoch, tokens, tokens[0]);
        openedEpoch[venueId] = epoch;
    }

    /// @dev The opened epoch.
    function accept(uint256 venueId) external {
        uint64 epoch = openedEpoch[venueId];
        _epochs[venueId][epoch].acceptedAt = uint64(block.timestamp);
        _epochs[venueId][epoch].marketCommitment = epoch;
        latestEpoch[venueId] = epoch;
    }

    function venue(uint256 venueId) external view returns (VenueConfig memory) {
        return _venues[venueId];
    }

    function disputesOf(uint256) external pure returns (IDisputeSource) {
        return IDisputeSource(address(0));
    }

    function settlementAsset(uint256, uint256 asset) external view returns (SettlementAsset memory) {
        return _assets[asset];
    }

    function epochAt(uint256 venueId, uint64 epoch) external view returns (EpochRecord memory) {
        require(epoch != 0 && epoch <= latestEpoch[venueId], "unknown epoch");
        return _epochs[venueId][epoch];
    }

    function market(uint256, uint256) external pure returns (Market memory) {
        return Market(MarginLevel.MAINTENANCE, 0, 2);
    }

    function assetOfRow(uint256, uint256 row) external pure returns (uint256) {
        return row;
    }
}
