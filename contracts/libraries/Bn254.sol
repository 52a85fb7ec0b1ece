// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Points of BN254 by the chain's precompiles
/// @dev EIP-196 and EIP-197. Infinity is (0, 0). A precompile refuses a point off its curve or group and a coordinate that is not
/// below the base field's order; these functions then say false, and what was left of the gas but 1/64 is gone.
library Bn254 {
    /// @dev Order of the base field. Source: EIP-196.
    uint256 internal constant BASE_FIELD =
        21888242871839275222246405745257275088696311157297823662689037894645226208583;

    /// @notice Adds scalar * (x, y) to a sum of points of G1. A scalar of 1 costs no multiplication.
    /// @param sum its x and y, and room for one point and its scalar; all zero at the start
    function addScaled(uint256[5] memory sum, uint256 x, uint256 y, uint256 scalar) internal view returns (bool ok) {
        assembly ("memory-safe") {
            let point := add(sum, 0x40)
            mstore(point, x)
            mstore(add(point, 0x20), y)
            mstore(add(point, 0x40), scalar)
            ok := 1
            if iszero(eq(scalar, 1)) { ok := staticcall(gas(), 0x07, point, 0x60, point, 0x40) }
            if ok { ok := staticcall(gas(), 0x06, sum, 0x80, sum, 0x40) }
        }
    }

    /// @notice y of the opposite of a point.
    function negated(uint256 y) internal pure returns (uint256) {
        return (BASE_FIELD - y) % BASE_FIELD;
    }

    /// @notice Whether the pairings of all pairs multiply to one.
    /// @param pairs six words each: a point of G1, then one of G2 with u parts first
    function pairingIsOne(uint256[] memory pairs) internal view returns (bool isOne) {
        assembly ("memory-safe") {
            let ok := staticcall(gas(), 0x08, add(pairs, 0x20), mul(mload(pairs), 0x20), 0x00, 0x20)
            isOne := and(ok, eq(mload(0x00), 1))
        }
    }
}
