// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Circuit, CircuitConfig, CircuitKind, CircuitProposal} from "./interfaces/CircuitTypes.sol";
import {ICircuitRotation} from "./interfaces/ICircuitRotation.sol";
import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "./libraries/ScalarField.sol";

/// @title The circuits a registry knows
/// @dev An id names one verifier for good. Owner without a key, or none: what is in force stays in force.
abstract contract CircuitRotation is Ownable2Step, ISolvencyRegistry {
    /// @inheritdoc ICircuitRotation
    uint64 public constant ADDITION_WINDOW = 14 days;

    /// @dev Registering a venue hashes once for each, within one transaction; and a set of them fits one word.
    uint256 private constant MOST_CIRCUITS = 128;
    /// @dev Shorter is no time to leave; a longer one would keep a successor from users for longer than they can wait.
    uint256 private constant LEAST_DELAY = 1 days;
    uint256 private constant MOST_DELAY = 90 days;

    /// @dev Chain ids of local test chains: the only ones that take keys whose maker can forge, and any delay.
    uint256 private constant FOUNDRY_CHAIN = 31337;
    uint256 private constant GANACHE_CHAIN = 1337;

    /// @inheritdoc ICircuitRotation
    uint64 public immutable CIRCUIT_DELAY;

    uint256[] private _circuitIds;
    mapping(uint256 circuitId => Circuit) private _circuits;
    mapping(uint256 circuitId => CircuitProposal) private _proposals;
    mapping(uint256 circuitId => uint256) private _successors;
    mapping(bytes32 verificationKeyHash => bool) private _retiredKeys;
    /// @dev Retired circuits as a set.
    uint256 private _retired;

    constructor(address owner_, CircuitConfig[] memory circuits, uint64 circuitDelay) Ownable(owner_) {
        uint256 least = _isTestChain() ? 1 : LEAST_DELAY;
        if (circuitDelay < least || circuitDelay > MOST_DELAY) {
            revert InvalidCircuitDelay(circuitDelay, least, MOST_DELAY);
        }
        CIRCUIT_DELAY = circuitDelay;
        for (uint256 i = 0; i < circuits.length; ++i) {
            _requireNew(circuits[i]);
            _addCircuit(circuits[i].circuitId, _inspect(circuits[i]));
        }
    }

    /// @inheritdoc ICircuitRotation
    function proposeCircuit(CircuitConfig calldata config, uint256 replaces) external onlyOwner {
        _requireNew(config);
        if (replaces != 0 && _circuits[replaces].kind != config.kind) {
            revert WrongCircuit(replaces, _circuits[replaces].kind, config.kind);
        }
        CircuitProposal memory proposal = _inspect(config);
        proposal.replaces = replaces;
        proposal.readyAt = uint64(block.timestamp) + CIRCUIT_DELAY;
        _proposals[config.circuitId] = proposal;
        emit CircuitProposed(
            config.circuitId,
            config.kind,
            config.verifier,
            proposal.verificationKeyHash,
            proposal.codeHash,
            proposal.developmentKey,
            replaces,
            proposal.readyAt
        );
    }

    /// @inheritdoc ICircuitRotation
    function addCircuit(uint256 circuitId) external {
        CircuitProposal memory proposal = _requireProposed(circuitId);
        if (block.timestamp < proposal.readyAt) revert CircuitNotReady(proposal.readyAt, block.timestamp);
        uint256 expiredAt = proposal.readyAt + ADDITION_WINDOW;
        if (block.timestamp >= expiredAt) revert CircuitProposalExpired(expiredAt, block.timestamp);
        // Whoever looked in the meantime looked at this code and this key.
        CircuitProposal memory now_ = _inspect(CircuitConfig(circuitId, proposal.kind, proposal.verifier));
        bool same = now_.codeHash == proposal.codeHash && now_.verificationKeyHash == proposal.verificationKeyHash
            && now_.developmentKey == proposal.developmentKey;
        if (!same) revert VerifierChanged(circuitId, proposal.verifier);
        delete _proposals[circuitId];
        if (proposal.replaces != 0) _successors[proposal.replaces] = circuitId;
        _addCircuit(circuitId, proposal);
    }

    /// @inheritdoc ICircuitRotation
    function cancelCircuit(uint256 circuitId) external onlyOwner {
        _requireProposed(circuitId);
        delete _proposals[circuitId];
        emit CircuitProposalCancelled(circuitId);
    }

    /// @inheritdoc ICircuitRotation
    function retireCircuit(uint256 circuitId) external onlyOwner {
        Circuit storage known = _circuits[circuitId];
        CircuitKind kind = known.kind;
        if (kind == CircuitKind.NONE) revert UnknownCircuit(circuitId);
        if (known.retiredAt != 0) revert CircuitIsRetired(circuitId);
        if (_isWayOut(kind) && !_hasSuccessor(circuitId)) revert NoSuccessor(circuitId, kind);
        known.retiredAt = uint64(block.timestamp);
        _retired |= 1 << known.place;
        _retiredKeys[known.verificationKeyHash] = true;
        emit CircuitRetired(circuitId, uint64(block.timestamp));
    }

    /// @inheritdoc ISolvencyRegistry
    function circuitIds() external view returns (uint256[] memory) {
        return _circuitIds;
    }

    /// @inheritdoc ISolvencyRegistry
    function circuitAt(uint256 place) public view returns (uint256) {
        return _circuitIds[place];
    }

    /// @inheritdoc ISolvencyRegistry
    function circuit(uint256 circuitId) external view returns (Circuit memory) {
        return _circuits[circuitId];
    }

    /// @inheritdoc ICircuitRotation
    function verifierOf(uint256 circuitId, CircuitKind kind) external view returns (address) {
        return _verifierOf(circuitId, kind);
    }

    /// @inheritdoc ICircuitRotation
    function proposalOf(uint256 circuitId) external view returns (CircuitProposal memory) {
        return _proposals[circuitId];
    }

    /// @inheritdoc ICircuitRotation
    function successorOf(uint256 circuitId) external view returns (uint256) {
        return _successors[circuitId];
    }

    /// @dev The verifier of a circuit in force that must prove this kind of statement.
    function _verifierOf(uint256 circuitId, CircuitKind expected) internal view returns (address) {
        Circuit storage known = _circuits[circuitId];
        // One slot, read once.
        (CircuitKind kind, uint64 retiredAt, address verifier) = (known.kind, known.retiredAt, known.verifier);
        if (kind != expected) revert WrongCircuit(circuitId, kind, expected);
        if (retiredAt != 0) revert CircuitIsRetired(circuitId);
        return verifier;
    }

    function _kindOf(uint256 circuitId) internal view returns (CircuitKind) {
        return _circuits[circuitId].kind;
    }

    /// @dev A set with one circuit of this registry in it.
    function _setOf(uint256 circuitId) internal view returns (uint256) {
        return 1 << _circuits[circuitId].place;
    }

    function _hasRetired(uint256 set) internal view returns (bool) {
        return set & _retired != 0;
    }

    function _countOfCircuits() internal view returns (uint256) {
        return _circuitIds.length;
    }

    function _requireCode(bytes32 what, address account) internal view {
        if (account.code.length == 0) revert NoCode(what, account);
    }

    function _addCircuit(uint256 circuitId, CircuitProposal memory added) private {
        uint256 place = _circuitIds.length;
        if (place == MOST_CIRCUITS) revert TooManyCircuits(MOST_CIRCUITS);
        _circuitIds.push(circuitId);
        _circuits[circuitId] = Circuit({
            verifier: added.verifier,
            kind: added.kind,
            developmentKey: added.developmentKey,
            retiredAt: 0,
            place: uint8(place),
            verificationKeyHash: added.verificationKeyHash
        });
        emit CircuitAdded(circuitId, added.kind, added.verifier, added.verificationKeyHash, added.developmentKey);
    }

    function _requireNew(CircuitConfig memory config) private view {
        uint256 circuitId = config.circuitId;
        ScalarField.requireElement("circuitId", circuitId);
        if (config.kind == CircuitKind.NONE) revert InvalidCircuitKind(circuitId);
        if (_circuits[circuitId].kind != CircuitKind.NONE) revert DuplicateCircuit(circuitId);
    }

    /// @dev What the verifier is now, where it may be one at all.
    function _inspect(CircuitConfig memory config) private view returns (CircuitProposal memory seen) {
        (uint256 circuitId, address verifier) = (config.circuitId, config.verifier);
        _requireCode("verifier", verifier);
        seen.verifier = verifier;
        seen.kind = config.kind;
        seen.developmentKey = IGroth16Verifier(verifier).isDevelopmentKey();
        if (seen.developmentKey && !_isTestChain()) revert DevelopmentKeyRefused(circuitId, block.chainid);
        seen.verificationKeyHash = IGroth16Verifier(verifier).verificationKeyHash();
        // It was retired because anybody could forge with it, for all anybody knows.
        if (_retiredKeys[seen.verificationKeyHash]) revert KeyRetired(circuitId, seen.verificationKeyHash);
        seen.codeHash = verifier.codehash;
    }

    function _requireProposed(uint256 circuitId) private view returns (CircuitProposal memory proposal) {
        proposal = _proposals[circuitId];
        if (proposal.readyAt == 0) revert CircuitNotProposed(circuitId);
    }

    /// @dev A successor in force, or one of its successors. A circuit replaces only what was there before it: this ends.
    function _hasSuccessor(uint256 circuitId) private view returns (bool) {
        uint256 successor = _successors[circuitId];
        while (successor != 0 && _circuits[successor].retiredAt != 0) {
            successor = _successors[successor];
        }
        return successor != 0;
    }

    /// @dev What users leave a vault by, and what a venue answers challenges with.
    function _isWayOut(CircuitKind kind) private pure returns (bool) {
        return kind >= CircuitKind.ACCOUNT_MARGIN;
    }

    function _isTestChain() private view returns (bool) {
        return block.chainid == FOUNDRY_CHAIN || block.chainid == GANACHE_CHAIN;
    }
}
