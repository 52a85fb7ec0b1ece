// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGroth16VerifierAccountInclusion} from "../../../contracts/interfaces/IGroth16VerifierAccountInclusion.sol";

/// @dev A "proof" holds when a[0] is the keccak of its signals: so a test sees every signal that challenges pass.
contract MockVerifierAccountInclusion is IGroth16VerifierAccountInclusion {
    bool public isDevelopmentKey;

    constructor(bool development) {
        isDevelopmentKey = development;
    }

    function verificationKeyHash() external view returns (bytes32) {
        return keccak256(abi.encode("account inclusion key", isDevelopmentKey));
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[3] calldata signals
    ) external pure returns (bool) {
        return a[0] == uint256(keccak256(abi.encode(signals)));
    }
}
