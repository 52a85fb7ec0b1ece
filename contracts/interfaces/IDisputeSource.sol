// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Where it is decided whether a venue left an account out of an epoch
interface IDisputeSource {
    /// @notice Seconds after an epoch's acceptance in which challenges can be opened and answered, together.
    /// @dev Fixed for good: whether an epoch stands is decided when they are over.
    function settlementWindow() external view returns (uint256);

    /// @notice Whether some challenge of the epoch is open, or was not answered in time. Of the second kind it stays so for good.
    function isContested(uint256 venueId, uint64 epoch) external view returns (bool);

    /// @notice Unix seconds since when there has always been a lost challenge that the venue did not cure; 0 where there is none.
    /// @dev The gate is WITHDRAW_ONLY meanwhile.
    function disputedSince(uint256 venueId) external view returns (uint64);
}
