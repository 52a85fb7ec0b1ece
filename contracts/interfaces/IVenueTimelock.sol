// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @notice What goes through a venue's timelock: one change of each kind at a time.
enum ChangeKind {
    RULES,
    FEEDS,
    INSTRUMENTS,
    PARAMETERS,
    VAULT_RULES,
    VAULT_LIMITS,
    CLEARING_HOUSE,
    FUND_WITHDRAWAL,
    CLEARING_RULES,
    LIQUIDATIONS,
    EXPIRY_TERMS,
    PERPETUALS,
    LIQUIDATION_RULES,
    FUND_RULES,
    DEFAULT_FUND_WITHDRAWAL
}

/// @param digest of what was proposed; 0 when nothing is pending
/// @param readyAt first second at which it can be activated
struct PendingChange {
    bytes32 digest;
    uint64 readyAt;
}

/// @title Changes a venue has to announce: proposed, visible for the timelock, then activated as they were proposed
/// @notice Roles are those of the registry's venue record.
interface IVenueTimelock {
    event ChangeProposed(uint256 indexed venueId, ChangeKind indexed kind, bytes32 digest, uint64 readyAt);
    event ChangeCancelled(uint256 indexed venueId, ChangeKind indexed kind, bytes32 digest);

    error NoCode(bytes32 what, address account);
    error ZeroTimelock();
    error NoRules(uint256 venueId);
    error InvalidRules(bytes32 what, uint256 value);
    error NothingPending(uint256 venueId, ChangeKind kind);
    error NotWhatWasProposed(ChangeKind kind, bytes32 got, bytes32 proposed);
    error TimelockRunning(uint256 readyAt, uint256 now_);
    error ChangeExpired(uint256 expiredAt, uint256 now_);

    /// @notice Drops a pending change. Venue admin only, who names the parameter admin and can so stop a stolen one.
    function cancelChange(uint256 venueId, ChangeKind kind) external;

    /// @notice Whose venues they are.
    function REGISTRY() external view returns (ISolvencyRegistry);

    function pendingChange(uint256 venueId, ChangeKind kind) external view returns (PendingChange memory);
}
