// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {CrossChainMessages, Envelope, EpochMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev What time alone does: nothing that is held back stays open.
contract MirrorClockTest is MirrorFixture {
    function testBeforeAnythingCameItIsHalt() public {
        assertMode(GateMode.HALT, "nothing");
        deliver(makeStanding());
        assertMode(GateMode.HALT, "a standing and no epoch");
    }

    /// Freshness is the snapshot's, not the delivery's.
    function testDelayedEpochIsNotFresh() public {
        bytes memory payload = makeEpoch();
        vm.warp(START + STALE_AFTER);
        deliver(makeStanding());
        deliver(payload);
        assertMode(GateMode.OPEN, "at its age");
        vm.warp(START + STALE_AFTER + 1);
        assertMode(GateMode.REDUCE_ONLY, "a second more");
        vm.warp(START + HALT_AFTER);
        deliver(makeStanding());
        assertMode(GateMode.REDUCE_ONLY, "stale");
        vm.warp(START + HALT_AFTER + 1);
        assertMode(GateMode.HALT, "too old");
        assertHomeMode(GateMode.HALT, "as at home");
    }

    function testADelayedEpochAloneOpensNothing() public {
        bytes memory payload = makeEpoch();
        vm.warp(START + STANDING_STALE + 1);
        deliver(payload);
        assertMode(GateMode.REDUCE_ONLY, "the standing in it is old by now");
        vm.warp(START + STANDING_HALT + 1);
        assertMode(GateMode.HALT, "and then nothing is known");
    }

    /// Bad news that nobody delivers: the mirror closes by itself, by the age of the good news.
    function testHeldBackStandingCloses() public {
        deliver(makeEpoch());
        assertMode(GateMode.OPEN, "good news");
        vm.warp(START + STANDING_STALE);
        assertMode(GateMode.OPEN, "at its age");
        vm.warp(START + STANDING_STALE + 1);
        assertMode(GateMode.REDUCE_ONLY, "a second more");
        vm.warp(START + STANDING_HALT);
        assertMode(GateMode.REDUCE_ONLY, "not yet");
        vm.warp(START + STANDING_HALT + 1);
        assertMode(GateMode.HALT, "silence");
        deliver(makeStanding());
        assertMode(GateMode.REDUCE_ONLY, "heard again: the snapshot is stale");
    }

    /// Delivering what was sent long ago renews nothing.
    function testOldStandingRenewsNothing() public {
        deliver(makeEpoch());
        vm.warp(START + 60);
        bytes memory standing = makeStanding();
        vm.warp(START + 60 + STANDING_STALE + 1);
        deliver(standing);
        assertMode(GateMode.REDUCE_ONLY, "counted from when it was sent");
    }

    /// Home is known to have an epoch: until it came, what is here is not the latest.
    function testHomeAhead() public {
        deliver(makeEpoch());
        bytes memory second = nextEpochMessage(60);
        deliver(makeStanding());
        assertMode(GateMode.REDUCE_ONLY, "home has another");
        assertEq(mirror.latestEpoch(VENUE), 2, "claims are for that one");
        deliver(second);
        assertMode(GateMode.OPEN, "it came");
    }

    /// A clock of home that is ahead: an age below 0 is 0, and nothing reverts.
    function testClocksAhead() public {
        Envelope memory envelope = opened(makeEpoch());
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.snapshotTime += 900;
        envelope.sentAt += 900;
        envelope.body = abi.encode(message);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.OPEN, "as old as nothing");
    }

    /// Whatever is in a message, mode answers.
    function testFuzz_modeNeverReverts(
        uint64 snapshotTime,
        uint64 sentAt,
        uint64 staleAfter,
        uint64 haltAfter,
        uint8 homeMode,
        uint64 now_
    ) public {
        Envelope memory envelope = opened(makeEpoch());
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        envelope.sentAt = uint64(bound(sentAt, START, START + 900));
        snapshotTime = uint64(bound(snapshotTime, 0, envelope.sentAt));
        message.record.snapshotTime = snapshotTime;
        message.standing.staleAfter = staleAfter;
        message.standing.haltAfter = haltAfter;
        message.standing.mode = GateMode(homeMode % 4);
        envelope.body = abi.encode(message);
        deliver(CrossChainMessages.encode(envelope));
        vm.warp(now_);
        uint256 age = now_ > snapshotTime ? now_ - snapshotTime : 0;
        uint256 silence = now_ > envelope.sentAt ? now_ - envelope.sentAt : 0;
        GateMode mode = mirror.mode(VENUE);
        assertTrue(mode >= message.standing.mode, "never better than home's");
        if (age > haltAfter || silence > STANDING_HALT) assertTrue(mode == GateMode.HALT, "too old");
        else if (age > staleAfter || silence > STANDING_STALE) assertTrue(mode != GateMode.OPEN, "stale");
        else assertEq(uint256(mode), uint256(message.standing.mode), "home's");
    }

    function testRulesThatAreNone() public {
        MirrorRules[2] memory wrong = [MirrorRules(0, 1, 0), MirrorRules(2, 1, 0)];
        for (uint256 i = 0; i < 2; ++i) {
            (bool ok, bytes memory reason) = address(this).call(abi.encodeCall(this.mirrorWith, (wrong[i])));
            assertFalse(ok, "refused");
            assertEq(bytes32(reason), bytes32(ISolvencyMirror.InvalidMirrorRules.selector), "reason");
        }
        assertEq(this.mirrorWith(MirrorRules(1, 1, 0)), 1, "the least");
    }

    function mirrorWith(MirrorRules calldata rules) external returns (uint256) {
        vm.chainId(AWAY);
        return newMirror(setOf(1, 1), rules).rules().standingStaleAfter;
    }
}
