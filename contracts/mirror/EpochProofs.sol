// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {CircuitKind} from "../interfaces/CircuitTypes.sol";
import {Groth16Proof} from "../interfaces/Groth16Proof.sol";
import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {IPoseidon3} from "../interfaces/IPoseidon3.sol";
import {IPoseidon5} from "../interfaces/IPoseidon5.sol";
import {IProofBatch} from "../interfaces/IProofBatch.sol";
import {IProvenMirror, ISolvencyMirror, MirrorCircuit} from "../interfaces/ISolvencyMirror.sol";
import {
    CloseSubmission,
    EpochCircuits,
    EpochRecord,
    EpochSubmission,
    ISolvencyRegistry
} from "../interfaces/ISolvencyRegistry.sol";
import {BatchSignals} from "../libraries/BatchSignals.sol";
import {CloseEndSignals} from "../libraries/CloseEndSignals.sol";
import {ClosePartSignals} from "../libraries/ClosePartSignals.sol";
import {CloseSignals} from "../libraries/CloseSignals.sol";
import {CoverageFacts} from "../libraries/CrossChainMessages.sol";
import {SettlementWords} from "../libraries/SettlementWords.sol";
import {HomeDomains} from "./HomeDomains.sol";

/// @title Verifies an epoch as the home registry does, every value of it the mirror's
/// @dev A contract of its own because a mirror's code has no room for it; made by the mirror, which is where pins, record and table stand.
/// PROOFS refuses signals that are no field elements, so canonical values need no look of their own here.
contract EpochProofs is HomeDomains {
    /// @dev A batch or a part: what it was proven in, and what its chain is at behind it.
    struct Link {
        uint256 circuitId;
        Groth16Proof proof;
        uint256 after_;
    }

    IProvenMirror public immutable MIRROR;
    IProofBatch public immutable PROOFS;

    constructor(
        uint256 homeChainId,
        address homeRegistry,
        IPoseidon3 poseidon3,
        IPoseidon5 poseidon5,
        IProofBatch proofs
    ) HomeDomains(homeChainId, homeRegistry, poseidon3, poseidon5) {
        (MIRROR, PROOFS) = (IProvenMirror(msg.sender), proofs);
    }

    /// @notice Reverts unless the submission is of the epoch that the mirror has, and its proofs hold. Anybody: it keeps domains and nothing else.
    /// @dev Takes what IProvenMirror.proveEpoch takes, which passes its call data on.
    /// @return covered as the registry decides it, by these facts
    /// @return factsHash keccak256(abi.encode(facts)), for the mirror to compare
    function check(uint256 venueId, EpochSubmission calldata submission, CoverageFacts calldata facts)
        external
        returns (bool covered, bytes32 factsHash)
    {
        EpochRecord memory record = MIRROR.epochAt(venueId, submission.epoch);
        Market memory table = MIRROR.tableOf(venueId, record.marketCommitment);
        if (table.level != MarginLevel.MAINTENANCE) {
            revert ISolvencyRegistry.MarketNotAtMaintenanceLevel(record.marketCommitment, table.level);
        }
        SettlementWords.requireShape(submission.words, table.settlementAssets);
        _verifyEpoch(venueId, submission, record);
        uint256 assets = table.settlementAssets;
        bool complete = facts.reserves.length == assets && facts.unitsPerQuantum.length == assets
            && facts.limits.length == assets;
        if (!complete) revert IProvenMirror.NoCoverageFacts(venueId, submission.epoch);
        return (_isCovered(facts, submission.words, record.shortfall), keccak256(abi.encode(facts)));
    }

    function _verifyEpoch(uint256 venueId, EpochSubmission calldata submission, EpochRecord memory record) private {
        CloseSubmission calldata close = submission.close;
        Link[] memory batches = _batchesOf(submission);
        Link[] memory parts = _partsOf(close);
        // Without a batch nothing ties the books to any account.
        if (batches.length == 0) revert ISolvencyRegistry.NoBatches();
        if (parts.length == 0 && close.tableStart != 0) {
            revert ISolvencyRegistry.TableStartWithoutParts(close.tableStart);
        }
        _requireRecord(submission, record, batches, parts);
        _verifyChain(venueId, submission.epoch, CircuitKind.BATCH, submission.genesisAccumulator, batches);
        uint256 tableEnd = _verifyChain(venueId, submission.epoch, CircuitKind.CLOSE_PART, close.tableStart, parts);
        _verifyClose(venueId, submission, record.finalAccumulator, tableEnd);
    }

    function _isCovered(CoverageFacts calldata facts, uint256[] calldata words, uint256 shortfall)
        private
        pure
        returns (bool)
    {
        for (uint256 j = 0; j < words.length / 2; ++j) {
            if (words[2 * j] > facts.limits[j].maxDeposits) return false;
            // Below 2^128 * 2^128: a word is checked, the factor typed.
            uint256 owed = SettlementWords.netDeposits(words, j, facts.limits[j].maxLoans) * facts.unitsPerQuantum[j];
            if (owed > facts.reserves[j]) return false;
        }
        return Math.ceilDiv(shortfall, facts.valueUnitsPerFundUnit) <= facts.fund;
    }

    function _requireRecord(
        EpochSubmission calldata submission,
        EpochRecord memory record,
        Link[] memory batches,
        Link[] memory parts
    ) private pure {
        CloseSubmission calldata close = submission.close;
        _requireSame("marketCommitment", submission.marketCommitment, record.marketCommitment);
        _requireSame("genesisAccumulator", submission.genesisAccumulator, record.genesisAccumulator);
        _requireSame("finalAccumulator", batches[batches.length - 1].after_, record.finalAccumulator);
        _requireSame("accountsRoot", close.accountsRoot, record.accountsRoot);
        _requireSame("accountsBound", close.accountsBound, record.accountsBound);
        _requireSame("unhealthyBound", close.unhealthyBound, record.unhealthyBound);
        _requireSame("shortfall", close.shortfall, record.shortfall);
        EpochCircuits memory circuits = EpochCircuits(_circuitsOf(batches), _circuitsOf(parts), close.circuitId);
        bytes32 detailHash = keccak256(abi.encode(submission.words, circuits));
        _requireSame("detailHash", uint256(detailHash), uint256(record.detailHash));
    }

    /// @dev The chain holds by construction: what a link starts from is not submitted. A run of one circuit is one combination.
    /// @return reached what the chain is at behind the last link
    function _verifyChain(uint256 venueId, uint64 epoch, CircuitKind kind, uint256 start, Link[] memory links)
        private
        returns (uint256 reached)
    {
        reached = start;
        uint256 end;
        for (uint256 first = 0; first < links.length; first = end) {
            uint256 circuitId = links[first].circuitId;
            end = first + 1;
            while (end < links.length && links[end].circuitId == circuitId) ++end;
            Groth16Proof[] memory proofs = new Groth16Proof[](end - first);
            uint256[][] memory signals = new uint256[][](end - first);
            uint256 domain = _cacheDomain(venueId, circuitId);
            for (uint256 i = first; i < end; ++i) {
                proofs[i - first] = links[i].proof;
                signals[i - first] = _linkSignals(kind, domain, epoch, reached, links[i].after_);
                reached = links[i].after_;
            }
            _requireProofs(venueId, circuitId, kind, proofs, signals);
        }
    }

    function _verifyClose(uint256 venueId, EpochSubmission calldata submission, uint256 accumulator, uint256 tableEnd)
        private
    {
        CloseSubmission calldata close = submission.close;
        CloseSignals.Named memory named;
        named.domain = _cacheDomain(venueId, close.circuitId);
        named.epoch = submission.epoch;
        named.marketCommitment = submission.marketCommitment;
        named.genesisAccumulator = submission.genesisAccumulator;
        named.finalAccumulator = accumulator;
        named.accountsRoot = close.accountsRoot;
        named.accountsBound = close.accountsBound;
        named.unhealthyBound = close.unhealthyBound;
        named.shortfall = close.shortfall;
        named.z = SettlementWords.point(
            _base(venueId), submission.epoch, accumulator, submission.marketCommitment, submission.words
        );
        named.settlementValue = SettlementWords.evaluate(submission.words, named.z);
        bool whole = close.parts.length == 0;
        Groth16Proof[] memory proofs = new Groth16Proof[](1);
        uint256[][] memory signals = new uint256[][](1);
        proofs[0] = close.proof;
        signals[0] = whole
            ? _list11(CloseSignals.ordered(named))
            : _list13(CloseEndSignals.ordered(CloseEndSignals.Named(named, close.tableStart, tableEnd)));
        CircuitKind kind = whole ? CircuitKind.CLOSE : CircuitKind.CLOSE_END;
        _requireProofs(venueId, close.circuitId, kind, proofs, signals);
    }

    function _requireProofs(
        uint256 venueId,
        uint256 circuitId,
        CircuitKind kind,
        Groth16Proof[] memory proofs,
        uint256[][] memory signals
    ) private view {
        MirrorCircuit memory circuit = MIRROR.circuitOf(circuitId);
        if (circuit.kind != kind) revert ISolvencyMirror.UnknownCircuit(circuitId, kind);
        if (MIRROR.venueOf(venueId).retired >> circuit.place & 1 != 0) revert ISolvencyMirror.CircuitRetired(circuitId);
        if (!PROOFS.verify(circuit.verificationKeyHash, proofs, signals)) {
            revert IProvenMirror.EpochProofsRejected(circuitId);
        }
    }

    function _linkSignals(CircuitKind kind, uint256 domain, uint64 epoch, uint256 before, uint256 after_)
        private
        pure
        returns (uint256[] memory list)
    {
        uint256[4] memory signals = kind == CircuitKind.BATCH
            ? BatchSignals.ordered(BatchSignals.Named(domain, epoch, before, after_))
            : ClosePartSignals.ordered(ClosePartSignals.Named(domain, epoch, before, after_));
        list = new uint256[](4);
        for (uint256 i = 0; i < 4; ++i) {
            list[i] = signals[i];
        }
    }

    function _batchesOf(EpochSubmission calldata submission) private pure returns (Link[] memory links) {
        links = new Link[](submission.batches.length);
        for (uint256 i = 0; i < links.length; ++i) {
            links[i].circuitId = submission.batches[i].circuitId;
            links[i].proof = submission.batches[i].proof;
            links[i].after_ = submission.batches[i].accumulatorAfter;
        }
    }

    function _partsOf(CloseSubmission calldata close) private pure returns (Link[] memory links) {
        links = new Link[](close.parts.length);
        for (uint256 i = 0; i < links.length; ++i) {
            links[i].circuitId = close.parts[i].circuitId;
            links[i].proof = close.parts[i].proof;
            links[i].after_ = close.parts[i].tableAfter;
        }
    }

    function _circuitsOf(Link[] memory links) private pure returns (uint256[] memory circuitIds) {
        circuitIds = new uint256[](links.length);
        for (uint256 i = 0; i < links.length; ++i) {
            circuitIds[i] = links[i].circuitId;
        }
    }

    function _requireSame(bytes32 what, uint256 got, uint256 mirrored) private pure {
        if (got != mirrored) revert IProvenMirror.NotTheMirroredEpoch(what);
    }

    function _list11(uint256[11] memory signals) private pure returns (uint256[] memory list) {
        list = new uint256[](signals.length);
        for (uint256 i = 0; i < signals.length; ++i) {
            list[i] = signals[i];
        }
    }

    function _list13(uint256[13] memory signals) private pure returns (uint256[] memory list) {
        list = new uint256[](signals.length);
        for (uint256 i = 0; i < signals.length; ++i) {
            list[i] = signals[i];
        }
    }
}
