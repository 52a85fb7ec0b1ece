// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingState} from "./clearing/ClearingState.sol";
import {CollateralMoves} from "./clearing/CollateralMoves.sol";
import {Owed} from "./clearing/Owed.sol";
import {Trades} from "./clearing/Trades.sol";
import {ClearedAccount} from "./interfaces/ClearingTypes.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {IClearingTerms} from "./interfaces/IClearingTerms.sol";
import {IProofBatch} from "./interfaces/IProofBatch.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title Accounts that settle on chain: one commitment each, changed by proofs alone
/// @dev No role and no upgrade. Tokens stay in the venues' vaults.
contract ClearingHouse is CollateralMoves, Trades, Owed {
    /// @param terms of the same registry: rules, expiries and funding of its venues
    /// @param batch verifies several proofs at once
    constructor(ISolvencyRegistry registry, IClearingTerms terms, IProofBatch batch)
        ClearingState(registry, terms, batch)
    {}

    /// @inheritdoc IClearingHouse
    function setController(uint64 handle, address controller) external {
        _venueOf(handle);
        if (msg.sender != _registrations[handle].controller) revert NotController(handle, msg.sender);
        if (controller == address(0)) revert ZeroController();
        _registrations[handle].controller = controller;
        emit ControllerChanged(handle, controller);
    }

    /// @inheritdoc IClearingHouse
    function accountOf(uint64 handle) external view returns (ClearedAccount memory) {
        Registration memory known = _registrations[handle];
        return ClearedAccount(_commitments[known.venueId][handle], known.controller, known.venueId);
    }

    /// @inheritdoc IClearingHouse
    function handles() external view returns (uint64) {
        return _handleCount;
    }

    /// @inheritdoc IClearingHouse
    function isFilled(uint256 tradeCommitment) external view returns (bool) {
        return _filled[tradeCommitment];
    }

    /// @inheritdoc IClearingHouse
    function creditOf(uint64 handle, uint256 asset) external view returns (uint256) {
        return _credits[handle][asset];
    }
}
