// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IDisputeSource} from "../interfaces/IDisputeSource.sol";
import {VenueConfig} from "../interfaces/ISolvencyRegistry.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {VaultLimit, VaultRules} from "../interfaces/VaultTypes.sol";
import {VaultBooks} from "./VaultBooks.sol";

/// @title A venue's rules for its vault, its limits, its clearing house, and whether it is paused or closed
/// @dev A closed venue's rules are what they were: no role changes anything about how it is wound up.
abstract contract VaultRulesBoard is VaultBooks, ICollateralVault {
    /// @inheritdoc ICollateralVault
    function setRules(uint256 venueId, VaultRules calldata rules, VaultLimit[] calldata limits_)
        external
        onlyParameterAdmin(venueId)
    {
        if (_rules[venueId].timelock != 0) revert RulesExist(venueId);
        address reserves = address(_venue(venueId).reserves);
        // Nobody would take checkpoints of what is here, so no epoch could ever pay it out.
        if (reserves != address(this)) revert ReservesElsewhere(venueId, reserves);
        _requireRules(venueId, rules);
        _setRules(venueId, rules);
        _setLimits(venueId, limits_);
    }

    /// @inheritdoc ICollateralVault
    function proposeRules(uint256 venueId, VaultRules calldata rules) external {
        _requireRules(venueId, rules);
        _proposeChange(venueId, ChangeKind.VAULT_RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc ICollateralVault
    function activateRules(uint256 venueId, VaultRules calldata rules) external {
        _activateChange(venueId, ChangeKind.VAULT_RULES, keccak256(abi.encode(rules)));
        _setRules(venueId, rules);
    }

    /// @inheritdoc ICollateralVault
    function proposeLimits(uint256 venueId, VaultLimit[] calldata limits_) external {
        _proposeChange(venueId, ChangeKind.VAULT_LIMITS, keccak256(abi.encode(limits_)));
    }

    /// @inheritdoc ICollateralVault
    function activateLimits(uint256 venueId, VaultLimit[] calldata limits_) external {
        _activateChange(venueId, ChangeKind.VAULT_LIMITS, keccak256(abi.encode(limits_)));
        _setLimits(venueId, limits_);
    }

    /// @inheritdoc ICollateralVault
    function proposeClearingHouse(uint256 venueId, address clearingHouse) external {
        _proposeChange(venueId, ChangeKind.CLEARING_HOUSE, keccak256(abi.encode(clearingHouse)));
    }

    /// @inheritdoc ICollateralVault
    function activateClearingHouse(uint256 venueId, address clearingHouse) external {
        _activateChange(venueId, ChangeKind.CLEARING_HOUSE, keccak256(abi.encode(clearingHouse)));
        _clearingHouses[venueId] = clearingHouse;
        emit ClearingHouseChanged(venueId, clearingHouse);
    }

    /// @inheritdoc ICollateralVault
    function setPaused(uint256 venueId, bool paused) external {
        VenueConfig memory venue = _venue(venueId);
        if (msg.sender != venue.admin && msg.sender != venue.operator) revert NotVenueAdmin(venueId, msg.sender);
        _requireLive(venueId);
        _paused[venueId] = paused;
        emit PauseChanged(venueId, paused);
    }

    function _proposeChange(uint256 venueId, ChangeKind kind, bytes32 digest) internal onlyParameterAdmin(venueId) {
        _requireLive(venueId);
        _propose(venueId, kind, digest);
    }

    function _activateChange(uint256 venueId, ChangeKind kind, bytes32 digest) internal onlyParameterAdmin(venueId) {
        _requireLive(venueId);
        _activate(venueId, kind, digest);
    }

    function _setRules(uint256 venueId, VaultRules calldata rules) private {
        _rules[venueId] = rules;
        emit RulesChanged(venueId, rules);
    }

    function _setLimits(uint256 venueId, VaultLimit[] calldata limits_) private {
        for (uint256 i = 0; i < limits_.length; ++i) {
            uint256 asset = limits_[i].asset;
            // Reverts for an asset that nobody registered.
            REGISTRY.settlementAsset(venueId, asset);
            _coverage[venueId][asset] = limits_[i].coverage;
            _allowances[venueId][asset].limit = limits_[i].payoutLimit;
        }
        emit LimitsChanged(venueId, limits_);
    }

    function _requireRules(uint256 venueId, VaultRules calldata rules) private view {
        _requireTimelock(rules.timelock);
        _requireAbove("payoutTableAge", rules.payoutTableAge, 0);
        _requireAbove("demandWindow", rules.demandWindow, 0);
        _requireAbove("answerWindow", rules.answerWindow, 0);
        _requireAbove("claimWindow", rules.claimWindow, 0);
        _requireAbove("limitWindow", rules.limitWindow, 0);
        // A request is not due while a later order may still be shown against it.
        _requireAbove("requestDelay", rules.requestDelay, rules.answerWindow);
        uint256 standing = uint256(rules.demandWindow) + rules.answerWindow;
        _requireAbove("timelock", rules.timelock, rules.requestDelay + standing);
        _requireAbove("hatchAfter", rules.hatchAfter, 2 * standing);
        // An epoch that stands already must not be challenged any more.
        IDisputeSource disputes = REGISTRY.disputesOf(venueId);
        if (address(disputes) != address(0) && standing < disputes.settlementWindow()) {
            revert InvalidRules("settlementWindow", standing);
        }
    }

    function _requireAbove(bytes32 what, uint256 value, uint256 floor) private pure {
        if (value <= floor) revert InvalidRules(what, value);
    }
}
