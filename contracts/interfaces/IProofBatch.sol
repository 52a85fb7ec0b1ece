// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Groth16Proof} from "./Groth16Proof.sol";

/// @title Verifies many Groth16 proofs under one key by one random linear combination
/// @notice docs/decisions/0009-clearing-house.md has the equation. Holds keys by their hash, the one verifiers and registry name them by;
/// a key has one hash, so nobody has to be trusted to add one.
interface IProofBatch {
    event KeyAdded(bytes32 indexed keyHash, uint256 signals);

    error UnknownKey(bytes32 keyHash);
    error KeyLength(uint256 words);
    error NoProofs();
    error SignalSets(uint256 got, uint256 proofs);
    error SignalCount(uint256 got, uint256 expected);

    /// @notice Keeps a key as code. Anybody; a second time does nothing.
    /// @param words coordinates in the order of IGroth16Verifier.verificationKeyHash: 18 at least, an even number, 766 at most
    function addKey(uint256[] calldata words) external returns (bytes32 keyHash);

    /// @notice Whether every proof holds for its signals. False for a point that is none, for a signal not below r, and where a precompile got
    /// too little gas: callers must check it, and can do nothing on a false but refuse.
    /// @param signals of each proof, as many as the key has
    /// @dev Reverts with UnknownKey, NoProofs, SignalSets, SignalCount. A point that is none costs all gas but 1/64. Weights follow from
    /// the call data as it is, so a contract that answers for this one has to pass it on whole.
    function verify(bytes32 keyHash, Groth16Proof[] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool);

    /// @notice Public signals of a key; 0 for one that is not here.
    function signalsOf(bytes32 keyHash) external view returns (uint256);
}
