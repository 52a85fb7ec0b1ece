// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGroth16VerifierAccountSigner} from "../../../contracts/interfaces/IGroth16VerifierAccountSigner.sol";

/// @dev A "proof" holds when a[0] is the keccak of its signals: so a test sees every signal the gate passes.
contract MockVerifierAccountSigner is IGroth16VerifierAccountSigner {
    bool public isDevelopmentKey;

    constructor(bool development) {
        isDevelopmentKey = development;
    }

    function verificationKeyHash() external view returns (bytes32) {
        return keccak256(abi.encode("account signer key", isDevelopmentKey));
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[5] calldata signals
    ) external pure returns (bool) {
        return a[0] == uint256(keccak256(abi.encode(signals)));
    }
}
