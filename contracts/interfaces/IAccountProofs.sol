// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Groth16Proof} from "./Groth16Proof.sol";
import {MarginLevel} from "./IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "./ISolvencyGate.sol";

/// @notice What an `account-margin` proof says besides where the account is: its second public signal, unpacked.
/// @param healthy the account, after the withdrawal, meets the table; false with `held` false: it does not
/// @param held only that the account is the prover's, nothing about its margin
/// @param withdraws `payload` is row + amount * 2^16; else it is the scope of the nullifiers
/// @param unmargined all holdings are cash and spot, none of them borrowed
/// @param payload 80 bits
/// @param context 128 bits: what the proof was made for
struct AccountTerms {
    bool healthy;
    bool held;
    bool withdraws;
    bool unmargined;
    uint80 payload;
    uint128 context;
}

/// @notice What is known on chain of the epoch and the table that a proof speaks of.
/// @param value H(tag, domain, epoch, accounts root, market commitment): first public signal of account circuits
/// @param verifier of the circuit
/// @param marketTime Unix seconds of the table's prices
/// @param level of the table
struct AccountFrame {
    uint256 value;
    address verifier;
    uint64 marketTime;
    MarginLevel level;
}

/// @notice "An account of the epoch has this equity under the epoch's own market table."
/// @param equity max(0, V), value units
/// @param recipient who is to be paid
struct ExitClaim {
    uint256 circuitId;
    uint256 equity;
    address recipient;
    uint256 nullifier;
    Groth16Proof proof;
}

/// @notice "Both nullifiers, of scope 0, are of one account, whose owner was made with this signing key."
/// @param epoch of `nullifier`; `laterEpoch` of `laterNullifier`
/// @param signer address of the signing key; its digest is a public signal
struct SignerClaim {
    uint256 circuitId;
    uint64 epoch;
    uint256 nullifier;
    uint64 laterEpoch;
    uint256 laterNullifier;
    address signer;
    Groth16Proof proof;
}

/// @notice "The row has this mark in the market table."
/// @param mark value units per quantum, below 2^47
struct MarkClaim {
    uint256 circuitId;
    uint16 row;
    uint64 mark;
    Groth16Proof proof;
}

/// @title Checks proofs about single accounts of a venue
/// @notice Statements: docs/statement.md. Every check reverts with its reason or says nothing.
interface IAccountProofs is ISolvencyGate {
    event FrameRecorded(
        uint256 indexed venueId, uint64 indexed epoch, uint256 indexed marketCommitment, uint256 circuitId, uint256 frame
    );

    error NotAnAccountCircuit(uint256 circuitId);
    error ExitProofRejected();
    error SignerProofRejected();
    error MarkProofRejected();
    error EpochOutOfRange(uint256 epoch);
    error MarkOutOfRange(uint256 mark);

    /// @notice Computes a frame once for everybody: later checks under it read it. Anybody may.
    function recordFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        external
        returns (uint256 frame);

    /// @notice The frame of an accepted epoch and table, recorded or not.
    function frameOf(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        external
        view
        returns (AccountFrame memory);

    /// @notice Reverts unless the proof says `terms` of an account in the claim's epoch under the claim's table.
    /// @dev Judging level, age and epoch, and using up nullifiers, is the caller's.
    function checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms calldata terms)
        external
        view
        returns (AccountFrame memory);

    /// @notice Reverts unless the claim holds in `epoch` under the table that the epoch closed over.
    function checkExit(uint256 venueId, uint64 epoch, ExitClaim calldata claim) external view;

    /// @notice Reverts unless the claim holds.
    function checkSigner(uint256 venueId, SignerClaim calldata claim) external view;

    /// @notice Reverts unless the claim holds in the table.
    function checkMark(uint256 venueId, uint256 marketCommitment, MarkClaim calldata claim) external view;

    /// @notice Scope of the nullifiers that a contract sees: the low 80 bits of keccak256(abi.encode("clearproof.scope", consumer)),
    /// and 1 where these are 0.
    function scopeOf(address consumer) external pure returns (uint80);

    /// @notice Context of a proof made for `consumer` and `action`: the low 128 bits of keccak256(abi.encode(consumer, action)).
    function contextOf(address consumer, bytes32 action) external pure returns (uint128);
}
