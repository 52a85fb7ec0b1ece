// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ExitClaim, MarkClaim} from "../interfaces/IAccountProofs.sol";
import {IDisputeSource} from "../interfaces/IDisputeSource.sol";
import {ISolvencyRegistry, VenueConfig} from "../interfaces/ISolvencyRegistry.sol";
import {IVaultWindUp} from "../interfaces/IVaultWindUp.sol";
import {Deposit, Exit, ExitRound, Hatch, Paid, RequestStatus} from "../interfaces/VaultTypes.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {ReceiptDemands} from "./ReceiptDemands.sol";
import {Mark} from "./VaultState.sol";

/// @title Winds up a venue that went silent: no key can start it before its time, none can stop it, none has a part in it
abstract contract EscapeHatch is ReceiptDemands {
    /// @inheritdoc IVaultWindUp
    function openHatch(uint256 venueId, uint64 baseEpoch) external nonReentrant {
        _requireLive(venueId);
        _requireBase(venueId, baseEpoch);
        uint256 dueAt = _hatchDueAt(venueId, baseEpoch);
        if (block.timestamp < dueAt) revert HatchNotDue(dueAt, block.timestamp);
        uint64 closesAt = _roundEnd(venueId);
        _hatches[venueId] = Hatch(baseEpoch, uint64(block.timestamp), 1, closesAt);
        if (baseEpoch != 0) _joinFund(venueId, baseEpoch);
        emit HatchOpened(venueId, baseEpoch, closesAt);
    }

    /// @inheritdoc IVaultWindUp
    function reportMark(uint256 venueId, uint256 asset, MarkClaim calldata claim) external {
        _requireClosed(venueId);
        if (_marks[venueId][asset].reported) revert MarkReportedBefore(asset);
        uint256 got = _venue(venueId).markets.assetOfRow(venueId, claim.row);
        if (got != asset) revert MarkOfAnotherAsset(claim.row, got, asset);
        uint64 base = _hatches[venueId].baseEpoch;
        GATE.checkMark(venueId, REGISTRY.epochAt(venueId, base).marketCommitment, claim);
        _marks[venueId][asset] = Mark(true, claim.mark);
        emit MarkReported(venueId, asset, claim.row, claim.mark);
    }

    /// @inheritdoc IVaultWindUp
    function registerExit(uint256 venueId, ExitClaim calldata claim) external {
        _requireClosed(venueId);
        Hatch storage hatch = _hatches[venueId];
        uint256 nullifier = claim.nullifier;
        ScalarField.requireElement("nullifier", nullifier);
        if (_exits[venueId][nullifier].round != 0) revert ExitRegisteredBefore(nullifier);
        GATE.checkExit(venueId, hatch.baseEpoch, claim);
        // 120 bits by the statement: sums of claims do not overflow.
        uint256 equity = SafeCast.toUint128(claim.equity);
        uint256 taken = _takenSinceBase(venueId, hatch.baseEpoch, nullifier);
        if (taken >= equity) revert NothingToClaim(nullifier);
        uint64 round = hatch.round;
        if (block.timestamp >= hatch.roundClosesAt) {
            if (_rounds[venueId][round].claims != 0) revert RoundNotSettled(round);
            hatch.roundClosesAt = _roundEnd(venueId);
        }
        _rounds[venueId][round].claims += equity - taken;
        _exits[venueId][nullifier] = Exit(round, claim.recipient, equity - taken);
        emit ExitRegistered(venueId, nullifier, round, equity - taken, claim.recipient);
    }

    /// @inheritdoc IVaultWindUp
    function settleRound(uint256 venueId) external nonReentrant {
        _requireClosed(venueId);
        Hatch storage hatch = _hatches[venueId];
        uint64 round = hatch.round;
        if (block.timestamp < hatch.roundClosesAt) revert RoundOpen(hatch.roundClosesAt);
        ExitRound storage settled = _rounds[venueId][round];
        uint256 claims = settled.claims;
        if (claims == 0) revert RoundEmpty(round);
        (uint256[] memory free, uint256 value) = _freeBalances(venueId);
        uint256 denominator = Math.max(claims, value);
        settled.denominator = denominator;
        hatch.round = round + 1;
        hatch.roundClosesAt = _roundEnd(venueId);
        for (uint256 i = 0; i < free.length; ++i) {
            uint256 shared = Math.mulDiv(free[i], claims, denominator);
            if (shared == 0) continue;
            _shared[venueId][round][i] = shared;
            _ledgers[venueId][i].tree -= shared;
            _ledgers[venueId][i].exits += shared;
        }
        emit RoundSettled(venueId, round, claims, denominator);
    }

    /// @inheritdoc IVaultWindUp
    function collectExit(uint256 venueId, uint256 nullifier, uint256[] calldata assets) external nonReentrant {
        Exit memory exit = _exits[venueId][nullifier];
        ExitRound memory round = _rounds[venueId][exit.round];
        if (round.denominator == 0) revert RoundNotSettled(exit.round);
        for (uint256 i = 0; i < assets.length; ++i) {
            uint256 asset = assets[i];
            if (asset >= _baseAssets[venueId]) revert ISolvencyRegistry.UnknownAsset(venueId, asset);
            uint256 collected = _collected[venueId][nullifier];
            if (collected >> asset & 1 != 0) revert CollectedBefore(nullifier, asset);
            _collected[venueId][nullifier] = collected | 1 << asset;
            uint256 amount = Math.mulDiv(_shared[venueId][exit.round][asset], exit.amount, round.claims);
            emit ExitCollected(venueId, nullifier, asset, amount, exit.recipient);
            // Some tokens refuse to move nothing, and the rest of the basket must not wait for them.
            if (amount == 0) continue;
            _ledgers[venueId][asset].exits -= amount;
            _send(venueId, asset, exit.recipient, amount);
        }
    }

    /// @inheritdoc IVaultWindUp
    function refundDeposit(uint256 depositId, address to) external nonReentrant {
        Deposit storage made = _deposits[depositId];
        if (msg.sender != made.depositor) revert NotDepositor(depositId, msg.sender);
        (uint256 venueId, uint256 asset, uint256 amount) = (made.venueId, made.asset, made.amount);
        _requireClosed(venueId);
        bool inLeaf = made.checkpoint < _terms[venueId][_hatches[venueId].baseEpoch].checkpoint;
        if (made.refunded || inLeaf && asset < _baseAssets[venueId]) revert NothingToRefund(depositId);
        made.refunded = true;
        _refunded[venueId][asset] += amount;
        _ledgers[venueId][asset].tree -= amount;
        emit DepositRefunded(depositId, to, amount);
        _send(venueId, asset, to, amount);
    }

    function _requireBase(uint256 venueId, uint64 baseEpoch) private view {
        uint64 newest = _newestStanding(venueId);
        if (baseEpoch == newest) return;
        if (baseEpoch != 0) _requireStanding(venueId, baseEpoch);
        revert NewerEpochStands(newest);
    }

    function _hatchDueAt(uint256 venueId, uint64 baseEpoch) private view returns (uint256) {
        if (baseEpoch != 0) {
            uint256 hatchAfter = _terms[venueId][baseEpoch].hatchAfter;
            return Math.min(_acceptedAt(venueId, baseEpoch), _disputedSince(venueId)) + hatchAfter;
        }
        uint256 dueAt = _progress[venueId].firstDueAt;
        // Without a deposit there is nothing to save.
        return dueAt == 0 ? type(uint256).max : dueAt;
    }

    /// @dev Later epochs may stand while a dispute lasts, and none would let the hatch be due. Of the base's terms, as age is: they are
    /// what its accounts were promised. Where no epoch ever stood the first deposit's time says enough.
    function _disputedSince(uint256 venueId) private view returns (uint256) {
        IDisputeSource disputes = REGISTRY.disputesOf(venueId);
        uint256 since = address(disputes) == address(0) ? 0 : disputes.disputedSince(venueId);
        return since == 0 ? type(uint256).max : since;
    }

    function _roundEnd(uint256 venueId) private view returns (uint64) {
        return uint64(block.timestamp + _rulesOf(venueId).claimWindow);
    }

    /// @dev The fund, where its token is one the base epoch's accounts hold, is shared as what covers them.
    function _joinFund(uint256 venueId, uint64 baseEpoch) private {
        VenueConfig memory venue = _venue(venueId);
        uint256 commitment = REGISTRY.epochAt(venueId, baseEpoch).marketCommitment;
        uint256 count = venue.markets.market(venueId, commitment).settlementAssets;
        _baseAssets[venueId] = count;
        for (uint256 i = 0; i < count; ++i) {
            if (REGISTRY.settlementAsset(venueId, i).token != venue.fundToken) continue;
            _ledgers[venueId][i].tree += _funds[venueId];
            _funds[venueId] = 0;
            return;
        }
    }

    /// @dev Value units the account took after the base epoch's snapshot, at the base epoch's mark.
    function _takenSinceBase(uint256 venueId, uint64 baseEpoch, uint256 nullifier) private view returns (uint256) {
        Paid memory paid = _paid[nullifier];
        if (paid.quanta == 0 || paid.checkpoint < _terms[venueId][baseEpoch].checkpoint) return 0;
        if (_isStillInBase(_requests[paid.requestId])) {
            revert WrongRequestStatus(paid.requestId, RequestStatus.DEFERRED);
        }
        return uint256(paid.quanta) * _markOf(venueId, paid.asset);
    }

    /// @dev Of each asset what deposits since the base epoch's snapshot do not take, and the value of it all, rounded up.
    function _freeBalances(uint256 venueId) private view returns (uint256[] memory free, uint256 value) {
        uint64 base = _hatches[venueId].baseEpoch;
        free = new uint256[](_baseAssets[venueId]);
        for (uint256 i = 0; i < free.length; ++i) {
            free[i] = _free(venueId, i, base);
            if (free[i] == 0) continue;
            uint256 units = REGISTRY.settlementAsset(venueId, i).unitsPerQuantum;
            // Below 2^161 * 2^47, 128 times.
            value += Math.mulDiv(free[i], _markOf(venueId, i), units, Math.Rounding.Ceil);
        }
    }

    function _markOf(uint256 venueId, uint256 asset) private view returns (uint256) {
        Mark memory mark = _marks[venueId][asset];
        if (!mark.reported) revert MarksMissing(asset);
        return mark.value;
    }

    function _requireClosed(uint256 venueId) private view {
        if (!_isClosed(venueId)) revert VenueNotClosed(venueId);
    }
}
