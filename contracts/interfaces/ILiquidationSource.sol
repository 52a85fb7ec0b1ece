// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Says which cleared accounts are being liquidated
/// @notice A venue's clearing house takes a trade without the owner's proof only of these.
interface ILiquidationSource {
    /// @notice Whether a challenge of the account was lost, or not answered in time.
    function isLiquidated(uint64 handle) external view returns (bool);
}
