// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {VaultLedger} from "./VaultLedger.sol";

/// @title What the venue's clearing house does with the cleared sub-ledger
abstract contract ClearedLedger is VaultLedger {
    /// @inheritdoc ICollateralVault
    function depositCleared(uint256 venueId, uint256 asset, uint256 amount)
        external
        nonReentrant
        returns (uint256 received)
    {
        _requireHouse(venueId);
        received = _takeIn(venueId, asset, amount);
        _ledgers[venueId][asset].cleared += received;
        emit ClearedDeposited(venueId, asset, received);
    }

    /// @inheritdoc ICollateralVault
    function moveToTree(uint256 venueId, uint256 asset, uint256 amount, address depositor, bytes32 beneficiary)
        external
        nonReentrant
        returns (uint256)
    {
        _requireLive(venueId);
        _startClock(venueId);
        _takeCleared(venueId, asset, amount);
        emit MovedToTree(venueId, asset, amount, beneficiary);
        return _credit(venueId, asset, amount, depositor, beneficiary);
    }

    /// @inheritdoc ICollateralVault
    function payCleared(uint256 venueId, uint256 asset, uint256 amount, address recipient) external nonReentrant {
        _takeCleared(venueId, asset, amount);
        emit ClearedPaidOut(venueId, asset, amount, recipient);
        _send(venueId, asset, recipient, amount);
    }

    function _takeCleared(uint256 venueId, uint256 asset, uint256 amount) private {
        _requireHouse(venueId);
        _requireAmount(amount);
        uint256 held = _ledgers[venueId][asset].cleared;
        if (amount > held) revert LedgerTooSmall(venueId, asset, held, amount);
        _ledgers[venueId][asset].cleared = held - amount;
    }

    function _requireHouse(uint256 venueId) private view {
        if (msg.sender != _clearingHouses[venueId]) revert NotClearingHouse(venueId, msg.sender);
    }
}
