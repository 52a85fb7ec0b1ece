// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../../../contracts/interfaces/IGroth16Verifier.sol";

/// @dev Verifier of every circuit, with a key of its own, which it can be told to deny. A "proof" holds when a[0] is the keccak of its
/// signals, however many.
contract MockVerifierAny is IGroth16Verifier {
    bytes32 public verificationKeyHash;
    bool public isDevelopmentKey;

    constructor(bytes32 key, bool development) {
        (verificationKeyHash, isDevelopmentKey) = (key, development);
    }

    function become(bytes32 key, bool development) external {
        (verificationKeyHash, isDevelopmentKey) = (key, development);
    }

    /// @dev `verifyProof(uint256[2], uint256[2][2], uint256[2], uint256[n])`: arrays of fixed length lie one after another.
    fallback(bytes calldata call) external returns (bytes memory) {
        uint256 a = abi.decode(call[4:36], (uint256));
        return abi.encode(a == uint256(keccak256(call[4 + 8 * 32:])));
    }
}
