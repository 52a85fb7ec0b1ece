// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {
    CrossChainMessages,
    Envelope,
    EpochMessage,
    StandingMessage
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev Who breaks into enough gateways opens once in MIN_OPENING, and the next honest message closes again.
contract MirrorRateTest is MirrorFixture {
    uint64 private constant MIN_OPENING = 10 minutes;

    function setUp() public override {
        super.setUp();
        vm.chainId(AWAY);
        mirror = newMirror(setOf(3, 2), MirrorRules(STANDING_STALE, STANDING_HALT, MIN_OPENING));
        vm.chainId(HOME);
        deliver(makeEpoch());
        assertMode(GateMode.OPEN, "the first is not held up");
    }

    function tooSoon() private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISolvencyMirror.OpeningTooSoon.selector, VENUE, mirror.venueOf(VENUE).openedAt + MIN_OPENING
        );
    }

    /// @dev Liars: whatever home says, the mode is OPEN.
    function lie(bytes memory payload, uint64 sentAt) private view returns (bytes memory) {
        Envelope memory envelope = opened(payload);
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        standing.mode = GateMode.OPEN;
        (envelope.sentAt, envelope.sequence) = (sentAt, envelope.sequence + 1000);
        envelope.body = abi.encode(standing);
        return CrossChainMessages.encode(envelope);
    }

    function testEpochsAreTakenOncePerMinOpening() public {
        bytes memory second = nextEpochMessage(60);
        refuseDelivery(second, tooSoon());
        assertEq(mirror.venueOf(VENUE).epoch, 1, "not taken");
        vm.warp(START + MIN_OPENING);
        deliverBy(1, second);
        assertEq(mirror.venueOf(VENUE).epoch, 2, "taken when tried again");
    }

    /// A standing that only says that nothing changed is no opening.
    function testHeartbeatsAreFree() public {
        for (uint256 i = 0; i < 5; ++i) {
            vm.warp(block.timestamp + 30);
            deliver(makeStanding());
            assertEq(mirror.venueOf(VENUE).standingAt, block.timestamp, "taken");
        }
        assertEq(mirror.venueOf(VENUE).openedAt, START, "none opened");
    }

    function testBadNewsIsAlwaysTaken() public {
        vm.warp(START + 1);
        source.setState(ReserveState.CLOSED);
        deliver(makeStanding());
        assertMode(GateMode.HALT, "at once");
        source.setState(ReserveState.OPEN);
        vm.warp(START + 2);
        refuseDelivery(makeStanding(), tooSoon());
        assertMode(GateMode.HALT, "good news waits");
        vm.warp(START + MIN_OPENING);
        deliver(makeStanding());
        assertMode(GateMode.OPEN, "and comes");
        assertEq(mirror.venueOf(VENUE).openedAt, START + MIN_OPENING, "counted from here");
    }

    /// An epoch that says it is not covered comes at once, and the next one waits.
    function testAnUncoveredEpochComesAtOnce() public {
        source.set(USD, 0);
        bytes memory second = nextEpochMessage(60);
        deliver(second);
        assertMode(GateMode.WITHDRAW_ONLY, "not covered");
        source.set(USD, 1_000);
        refuseDelivery(nextEpochMessage(60), tooSoon());
    }

    /// The gateways are broken: they open, home closes, they cannot open again before MIN_OPENING.
    function testBrokenGatewaysOpenOnce() public {
        source.setState(ReserveState.CLOSED);
        vm.warp(START + MIN_OPENING);
        deliver(makeStanding());
        assertMode(GateMode.HALT, "home fell");
        bytes memory some = makeStanding();
        // The largest time that is taken.
        deliver(lie(some, uint64(block.timestamp) + 900));
        assertMode(GateMode.OPEN, "opened");
        uint256 openedAt = block.timestamp;
        vm.warp(openedAt + 901);
        deliver(makeStanding());
        assertMode(GateMode.HALT, "closed by the next honest message that is newer");
        bytes memory again = lie(some, uint64(block.timestamp) + 900);
        deliver(again);
        assertMode(GateMode.OPEN, "MIN_OPENING is over");
        source.setState(ReserveState.CLOSED);
        vm.warp(block.timestamp + 901);
        deliver(makeStanding());
        assertMode(GateMode.HALT, "closed again");
        vm.warp(openedAt + 901 + 1);
        refuseLate(lie(some, uint64(block.timestamp) + 902));
    }

    /// @dev FromTheFuture or too soon: either way nothing opens.
    function refuseLate(bytes memory payload) private {
        vm.chainId(AWAY);
        gateways[0].deliverFrom(HOME, address(beacon), address(mirror), payload);
        (bool ok,) = address(gateways[1]).call(
            abi.encodeCall(gateways[1].deliverFrom, (HOME, address(beacon), address(mirror), payload))
        );
        vm.chainId(HOME);
        assertFalse(ok, "refused");
        assertMode(GateMode.HALT, "still closed");
    }

    /// A message that is not the newest and says HALT brings an epoch under the limit all the same: it is not its word that counts.
    function testAnOldMessageSaysNothingOfNow() public {
        source.setState(ReserveState.CLOSED);
        bytes memory second = nextEpochMessage(60);
        source.setState(ReserveState.OPEN);
        vm.warp(block.timestamp + 1);
        deliver(makeStanding());
        assertMode(GateMode.REDUCE_ONLY, "home is ahead");
        refuseDelivery(second, tooSoon());
        vm.warp(START + MIN_OPENING);
        deliverBy(1, second);
        assertMode(GateMode.OPEN, "by the newest standing");
    }

    /// What heals a conflict waits too, counted from the conflict.
    function testHealingIsLimited() public {
        vm.warp(START + MIN_OPENING - 5);
        bytes memory payload = makeEpoch();
        Envelope memory envelope = opened(payload);
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.accountsRoot ^= 1;
        envelope.body = abi.encode(message);
        deliver(CrossChainMessages.encode(envelope));
        assertMode(GateMode.HALT, "conflict");
        assertEq(mirror.venueOf(VENUE).openedAt, START + MIN_OPENING - 5, "counted from here");
        vm.warp(START + MIN_OPENING);
        bytes memory heals = makeEpoch();
        refuseDelivery(heals, tooSoon());
        vm.warp(START + 2 * MIN_OPENING - 5);
        deliverBy(1, heals);
        assertMode(GateMode.OPEN, "healed");
    }
}
