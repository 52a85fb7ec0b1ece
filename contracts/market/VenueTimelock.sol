// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ISolvencyRegistry, VenueConfig} from "../interfaces/ISolvencyRegistry.sol";
import {ChangeKind, IVenueTimelock, PendingChange} from "../interfaces/IVenueTimelock.sol";

/// @title Changes that wait: one of each kind a venue, stored as a hash
/// @dev There is no other way to activate anything but a venue's very first rules. One pending change a kind, so what a
/// proposal was checked against is still there at its activation.
abstract contract VenueTimelock is IVenueTimelock {
    /// @notice Seconds in which a change that is ready must be activated.
    uint256 public constant ACTIVATION_WINDOW = 14 days;

    /// @inheritdoc IVenueTimelock
    ISolvencyRegistry public immutable REGISTRY;

    /// @notice Shortest timelock a venue may have, seconds.
    uint256 public immutable MIN_TIMELOCK;

    mapping(uint256 venueId => mapping(ChangeKind => PendingChange)) private _pending;

    modifier onlyParameterAdmin(uint256 venueId) {
        _requireParameterAdmin(venueId);
        _;
    }

    constructor(ISolvencyRegistry registry, uint256 minTimelock) {
        if (address(registry).code.length == 0) revert NoCode("registry", address(registry));
        if (minTimelock == 0) revert ZeroTimelock();
        REGISTRY = registry;
        MIN_TIMELOCK = minTimelock;
    }

    /// @inheritdoc IVenueTimelock
    function cancelChange(uint256 venueId, ChangeKind kind) external {
        if (msg.sender != _venue(venueId).admin) revert ISolvencyRegistry.NotVenueAdmin(venueId, msg.sender);
        bytes32 digest = _pending[venueId][kind].digest;
        if (digest == 0) revert NothingPending(venueId, kind);
        delete _pending[venueId][kind];
        emit ChangeCancelled(venueId, kind, digest);
    }

    /// @inheritdoc IVenueTimelock
    function pendingChange(uint256 venueId, ChangeKind kind) external view returns (PendingChange memory) {
        return _pending[venueId][kind];
    }

    /// @dev Replaces what is pending; the wait starts again.
    function _propose(uint256 venueId, ChangeKind kind, bytes32 digest) internal {
        uint64 readyAt = uint64(block.timestamp + _timelockOf(venueId));
        _pending[venueId][kind] = PendingChange(digest, readyAt);
        emit ChangeProposed(venueId, kind, digest, readyAt);
    }

    /// @dev Takes the pending change, which is this one, out of the queue.
    function _activate(uint256 venueId, ChangeKind kind, bytes32 digest) internal {
        bytes32 proposed = _activate(venueId, kind);
        if (digest != proposed) revert NotWhatWasProposed(kind, digest, proposed);
    }

    function _activate(uint256 venueId, ChangeKind kind) internal returns (bytes32 digest) {
        PendingChange memory change = _pending[venueId][kind];
        digest = change.digest;
        if (digest == 0) revert NothingPending(venueId, kind);
        if (block.timestamp < change.readyAt) revert TimelockRunning(change.readyAt, block.timestamp);
        uint256 expiredAt = change.readyAt + ACTIVATION_WINDOW;
        if (block.timestamp >= expiredAt) revert ChangeExpired(expiredAt, block.timestamp);
        delete _pending[venueId][kind];
    }

    /// @dev Reverts for a venue nobody registered.
    function _venue(uint256 venueId) internal view returns (VenueConfig memory) {
        return REGISTRY.venue(venueId);
    }

    /// @dev Reverts for a venue without rules.
    function _timelockOf(uint256 venueId) internal view virtual returns (uint256);

    function _requireTimelock(uint256 timelock) internal view {
        if (timelock < MIN_TIMELOCK) revert InvalidRules("timelock", timelock);
    }

    function _requireParameterAdmin(uint256 venueId) private view {
        if (msg.sender != _venue(venueId).parameterAdmin) {
            revert ISolvencyRegistry.NotParameterAdmin(venueId, msg.sender);
        }
    }
}
