// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Groth16Proof} from "../../../contracts/interfaces/Groth16Proof.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";

/// @dev A proof holds when a[0] is the keccak of its signals, as MockVerifierBatch has it at home. Knows every key but those it is told not to.
contract MockMirrorProofs is IProofBatch {
    mapping(bytes32 keyHash => bool) public unknown;

    function forget(bytes32 keyHash) external {
        unknown[keyHash] = true;
    }

    function addKey(uint256[] calldata words) external pure returns (bytes32) {
        return keccak256(abi.encodePacked(words));
    }

    function signalsOf(bytes32) external pure returns (uint256) {
        return 4;
    }

    function verify(bytes32 keyHash, Groth16Proof[] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool)
    {
        if (unknown[keyHash]) revert UnknownKey(keyHash);
        if (proofs.length == 0) revert NoProofs();
        if (signals.length != proofs.length) revert SignalSets(signals.length, proofs.length);
        for (uint256 i = 0; i < proofs.length; ++i) {
            for (uint256 j = 0; j < signals[i].length; ++j) {
                if (signals[i][j] >= ScalarField.MODULUS) return false;
            }
            if (proofs[i].a[0] != uint256(keccak256(abi.encodePacked(signals[i])))) return false;
        }
        return true;
    }
}
