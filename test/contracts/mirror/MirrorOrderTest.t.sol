// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirroredVenue, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {
    CrossChainMessages,
    Envelope,
    EpochMessage,
    StandingMessage,
    TableMessage
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {Vm} from "../Vm.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev Messages in any order, with gaps, from the future, and of a home chain that went back.
contract MirrorOrderTest is MirrorFixture {
    bytes[5] private five;
    uint256 private permutations;

    function setUp() public override {
        super.setUp();
        mirror = newMirror(setOf(2, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
    }

    function venue() private view returns (MirroredVenue memory) {
        return mirror.venueOf(VENUE);
    }

    /// @dev The message as liars, or another history of the home chain, would have it.
    function forged(bytes memory payload, uint64 epoch, uint256 root, uint64 sentAt, uint64 sequence)
        private
        view
        returns (bytes memory)
    {
        Envelope memory envelope = opened(payload);
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.accountsRoot = root;
        message.standing.epoch = epoch;
        (envelope.sentAt, envelope.sequence) = (sentAt, sequence);
        envelope.body = abi.encode(message);
        return CrossChainMessages.encode(envelope);
    }

    function rooted(bytes memory payload, uint256 root) private view returns (bytes memory) {
        Envelope memory envelope = opened(payload);
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        return forged(payload, message.standing.epoch, root, envelope.sentAt, envelope.sequence);
    }

    function standingOf(bytes memory payload, uint64 epoch, uint64 sentAt) private view returns (bytes memory) {
        Envelope memory envelope = opened(payload);
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        (standing.epoch, envelope.sentAt) = (epoch, sentAt);
        envelope.body = abi.encode(standing);
        return CrossChainMessages.encode(envelope);
    }

    /// Two epochs, two standings, a table: whatever the order, the same end, and no contradiction on the way.
    function testEveryOrder() public {
        stateTable(6667, MarginLevel.INITIAL);
        five[0] = makeEpoch();
        five[1] = beacon.makeTable(VENUE, 6667);
        vm.warp(block.timestamp + 10);
        five[2] = makeStanding();
        five[3] = nextEpochMessage(10);
        five[4] = nextEpochMessage(10);
        permute(5);
        assertEq(permutations, 120, "all of them");
    }

    /// @dev Heap's algorithm, over the order of delivery.
    function permute(uint256 count) private {
        if (count == 1) {
            ++permutations;
            deliverFive();
            return;
        }
        for (uint256 i = 0; i < count; ++i) {
            permute(count - 1);
            uint256 j = count % 2 == 0 ? i : 0;
            bytes memory kept = five[j];
            five[j] = five[count - 1];
            five[count - 1] = kept;
        }
    }

    function deliverFive() private {
        mirror = newMirror(setOf(2, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        for (uint256 i = 0; i < 5; ++i) {
            deliver(five[i]);
            assertFalse(venue().conflict, "honest messages contradict nothing");
            assertTrue(venue().epoch <= venue().homeEpoch, "nothing above home");
        }
        MirroredVenue memory state = venue();
        assertEq(state.epoch, 3, "epoch");
        assertEq(state.homeEpoch, 3, "home's");
        assertEq(state.sequence, 5, "newest");
        assertEq(state.standingAt, block.timestamp, "its time");
        assertMode(GateMode.OPEN, "mode");
        for (uint64 epoch = 1; epoch <= 3; ++epoch) {
            assertEq(
                keccak256(abi.encode(mirror.epochAt(VENUE, epoch))),
                keccak256(abi.encode(registry.epochAt(VENUE, epoch))),
                "every record is here, as home has it"
            );
        }
        assertEq(uint256(mirror.tableOf(VENUE, 6667).level), uint256(MarginLevel.INITIAL), "the table");
        assertEq(mirror.tableOf(VENUE, MARKET).settlementAssets, 2, "the epochs' table");
    }

    /// What was lost is reported and not waited for; and what comes late is kept.
    function testGap() public {
        bytes memory first = makeEpoch();
        bytes memory second = nextEpochMessage(10);
        nextEpochMessage(10);
        bytes memory fourth = nextEpochMessage(10);
        deliver(first);
        vm.recordLogs();
        deliver(fourth);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool reported;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ISolvencyMirror.EpochGap.selector) continue;
            (uint64 from, uint64 to) = abi.decode(logs[i].data, (uint64, uint64));
            reported = from == 2 && to == 3;
        }
        assertTrue(reported, "2 to 3 are missing");
        assertMode(GateMode.OPEN, "and it goes on");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 2));
        mirror.epochAt(VENUE, 2);
        assertFalse(mirror.isUsable(VENUE, 2) || mirror.isUsable(VENUE, 0), "no claims of what did not come");
        assertTrue(mirror.isUsable(VENUE, 4), "of what came");
        deliver(second);
        assertEq(mirror.epochAt(VENUE, 2).snapshotTime, registry.epochAt(VENUE, 2).snapshotTime, "kept for proofs");
        assertEq(venue().epoch, 4, "and not the latest");
    }

    /// An epoch that comes after a standing which speaks of it: the standing stays, the epoch is the latest.
    function testEpochAfterItsStanding() public {
        bytes memory first = makeEpoch();
        bytes memory second = nextEpochMessage(10);
        vm.warp(block.timestamp + 5);
        bytes memory standing = makeStanding();
        deliver(first);
        deliver(standing);
        assertMode(GateMode.REDUCE_ONLY, "home has an epoch that did not come");
        deliver(second);
        assertMode(GateMode.OPEN, "it came");
        assertEq(venue().sequence, 3, "the standing's");
    }

    /// In one block the number decides.
    function testOneBlock() public {
        bytes memory first = makeEpoch();
        source.setState(ReserveState.PAUSED);
        bytes memory paused = makeStanding();
        deliver(paused);
        deliver(first);
        assertMode(GateMode.REDUCE_ONLY, "the later of the block");
        assertEq(venue().epoch, 1, "the epoch is here all the same");
    }

    /// One lie with the largest number, by all gateways at once, must not shut out every honest message after it.
    function testHighestSequenceShutsNobodyOut() public {
        bytes memory payload = makeEpoch();
        deliver(forged(payload, 1, ROOT ^ 1, uint64(block.timestamp), type(uint64).max));
        assertMode(GateMode.OPEN, "the lie is believed");
        vm.warp(block.timestamp + 1);
        bytes memory honest = makeEpoch();
        deliver(honest);
        assertMode(GateMode.HALT, "found out by the next honest message");
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertMode(GateMode.OPEN, "healed by the one after");
        assertEq(mirror.epochAt(VENUE, 1).accountsRoot, ROOT, "as home has it");
        assertEq(venue().sequence, 3, "honest numbers again");
    }

    /// The same with the largest time that is taken: honest messages are newer once MAX_SKEW is over.
    function testLargestTimeShutsOutForTheSkewAtMost() public {
        bytes memory payload = makeEpoch();
        deliver(forged(payload, 1, ROOT ^ 1, uint64(block.timestamp) + 900, type(uint64).max));
        vm.warp(block.timestamp + 901);
        deliver(makeEpoch());
        assertMode(GateMode.HALT, "found out");
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertEq(mirror.epochAt(VENUE, 1).accountsRoot, ROOT, "healed");
        assertFalse(venue().conflict, "no conflict left");
    }

    /// A lie about an epoch that home never had: the honest one below shows it.
    function testEpochFromTheFutureOfTheVenue() public {
        bytes memory payload = makeEpoch();
        deliver(payload);
        deliver(forged(payload, type(uint64).max, ROOT ^ 1, uint64(block.timestamp) + 1, 2));
        assertEq(venue().epoch, type(uint64).max, "believed");
        vm.warp(block.timestamp + 2);
        deliver(makeEpoch());
        assertMode(GateMode.HALT, "home is below it");
        bytes memory next = nextEpochMessage(10);
        deliver(next);
        assertMode(GateMode.OPEN, "healed");
        assertEq(venue().epoch, 2, "as home has it");
        vm.expectRevert(
            abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, type(uint64).max)
        );
        mirror.epochAt(VENUE, type(uint64).max);
    }

    /// The home chain is reorganised after the message left: the same epoch with another root; and then what is true there now.
    function testReorgHaltsAndHeals() public {
        bytes memory gone = rooted(makeEpoch(), ROOT ^ 1);
        deliver(gone);
        assertMode(GateMode.OPEN, "what the chain said then");
        frameOfTheRootThatGoes();
        vm.warp(block.timestamp + 1);
        bytes memory now_ = makeEpoch();
        deliver(now_);
        assertMode(GateMode.HALT, "two records of one epoch");
        assertTrue(venue().conflict, "conflict");
        vm.warp(block.timestamp + 1);
        bytes memory standing = makeStanding();
        deliver(standing);
        assertMode(GateMode.HALT, "a standing heals nothing");
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertMode(GateMode.OPEN, "healed");
        assertEq(mirror.epochAt(VENUE, 1).accountsRoot, ROOT, "the record that stands");
    }

    /// @dev Of the root that is about to go.
    function frameOfTheRootThatGoes() private {
        vm.chainId(AWAY);
        uint256 frame = mirror.recordFrame(VENUE, MARGIN, 1, MARKET);
        assertEq(frame, homeFrame(MARGIN, 1, ROOT ^ 1, MARKET), "of the root that is here");
        vm.chainId(HOME);
    }

    /// No frame of a root that was replaced is found: claims on it hold no more.
    function testFramesDoNotOutliveTheirRecord() public {
        testReorgHaltsAndHeals();
        vm.chainId(AWAY);
        assertEq(
            mirror.recordFrame(VENUE, MARGIN, 1, MARKET), homeFrame(MARGIN, 1, ROOT, MARKET), "of the root that stands"
        );
    }

    /// Home went back below what it had said: every way a message shows it.
    function testHomeBelowWhatItSaid() public {
        bytes memory first = makeEpoch();
        bytes memory second = nextEpochMessage(10);
        bytes memory standing = makeStanding();
        deliver(first);
        deliver(second);
        uint64 later = uint64(block.timestamp) + 1;
        // A newer message of an older epoch that is here.
        deliver(forged(first, 1, ROOT, later, 7));
        assertTrue(venue().conflict, "an older epoch in a newer message");
        mirror = newMirror(setOf(2, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        deliver(second);
        deliver(forged(first, 1, ROOT, later, 7));
        assertTrue(venue().conflict, "one that never came");
        mirror = newMirror(setOf(2, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        deliver(second);
        deliver(standingOf(standing, 1, later));
        assertTrue(venue().conflict, "a newer standing of an older epoch");
        assertEq(venue().homeEpoch, 1, "and what it says is taken");
        mirror = newMirror(setOf(2, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        deliver(first);
        deliver(standingOf(standing, 5, later));
        deliver(forged(first, 4, ROOT, later + 1, 8));
        assertTrue(venue().conflict, "below the newest standing's, above ours");
    }

    /// Two records of an epoch where neither message is the newest.
    function testOldMessagesContradict() public {
        bytes memory first = makeEpoch();
        bytes memory second = nextEpochMessage(10);
        deliver(second);
        deliver(first);
        assertFalse(venue().conflict, "kept for proofs");
        deliver(rooted(first, ROOT ^ 1));
        assertTrue(venue().conflict, "another record of an epoch that is here");
    }

    /// The same record again, by a message that is older: nothing.
    function testSupersededMessagesChangeNothing() public {
        bytes memory first = makeEpoch();
        vm.warp(block.timestamp + 10);
        bytes memory again = makeEpoch();
        bytes memory standing = makeStanding();
        deliver(standing);
        deliver(again);
        bytes32 before = keccak256(abi.encode(venue()));
        deliver(first);
        assertEq(keccak256(abi.encode(venue())), before, "superseded");
        vm.warp(block.timestamp + 10);
        deliver(makeEpoch());
        assertEq(venue().standingAt, block.timestamp, "the same record, newer: its standing");
        assertMode(GateMode.OPEN, "no conflict");
    }

    /// Above what home says it has, and older than that: not taken now; the gateway tries again.
    function testEpochRegressed() public {
        bytes memory first = makeEpoch();
        bytes memory standing = makeStanding();
        deliver(standing);
        bytes memory other = forged(first, 2, ROOT, uint64(block.timestamp) - 1, 1);
        refuseDelivery(other, abi.encodeWithSelector(ISolvencyMirror.EpochRegressed.selector, VENUE, 2, 1));
        nextEpochMessage(10);
        deliver(makeStanding());
        deliverBy(1, other);
        assertEq(venue().epoch, 2, "taken once home has it");
    }

    function testEpochZeroIsNone() public {
        refuseDelivery(
            forged(makeEpoch(), 0, ROOT, uint64(block.timestamp), 1),
            abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 0)
        );
    }

    function testATableNeverChanges() public {
        deliver(beacon.makeTable(VENUE, INITIAL_TABLE));
        bytes memory payload = beacon.makeTable(VENUE, INITIAL_TABLE);
        deliver(payload);
        Envelope memory envelope = opened(payload);
        TableMessage memory message = TableMessage(INITIAL_TABLE, Market(MarginLevel.INITIAL, uint64(START) + 1, 2));
        envelope.body = abi.encode(message);
        refuseDelivery(
            CrossChainMessages.encode(envelope),
            abi.encodeWithSelector(ISolvencyMirror.TableChanged.selector, VENUE, INITIAL_TABLE)
        );
        assertEq(mirror.tableOf(VENUE, INITIAL_TABLE).snapshotTime, START, "as it came first");
    }

    /// A false table for the commitment of an epoch that comes: a contradiction, which heals; else the epoch could never come.
    function testAFalseTableShutsNoEpochOut() public {
        bytes memory payload = makeEpoch();
        Envelope memory envelope = opened(beacon.makeTable(VENUE, MARKET));
        envelope.body = abi.encode(TableMessage(MARKET, Market(MarginLevel.INITIAL, uint64(START), 1)));
        deliver(CrossChainMessages.encode(envelope));
        deliver(payload);
        assertTrue(venue().conflict, "contradiction");
        assertMode(GateMode.HALT, "halt");
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertMode(GateMode.OPEN, "healed");
        assertEq(uint256(mirror.tableOf(VENUE, MARKET).level), uint256(MarginLevel.MAINTENANCE), "as home has it");
    }

    /// One venue's messages are nothing to another.
    function testVenuesAreApart() public {
        vm.prank(OWNER);
        registry.registerVenue(VENUE + 1, config());
        deliver(makeEpoch());
        deliver(beacon.makeStanding(VENUE + 1));
        assertMode(GateMode.OPEN, "this one");
        assertEq(uint256(mirror.mode(VENUE + 1)), uint256(GateMode.HALT), "that one");
        assertEq(mirror.latestEpoch(VENUE + 1), 0, "no epoch");
    }
}
