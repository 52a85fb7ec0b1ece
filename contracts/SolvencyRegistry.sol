// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {CircuitRotation} from "./CircuitRotation.sol";
import {IDisputeSource} from "./interfaces/IDisputeSource.sol";
import {IGroth16VerifierBatch} from "./interfaces/IGroth16VerifierBatch.sol";
import {IGroth16VerifierClose} from "./interfaces/IGroth16VerifierClose.sol";
import {IGroth16VerifierCloseEnd} from "./interfaces/IGroth16VerifierCloseEnd.sol";
import {IGroth16VerifierClosePart} from "./interfaces/IGroth16VerifierClosePart.sol";
import {MarginLevel, Market} from "./interfaces/IMarketSource.sol";
import {IPoseidon3} from "./interfaces/IPoseidon3.sol";
import {IPoseidon5} from "./interfaces/IPoseidon5.sol";
import {AssetLimit, ReserveState} from "./interfaces/IReserveSource.sol";
import {GateMode} from "./interfaces/ISolvencyGate.sol";
import {
    BatchSubmission,
    CircuitConfig,
    CircuitKind,
    CloseSubmission,
    EpochCircuits,
    EpochRecord,
    EpochSubmission,
    ISolvencyRegistry,
    PartSubmission,
    ReserveSnapshot,
    SettlementAsset,
    VenueConfig
} from "./interfaces/ISolvencyRegistry.sol";
import {BatchSignals} from "./libraries/BatchSignals.sol";
import {CloseEndSignals} from "./libraries/CloseEndSignals.sol";
import {ClosePartSignals} from "./libraries/ClosePartSignals.sol";
import {CloseSignals} from "./libraries/CloseSignals.sol";
import {ScalarField} from "./libraries/ScalarField.sol";
import {SettlementWords} from "./libraries/SettlementWords.sol";
import {StatementDomains} from "./StatementDomains.sol";
import {VenueBoard} from "./VenueBoard.sol";

