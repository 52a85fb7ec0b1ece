// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {IPoseidon3} from "./interfaces/IPoseidon3.sol";
import {IPoseidon5} from "./interfaces/IPoseidon5.sol";
import {Circuit, CircuitConfig, CircuitKind, ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "./libraries/ScalarField.sol";

/// @title The circuits a registry knows, and the domain that ties a proof to chain, registry, venue and circuit
/// @dev Both are fixed when the registry is made: another circuit needs another registry.
abstract contract StatementDomains is ISolvencyRegistry {
    /// @dev Tags and version as in docs/statement.md, section 1.
    uint256 private constant TAG_BASE = 16;
    uint256 private constant TAG_DOMAIN = 17;
    uint256 private constant PROTOCOL_VERSION = 1;

    /// @dev Chain ids of local test chains: the only ones that take keys whose maker can forge.
    uint256 private constant FOUNDRY_CHAIN = 31337;
    uint256 private constant GANACHE_CHAIN = 1337;

    /// @dev Poseidon of (1, 2, 3) and of (1, 2, 3, 4, 5), circomlib's constants.
    uint256 private constant POSEIDON3_VECTOR =
        6542985608222806190361240322586112750744169038454362455181422643027100751666;
    uint256 private constant POSEIDON5_VECTOR =
        6183221330272524995739186171720101788151706631170188140075976616310159254464;

    IPoseidon3 public immutable POSEIDON3;
    IPoseidon5 public immutable POSEIDON5;

    /// @dev Chain id the cached hashes belong to. After a fork the other chain computes its own.
    uint256 private immutable _cachedChainId;

    uint256[] private _circuitIds;
    mapping(uint256 circuitId => Circuit) private _circuits;
    mapping(uint256 venueId => uint256) private _cachedBase;
    mapping(uint256 venueId => mapping(uint256 circuitId => uint256)) private _cachedDomain;

    constructor(IPoseidon3 poseidon3, IPoseidon5 poseidon5, CircuitConfig[] memory circuits) {
        _requireCode("poseidon3", address(poseidon3));
        _requireCode("poseidon5", address(poseidon5));
        uint256 got = poseidon3.poseidon([uint256(1), 2, 3]);
        if (got != POSEIDON3_VECTOR) revert PoseidonMismatch(address(poseidon3), got, POSEIDON3_VECTOR);
        got = poseidon5.poseidon([uint256(1), 2, 3, 4, 5]);
        if (got != POSEIDON5_VECTOR) revert PoseidonMismatch(address(poseidon5), got, POSEIDON5_VECTOR);
        POSEIDON3 = poseidon3;
        POSEIDON5 = poseidon5;
        _cachedChainId = block.chainid;
        for (uint256 i = 0; i < circuits.length; ++i) {
            _addCircuit(circuits[i]);
        }
    }

    /// @inheritdoc ISolvencyRegistry
    function circuitIds() external view returns (uint256[] memory) {
        return _circuitIds;
    }

    /// @inheritdoc ISolvencyRegistry
    function circuit(uint256 circuitId) external view returns (Circuit memory) {
        return _circuits[circuitId];
    }

    /// @inheritdoc ISolvencyRegistry
    function baseOf(uint256 venueId) public view returns (uint256) {
        _requireVenue(venueId);
        return block.chainid == _cachedChainId ? _cachedBase[venueId] : _computeBase(venueId);
    }

    /// @inheritdoc ISolvencyRegistry
    function domainOf(uint256 venueId, uint256 circuitId) external view returns (uint256) {
        CircuitKind kind = _circuits[circuitId].kind;
        if (kind == CircuitKind.NONE) revert WrongCircuit(circuitId, kind, CircuitKind.BATCH);
        return _domain(venueId, baseOf(venueId), circuitId);
    }

    /// @dev Requires `base = baseOf(venueId)` and a circuit of this registry.
    function _domain(uint256 venueId, uint256 base, uint256 circuitId) internal view returns (uint256) {
        return block.chainid == _cachedChainId
            ? _cachedDomain[venueId][circuitId]
            : POSEIDON3.poseidon([TAG_DOMAIN, base, circuitId]);
    }

    /// @dev Computes a new venue's hashes once; submissions then read them.
    function _cacheDomains(uint256 venueId) internal returns (uint256 base) {
        base = _computeBase(venueId);
        // A registry whose chain forked away has a stale cached id, and then nothing here is read.
        _cachedBase[venueId] = base;
        for (uint256 i = 0; i < _circuitIds.length; ++i) {
            uint256 circuitId = _circuitIds[i];
            _cachedDomain[venueId][circuitId] = POSEIDON3.poseidon([TAG_DOMAIN, base, circuitId]);
        }
    }

    /// @dev The verifier of a circuit that must prove this kind of statement.
    function _verifierOf(uint256 circuitId, CircuitKind expected) internal view returns (address) {
        Circuit storage known = _circuits[circuitId];
        if (known.kind != expected) revert WrongCircuit(circuitId, known.kind, expected);
        return known.verifier;
    }

    function _requireCode(bytes32 what, address account) internal view {
        if (account.code.length == 0) revert NoCode(what, account);
    }

    function _requireVenue(uint256 venueId) internal view virtual;

    function _computeBase(uint256 venueId) private view returns (uint256) {
        return POSEIDON5.poseidon([TAG_BASE, block.chainid, uint160(address(this)), venueId, PROTOCOL_VERSION]);
    }

    function _addCircuit(CircuitConfig memory config) private {
        uint256 circuitId = config.circuitId;
        ScalarField.requireElement("circuitId", circuitId);
        if (config.kind == CircuitKind.NONE) revert InvalidCircuitKind(circuitId);
        if (_circuits[circuitId].kind != CircuitKind.NONE) revert DuplicateCircuit(circuitId);
        _requireCode("verifier", config.verifier);
        bool development = IGroth16Verifier(config.verifier).isDevelopmentKey();
        if (development && block.chainid != FOUNDRY_CHAIN && block.chainid != GANACHE_CHAIN) {
            revert DevelopmentKeyRefused(circuitId, block.chainid);
        }
        bytes32 keyHash = IGroth16Verifier(config.verifier).verificationKeyHash();
        _circuits[circuitId] = Circuit(config.verifier, config.kind, development, keyHash);
        _circuitIds.push(circuitId);
        emit CircuitAdded(circuitId, config.kind, config.verifier, keyHash, development);
    }
}
