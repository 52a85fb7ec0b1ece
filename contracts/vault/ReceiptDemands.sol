// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {AccountTerms} from "../interfaces/IAccountProofs.sol";
import {MarginClaim} from "../interfaces/ISolvencyGate.sol";
import {IVaultWindUp} from "../interfaces/IVaultWindUp.sol";
import {Deposit, EpochTerms, ReceiptDemand} from "../interfaces/VaultTypes.sol";
import {VaultActions} from "../libraries/VaultActions.sol";
import {VaultBooks} from "./VaultBooks.sol";

/// @title Demands for receipts, without which an epoch does not stand
abstract contract ReceiptDemands is VaultBooks, IVaultWindUp {
    /// @inheritdoc IVaultWindUp
    function demandReceipt(uint256 venueId, uint64 epoch, MarginClaim calldata claim, bytes calldata encryptionKey)
        external
        payable
        returns (uint256)
    {
        if (claim.epoch >= epoch) revert LeafNotEarlier(claim.epoch, epoch);
        AccountTerms memory terms;
        terms.held = true;
        terms.payload = GATE.scopeOf(address(this));
        terms.context = GATE.contextOf(address(this), VaultActions.demand(epoch, encryptionKey));
        // An account in trouble is owed a receipt too: level and age of the table mean nothing here.
        GATE.checkMargin(venueId, claim, terms);
        return _demand(venueId, epoch, claim.nullifier, claim.epoch, encryptionKey);
    }

    /// @inheritdoc IVaultWindUp
    function demandReceiptOfDeposit(uint64 epoch, uint256 depositId, bytes calldata encryptionKey)
        external
        payable
        returns (uint256)
    {
        Deposit storage made = _deposits[depositId];
        if (msg.sender != made.depositor) revert NotDepositor(depositId, msg.sender);
        uint64 counted = _terms[made.venueId][epoch].checkpoint;
        // While an epoch can be demanded, `stood` is the newest before it that stands: its successor's snapshot is not open yet. An
        // epoch that failed ends nobody's demands. Of epoch 0 the checkpoint is 0: no deposit is before it.
        bool before = made.checkpoint < _terms[made.venueId][_progress[made.venueId].stood].checkpoint;
        if (before || made.checkpoint >= counted) revert NotDepositOfEpoch(depositId, epoch);
        return _demand(made.venueId, epoch, depositId, 0, encryptionKey);
    }

    /// @inheritdoc IVaultWindUp
    function answerDemand(uint256 demandId, bytes calldata encryptedReceipt) external nonReentrant {
        ReceiptDemand storage demand = _demands[demandId];
        if (demand.demander == address(0)) revert UnknownDemand(demandId);
        _requireOperator(demand.venueId);
        if (demand.answeredAt != 0 || _isOver(demand)) revert DemandClosed(demandId);
        demand.answeredAt = uint64(block.timestamp);
        --_openDemands[demand.venueId][demand.epoch];
        emit DemandAnswered(demandId, encryptedReceipt);
        Address.sendValue(payable(msg.sender), demand.bond);
    }

    /// @inheritdoc IVaultWindUp
    function reclaimBond(uint256 demandId) external nonReentrant {
        ReceiptDemand storage demand = _demands[demandId];
        if (demand.demander == address(0)) revert UnknownDemand(demandId);
        if (demand.answeredAt != 0 || demand.reclaimed || !_isOver(demand)) revert DemandNotFailed(demandId);
        demand.reclaimed = true;
        emit BondReclaimed(demandId, demand.demander, demand.bond);
        Address.sendValue(payable(demand.demander), demand.bond);
    }

    function _demand(uint256 venueId, uint64 epoch, uint256 account, uint64 leafEpoch, bytes calldata encryptionKey)
        private
        returns (uint256 demandId)
    {
        _requireLive(venueId);
        EpochTerms storage terms = _terms[venueId][epoch];
        if (block.timestamp >= _acceptedAt(venueId, epoch) + terms.demandWindow) revert DemandTooLate(venueId, epoch);
        if (msg.value != terms.demandBond) revert WrongBond(msg.value, terms.demandBond);
        demandId = uint256(keccak256(abi.encode(venueId, epoch, account, leafEpoch)));
        if (_demands[demandId].demander != address(0)) revert DemandExists(demandId);
        _demands[demandId] = ReceiptDemand({
            venueId: venueId,
            epoch: epoch,
            demandedAt: uint64(block.timestamp),
            answeredAt: 0,
            reclaimed: false,
            demander: msg.sender,
            bond: terms.demandBond
        });
        ++_openDemands[venueId][epoch];
        emit ReceiptDemanded(venueId, demandId, epoch, account, leafEpoch, encryptionKey);
    }

    /// @dev Whether the time for an answer is.
    function _isOver(ReceiptDemand storage demand) private view returns (bool) {
        return block.timestamp >= uint256(demand.demandedAt) + _terms[demand.venueId][demand.epoch].answerWindow;
    }
}
