// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Groth16Proof} from "../../../contracts/interfaces/Groth16Proof.sol";

/// @dev Verifies as MockVerifierAny does, each proof of a batch: a[0] is the keccak of its signals. Knows the keys it is told, and
/// refuses one proof alone: a verifier checks that for less.
contract MockProofBatch {
    error UnknownKey(bytes32 keyHash);
    error OneProof();

    mapping(bytes32 keyHash => bool) public known;

    function setKnown(bytes32 keyHash) external {
        known[keyHash] = true;
    }

    function forget(bytes32 keyHash) external {
        known[keyHash] = false;
    }

    function verify(bytes32 keyHash, Groth16Proof[] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool)
    {
        if (!known[keyHash]) revert UnknownKey(keyHash);
        if (proofs.length < 2) revert OneProof();
        for (uint256 i = 0; i < proofs.length; ++i) {
            if (proofs[i].a[0] != uint256(keccak256(abi.encodePacked(signals[i])))) return false;
        }
        return proofs.length == signals.length;
    }
}
