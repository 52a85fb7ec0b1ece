// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Deposit} from "../interfaces/VaultTypes.sol";
import {EpochStanding} from "./EpochStanding.sol";

/// @title What all parts of the vault do to its ledgers
/// @dev Internal accounting only: tokens sent directly belong to nobody. All amounts are token base units.
abstract contract VaultBooks is EpochStanding {
    using Checkpoints for Checkpoints.Trace160;
    using SafeERC20 for IERC20;

    /// @dev Into the tree sub-ledger, as a deposit that pays nobody until a standing epoch counts it.
    function _credit(uint256 venueId, uint256 asset, uint256 amount, address depositor, bytes32 beneficiary)
        internal
        returns (uint256 depositId)
    {
        uint64 number = _progress[venueId].checkpoint;
        depositId = ++_depositCount;
        _deposits[depositId] = Deposit(venueId, depositor, number, false, asset, amount);
        _ledgers[venueId][asset].tree += amount;
        Checkpoints.Trace160 storage trace = _deposited[venueId][asset];
        trace.push(number, SafeCast.toUint160(trace.latest() + amount));
        emit Deposited(venueId, depositId, asset, depositor, amount, beneficiary);
    }

    /// @dev What accounts of the epoch can be paid: the tree sub-ledger without deposits since the epoch's snapshot, of which a
    /// closed venue has refunded some.
    function _free(uint256 venueId, uint256 asset, uint64 epoch) internal view returns (uint256) {
        uint256 held = _ledgers[venueId][asset].tree + _refunded[venueId][asset];
        return held - _depositedSince(venueId, asset, epoch);
    }

    /// @dev Of epoch 0: all.
    function _depositedSince(uint256 venueId, uint256 asset, uint64 epoch) private view returns (uint256) {
        Checkpoints.Trace160 storage trace = _deposited[venueId][asset];
        uint64 number = _terms[venueId][epoch].checkpoint;
        if (number == 0) return trace.latest();
        return trace.latest() - trace.upperLookupRecent(number - 1);
    }

    function _send(uint256 venueId, uint256 asset, address to, uint256 amount) internal {
        IERC20(REGISTRY.settlementAsset(venueId, asset).token).safeTransfer(to, amount);
    }
}
