// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Order of the BN254 scalar field, the field of every circuit signal
library ScalarField {
    /// @dev Source: EIP-196, there called the group order.
    uint256 internal constant MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice A value that should be a canonical field element is p or more. `name` says which.
    error NotAFieldElement(bytes32 name, uint256 value);

    /// @dev Two values that differ by p are one value to a circuit; only the canonical one may be recorded.
    function requireElement(bytes32 name, uint256 value) internal pure {
        if (value >= MODULUS) revert NotAFieldElement(name, value);
    }
}
