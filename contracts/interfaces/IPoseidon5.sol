// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Poseidon of five field elements, the contract circomlib generates
interface IPoseidon5 {
    /// @notice Inputs at or above the field's order are reduced, so a caller checks them first.
    function poseidon(uint256[5] calldata inputs) external pure returns (uint256);
}
