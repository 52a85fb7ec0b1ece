// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirroredVenue} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {
    CrossChainMessages,
    Envelope,
    EpochMessage,
    StandingMessage,
    TableMessage
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev One lie, or a fork that is gone, and what is left of it once home's own messages have come.
contract MirrorForkAttackTest is MirrorFixture {
    function venue() private view returns (MirroredVenue memory) {
        return mirror.venueOf(VENUE);
    }

    /// @dev What a fork, or all gateways together, would say of an epoch now.
    function lie(uint64 epoch) private returns (bytes memory) {
        Envelope memory envelope = opened(makeEpoch());
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        (message.record.accountsRoot, message.standing.epoch) = (ROOT ^ 1, epoch);
        envelope.body = abi.encode(message);
        return CrossChainMessages.encode(envelope);
    }

    /// @dev Two honest messages: the first shows the contradiction, the second ends it.
    function heal() private {
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertTrue(venue().conflict, "found out");
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertFalse(venue().conflict, "healed");
    }

    function assertUnknown(uint64 epoch) private {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, epoch));
        mirror.epochAt(VENUE, epoch);
        vm.chainId(AWAY);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, epoch));
        mirror.recordFrame(VENUE, MARGIN, epoch, MARKET);
        vm.chainId(HOME);
    }

    function assertAsAtHome(uint64 epoch) private view {
        assertEq(
            keccak256(abi.encode(mirror.epochAt(VENUE, epoch))),
            keccak256(abi.encode(registry.epochAt(VENUE, epoch))),
            "as home has it"
        );
    }

    /// A false epoch above home's is found out. When home passes its number and that message is lost, it must not be there again.
    function testAGapBringsNoDeadForkBack() public {
        deliver(makeEpoch());
        vm.warp(block.timestamp + 1);
        deliver(lie(2));
        heal();
        assertUnknown(2);
        bytes memory second = nextEpochMessage(10);
        deliver(nextEpochMessage(10));
        assertEq(venue().epoch, 3, "home passed it");
        assertUnknown(2);
        deliver(second);
        assertFalse(venue().conflict, "home's own is no contradiction of a dead fork");
        assertAsAtHome(2);
        assertMode(GateMode.OPEN, "mode");
    }

    /// Two forks, one after the other: nothing of either is left, and what home said between them is.
    function testTwoDeadForks() public {
        deliver(makeEpoch());
        vm.warp(block.timestamp + 1);
        deliver(lie(6));
        heal();
        deliver(nextEpochMessage(10));
        deliver(nextEpochMessage(10));
        vm.warp(block.timestamp + 1);
        deliver(lie(5));
        vm.warp(block.timestamp + 1);
        deliver(lie(7));
        heal();
        for (uint256 i = 0; i < 4; ++i) {
            nextEpoch();
        }
        deliver(nextEpochMessage(10));
        assertEq(venue().epoch, 8, "above both");
        for (uint64 epoch = 4; epoch <= 7; ++epoch) {
            assertUnknown(epoch);
        }
        assertAsAtHome(1);
    }

    /// Found out below it, healed above it: the false epoch is in between, and must go.
    function testWhatAConflictWasAboutIsGone() public {
        deliver(makeEpoch());
        vm.warp(block.timestamp + 1);
        deliver(lie(2));
        vm.warp(block.timestamp + 1);
        deliver(makeStanding());
        assertTrue(venue().conflict, "home is below it");
        bytes memory second = nextEpochMessage(10);
        deliver(nextEpochMessage(10));
        assertMode(GateMode.OPEN, "healed by epoch 3");
        assertUnknown(2);
        assertAsAtHome(1);
        deliver(second);
        assertFalse(venue().conflict, "home's own");
        assertAsAtHome(2);
    }

    /// Two records of an epoch that is not the latest: neither is believed once the conflict is over.
    function testBothRecordsOfAConflictAreGone() public {
        bytes memory first = makeEpoch();
        bytes memory second = nextEpochMessage(10);
        deliver(first);
        deliver(second);
        Envelope memory envelope = opened(first);
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.accountsRoot = ROOT ^ 1;
        envelope.body = abi.encode(message);
        deliver(CrossChainMessages.encode(envelope));
        assertTrue(venue().conflict, "two records of epoch 1");
        deliver(nextEpochMessage(10));
        assertMode(GateMode.OPEN, "healed");
        assertUnknown(1);
        assertUnknown(2);
        assertAsAtHome(3);
    }

    /// @dev All gateways together; whether it was taken is the mirror's to say.
    function tryDeliver(bytes memory payload) private {
        vm.chainId(AWAY);
        for (uint256 i = 0; i < 2; ++i) {
            try gateways[i].deliverFrom(HOME, address(beacon), address(mirror), payload) {} catch {}
        }
        vm.chainId(HOME);
    }

    /// No source at home accepts a table that is later than now: one from the future would be young for every consumer for ever.
    function testNoTableIsLaterThanItsMessage() public {
        deliver(makeEpoch());
        Envelope memory envelope = opened(beacon.makeTable(VENUE, MARKET));
        uint64 sentAt = envelope.sentAt;
        envelope.body = abi.encode(TableMessage(666, Market(MarginLevel.INITIAL, sentAt + 1, 2)));
        tryDeliver(CrossChainMessages.encode(envelope));
        assertEq(uint256(mirror.tableOf(VENUE, 666).level), uint256(MarginLevel.NONE), "refused");
        envelope.body = abi.encode(TableMessage(666, Market(MarginLevel.INITIAL, sentAt, 2)));
        tryDeliver(CrossChainMessages.encode(envelope));
        assertEq(uint256(mirror.tableOf(VENUE, 666).level), uint256(MarginLevel.INITIAL), "of its own time: taken");
    }

    /// The same of an epoch's snapshot, and of the table in its message.
    function testNoEpochIsLaterThanItsMessage() public {
        Envelope memory envelope = opened(makeEpoch());
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.snapshotTime = envelope.sentAt + 1;
        envelope.body = abi.encode(message);
        tryDeliver(CrossChainMessages.encode(envelope));
        assertEq(venue().epoch, 0, "snapshot");
        message.record.snapshotTime = envelope.sentAt;
        message.table.snapshotTime = envelope.sentAt + 1;
        envelope.body = abi.encode(message);
        tryDeliver(CrossChainMessages.encode(envelope));
        assertEq(venue().epoch, 0, "table");
        message.table.snapshotTime = envelope.sentAt;
        envelope.body = abi.encode(message);
        tryDeliver(CrossChainMessages.encode(envelope));
        assertEq(venue().epoch, 1, "both of its own time: taken");
    }

    /// One lie that every circuit is retired must not keep claims and the hatches of satellites shut for good.
    function testALieAboutRetiredCircuitsHeals() public {
        deliver(makeEpoch());
        vm.warp(block.timestamp + 1);
        Envelope memory envelope = opened(makeStanding());
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        standing.retired = type(uint256).max;
        envelope.body = abi.encode(standing);
        deliver(CrossChainMessages.encode(envelope));
        assertEq(venue().retired, type(uint256).max, "believed");
        heal();
        assertEq(venue().retired, 0, "as home has it");
        assertMode(GateMode.OPEN, "mode");
    }
}
