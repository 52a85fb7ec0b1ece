// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Circuit, CircuitConfig, CircuitKind, CircuitProposal} from "../../../contracts/interfaces/CircuitTypes.sol";
import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {RotationFixture} from "./RotationFixture.sol";

/// @dev Does to a registry's circuits what its owner, strangers and hostile verifiers may do, and lets a venue prove epochs in between.
contract RotationHandler is RotationFixture {
    uint256 private constant FIRST = 1_000;
    uint256 public constant IDS = 12;

    /// When each was proposed last, and cancelled or added since: 0.
    mapping(uint256 circuitId => uint256) public proposedAt;
    mapping(uint256 circuitId => bytes32) public fixedFacts;
    uint256 public strangersHeard;
    uint256 public addedOutOfTime;
    uint256 public addedChanged;
    uint256 public acceptedInRetired;
    uint256 public shutIn;
    uint256 public added;
    uint256 public retirements;
    uint256 public epochs;

    mapping(uint256 circuitId => bool) private _changed;
    /// Circuits of the venue's latest epoch.
    uint256 public latestBatch = BATCH_A;
    uint256 public latestClose = CLOSE_A;

    constructor() {
        setUp();
    }

    function idAt(uint256 index) public pure returns (uint256) {
        return FIRST + index % IDS;
    }

    function kindAt(uint256 index) public pure returns (CircuitKind) {
        return
            [
                CircuitKind.BATCH, CircuitKind.CLOSE, CircuitKind.ACCOUNT_MARGIN, CircuitKind.ACCOUNT_EXIT
            ][index % IDS % 4];
    }

    function circuitOf(uint256 circuitId) external view returns (Circuit memory) {
        return registry.circuit(circuitId);
    }

    function successorOf(uint256 circuitId) external view returns (uint256) {
        return registry.successorOf(circuitId);
    }

    function ids() external view returns (uint256[] memory) {
        return registry.circuitIds();
    }

    function isOpen() external view returns (bool) {
        return uint8(registry.mode(VENUE)) == 0;
    }

    function passTime(uint256 duration) external {
        vm.warp(block.timestamp + bound(duration, 1, CIRCUIT_DELAY));
    }

    function proposeOne(uint256 index, uint256 replaced, bool asOwner) external {
        uint256 circuitId = idAt(index);
        uint256 replaces = oldOf(kindAt(index));
        // Of the later ones some replace those that were added since.
        if (replaced % 3 == 0) replaces = idAt(replaced);
        MockVerifierAny verifier = new MockVerifierAny(keccak256(abi.encode(circuitId, block.timestamp)), true);
        bytes memory call = abi.encodeCall(
            registry.proposeCircuit, (CircuitConfig(circuitId, kindAt(index), address(verifier)), replaces)
        );
        if (!_call(asOwner ? OWNER : STRANGER, call)) return;
        if (!asOwner) ++strangersHeard;
        proposedAt[circuitId] = block.timestamp;
        _changed[circuitId] = false;
    }

    function cancelOne(uint256 index, bool asOwner) external {
        if (!_call(asOwner ? OWNER : STRANGER, abi.encodeCall(registry.cancelCircuit, (idAt(index))))) return;
        if (!asOwner) ++strangersHeard;
        proposedAt[idAt(index)] = 0;
    }

    function changeVerifier(uint256 index) external {
        CircuitProposal memory proposal = registry.proposalOf(idAt(index));
        if (proposal.readyAt == 0) return;
        MockVerifierAny(proposal.verifier).become(keccak256(abi.encode("changed", block.timestamp)), true);
        _changed[idAt(index)] = true;
    }

    function addOne(uint256 index) external {
        uint256 circuitId = idAt(index);
        uint256 since = proposedAt[circuitId];
        if (!_call(STRANGER, abi.encodeCall(registry.addCircuit, (circuitId)))) return;
        uint256 waited = block.timestamp - since;
        if (since == 0 || waited < CIRCUIT_DELAY || waited >= CIRCUIT_DELAY + WINDOW) ++addedOutOfTime;
        if (_changed[circuitId]) ++addedChanged;
        proposedAt[circuitId] = 0;
        ++added;
        fixedFacts[circuitId] = factsOf(circuitId);
    }

    function retireOne(uint256 index, bool first, bool asOwner) external {
        uint256 circuitId = first ? oldOf(kindAt(index)) : idAt(index);
        if (!_call(asOwner ? OWNER : STRANGER, abi.encodeCall(registry.retireCircuit, (circuitId)))) return;
        if (!asOwner) ++strangersHeard;
        ++retirements;
    }

    /// @dev An honest epoch of now in any two circuits that are there, retired or not.
    function submitEpoch(uint256 batch, uint256 close) external {
        (batch, close) = (anyOf(CircuitKind.BATCH, batch), anyOf(CircuitKind.CLOSE, close));
        EpochSubmission memory s = honestIn(batch, close);
        bool live = registry.circuit(batch).retiredAt == 0 && registry.circuit(close).retiredAt == 0;
        vm.prank(OPERATOR);
        (bool ok,) = address(registry).call(abi.encodeCall(registry.submitEpoch, (VENUE, s)));
        if (ok && !live) ++acceptedInRetired;
        // Honest and in force: refused by nobody.
        if (!ok && live) ++shutIn;
        if (ok) (latestBatch, latestClose, epochs) = (batch, close, epochs + 1);
    }

    function factsOf(uint256 circuitId) public view returns (bytes32) {
        Circuit memory known = registry.circuit(circuitId);
        return
            keccak256(
                abi.encode(known.verifier, known.kind, known.developmentKey, known.place, known.verificationKeyHash)
            );
    }

    function oldOf(CircuitKind kind) public pure returns (uint256) {
        if (kind == CircuitKind.BATCH) return BATCH_A;
        if (kind == CircuitKind.CLOSE) return CLOSE_A;
        return kind == CircuitKind.ACCOUNT_MARGIN ? MARGIN : EXIT;
    }

    function anyOf(CircuitKind kind, uint256 seed) private view returns (uint256) {
        uint256[] memory all = registry.circuitIds();
        for (uint256 i = 0; i < all.length; ++i) {
            uint256 circuitId = all[(seed % all.length + i) % all.length];
            if (registry.circuit(circuitId).kind == kind) return circuitId;
        }
        return oldOf(kind);
    }

    function _call(address caller, bytes memory data) private returns (bool ok) {
        vm.prank(caller);
        (ok,) = address(registry).call(data);
    }
}
