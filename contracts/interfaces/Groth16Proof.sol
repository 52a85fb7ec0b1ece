// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Proof with the coordinates of `b` in the order of the pairing precompile: (u part, constant part).
struct Groth16Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}
