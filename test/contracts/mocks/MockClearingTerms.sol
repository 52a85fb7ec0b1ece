// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingRules, ExpirySettlement, ExpiryTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";

/// @dev What a clearing house asks of terms, as a test says it.
contract MockClearingTerms {
    ISolvencyRegistry public immutable REGISTRY;

    mapping(uint256 venueId => ClearingRules) public rules;
    mapping(uint256 venueId => uint32) public period;
    mapping(uint256 venueId => address) public liquidationsOf;
    mapping(Action => bool) public refuses;
    mapping(uint256 venueId => mapping(uint16 row => ExpiryTerms)) private _expiries;
    mapping(uint256 venueId => mapping(uint16 row => ExpirySettlement)) private _settlements;
    uint16 private _payRow;
    uint16[] private _groups;
    int64[] private _rates;

    constructor(ISolvencyRegistry registry) {
        REGISTRY = registry;
    }

    function setRules(uint256 venueId, ClearingRules calldata rules_) external {
        rules[venueId] = rules_;
    }

    function setPeriod(uint256 venueId, uint32 period_) external {
        period[venueId] = period_;
    }

    function setLiquidations(uint256 venueId, address liquidations) external {
        liquidationsOf[venueId] = liquidations;
    }

    function setRefuses(Action action, bool refuses_) external {
        refuses[action] = refuses_;
    }

    function setExpiry(uint256 venueId, ExpiryTerms calldata terms, ExpirySettlement calldata settlement) external {
        _expiries[venueId][terms.row] = terms;
        _settlements[venueId][terms.row] = settlement;
    }

    function setFunding(uint16 payRow, uint16[] calldata groups, int64[] calldata rates) external {
        (_payRow, _groups, _rates) = (payRow, groups, rates);
    }

    function standing(uint256 venueId) external view returns (ClearingRules memory, uint32) {
        if (rules[venueId].timelock == 0) revert IVenueTimelock.NoRules(venueId);
        return (rules[venueId], period[venueId]);
    }

    function pricesAllow(uint256, Action action) external view returns (bool) {
        return !refuses[action];
    }

    function fundingSince(uint256 venueId, uint32 fromPeriod)
        external
        view
        returns (uint16, uint16[] memory, int64[] memory)
    {
        if (fromPeriod > period[venueId]) revert IClearingTerms.FundingPeriodUnknown(fromPeriod, period[venueId]);
        return (_payRow, _groups, _rates);
    }

    function expiryOf(uint256 venueId, uint16 row) external view returns (ExpiryTerms memory, ExpirySettlement memory) {
        return (_expiries[venueId][row], _settlements[venueId][row]);
    }
}
