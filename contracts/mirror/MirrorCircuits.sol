// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../interfaces/CircuitTypes.sol";
import {IPoseidon3} from "../interfaces/IPoseidon3.sol";
import {IPoseidon5} from "../interfaces/IPoseidon5.sol";
import {IProofBatch} from "../interfaces/IProofBatch.sol";
import {ISolvencyMirror, MirrorCircuit} from "../interfaces/ISolvencyMirror.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {MirrorInbox} from "./MirrorInbox.sol";

/// @title The home registry's circuits by the hashes of their keys, and its domains
/// @dev A key has one hash: who brings it to PROOFS, and who deployed what there, needs no trust.
abstract contract MirrorCircuits is MirrorInbox {
    uint256 private constant ACTIVATION_WINDOW = 14 days;
    /// @dev A registry has no more, and a set of them fits a word.
    uint256 private constant MOST_CIRCUITS = 128;

    /// @dev Tags, version and vectors as in StatementDomains.
    uint256 private constant TAG_BASE = 16;
    uint256 private constant TAG_DOMAIN = 17;
    uint256 private constant PROTOCOL_VERSION = 1;
    uint256 private constant POSEIDON3_VECTOR =
        6542985608222806190361240322586112750744169038454362455181422643027100751666;
    uint256 private constant POSEIDON5_VECTOR =
        6183221330272524995739186171720101788151706631170188140075976616310159254464;

    /// @param digest of the proposed circuit; 0 when nothing is pending
    struct CircuitProposal {
        bytes32 digest;
        uint64 readyAt;
    }

    /// @inheritdoc ISolvencyMirror
    IProofBatch public immutable PROOFS;
    IPoseidon3 private immutable _poseidon3;
    IPoseidon5 internal immutable _poseidon5;

    mapping(uint256 circuitId => MirrorCircuit) private _circuits;
    mapping(uint256 circuitId => CircuitProposal) private _proposals;
    /// @dev Places that are taken, as a set.
    uint256 private _places;
    mapping(uint256 venueId => uint256) private _cachedBases;
    mapping(uint256 venueId => mapping(uint256 circuitId => uint256)) private _cachedDomains;

    constructor(IPoseidon3 poseidon3, IPoseidon5 poseidon5, IProofBatch proofs, MirrorCircuit[] memory circuits) {
        _requireCode("poseidon3", address(poseidon3));
        _requireCode("poseidon5", address(poseidon5));
        _requireCode("proofs", address(proofs));
        uint256 got = poseidon3.poseidon([uint256(1), 2, 3]);
        if (got != POSEIDON3_VECTOR) {
            revert ISolvencyRegistry.PoseidonMismatch(address(poseidon3), got, POSEIDON3_VECTOR);
        }
        got = poseidon5.poseidon([uint256(1), 2, 3, 4, 5]);
        if (got != POSEIDON5_VECTOR) {
            revert ISolvencyRegistry.PoseidonMismatch(address(poseidon5), got, POSEIDON5_VECTOR);
        }
        (_poseidon3, _poseidon5, PROOFS) = (poseidon3, poseidon5, proofs);
        for (uint256 i = 0; i < circuits.length; ++i) {
            _addCircuit(circuits[i]);
        }
    }

    /// @inheritdoc ISolvencyMirror
    function proposeCircuit(MirrorCircuit calldata circuit) external {
        _requireAdmin();
        _requireNew(circuit);
        uint64 readyAt = uint64(block.timestamp) + GATEWAY_DELAY;
        _proposals[circuit.circuitId] = CircuitProposal(keccak256(abi.encode(circuit)), readyAt);
        emit CircuitProposed(circuit, readyAt);
    }

    /// @inheritdoc ISolvencyMirror
    function activateCircuit(MirrorCircuit calldata circuit) external {
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

    function _base(uint256 venueId) internal view returns (uint256) {
        uint256 cached = _cachedBases[venueId];
        if (cached != 0) return cached;
        return _poseidon5.poseidon([TAG_BASE, HOME_CHAIN_ID, uint160(HOME_REGISTRY), venueId, PROTOCOL_VERSION]);
    }

    function _domain(uint256 venueId, uint256 circuitId) internal view returns (uint256) {
        uint256 cached = _cachedDomains[venueId][circuitId];
        return cached == 0 ? _poseidon3.poseidon([TAG_DOMAIN, _base(venueId), circuitId]) : cached;
    }

    /// @dev Constants of the home chain go in, so nothing of this one can make it wrong.
    function _cacheDomain(uint256 venueId, uint256 circuitId) internal returns (uint256 domain) {
        domain = _cachedDomains[venueId][circuitId];
        if (domain != 0) return domain;
        if (_cachedBases[venueId] == 0) _cachedBases[venueId] = _base(venueId);
        domain = _domain(venueId, circuitId);
        _cachedDomains[venueId][circuitId] = domain;
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

    function _requireCode(bytes32 what, address account) private view {
        if (account.code.length == 0) revert ISolvencyRegistry.NoCode(what, account);
    }
}