/// @title Append-only record of what venues have proven, epoch by epoch
contract SolvencyRegistry is VenueBoard {
    mapping(uint256 venueId => uint64) private _latestEpoch;
    mapping(uint256 venueId => ReserveSnapshot) private _snapshots;
    mapping(uint256 venueId => mapping(uint64 epoch => EpochRecord)) private _epochs;
    /// @dev Set of the circuits that the latest epoch was proven in, its table's too.
    mapping(uint256 venueId => uint256 circuits) private _restsOn;

    /// @param circuits in force from the beginning
    /// @param circuitDelay seconds that later ones wait: 1 day to 90 days, and from 1 second on local test chains
    constructor(
        address owner_,
        IPoseidon3 poseidon3,
        IPoseidon5 poseidon5,
        CircuitConfig[] memory circuits,
        uint64 circuitDelay
    ) CircuitRotation(owner_, circuits, circuitDelay) StatementDomains(poseidon3, poseidon5) {}

    /// @inheritdoc ISolvencyRegistry
    function openSnapshot(uint256 venueId) external onlyOperator(venueId) {
        VenueConfig storage config = _venue(venueId);
        uint64 epoch = _latestEpoch[venueId] + 1;
        address[] memory tokens = _assetTokens(venueId);
        (uint256[] memory reserves, uint256 fund) = config.reserves.checkpoint(venueId, epoch, tokens, config.fundToken);
        if (reserves.length != tokens.length) revert CheckpointLengthMismatch(reserves.length, tokens.length);
        ReserveSnapshot memory snapshot = ReserveSnapshot(epoch, uint64(block.timestamp), fund, reserves);
        _snapshots[venueId] = snapshot;
        emit SnapshotOpened(venueId, epoch, snapshot);
    }

    /// @inheritdoc ISolvencyRegistry
    function submitEpoch(uint256 venueId, EpochSubmission calldata submission) external onlyOperator(venueId) {
        uint64 snapshotTime = _requireSnapshot(venueId, submission.epoch);
        uint256 assets = _requireMarket(venueId, submission.marketCommitment, snapshotTime);
        SettlementWords.requireShape(submission.words, assets);
        _requireElements(submission);

        uint256 base = baseOf(venueId);
        EpochCircuits memory circuits;
        circuits.close = submission.close.circuitId;
        uint256 finalAccumulator;
        (finalAccumulator, circuits.batches) = _verifyBatches(venueId, base, submission);
        circuits.parts = _verifyClose(venueId, base, finalAccumulator, submission);

        EpochRecord memory record = EpochRecord({
            marketCommitment: submission.marketCommitment,
            genesisAccumulator: submission.genesisAccumulator,
            finalAccumulator: finalAccumulator,
            accountsRoot: submission.close.accountsRoot,
            accountsBound: submission.close.accountsBound,
            unhealthyBound: submission.close.unhealthyBound,
            shortfall: submission.close.shortfall,
            detailHash: keccak256(abi.encode(submission.words, circuits)),
            snapshotTime: snapshotTime,
            acceptedAt: uint64(block.timestamp),
            acceptedInBlock: uint64(block.number),
            covered: _isCovered(venueId, submission.words, submission.close.shortfall)
        });
        _epochs[venueId][submission.epoch] = record;
        _latestEpoch[venueId] = submission.epoch;
        _restsOn[venueId] = _circuitsOf(venueId, submission.marketCommitment, circuits);
        emit EpochAccepted(venueId, submission.epoch, base, record, submission.words, circuits);
    }

    /// @inheritdoc ISolvencyRegistry
    function mode(uint256 venueId) external view returns (GateMode) {
        uint64 latest = _latestEpoch[venueId];
        // Nobody knows what an epoch says that a broken key may have proven: as if there were none.
        if (latest == 0 || _hasRetired(_restsOn[venueId])) return GateMode.HALT;
        VenueConfig storage config = _venue(venueId);
        EpochRecord storage record = _epochs[venueId][latest];
        uint256 age = block.timestamp - record.snapshotTime;
        if (age > config.haltAfter) return GateMode.HALT;
        ReserveState reserves = config.reserves.state(venueId);
        if (reserves == ReserveState.CLOSED) return GateMode.HALT;
        if (!record.covered || _isDisputed(venueId, config)) return GateMode.WITHDRAW_ONLY;
        return age > config.staleAfter || reserves == ReserveState.PAUSED ? GateMode.REDUCE_ONLY : GateMode.OPEN;
    }

    /// @inheritdoc ISolvencyRegistry
    function lastSnapshot(uint256 venueId) external view returns (ReserveSnapshot memory) {
        return _snapshots[venueId];
    }

    /// @inheritdoc ISolvencyRegistry
    function latestEpoch(uint256 venueId) external view returns (uint64) {
        return _latestEpoch[venueId];
    }

    /// @inheritdoc ISolvencyRegistry
    function epochAt(uint256 venueId, uint64 epoch) external view returns (EpochRecord memory) {
        if (epoch == 0 || epoch > _latestEpoch[venueId]) revert UnknownEpoch(venueId, epoch);
        return _epochs[venueId][epoch];
    }

    /// @dev The table's circuit is looked at now: it may have been retired since the table was accepted.
    function _circuitsOf(uint256 venueId, uint256 marketCommitment, EpochCircuits memory circuits)
        private
        view
        returns (uint256 set)
    {
        set = _setOf(circuits.close);
        for (uint256 i = 0; i < circuits.batches.length; ++i) {
            set |= _setOf(circuits.batches[i]);
        }
        for (uint256 i = 0; i < circuits.parts.length; ++i) {
            set |= _setOf(circuits.parts[i]);
        }
        uint256 table = _venue(venueId).markets.circuitOf(venueId, marketCommitment);
        if (table == 0) return set;
        _verifierOf(table, CircuitKind.MARKET_TABLE);
        set |= _setOf(table);
    }

    /// @dev Whatever is proven later: a venue could otherwise leave an account out and outrun the dispute.
    function _isDisputed(uint256 venueId, VenueConfig storage config) private view returns (bool) {
        IDisputeSource disputes = config.disputes;
        return address(disputes) != address(0) && disputes.disputedSince(venueId) != 0;
    }

    /// @dev The epoch is the next one, and its snapshot is open and fresh.
    function _requireSnapshot(uint256 venueId, uint64 epoch) private view returns (uint64 openedAt) {
        uint64 next = _latestEpoch[venueId] + 1;
        if (epoch != next) revert WrongEpoch(epoch, next);
        ReserveSnapshot storage snapshot = _snapshots[venueId];
        if (snapshot.epoch != epoch) revert SnapshotNotOpened(venueId, epoch);
        openedAt = snapshot.openedAt;
        uint256 age = block.timestamp - openedAt;
        uint256 maxAge = _venue(venueId).maxSubmissionAge;
        if (age > maxAge) revert SnapshotTooOld(age, maxAge);
    }

    /// @dev The venue's source accepted the market; it keeps accounts open (maintenance), belongs to the snapshot's time, and the snapshot has its assets.
    function _requireMarket(uint256 venueId, uint256 commitment, uint64 snapshotTime)
        private
        view
        returns (uint256 assets)
    {
        // Here, because what a source answers for other numbers of the same element is its own affair.
        ScalarField.requireElement("marketCommitment", commitment);
        VenueConfig storage config = _venue(venueId);
        Market memory known = config.markets.market(venueId, commitment);
        if (known.level == MarginLevel.NONE) revert UnknownMarket(venueId, commitment);
        if (known.level != MarginLevel.MAINTENANCE) revert MarketNotAtMaintenanceLevel(commitment, known.level);
        uint256 tolerance = config.marketTolerance;
        uint256 distance =
            known.snapshotTime > snapshotTime ? known.snapshotTime - snapshotTime : snapshotTime - known.snapshotTime;
        if (distance > tolerance) revert MarketOutsideTolerance(known.snapshotTime, snapshotTime, tolerance);
        assets = known.settlementAssets;
        uint256 inSnapshot = _snapshots[venueId].reserves.length;
        // Assets registered after the snapshot was opened have no checkpoint to be held against.
        if (inSnapshot < assets) revert SnapshotMissesAssets(inSnapshot, assets);
    }

    /// @dev Verifiers refuse these too; here, because the values are recorded and compared, not only verified.
    function _requireElements(EpochSubmission calldata submission) private pure {
        ScalarField.requireElement("genesisAccumulator", submission.genesisAccumulator);
        for (uint256 i = 0; i < submission.batches.length; ++i) {
            ScalarField.requireElement("accumulatorAfter", submission.batches[i].accumulatorAfter);
        }
        ScalarField.requireElement("accountsRoot", submission.close.accountsRoot);
        ScalarField.requireElement("accountsBound", submission.close.accountsBound);
        ScalarField.requireElement("unhealthyBound", submission.close.unhealthyBound);
        ScalarField.requireElement("shortfall", submission.close.shortfall);
        ScalarField.requireElement("tableStart", submission.close.tableStart);
        for (uint256 i = 0; i < submission.close.parts.length; ++i) {
            ScalarField.requireElement("tableAfter", submission.close.parts[i].tableAfter);
        }
    }

    /// @dev The chain from genesis holds by construction: what a batch starts from is not submitted.
    function _verifyBatches(uint256 venueId, uint256 base, EpochSubmission calldata submission)
        private
        view
        returns (uint256 accumulator, uint256[] memory circuitIds_)
    {
        uint256 count = submission.batches.length;
        // Without a batch nothing ties the books to any account.
        if (count == 0) revert NoBatches();
        circuitIds_ = new uint256[](count);
        accumulator = submission.genesisAccumulator;
        for (uint256 i = 0; i < count; ++i) {
            BatchSubmission calldata batch = submission.batches[i];
            address verifier = _verifierOf(batch.circuitId, CircuitKind.BATCH);
            uint256[4] memory signals = BatchSignals.ordered(
                BatchSignals.Named({
                    domain: _domain(venueId, base, batch.circuitId),
                    epoch: submission.epoch,
                    accumulatorBefore: accumulator,
                    accumulatorAfter: batch.accumulatorAfter
                })
            );
            bool holds =
                IGroth16VerifierBatch(verifier).verifyProof(batch.proof.a, batch.proof.b, batch.proof.c, signals);
            if (!holds) revert BatchProofRejected(i);
            circuitIds_[i] = batch.circuitId;
            accumulator = batch.accumulatorAfter;
        }
    }

    /// @dev One proof over all rows, or parts in row order and an end over them.
    function _verifyClose(uint256 venueId, uint256 base, uint256 finalAccumulator, EpochSubmission calldata submission)
        private
        view
        returns (uint256[] memory partCircuitIds)
    {
        CloseSubmission calldata close = submission.close;
        bool whole = close.parts.length == 0;
        // A start that no part continues would be recorded nowhere and mean nothing.
        if (whole && close.tableStart != 0) revert TableStartWithoutParts(close.tableStart);
        address verifier = _verifierOf(close.circuitId, whole ? CircuitKind.CLOSE : CircuitKind.CLOSE_END);
        uint256 tableEnd;
        (tableEnd, partCircuitIds) = _verifyParts(venueId, base, submission);
        CloseSignals.Named memory named = _closeSignals(venueId, base, finalAccumulator, submission);
        bool holds = whole
            ? IGroth16VerifierClose(verifier)
                .verifyProof(close.proof.a, close.proof.b, close.proof.c, CloseSignals.ordered(named))
            : IGroth16VerifierCloseEnd(verifier)
                .verifyProof(
                    close.proof.a,
                    close.proof.b,
                    close.proof.c,
                    CloseEndSignals.ordered(CloseEndSignals.Named(named, close.tableStart, tableEnd))
                );
        if (!holds) revert CloseProofRejected();
    }

    /// @dev The chain from the start holds by construction: what a part starts from is not submitted.
    function _verifyParts(uint256 venueId, uint256 base, EpochSubmission calldata submission)
        private
        view
        returns (uint256 table, uint256[] memory circuitIds_)
    {
        PartSubmission[] calldata parts = submission.close.parts;
        circuitIds_ = new uint256[](parts.length);
        table = submission.close.tableStart;
        for (uint256 i = 0; i < parts.length; ++i) {
            PartSubmission calldata part = parts[i];
            address verifier = _verifierOf(part.circuitId, CircuitKind.CLOSE_PART);
            uint256[4] memory signals = ClosePartSignals.ordered(
                ClosePartSignals.Named({
                    domain: _domain(venueId, base, part.circuitId),
                    epoch: submission.epoch,
                    tableBefore: table,
                    tableAfter: part.tableAfter
                })
            );
            bool holds =
                IGroth16VerifierClosePart(verifier).verifyProof(part.proof.a, part.proof.b, part.proof.c, signals);
            if (!holds) revert ClosePartRejected(i);
            circuitIds_[i] = part.circuitId;
            table = part.tableAfter;
        }
    }

    function _closeSignals(uint256 venueId, uint256 base, uint256 finalAccumulator, EpochSubmission calldata submission)
        private
        view
        returns (CloseSignals.Named memory named)
    {
        CloseSubmission calldata close = submission.close;
        named.domain = _domain(venueId, base, close.circuitId);
        named.epoch = submission.epoch;
        named.marketCommitment = submission.marketCommitment;
        named.genesisAccumulator = submission.genesisAccumulator;
        named.finalAccumulator = finalAccumulator;
        named.accountsRoot = close.accountsRoot;
        named.accountsBound = close.accountsBound;
        named.unhealthyBound = close.unhealthyBound;
        named.shortfall = close.shortfall;
        named.z = SettlementWords.point(
            base, submission.epoch, finalAccumulator, submission.marketCommitment, submission.words
        );
        named.settlementValue = SettlementWords.evaluate(submission.words, named.z);
    }

    /// @dev Reserves cover net deposits asset by asset, within the limits of each, and the fund, which is no part of them,
    /// covers the shortfall.
    function _isCovered(uint256 venueId, uint256[] calldata words, uint256 shortfall) private view returns (bool) {
        ReserveSnapshot storage snapshot = _snapshots[venueId];
        VenueConfig storage config = _venue(venueId);
        AssetLimit[] memory limits = config.reserves.limits(venueId, words.length / 2);
        if (limits.length != words.length / 2) revert LimitsLengthMismatch(limits.length, words.length / 2);
        for (uint256 j = 0; j < limits.length; ++j) {
            if (words[2 * j] > limits[j].maxDeposits) return false;
            // Below 2^128 * 2^128: a word is checked, the factor typed.
            uint256 owed =
                SettlementWords.netDeposits(words, j, limits[j].maxLoans) * _assetAt(venueId, j).unitsPerQuantum;
            if (owed > snapshot.reserves[j]) return false;
        }
        return Math.ceilDiv(shortfall, config.valueUnitsPerFundUnit) <= snapshot.fund;
    }
}
