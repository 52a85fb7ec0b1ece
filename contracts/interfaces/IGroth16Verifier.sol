// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What every generated verifier says of the key inside it
interface IGroth16Verifier {
    /// @notice keccak256 over the verification key's coordinates, computed from the constants the verifier verifies with.
    function verificationKeyHash() external view returns (bytes32);

    /// @notice True for a key of the one-party development set-up: whoever made it can forge. Test chains only.
    function isDevelopmentKey() external view returns (bool);
}
