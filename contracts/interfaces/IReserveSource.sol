// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Whether a venue's reserves take part in new business.
enum ReserveState {
    OPEN,
    PAUSED,
    CLOSED
}

/// @notice What of an asset's published totals counts. Quanta of the asset's row.
/// @param maxDeposits an epoch with more is not covered
/// @param maxLoans no more than so much is taken off deposits: what borrowers owe beyond it covers nothing
struct AssetLimit {
    uint128 maxDeposits;
    uint128 maxLoans;
}

/// @title Where a venue's reserves and its insurance fund are held and counted
interface IReserveSource {
    /// @notice A checkpoint was taken for a snapshot.
    /// @param reserves token base units, in the order of `tokens`
    /// @param fund fund token base units
    event ReservesCheckpointed(
        uint256 indexed venueId, uint64 indexed epoch, address[] tokens, uint256[] reserves, uint256 fund
    );

    /// @notice Whoever calls must be the registry this source serves.
    error CallerIsNotRegistry(address caller, address registry);

    /// @notice Counts by internal accounting, never by token balances, what is held for the venue at this moment.
    /// @dev Only the registry calls it, and it is what opens a snapshot.
    /// @param tokens one per settlement asset, no token twice
    /// @param fundToken token of the insurance fund, whose sub-ledger is no part of any reserve, even where the token is the same
    /// @return reserves token base units, in the order of `tokens`
    /// @return fund fund token base units
    function checkpoint(uint256 venueId, uint64 epoch, address[] calldata tokens, address fundToken)
        external
        returns (uint256[] memory reserves, uint256 fund);

    /// @notice Limits of a venue's settlement assets, in the order of the registry.
    /// @param count how many assets
    function limits(uint256 venueId, uint256 count) external view returns (AssetLimit[] memory);

    /// @notice PAUSED keeps the gate at REDUCE_ONLY or worse, CLOSED at HALT.
    function state(uint256 venueId) external view returns (ReserveState);
}
