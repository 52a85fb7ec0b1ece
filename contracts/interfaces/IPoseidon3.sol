// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Poseidon of three field elements, the contract circomlib generates
interface IPoseidon3 {
    /// @notice Inputs at or above the field's order are reduced, so a caller checks them first.
    function poseidon(uint256[3] calldata inputs) external pure returns (uint256);
}
