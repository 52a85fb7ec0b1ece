// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ISatelliteClaim, ISatelliteHub} from "../interfaces/ISatelliteHub.sol";
import {SatelliteClaim} from "./SatelliteClaim.sol";

/// @title Makes claim tokens for whoever calls: they are the caller's to mint
contract SatelliteClaimMaker {
    /// @param vault that claims leave only while the satellite is live
    function make(
        uint256 satelliteId,
        uint16 token,
        address vault,
        string calldata name,
        string calldata symbol,
        uint8 decimals
    ) external returns (ISatelliteClaim) {
        return new SatelliteClaim(ISatelliteHub(msg.sender), satelliteId, token, vault, name, symbol, decimals);
    }
}
