// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpiryBoard} from "./clearing/ExpiryBoard.sol";
import {FundingBoard} from "./clearing/FundingBoard.sol";
import {ClearingRules} from "./interfaces/ClearingTypes.sol";
import {IClearingTerms} from "./interfaces/IClearingTerms.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {VenueTimelock} from "./market/VenueTimelock.sol";

/// @title What venues' clearing houses go by
/// @dev A contract of its own because a house with it would be larger than a contract may be.
contract ClearingTerms is ExpiryBoard, FundingBoard {
    constructor(ISolvencyRegistry registry, uint256 minTimelock) VenueTimelock(registry, minTimelock) {}

    /// @inheritdoc IClearingTerms
    function standing(uint256 venueId) external view returns (ClearingRules memory rules, uint32 period) {
        rules = rulesOf(venueId);
        if (rules.timelock == 0) revert NoRules(venueId);
        period = periodOf(venueId);
    }
}
