// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketSource, Market} from "../../../contracts/interfaces/IMarketSource.sol";

/// @dev Accepts whatever it is asked for, as the market a test sets for the venue: NONE until then.
contract MockMarketSource is IMarketSource {
    mapping(uint256 venueId => Market) private _markets;

    mapping(uint256 commitment => uint256) public provenIn;

    function setProvenIn(uint256 commitment, uint256 circuitId) external {
        provenIn[commitment] = circuitId;
    }

    function circuitOf(uint256, uint256 commitment) external view returns (uint256) {
        return provenIn[commitment];
    }

    function set(uint256 venueId, Market calldata market_) external {
        _markets[venueId] = market_;
    }

    function market(uint256 venueId, uint256) external view returns (Market memory) {
        return _markets[venueId];
    }

    /// @dev Every row is the asset of its number.
    function assetOfRow(uint256, uint256 row) external pure returns (uint256) {
        return row;
    }
}
