// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {GatewaySet} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {IProvenMirror, ISolvencyMirror, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {
    BatchSubmission,
    EpochCircuits,
    EpochRecord,
    EpochSubmission,
    ISolvencyRegistry
} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {
    CoverageFacts,
    CrossChainMessages,
    Envelope,
    EpochMessage,
    StandingMessage
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SettlementWords} from "../../../contracts/libraries/SettlementWords.sol";
import {ProvenSolvencyMirror} from "../../../contracts/ProvenSolvencyMirror.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev A mirror that verifies: what all gateways together can lie about, and what they cannot.
contract ProvenMirrorTest is MirrorFixture {
    IProvenMirror private proven;
    bytes private _submission;
    bytes private _facts;
    bytes private payload;

    function setUp() public override {
        super.setUp();
        proven = IProvenMirror(address(mirror));
        EpochSubmission memory honest = sealed_(1);
        save(honest);
        payload = makeEpoch();
        saveFacts(messageOf(payload).facts);
        deliver(payload);
        vm.chainId(AWAY);
    }

    function newMirror(GatewaySet memory set, MirrorRules memory rules) internal override returns (SolvencyMirror) {
        ProvenSolvencyMirror made = new ProvenSolvencyMirror(
            MIRROR_ADMIN,
            HOME,
            address(registry),
            address(beacon),
            poseidon3,
            poseidon5,
            proofs,
            pinned(),
            rules,
            set,
            GATEWAY_DELAY
        );
        return SolvencyMirror(address(made));
    }

    function save(EpochSubmission memory s) private {
        _submission = abi.encode(s);
    }

    function saveFacts(CoverageFacts memory f) private {
        _facts = abi.encode(f);
    }

    function submission() private view returns (EpochSubmission memory) {
        return abi.decode(_submission, (EpochSubmission));
    }

    function facts() private view returns (CoverageFacts memory) {
        return abi.decode(_facts, (CoverageFacts));
    }

    function messageOf(bytes memory payload_) private view returns (EpochMessage memory) {
        return abi.decode(opened(payload_).body, (EpochMessage));
    }

    function prove() private {
        proven.proveEpoch(VENUE, submission(), facts());
    }

    function refuse(EpochSubmission memory s, bytes memory reason) private {
        vm.expectRevert(reason);
        proven.proveEpoch(VENUE, s, facts());
    }

    function other(bytes32 what) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IProvenMirror.NotTheMirroredEpoch.selector, what);
    }

    function rejected(uint256 circuitId) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IProvenMirror.EpochProofsRejected.selector, circuitId);
    }

    /// @dev The gateways together: whatever record, table or facts.
    function deliverForged(EpochMessage memory message) private {
        Envelope memory envelope = opened(payload);
        envelope.sequence += 1;
        envelope.body = abi.encode(message);
        mirror = newMirror(setOf(3, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        proven = IProvenMirror(address(mirror));
        deliver(CrossChainMessages.encode(envelope));
        vm.chainId(AWAY);
    }

    function testAMessageAloneOpensNothing() public {
        assertEq(mirror.venueOf(VENUE).epoch, 1, "kept");
        assertMode(GateMode.HALT, "and not believed");
        assertFalse(mirror.isUsable(VENUE, 1), "no claims of it");
        MarginClaim memory claim = mirrorClaim(CONSUMER, ACTION, 1, MARKET);
        vm.prank(CONSUMER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 1));
        mirror.requireMargin(VENUE, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 1));
        mirror.recordFrame(VENUE, MARGIN, 1, MARKET);
        prove();
        assertMode(GateMode.OPEN, "proven");
        assertEq(proven.provenEpoch(VENUE), 1, "epoch");
        assertTrue(proven.isProvenCovered(VENUE, 1), "covered");
        assertTrue(mirror.isUsable(VENUE, 1), "claims of it");
        vm.prank(CONSUMER);
        uint256 account = mirror.requireMargin(VENUE, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        assertEq(account, NULLIFIER, "claims of a proven epoch");
        vm.expectRevert(abi.encodeWithSelector(IProvenMirror.ProvenBefore.selector, VENUE, 1));
        prove();
    }

    /// A run of one circuit is one call: three batches of A, B, A are three runs; with the close, four.
    function testRunsOfOneCircuitAreOneCombination() public {
        prove();
        acceptTheNext(runs(), 2);
        vm.expectCall(address(proofs), abi.encodeWithSelector(IProofBatch.verify.selector, keyOf(BATCH_A)));
        vm.expectCall(address(proofs), abi.encodeWithSelector(IProofBatch.verify.selector, keyOf(BATCH_B)));
        vm.expectCall(address(proofs), abi.encodeWithSelector(IProofBatch.verify.selector, keyOf(CLOSE_A)));
        prove();
        assertEq(proven.provenEpoch(VENUE), 2, "proven");
    }

    function runs() private pure returns (EpochSubmission memory s) {
        s = draft(2);
        s.batches = new BatchSubmission[](5);
        for (uint256 i = 0; i < 5; ++i) {
            s.batches[i].circuitId = i < 3 ? BATCH_A : BATCH_B;
            s.batches[i].accumulatorAfter = 2000 + i;
        }
    }

    /// @dev Home accepts it, and the message arrives.
    function acceptTheNext(EpochSubmission memory s, uint64 epoch) private {
        vm.chainId(HOME);
        acceptEpoch(s);
        save(seal(s, HOME, address(registry), VENUE));
        bytes memory next = makeEpoch();
        EpochMessage memory message = messageOf(next);
        assertEq(message.standing.epoch, epoch, "fixture");
        saveFacts(message.facts);
        deliver(next);
        vm.chainId(AWAY);
    }

    function testAClosePartByPart() public {
        prove();
        acceptTheNext(draftInParts(2), 2);
        EpochSubmission memory s = submission();
        s.close.parts[1].proof.a[0] ^= 1;
        refuse(s, rejected(PART_B));
        s = submission();
        s.close.proof.a[0] ^= 1;
        refuse(s, rejected(END_A));
        s = submission();
        s.close.tableStart += 1;
        refuse(s, rejected(PART_A));
        s = submission();
        s.close.parts[2].tableAfter += 1;
        refuse(s, rejected(PART_A));
        prove();
        assertMode(GateMode.OPEN, "proven");
    }

    /// Every value of the submission, one by one: the message's, or the proof's.
    function testEveryFieldTampered() public {
        EpochSubmission memory s = submission();
        s.epoch = 2;
        refuse(s, abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 2));
        s = submission();
        s.marketCommitment += 1;
        refuse(s, other("marketCommitment"));
        s = submission();
        s.genesisAccumulator += 1;
        refuse(s, other("genesisAccumulator"));
        s = submission();
        s.batches[2].accumulatorAfter += 1;
        refuse(s, other("finalAccumulator"));
        s = submission();
        s.close.accountsRoot += 1;
        refuse(s, other("accountsRoot"));
        s = submission();
        s.close.accountsBound += 1;
        refuse(s, other("accountsBound"));
        s = submission();
        s.close.unhealthyBound += 1;
        refuse(s, other("unhealthyBound"));
        s = submission();
        s.close.shortfall += 1;
        refuse(s, other("shortfall"));
        for (uint256 i = 0; i < 4; ++i) {
            s = submission();
            s.words[i] += 1;
            refuse(s, other("detailHash"));
        }
        s = submission();
        s.close.circuitId = CLOSE_B;
        refuse(s, other("detailHash"));
        s = submission();
        s.batches[0].circuitId = BATCH_B;
        refuse(s, other("detailHash"));
        s = submission();
        s.close.tableStart = 1;
        refuse(s, abi.encodeWithSelector(ISolvencyRegistry.TableStartWithoutParts.selector, 1));
        s = submission();
        s.batches = new BatchSubmission[](0);
        refuse(s, abi.encodeWithSelector(ISolvencyRegistry.NoBatches.selector));
        // What no message says: the chain between, and the proofs.
        s = submission();
        s.batches[0].accumulatorAfter += 1;
        refuse(s, rejected(BATCH_A));
        for (uint256 i = 0; i < 3; ++i) {
            s = submission();
            s.batches[i].proof.a[0] ^= 1;
            refuse(s, rejected(i == 1 ? BATCH_B : BATCH_A));
        }
        s = submission();
        s.close.proof.a[0] ^= 1;
        refuse(s, rejected(CLOSE_A));
        assertMode(GateMode.HALT, "nothing was proven");
        prove();
    }

    function testWordsOfTheWrongShape() public {
        EpochSubmission memory s = submission();
        s.words = new uint256[](6);
        refuse(s, abi.encodeWithSelector(SettlementWords.WordCountMismatch.selector, 6, 4));
        s = submission();
        s.words[3] = 1 << 128;
        refuse(s, abi.encodeWithSelector(SettlementWords.WordOutOfRange.selector, 3, 1 << 128));
    }

    /// All gateways lie about any value of the record: no proof of it exists.
    function testFalseRecordsCannotBeProven() public {
        for (uint256 field = 0; field < 8; ++field) {
            EpochMessage memory message = messageOf(payload);
            EpochRecord memory record = message.record;
            EpochSubmission memory s = submission();
            if (field == 0) (record.accountsRoot, s.close.accountsRoot) = (78, 78);
            if (field == 1) (record.accountsBound, s.close.accountsBound) = (64, 64);
            if (field == 2) (record.unhealthyBound, s.close.unhealthyBound) = (0, 0);
            if (field == 3) (record.shortfall, s.close.shortfall) = (0, 0);
            if (field == 4) (record.genesisAccumulator, s.genesisAccumulator) = (12, 12);
            if (field == 5) (record.finalAccumulator, s.batches[2].accumulatorAfter) = (13, 13);
            if (field == 6) s.words[0] = 1;
            if (field == 7) (record.marketCommitment, s.marketCommitment) = (INITIAL_TABLE, INITIAL_TABLE);
            record.detailHash = detailHashOf(s);
            deliverForged(message);
            assertEq(mirror.epochAt(VENUE, 1).detailHash, record.detailHash, "the lie is kept");
            refuse(s, rejected(field == 4 || field == 5 ? BATCH_A : CLOSE_A));
            assertMode(GateMode.HALT, "and opens nothing");
        }
    }

    function detailHashOf(EpochSubmission memory s) private pure returns (bytes32) {
        EpochCircuits memory circuits_ = EpochCircuits(new uint256[](3), new uint256[](0), s.close.circuitId);
        for (uint256 i = 0; i < 3; ++i) {
            circuits_.batches[i] = s.batches[i].circuitId;
        }
        return keccak256(abi.encode(s.words, circuits_));
    }

    /// A proof of the same books of another venue, registry or chain.
    function testProofsOfOtherPlacesAreRefused() public {
        refuse(seal(submission(), AWAY, address(registry), VENUE), rejected(BATCH_A));
        refuse(seal(submission(), HOME, address(mirror), VENUE), rejected(BATCH_A));
        refuse(seal(submission(), HOME, address(registry), VENUE + 1), rejected(BATCH_A));
    }

    // ---- coverage ----

    /// Home says covered, by the checkpoint it is not: WITHDRAW_ONLY. And the other way round.
    function testCoverageIsComputedAndHomes() public {
        for (uint256 i = 0; i < 6; ++i) {
            EpochMessage memory message = messageOf(payload);
            CoverageFacts memory f = message.facts;
            if (i == 0) f.reserves[0] = 999;
            if (i == 1) f.fund = 9;
            if (i == 2) f.limits[1].maxDeposits = 499;
            if (i == 3) f.unitsPerQuantum[1] = 101;
            if (i == 4) f.limits[0].maxLoans = 499;
            if (i == 5) message.record.covered = false;
            deliverForged(message);
            saveFacts(f);
            prove();
            assertFalse(proven.isProvenCovered(VENUE, 1), "not covered");
            assertMode(GateMode.WITHDRAW_ONLY, "withdraw only");
        }
    }

    /// At the limit of each it is covered.
    function testCoverageAtItsLimits() public {
        EpochMessage memory message = messageOf(payload);
        CoverageFacts memory f = message.facts;
        (f.reserves[0], f.reserves[1], f.fund) = (1_000, 50_000, 10);
        f.limits[0] = AssetLimit(1_500, 500);
        f.limits[1] = AssetLimit(500, 0);
        deliverForged(message);
        saveFacts(f);
        prove();
        assertTrue(proven.isProvenCovered(VENUE, 1), "covered");
    }

    function testFactsAreTheMessages() public {
        CoverageFacts memory f = facts();
        f.reserves[0] += 1;
        vm.expectRevert(other("facts"));
        proven.proveEpoch(VENUE, submission(), f);
        f = facts();
        f.limits = new AssetLimit[](1);
        vm.expectRevert(abi.encodeWithSelector(IProvenMirror.NoCoverageFacts.selector, VENUE, 1));
        proven.proveEpoch(VENUE, submission(), f);
    }

    /// The message was made after the next snapshot was opened: nothing to decide by, until one comes that was made before.
    function testNoCoverageFacts() public {
        vm.chainId(HOME);
        vm.warp(block.timestamp + 1);
        mirror = newMirror(setOf(3, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        proven = IProvenMirror(address(mirror));
        open();
        deliver(makeEpoch());
        vm.chainId(AWAY);
        vm.expectRevert(abi.encodeWithSelector(IProvenMirror.NoCoverageFacts.selector, VENUE, 1));
        prove();
        CoverageFacts memory none;
        vm.expectRevert(abi.encodeWithSelector(IProvenMirror.NoCoverageFacts.selector, VENUE, 1));
        proven.proveEpoch(VENUE, submission(), none);
        deliver(payload);
        vm.chainId(AWAY);
        prove();
        assertMode(GateMode.OPEN, "filled in by the older message");
    }

    /// Limits may change before the next snapshot: what home said last counts, until the epoch is proven.
    function testNewerFactsCountUntilProven() public {
        vm.chainId(HOME);
        source.setLimit(0, AssetLimit(1, 0));
        vm.warp(block.timestamp + 1);
        bytes memory again = makeEpoch();
        deliver(again);
        vm.chainId(AWAY);
        vm.expectRevert(other("facts"));
        prove();
        saveFacts(messageOf(again).facts);
        prove();
        assertMode(GateMode.WITHDRAW_ONLY, "by the newer limits");
        vm.chainId(HOME);
        source.setLimit(0, AssetLimit(10_000, 10_000));
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertMode(GateMode.WITHDRAW_ONLY, "what was decided stays");
    }

    // ---- circuits, conflicts, home ahead ----

    function testCircuitsThatAreNoneOfHomes() public {
        EpochMessage memory message = messageOf(payload);
        EpochSubmission memory s = submission();
        s.batches[1].circuitId = CLOSE_A;
        message.record.detailHash = detailHashOf(s);
        deliverForged(message);
        refuse(s, abi.encodeWithSelector(ISolvencyMirror.UnknownCircuit.selector, CLOSE_A, CircuitKind.BATCH));
        s = submission();
        s.close.circuitId = 999;
        message.record.detailHash = detailHashOf(s);
        deliverForged(message);
        refuse(s, abi.encodeWithSelector(ISolvencyMirror.UnknownCircuit.selector, 999, CircuitKind.CLOSE));
    }

    function testRetiredCircuitsProveNothing() public {
        vm.chainId(HOME);
        vm.prank(OWNER);
        registry.retireCircuit(BATCH_B);
        deliver(makeStanding());
        vm.chainId(AWAY);
        refuse(submission(), abi.encodeWithSelector(ISolvencyMirror.CircuitRetired.selector, BATCH_B));
    }

    function testATableThatIsNotMaintenanceIsRefused() public {
        EpochMessage memory message = messageOf(payload);
        message.table.level = MarginLevel.INITIAL;
        deliverForged(message);
        refuse(
            submission(),
            abi.encodeWithSelector(
                ISolvencyRegistry.MarketNotAtMaintenanceLevel.selector, MARKET, MarginLevel.INITIAL
            )
        );
    }

    /// Home is ahead of what was proven, message or not: no new risk on the one before, and claims are for that epoch.
    function testHomeAheadOfWhatWasProven() public {
        prove();
        assertMode(GateMode.OPEN, "epoch 1");
        acceptTheNext(draft(2), 2);
        assertMode(GateMode.REDUCE_ONLY, "epoch 2 came and is not proven");
        MarginClaim memory claim = mirrorClaim(CONSUMER, ACTION, 1, MARKET);
        vm.prank(CONSUMER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE, 1, 2));
        mirror.requireMargin(VENUE, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        prove();
        assertMode(GateMode.OPEN, "proven");
    }

    /// An older epoch can be proven for those who need it, and is not the latest again.
    function testAnOlderEpochIsProvenForProofsAlone() public {
        EpochSubmission memory first = submission();
        CoverageFacts memory firstFacts = facts();
        acceptTheNext(draft(2), 2);
        prove();
        proven.proveEpoch(VENUE, first, firstFacts);
        assertEq(proven.provenEpoch(VENUE), 2, "latest");
        assertTrue(proven.isProvenCovered(VENUE, 1), "and the older one");
    }

    /// Home went back: what was proven was another record. Nothing is believed until the one that stands is proven.
    function testAReplacedRecordIsProvenAnew() public {
        prove();
        assertMode(GateMode.OPEN, "proven");
        vm.chainId(HOME);
        Envelope memory envelope = opened(payload);
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.acceptedInBlock += 1;
        envelope.body = abi.encode(message);
        (envelope.sentAt, envelope.sequence) = (envelope.sentAt + 1, 2);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.HALT, "conflict");
        (envelope.sentAt, envelope.sequence) = (envelope.sentAt + 1, 3);
        deliver(CrossChainMessages.encode(envelope));
        assertFalse(mirror.venueOf(VENUE).conflict, "healed");
        assertMode(GateMode.HALT, "and not proven");
        assertEq(proven.provenEpoch(VENUE), 0, "nothing is");
        vm.chainId(AWAY);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 1));
        mirror.recordFrame(VENUE, MARGIN, 1, MARKET);
        prove();
        assertMode(GateMode.OPEN, "proven anew");
    }

    /// Healed by the very record that was proven: it stays proven. And where home is below, the ones above are gone.
    function testHealingByWhatWasProven() public {
        prove();
        acceptTheNext(draft(2), 2);
        prove();
        vm.chainId(HOME);
        Envelope memory envelope = opened(payload);
        (envelope.sentAt, envelope.sequence) = (uint64(block.timestamp) + 1, 7);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.HALT, "home is below what it said");
        (envelope.sentAt, envelope.sequence) = (envelope.sentAt + 1, 8);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.OPEN, "epoch 1 stands, and was proven");
        assertEq(proven.provenEpoch(VENUE), 1, "it is the latest");
    }

    /// Gateways that lie can say that home is well; not that it is covered where its own words say it is not.
    function testStandingIsByMessage() public {
        prove();
        vm.chainId(HOME);
        Envelope memory envelope = opened(makeStanding());
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        standing.mode = GateMode.WITHDRAW_ONLY;
        envelope.body = abi.encode(standing);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.WITHDRAW_ONLY, "home's word closes here too");
    }
}
