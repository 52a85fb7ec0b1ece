// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../interfaces/CircuitTypes.sol";
import {IProofBatch} from "../interfaces/IProofBatch.sol";
import {ISolvencyMirror, MirrorCircuit} from "../interfaces/ISolvencyMirror.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {MirrorInbox} from "./MirrorInbox.sol";

/// @title The home registry's circuits by the hashes of their keys, and its domains
/// @dev A key has one hash: who brings it to PROOFS, and who deployed what there, needs no trust.
abstract contract MirrorCircuits is MirrorInbox {
    uint256 private constant ACTIVATION_WINDOW = 14 days;
    /// @dev A registry has no more, and a set of them fits a word.
    uint256 private constant MOST_CIRCUITS = 128;

    /// @param digest of the proposed circuit; 0 when nothing is pending
    struct CircuitProposal {
        bytes32 digest;
        uint64 readyAt;
    }

    /// @inheritdoc ISolvencyMirror
    IProofBatch public immutable PROOFS;

    mapping(uint256 circuitId => MirrorCircuit) private _circuits;
    mapping(uint256 circuitId => CircuitProposal) private _proposals;
    /// @dev Places that are taken, as a set.
    uint256 private _places;

    constructor(IProofBatch proofs, MirrorCircuit[] memory circuits) {
        _requireCode("proofs", address(proofs));
        PROOFS = proofs;
        for (uint256 i = 0; i < circuits.length; ++i) {
            _addCircuit(circuits[i]);
        }
    }

    /// @inheritdoc ISolvencyMirror
    function proposeCircuit(MirrorCircuit memory circuit) external {
        _requireAdmin();
        _requireNew(circuit);
        uint64 readyAt = uint64(block.timestamp) + GATEWAY_DELAY;
        _proposals[circuit.circuitId] = CircuitProposal(keccak256(abi.encode(circuit)), readyAt);
        emit CircuitProposed(circuit, readyAt);
    }

    /// @inheritdoc ISolvencyMirror
    function activateCircuit(MirrorCircuit memory circuit) external {
        _requireAdmin();
        uint256 circuitId = circuit.circuitId;
        CircuitProposal memory proposal = _proposals[circuitId];
        if (proposal.digest == 0) revert CircuitNotProposed(circuitId);
        if (proposal.digest != keccak256(abi.encode(circuit))) revert NotTheProposedCircuit(circuitId);
        if (block.timestamp < proposal.readyAt) revert CircuitNotReady(proposal.readyAt, block.timestamp);
        uint256 expiredAt = proposal.readyAt + ACTIVATION_WINDOW;
        if (block.timestamp >= expiredAt) revert CircuitProposalExpired(expiredAt, block.timestamp);
        delete _proposals[circuitId];
        _addCircuit(circuit);
    }

    /// @inheritdoc ISolvencyMirror
    function circuitOf(uint256 circuitId) external view returns (MirrorCircuit memory) {
        return _circuits[circuitId];
    }

    /// @inheritdoc ISolvencyMirror
    function domainOf(uint256 venueId, uint256 circuitId) external view returns (uint256) {
        CircuitKind kind = _circuits[circuitId].kind;
        if (kind == CircuitKind.NONE) revert UnknownCircuit(circuitId, kind);
        return _domain(venueId, circuitId);
    }

    /// @dev Key of a circuit of this kind that home has not retired, as far as its messages say.
    function _keyOf(uint256 venueId, uint256 circuitId, CircuitKind kind) internal view returns (bytes32) {
        MirrorCircuit storage known = _circuits[circuitId];
        (CircuitKind is_, uint8 place) = (known.kind, known.place);
        if (is_ != kind) revert UnknownCircuit(circuitId, kind);
        if (_venues[venueId].retired >> place & 1 != 0) revert CircuitRetired(circuitId);
        return known.verificationKeyHash;
    }

    function _kindOf(uint256 circuitId) internal view returns (CircuitKind) {
        return _circuits[circuitId].kind;
    }

    function _addCircuit(MirrorCircuit memory circuit) private {
        _requireNew(circuit);
        _circuits[circuit.circuitId] = circuit;
        _places |= 1 << circuit.place;
        emit CircuitAdded(circuit);
    }

    function _requireNew(MirrorCircuit memory circuit) private view {
        uint256 circuitId = circuit.circuitId;
        ScalarField.requireElement("circuitId", circuitId);
        if (circuit.kind == CircuitKind.NONE || circuit.place >= MOST_CIRCUITS) revert InvalidCircuit(circuitId);
        // Two circuits of a place would be retired by one bit, and one of them is none of home's.
        bool known = _circuits[circuitId].kind != CircuitKind.NONE || _places >> circuit.place & 1 != 0;
        if (known) revert CircuitKnown(circuitId, circuit.place);
    }
}
