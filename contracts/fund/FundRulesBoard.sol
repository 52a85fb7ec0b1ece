// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IDefaultFund} from "../interfaces/IDefaultFund.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {FundRules} from "../interfaces/LiquidationTypes.sol";
import {VenueTimelock} from "../market/VenueTimelock.sol";

/// @title A venue's rules for its default fund, and which contract may draw on it
abstract contract FundRulesBoard is VenueTimelock, IDefaultFund {
    uint256 internal constant PPM = 1e6;

    /// @inheritdoc IDefaultFund
    IClearingHouse public immutable HOUSE;
    IClearingTerms internal immutable _terms;

    mapping(uint256 venueId => FundRules) private _rules;

    /// @dev The contract that the venue named to its clearing house, for as long as it is named.
    modifier onlyLiquidations(uint256 venueId) {
        if (msg.sender != _terms.liquidationsOf(venueId)) revert NotLiquidations(venueId, msg.sender);
        _;
    }

    constructor(IClearingHouse house, uint256 minTimelock) VenueTimelock(house.REGISTRY(), minTimelock) {
        HOUSE = house;
        _terms = house.TERMS();
    }

    /// @inheritdoc IDefaultFund
    function proposeRules(uint256 venueId, FundRules calldata rules) external onlyParameterAdmin(venueId) {
        _requireTimelock(rules.timelock);
        _requireBounds(rules);
        if (_rules[venueId].timelock == 0) return _setRules(venueId, rules);
        emit FundRulesProposed(venueId, rules);
        _propose(venueId, ChangeKind.FUND_RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc IDefaultFund
    function activateRules(uint256 venueId, FundRules calldata rules) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.FUND_RULES, keccak256(abi.encode(rules)));
        _setRules(venueId, rules);
    }

    /// @inheritdoc IDefaultFund
    function rulesOf(uint256 venueId) public view returns (FundRules memory) {
        return _rules[venueId];
    }

    function _timelockOf(uint256 venueId) internal view override returns (uint256 timelock) {
        timelock = _rules[venueId].timelock;
        if (timelock == 0) revert NoRules(venueId);
    }

    function _setRules(uint256 venueId, FundRules calldata rules) private {
        _rules[venueId] = rules;
        emit FundRulesActivated(venueId, rules);
    }

    /// @dev Who pays first is not held back more than who pays next.
    function _requireBounds(FundRules calldata rules) private pure {
        if (rules.firstLossBound == 0) revert InvalidRules("firstLossBound", 0);
        _requireAtMost("firstLossBound", rules.firstLossBound, PPM);
        _requireAtMost("insuranceBound", rules.insuranceBound, rules.firstLossBound);
        _requireAtMost("sharedBound", rules.sharedBound, rules.insuranceBound);
    }

    function _requireAtMost(bytes32 what, uint256 value, uint256 most) private pure {
        if (value > most) revert InvalidRules(what, value);
    }
}
