// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitRotation} from "./CircuitRotation.sol";
import {CircuitKind} from "./interfaces/CircuitTypes.sol";
import {ICircuitRotation} from "./interfaces/ICircuitRotation.sol";
import {IPoseidon3} from "./interfaces/IPoseidon3.sol";
import {IPoseidon5} from "./interfaces/IPoseidon5.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title The domain that ties a proof to chain, registry, venue and circuit
abstract contract StatementDomains is CircuitRotation {
    /// @dev Tags and version as in docs/statement.md, section 1.
    uint256 private constant TAG_BASE = 16;
    uint256 private constant TAG_DOMAIN = 17;
    uint256 private constant PROTOCOL_VERSION = 1;

    /// @dev Poseidon of (1, 2, 3) and of (1, 2, 3, 4, 5), circomlib's constants.
    uint256 private constant POSEIDON3_VECTOR =
        6542985608222806190361240322586112750744169038454362455181422643027100751666;
    uint256 private constant POSEIDON5_VECTOR =
        6183221330272524995739186171720101788151706631170188140075976616310159254464;

    IPoseidon3 public immutable POSEIDON3;
    IPoseidon5 public immutable POSEIDON5;

    /// @dev Chain id the cached hashes belong to. After a fork the other chain computes its own.
    uint256 private immutable _cachedChainId;

    mapping(uint256 venueId => uint256) private _cachedBase;
    mapping(uint256 venueId => mapping(uint256 circuitId => uint256)) private _cachedDomain;

    constructor(IPoseidon3 poseidon3, IPoseidon5 poseidon5) {
        _requireCode("poseidon3", address(poseidon3));
        _requireCode("poseidon5", address(poseidon5));
        uint256 got = poseidon3.poseidon([uint256(1), 2, 3]);
        if (got != POSEIDON3_VECTOR) revert PoseidonMismatch(address(poseidon3), got, POSEIDON3_VECTOR);
        got = poseidon5.poseidon([uint256(1), 2, 3, 4, 5]);
        if (got != POSEIDON5_VECTOR) revert PoseidonMismatch(address(poseidon5), got, POSEIDON5_VECTOR);
        POSEIDON3 = poseidon3;
        POSEIDON5 = poseidon5;
        _cachedChainId = block.chainid;
    }

    /// @inheritdoc ICircuitRotation
    function cacheDomain(uint256 venueId, uint256 circuitId) external {
        _requireCircuit(circuitId);
        _requireVenue(venueId);
        _cacheDomain(venueId, _computeBase(venueId), circuitId);
    }

    /// @inheritdoc ISolvencyRegistry
    function baseOf(uint256 venueId) public view returns (uint256) {
        _requireVenue(venueId);
        return block.chainid == _cachedChainId ? _cachedBase[venueId] : _computeBase(venueId);
    }

    /// @inheritdoc ISolvencyRegistry
    function domainOf(uint256 venueId, uint256 circuitId) external view returns (uint256) {
        _requireCircuit(circuitId);
        return _domain(venueId, baseOf(venueId), circuitId);
    }

    /// @dev Requires `base = baseOf(venueId)` and a circuit of this registry.
    function _domain(uint256 venueId, uint256 base, uint256 circuitId) internal view returns (uint256) {
        uint256 cached = block.chainid == _cachedChainId ? _cachedDomain[venueId][circuitId] : 0;
        // Of a circuit that is newer than the venue nothing may be stored yet.
        return cached == 0 ? _computeDomain(base, circuitId) : cached;
    }

    /// @dev Computes a new venue's hashes once; submissions then read them.
    function _cacheDomains(uint256 venueId) internal returns (uint256 base) {
        base = _computeBase(venueId);
        // A registry whose chain forked away has a stale cached id, and then nothing here is read.
        _cachedBase[venueId] = base;
        uint256 count = _countOfCircuits();
        for (uint256 i = 0; i < count; ++i) {
            // Retired circuits prove nothing for a new venue.
            if (!_hasRetired(1 << i)) _cacheDomain(venueId, base, circuitAt(i));
        }
    }

    function _requireVenue(uint256 venueId) internal view virtual;

    function _computeBase(uint256 venueId) private view returns (uint256) {
        return POSEIDON5.poseidon([TAG_BASE, block.chainid, uint160(address(this)), venueId, PROTOCOL_VERSION]);
    }

    function _cacheDomain(uint256 venueId, uint256 base, uint256 circuitId) private {
        _cachedDomain[venueId][circuitId] = _computeDomain(base, circuitId);
    }

    function _computeDomain(uint256 base, uint256 circuitId) private view returns (uint256) {
        return POSEIDON3.poseidon([TAG_DOMAIN, base, circuitId]);
    }

    function _requireCircuit(uint256 circuitId) private view {
        if (_kindOf(circuitId) == CircuitKind.NONE) {
            revert WrongCircuit(circuitId, CircuitKind.NONE, CircuitKind.BATCH);
        }
    }
}
