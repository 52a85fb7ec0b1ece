// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPoseidon3} from "../interfaces/IPoseidon3.sol";
import {IPoseidon5} from "../interfaces/IPoseidon5.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";

/// @title The domains of a registry on another chain
/// @dev Of constants alone: nothing on this chain can make one wrong, a fork of it neither.
abstract contract HomeDomains {
    /// @dev Tags, version and vectors as in StatementDomains.
    uint256 private constant TAG_BASE = 16;
    uint256 private constant TAG_DOMAIN = 17;
    uint256 private constant PROTOCOL_VERSION = 1;
    uint256 private constant POSEIDON3_VECTOR =
        6542985608222806190361240322586112750744169038454362455181422643027100751666;
    uint256 private constant POSEIDON5_VECTOR =
        6183221330272524995739186171720101788151706631170188140075976616310159254464;

    uint256 internal immutable _homeChainId;
    address internal immutable _homeRegistry;
    IPoseidon3 private immutable _poseidon3;
    IPoseidon5 internal immutable _poseidon5;

    mapping(uint256 venueId => uint256) private _cachedBases;
    mapping(uint256 venueId => mapping(uint256 circuitId => uint256)) private _cachedDomains;

    constructor(uint256 homeChainId, address homeRegistry, IPoseidon3 poseidon3, IPoseidon5 poseidon5) {
        _requireCode("poseidon3", address(poseidon3));
        _requireCode("poseidon5", address(poseidon5));
        uint256 got = poseidon3.poseidon([uint256(1), 2, 3]);
        if (got != POSEIDON3_VECTOR) {
            revert ISolvencyRegistry.PoseidonMismatch(address(poseidon3), got, POSEIDON3_VECTOR);
        }
        got = poseidon5.poseidon([uint256(1), 2, 3, 4, 5]);
        if (got != POSEIDON5_VECTOR) {
            revert ISolvencyRegistry.PoseidonMismatch(address(poseidon5), got, POSEIDON5_VECTOR);
        }
        (_homeChainId, _homeRegistry, _poseidon3, _poseidon5) = (homeChainId, homeRegistry, poseidon3, poseidon5);
    }

    function _base(uint256 venueId) internal view returns (uint256) {
        uint256 cached = _cachedBases[venueId];
        if (cached != 0) return cached;
        return _poseidon5.poseidon([TAG_BASE, _homeChainId, uint160(_homeRegistry), venueId, PROTOCOL_VERSION]);
    }

    function _domain(uint256 venueId, uint256 circuitId) internal view returns (uint256) {
        uint256 cached = _cachedDomains[venueId][circuitId];
        return cached == 0 ? _poseidon3.poseidon([TAG_DOMAIN, _base(venueId), circuitId]) : cached;
    }

    function _cacheDomain(uint256 venueId, uint256 circuitId) internal returns (uint256 domain) {
        domain = _cachedDomains[venueId][circuitId];
        if (domain != 0) return domain;
        if (_cachedBases[venueId] == 0) _cachedBases[venueId] = _base(venueId);
        domain = _domain(venueId, circuitId);
        _cachedDomains[venueId][circuitId] = domain;
    }

    function _requireCode(bytes32 what, address account) internal view {
        if (account.code.length == 0) revert ISolvencyRegistry.NoCode(what, account);
    }
}
