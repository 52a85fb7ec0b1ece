// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {CrossChainMessages, Envelope, StandingMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {OddDisputes} from "../mocks/OddDisputes.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev The home gate falls, by every way it can; the news is delivered at once, or by nobody.
contract MirrorFallTest is MirrorFixture {
    OddDisputes private odd;

    function setUp() public override {
        odd = new OddDisputes();
        disputes = odd;
        super.setUp();
        deliver(makeEpoch());
        assertMode(GateMode.OPEN, "before the fall");
        vm.warp(START + 60);
    }

    function delivered(GateMode expected) private {
        assertHomeMode(expected, "home");
        deliver(makeStanding());
        assertMode(expected, "as at home, once it is said");
    }

    /// @dev Nobody says it: the clock of the newest standing closes.
    function notDelivered(GateMode expected) private {
        assertHomeMode(expected, "home");
        assertMode(GateMode.OPEN, "not known yet");
        vm.warp(START + STANDING_STALE + 1);
        assertMode(GateMode.REDUCE_ONLY, "silence: no new risk");
        vm.warp(START + STANDING_HALT + 1);
        assertMode(GateMode.HALT, "silence for long: nothing");
    }

    function testDisputed() public {
        odd.set(OddDisputes.Oddity.NONE, uint64(START));
        delivered(GateMode.WITHDRAW_ONLY);
    }

    function testDisputedWithoutDelivery() public {
        odd.set(OddDisputes.Oddity.NONE, uint64(START));
        notDelivered(GateMode.WITHDRAW_ONLY);
    }

    function testClosed() public {
        source.setState(ReserveState.CLOSED);
        delivered(GateMode.HALT);
    }

    function testClosedWithoutDelivery() public {
        source.setState(ReserveState.CLOSED);
        notDelivered(GateMode.HALT);
    }

    function testPaused() public {
        source.setState(ReserveState.PAUSED);
        delivered(GateMode.REDUCE_ONLY);
    }

    function testPausedWithoutDelivery() public {
        source.setState(ReserveState.PAUSED);
        notDelivered(GateMode.REDUCE_ONLY);
    }

    /// An epoch that is not covered: by a standing that is ahead of it, or by its own message.
    function testUncovered() public {
        source.set(BTC, 0);
        bytes memory second = nextEpochMessage(60);
        delivered(GateMode.WITHDRAW_ONLY);
        deliver(second);
        assertMode(GateMode.WITHDRAW_ONLY, "and by its record");
    }

    /// Home's word alone would not do: the record says so too.
    function testUncoveredByItsRecordAlone() public {
        source.set(BTC, 0);
        deliver(nextEpochMessage(60));
        Envelope memory envelope = opened(makeStanding());
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        standing.mode = GateMode.OPEN;
        envelope.body = abi.encode(standing);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.WITHDRAW_ONLY, "not covered");
    }

    function testUncoveredWithoutDelivery() public {
        source.set(BTC, 0);
        nextEpoch();
        notDelivered(GateMode.WITHDRAW_ONLY);
    }

    /// A circuit that the latest epoch rests on: as if there were no epoch.
    function testRetired() public {
        vm.prank(OWNER);
        registry.retireCircuit(BATCH_A);
        delivered(GateMode.HALT);
        assertEq(mirror.venueOf(VENUE).retired, 1, "its place");
    }

    function testRetiredWithoutDelivery() public {
        vm.prank(OWNER);
        registry.retireCircuit(CLOSE_A);
        notDelivered(GateMode.HALT);
    }

    /// A standing without the bit does not bring a circuit back: home contradicts itself, until an epoch says how it is.
    function testRetiredStaysRetired() public {
        vm.prank(OWNER);
        registry.retireCircuit(PART_B);
        bytes memory payload = makeStanding();
        deliver(payload);
        Envelope memory envelope = opened(payload);
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        assertEq(standing.retired, 1 << 5, "by its place");
        standing.retired = 0;
        envelope.sequence += 1;
        envelope.body = abi.encode(standing);
        deliver(CrossChainMessages.encode(envelope));
        assertEq(mirror.venueOf(VENUE).retired, 1 << 5, "still retired");
        assertTrue(mirror.venueOf(VENUE).conflict, "a contradiction");
        assertMode(GateMode.HALT, "halt");
        vm.warp(block.timestamp + 1);
        deliver(makeEpoch());
        assertEq(mirror.venueOf(VENUE).retired, 1 << 5, "as home says");
        assertMode(GateMode.OPEN, "healed");
    }

    /// Sources of home that do not answer: HALT there, and a message that says so.
    function testSourcesThatDoNotAnswer() public {
        odd.set(OddDisputes.Oddity.REVERTS, 0);
        delivered(GateMode.HALT);
    }
}
