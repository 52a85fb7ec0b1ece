// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {
    Deposit,
    EpochTerms,
    Exit,
    ExitRound,
    Hatch,
    Paid,
    ReceiptDemand,
    VaultLimit,
    VaultRules,
    WithdrawalRequest
} from "../interfaces/VaultTypes.sol";
import {VaultActions} from "../libraries/VaultActions.sol";
import {ClearedLedger} from "./ClearedLedger.sol";

/// @title What anybody can read from the vault
abstract contract VaultViews is ClearedLedger {
    /// @inheritdoc ICollateralVault
    function treeBalance(uint256 venueId, uint256 asset) external view returns (uint256) {
        return _ledgers[venueId][asset].tree;
    }

    /// @inheritdoc ICollateralVault
    function clearedBalance(uint256 venueId, uint256 asset) external view returns (uint256) {
        return _ledgers[venueId][asset].cleared;
    }

    /// @inheritdoc ICollateralVault
    function pendingBalance(uint256 venueId, uint256 asset) external view returns (uint256) {
        return _ledgers[venueId][asset].pending;
    }

    /// @inheritdoc ICollateralVault
    function exitBalance(uint256 venueId, uint256 asset) external view returns (uint256) {
        return _ledgers[venueId][asset].exits;
    }

    /// @inheritdoc ICollateralVault
    function freeBalance(uint256 venueId, uint256 asset, uint64 epoch) external view returns (uint256) {
        return _free(venueId, asset, epoch);
    }

    /// @inheritdoc ICollateralVault
    function fundOf(uint256 venueId) external view returns (uint256) {
        return _funds[venueId];
    }

    /// @inheritdoc ICollateralVault
    function depositAt(uint256 depositId) external view returns (Deposit memory) {
        return _deposits[depositId];
    }

    /// @inheritdoc ICollateralVault
    function rulesOf(uint256 venueId) external view returns (VaultRules memory) {
        return _rules[venueId];
    }

    /// @inheritdoc ICollateralVault
    function limitOf(uint256 venueId, uint256 asset) external view returns (VaultLimit memory) {
        return VaultLimit(asset, _coverage[venueId][asset], _allowances[venueId][asset].limit);
    }

    /// @inheritdoc ICollateralVault
    function clearingHouseOf(uint256 venueId) external view returns (address) {
        return _clearingHouses[venueId];
    }

    /// @inheritdoc ICollateralVault
    function hatchOf(uint256 venueId) external view returns (Hatch memory) {
        return _hatches[venueId];
    }

    /// @inheritdoc ICollateralVault
    function isNullifierUsed(uint256 nullifier) external view returns (bool) {
        return _isUsed(nullifier);
    }

    /// @inheritdoc ICollateralVault
    function paidUnder(uint256 nullifier) external view returns (Paid memory) {
        return _paid[nullifier];
    }

    /// @inheritdoc ICollateralVault
    function requestAt(uint256 requestId) external view returns (WithdrawalRequest memory) {
        return _requests[requestId];
    }

    /// @inheritdoc ICollateralVault
    function demandAt(uint256 demandId) external view returns (ReceiptDemand memory) {
        return _demands[demandId];
    }

    /// @inheritdoc ICollateralVault
    function roundAt(uint256 venueId, uint64 round) external view returns (ExitRound memory) {
        return _rounds[venueId][round];
    }

    /// @inheritdoc ICollateralVault
    function exitOf(uint256 venueId, uint256 nullifier) external view returns (Exit memory) {
        return _exits[venueId][nullifier];
    }

    /// @inheritdoc ICollateralVault
    function payoutAction(address recipient, uint64 deadline) external pure returns (bytes32) {
        return VaultActions.payout(recipient, deadline);
    }

    /// @inheritdoc ICollateralVault
    function requestAction(address recipient, uint64 deadline) external pure returns (bytes32) {
        return VaultActions.request(recipient, deadline);
    }

    /// @inheritdoc ICollateralVault
    function confirmAction(uint256 requestId) external pure returns (bytes32) {
        return VaultActions.confirmation(requestId);
    }

    /// @inheritdoc ICollateralVault
    function moveAction(bytes32 handle, uint64 deadline) external pure returns (bytes32) {
        return VaultActions.move(handle, deadline);
    }

    /// @inheritdoc ICollateralVault
    function demandAction(uint64 epoch, bytes calldata encryptionKey) external pure returns (bytes32) {
        return VaultActions.demand(epoch, encryptionKey);
    }

    /// @inheritdoc ICollateralVault
    function stands(uint256 venueId, uint64 epoch) external view returns (bool) {
        return _stands(venueId, epoch);
    }

    /// @inheritdoc ICollateralVault
    function newestStanding(uint256 venueId) external view returns (uint64) {
        return _newestStanding(venueId);
    }

    /// @inheritdoc ICollateralVault
    function termsOf(uint256 venueId, uint64 epoch) external view returns (EpochTerms memory) {
        return _terms[venueId][epoch];
    }
}
