// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketBoard, TableRules} from "../interfaces/IMarketBoard.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {SignerSet} from "../libraries/SignerSet.sol";
import {VenueTimelock} from "./VenueTimelock.sol";

/// @title A venue's rules for tables
abstract contract BoardRules is VenueTimelock, IMarketBoard {
    uint256 internal constant PPM = 1e6;

    mapping(uint256 venueId => TableRules) private _rules;

    /// @inheritdoc IMarketBoard
    function proposeRules(uint256 venueId, TableRules calldata rules) external onlyParameterAdmin(venueId) {
        _requireRules(rules);
        if (_rules[venueId].timelock == 0) return _setRules(venueId, rules);
        emit RulesProposed(venueId, rules);
        _propose(venueId, ChangeKind.RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc IMarketBoard
    function activateRules(uint256 venueId, TableRules calldata rules) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.RULES, keccak256(abi.encode(rules)));
        _setRules(venueId, rules);
    }

    /// @inheritdoc IMarketBoard
    function rulesOf(uint256 venueId) external view returns (TableRules memory) {
        return _rules[venueId];
    }

    /// @dev Of a venue without rules: zeros, which accept nothing.
    function _rulesOf(uint256 venueId) internal view returns (TableRules storage) {
        return _rules[venueId];
    }

    function _timelockOf(uint256 venueId) internal view override returns (uint256 timelock) {
        timelock = _rules[venueId].timelock;
        if (timelock == 0) revert NoRules(venueId);
    }

    function _setRules(uint256 venueId, TableRules calldata rules) private {
        _rules[venueId] = rules;
        emit RulesActivated(venueId, rules);
    }

    function _requireRules(TableRules calldata rules) private view {
        _requireTimelock(rules.timelock);
        if (rules.tableMaxAge == 0) revert InvalidRules("tableMaxAge", 0);
        if (rules.volatilityBound >= PPM) revert InvalidRules("volatilityBound", rules.volatilityBound);
        SignerSet.requireValid(rules.signers, rules.threshold);
    }
}
