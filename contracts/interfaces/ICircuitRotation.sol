// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CircuitConfig, CircuitKind, CircuitProposal} from "./CircuitTypes.sol";

/// @title How circuits come and go: announced, added after a delay, retired; none is ever replaced
/// @notice docs/decisions/0008-ceremony.md. A false verifier proves anything, so there is time to leave before one counts; a broken key
/// proves anything too, so it stops at once. Only what users leave by, and what a venue answers challenges with, waits for a successor.
interface ICircuitRotation {
    /// @param codeHash of the verifier's runtime code: compare it with the manifest of the key's ceremony
    event CircuitProposed(
        uint256 indexed circuitId,
        CircuitKind kind,
        address verifier,
        bytes32 verificationKeyHash,
        bytes32 codeHash,
        bool developmentKey,
        uint256 indexed replaces,
        uint64 readyAt
    );
    event CircuitProposalCancelled(uint256 indexed circuitId);
    event CircuitRetired(uint256 indexed circuitId, uint64 retiredAt);

    error InvalidCircuitDelay(uint256 got, uint256 least, uint256 most);
    error TooManyCircuits(uint256 most);
    error UnknownCircuit(uint256 circuitId);
    error CircuitNotProposed(uint256 circuitId);
    error CircuitNotReady(uint256 readyAt, uint256 now_);
    error CircuitProposalExpired(uint256 expiredAt, uint256 now_);
    error VerifierChanged(uint256 circuitId, address verifier);
    error KeyRetired(uint256 circuitId, bytes32 verificationKeyHash);
    error CircuitIsRetired(uint256 circuitId);
    error NoSuccessor(uint256 circuitId, CircuitKind kind);

    /// @notice Announces a circuit. Registry owner only. A proposal under the same id is replaced, and its wait starts again.
    /// @param replaces a circuit of the same kind, which can be retired once this one is in force; 0 for none
    function proposeCircuit(CircuitConfig calldata config, uint256 replaces) external;

    /// @notice Adds what was proposed, after `CIRCUIT_DELAY` and within `ADDITION_WINDOW` from then. Anybody.
    /// @dev The verifier must have the code, and give the answers, that it had when it was proposed.
    function addCircuit(uint256 circuitId) external;

    /// @notice Drops a proposal. Registry owner only.
    function cancelCircuit(uint256 circuitId) external;

    /// @notice From now on, and for good, nothing new is proven in a circuit, nor in any circuit that would come with its key. Registry
    /// owner only. What was accepted stays recorded; where a venue's latest epoch rests on it the gate is HALT until the next epoch.
    /// @dev Kinds from ACCOUNT_MARGIN on only while a circuit that replaces this one is in force: users leave vaults by them, and venues
    /// answer challenges with them. Otherwise the owner could shut users in while a false verifier waits to be added.
    function retireCircuit(uint256 circuitId) external;

    /// @notice Computes a venue's domain of a circuit added after it, once for everybody. Anybody may.
    function cacheDomain(uint256 venueId, uint256 circuitId) external;

    /// @notice The verifier of a circuit in force of this kind; reverts with WrongCircuit or CircuitIsRetired.
    function verifierOf(uint256 circuitId, CircuitKind kind) external view returns (address);

    /// @notice `readyAt` 0 where nothing is proposed.
    function proposalOf(uint256 circuitId) external view returns (CircuitProposal memory);

    /// @notice The circuit added last of those that replace this one; 0 for none.
    function successorOf(uint256 circuitId) external view returns (uint256);

    /// @notice Seconds between proposal and addition, fixed when the registry is made.
    function CIRCUIT_DELAY() external view returns (uint64);

    /// @notice Seconds in which a proposal that is ready must be added: what was announced long ago nobody watches any more.
    function ADDITION_WINDOW() external view returns (uint64);
}
