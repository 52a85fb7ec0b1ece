// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IPoseidon3} from "../interfaces/IPoseidon3.sol";
import {IProofBatch} from "../interfaces/IProofBatch.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";

/// @title What the clearing house knows: accounts by handle, trades that filled, tokens on their way in
abstract contract ClearingState is IClearingHouse, EIP712, ReentrancyGuardTransient {
    /// @dev Whose a handle is, and where; the controller of one that was opened is not zero.
    struct Registration {
        address controller;
        uint64 venueId;
    }

    /// @inheritdoc IClearingHouse
    ISolvencyRegistry public immutable REGISTRY;
    /// @inheritdoc IClearingHouse
    IClearingTerms public immutable TERMS;
    /// @inheritdoc IClearingHouse
    IProofBatch public immutable BATCH;
    IPoseidon3 internal immutable _poseidon3;

    uint64 internal _handleCount;
    mapping(uint64 handle => Registration) internal _registrations;
    /// @dev By venue too: whoever reads one knows that the account is at this venue, for one slot.
    mapping(uint256 venueId => mapping(uint64 handle => uint256)) internal _commitments;
    mapping(uint256 tradeCommitment => bool) internal _filled;
    /// @dev Token base units.
    mapping(uint64 handle => mapping(uint256 asset => uint256)) internal _credits;

    constructor(ISolvencyRegistry registry, IClearingTerms terms, IProofBatch batch)
        EIP712("Clearproof ClearingHouse", "1")
    {
        _requireCode("registry", address(registry));
        _requireCode("terms", address(terms));
        _requireCode("batch", address(batch));
        if (address(terms.REGISTRY()) != address(registry)) revert PartOfAnotherRegistry(address(terms));
        (REGISTRY, TERMS, BATCH) = (registry, terms, batch);
        _poseidon3 = registry.POSEIDON3();
    }

    function _venueOf(uint64 handle) internal view returns (uint256) {
        Registration memory known = _registrations[handle];
        if (known.controller == address(0)) revert UnknownHandle(handle);
        return known.venueId;
    }

    function _requireAt(uint256 venueId, uint64 handle) internal view {
        if (_commitments[venueId][handle] != 0) return;
        revert OtherVenue(handle, _venueOf(handle), venueId);
    }

    function _requireInTime(uint64 deadline) internal view {
        if (block.timestamp > deadline) revert DeadlineMissed(deadline, block.timestamp);
    }

    function _requireCode(bytes32 what, address account) private view {
        if (account.code.length == 0) revert NoCode(what, account);
    }
}
