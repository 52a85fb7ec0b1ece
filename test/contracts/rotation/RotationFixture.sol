// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {GateFixture} from "../gate/GateFixture.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";

/// @dev A registry with circuits of every kind but tables, one accepted epoch in circuits A and B, and an owner who rotates.
abstract contract RotationFixture is GateFixture {
    uint256 internal constant BATCH_C = 111;
    uint256 internal constant CLOSE_C = 211;
    uint256 internal constant PART_C = 311;
    uint256 internal constant MARGIN_C = 511;
    uint256 internal constant EXIT_C = 611;
    uint256 internal constant SIGNER_C = 711;
    uint256 internal constant MARK_C = 811;
    uint64 internal constant WINDOW = 14 days;

    /// Commitment of the table stated last.
    uint256 private _stated = 10_000;

    /// @dev The verifier of a key that no other circuit has.
    function verifierFor(uint256 circuitId) internal returns (MockVerifierAny) {
        return new MockVerifierAny(keccak256(abi.encode("key of", circuitId)), true);
    }

    function propose(uint256 circuitId, CircuitKind kind, address verifier, uint256 replaces) internal {
        vm.prank(OWNER);
        registry.proposeCircuit(CircuitConfig(circuitId, kind, verifier), replaces);
    }

    function refuseProposal(
        uint256 circuitId,
        CircuitKind kind,
        address verifier,
        uint256 replaces,
        bytes memory reason
    ) internal {
        vm.prank(OWNER);
        vm.expectRevert(reason);
        registry.proposeCircuit(CircuitConfig(circuitId, kind, verifier), replaces);
    }

    function refuseAddition(uint256 circuitId, bytes memory reason) internal {
        vm.prank(STRANGER);
        vm.expectRevert(reason);
        registry.addCircuit(circuitId);
    }

    /// @dev Proposed, and added when it can be: the epoch before is a week old then.
    function bring(uint256 circuitId, CircuitKind kind, uint256 replaces) internal returns (MockVerifierAny verifier) {
        verifier = verifierFor(circuitId);
        propose(circuitId, kind, address(verifier), replaces);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        vm.prank(STRANGER);
        registry.addCircuit(circuitId);
    }

    function retire(uint256 circuitId) internal {
        vm.prank(OWNER);
        registry.retireCircuit(circuitId);
    }

    function refuseRetirement(uint256 circuitId, bytes memory reason) internal {
        vm.prank(OWNER);
        vm.expectRevert(reason);
        registry.retireCircuit(circuitId);
    }

    function retired(uint256 circuitId) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("CircuitIsRetired(uint256)", circuitId);
    }

    /// @dev An honest epoch of now in these circuits, over a table of now.
    function honestIn(uint256 batch, uint256 close) internal returns (EpochSubmission memory s) {
        s = draft(registry.latestEpoch(VENUE) + 1);
        s.marketCommitment = ++_stated;
        stateTable(s.marketCommitment, MarginLevel.MAINTENANCE);
        for (uint256 i = 0; i < s.batches.length; ++i) {
            s.batches[i].circuitId = batch;
        }
        s.close.circuitId = close;
        open();
        s = seal(s, block.chainid, address(registry), VENUE);
    }
}
