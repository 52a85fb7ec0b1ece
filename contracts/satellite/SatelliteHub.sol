// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InboxRules} from "../crosschain/InboxRules.sol";
import {
    ClaimTotals,
    EnrolledSatellite,
    ISatelliteClaim,
    ISatelliteHub,
    SatelliteState
} from "../interfaces/ISatelliteHub.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {CheckpointMessage, DepositMessage, Envelope, MessageKind} from "../libraries/CrossChainMessages.sol";
import {HubCheckpoints} from "./HubCheckpoints.sol";
import {HubEnrolment} from "./HubEnrolment.sol";
import {HubOrders} from "./HubOrders.sol";
import {HubState} from "./HubState.sol";

/// @title The home end of all satellites
/// @dev Holds nothing: what it mints and burns are claims.
contract SatelliteHub is HubEnrolment, HubCheckpoints, HubOrders {
    /// @param gatewayDelay seconds that satellites and other gateways wait for
    constructor(ISolvencyRegistry registry, uint64 gatewayDelay) InboxRules(gatewayDelay) HubState(registry) {}

    /// @inheritdoc ISatelliteHub
    function satelliteCount() external view returns (uint256) {
        return _satelliteCount;
    }

    /// @inheritdoc ISatelliteHub
    function termsOf(uint256 satelliteId) external view returns (EnrolledSatellite memory) {
        return _satellite(satelliteId).terms;
    }

    /// @inheritdoc ISatelliteHub
    function stateOf(uint256 satelliteId) external view returns (SatelliteState memory) {
        return _satellite(satelliteId).state;
    }

    /// @inheritdoc ISatelliteHub
    function claimOf(uint256 satelliteId, uint16 token) external view returns (ISatelliteClaim) {
        return _book(satelliteId, token).claim;
    }

    /// @inheritdoc ISatelliteHub
    function totalsOf(uint256 satelliteId, uint16 token) external view returns (ClaimTotals memory) {
        return _book(satelliteId, token).totals;
    }

    /// @dev A satellite's gateways are its venue's to change.
    function _requireInboxAdmin(bytes32 source) internal view override {
        uint256 satelliteId = _bySource[source];
        if (satelliteId == 0) revert UnknownSource(source);
        address admin = _venues.parameterAdminOf(_satellites[satelliteId].terms.venueId);
        if (msg.sender != admin) revert NotInboxAdmin(msg.sender);
    }

    function _take(bytes32 source, Envelope memory envelope) internal override {
        uint256 satelliteId = _bySource[source];
        if (envelope.registry != address(0)) revert EnvelopeMismatch("registry");
        if (envelope.venueId != _satellites[satelliteId].terms.venueId) revert EnvelopeMismatch("venue");
        if (envelope.kind == MessageKind.DEPOSIT) {
            _takeDeposit(satelliteId, abi.decode(envelope.body, (DepositMessage)));
        } else if (envelope.kind == MessageKind.CHECKPOINT) {
            _takeCheckpoint(satelliteId, envelope, abi.decode(envelope.body, (CheckpointMessage)));
        } else {
            revert KindRefused(uint8(envelope.kind));
        }
    }
}
