// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Poseidon of six field elements, the contract circomlib generates
interface IPoseidon6 {
    /// @notice Inputs at or above the field's order are reduced, so a caller checks them first.
    function poseidon(uint256[6] calldata inputs) external pure returns (uint256);
}
