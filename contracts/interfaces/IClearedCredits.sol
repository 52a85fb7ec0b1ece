// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a vault tells the venue's clearing house
interface IClearedCredits {
    event CreditReceived(uint64 indexed handle, uint256 indexed asset, uint256 amount);

    /// @notice Moved from the tree for a handle. The venue's vault only, within its own transaction.
    /// @param handle of an open account of the venue, as the owner's proof names it
    /// @param amount token base units, in the cleared sub-ledger already
    function creditCleared(uint256 venueId, bytes32 handle, uint256 asset, uint256 amount) external;
}
