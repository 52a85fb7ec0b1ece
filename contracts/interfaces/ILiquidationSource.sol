// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a venue's clearing house asks the contract that liquidates its accounts
/// @notice A trade without the owner's proof, and collateral that others pay in, it takes from this contract alone.
interface ILiquidationSource {
    /// @notice Whether the account's owner can change nothing now: it is frozen or being liquidated.
    function isFrozen(uint64 handle) external view returns (bool);

    /// @notice How many accounts of the venue are being liquidated.
    function liquidating(uint256 venueId) external view returns (uint256 count);

    /// @notice Collateral leaves the house: what of it is paid, where losses are shared. The clearing house only.
    /// @param amount token base units that leave an account
    /// @return paid token base units to pay, at most `amount`
    function sharePayout(uint256 venueId, uint256 asset, uint256 amount) external returns (uint256 paid);
}
