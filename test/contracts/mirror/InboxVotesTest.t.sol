// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {GatewaySet, IGatewayInbox} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {CrossChainMessages, Envelope, EpochMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MockGateway} from "../mocks/MockGateway.sol";
import {Vm} from "../Vm.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev Who is counted, and how gateways are replaced.
contract InboxVotesTest is MirrorFixture {
    bytes private payload;
    bytes32 private hash;

    function setUp() public override {
        super.setUp();
        payload = makeEpoch();
        hash = keccak256(payload);
        vm.chainId(AWAY);
    }

    function by(uint256 gateway, bytes memory bytes_) private {
        gateways[gateway].deliverAs(address(mirror), sender, bytes_);
    }

    function requireVotes(uint256 votes, bool taken) private view {
        (uint256 got, bool was) = mirror.votesOf(source_, hash);
        assertEq(got, votes, "votes");
        assertEq(was ? 1 : 0, taken ? 1 : 0, "taken");
    }

    /// @dev The epoch message with another root, covered or not.
    function lie() private view returns (bytes memory) {
        Envelope memory envelope = opened(payload);
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        message.record.accountsRoot ^= 1;
        envelope.body = abi.encode(message);
        return CrossChainMessages.encode(envelope);
    }

    function countEvents(bytes32 selector) private returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == selector) ++count;
        }
    }

    /// One gateway, however often, is one vote; and what was taken is not taken again.
    function testDuplicateDelivery() public {
        by(0, payload);
        vm.recordLogs();
        by(0, payload);
        by(0, payload);
        assertEq(countEvents(IGatewayInbox.DuplicateDelivery.selector), 2, "two were duplicates");
        requireVotes(1, false);
        assertMode(GateMode.HALT, "one gateway");
        by(2, payload);
        requireVotes(5, true);
        assertMode(GateMode.OPEN, "two gateways");
        vm.recordLogs();
        by(1, payload);
        by(2, payload);
        assertEq(countEvents(IGatewayInbox.DuplicateDelivery.selector), 2, "it was taken");
        requireVotes(5, true);
    }

    /// The receive id is the gateway's own number: another one is no other delivery.
    function testReceiveIdCountsForNothing() public {
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(address(gateways[0]));
            mirror.receiveMessage(bytes32(i), sender, payload);
        }
        requireVotes(1, false);
    }

    /// Votes of the old set are none in the new one, and what the old one took is not taken again.
    function testReplayAfterNewSet() public {
        bytes memory other = lie();
        by(0, payload);
        by(1, payload);
        by(2, other);
        MockGateway fresh = new MockGateway();
        GatewaySet memory set = setOf(3, 2);
        (set.gateways[0], set.gateways[1], set.gateways[2]) =
        (address(gateways[2]), address(fresh), address(gateways[0]));
        change(set);
        vm.recordLogs();
        by(2, payload);
        fresh.deliverAs(address(mirror), sender, payload);
        assertEq(countEvents(IGatewayInbox.DuplicateDelivery.selector), 2, "taken stays taken");
        // The liar's old vote and one of the new gateway would have been two.
        fresh.deliverAs(address(mirror), sender, other);
        (uint256 votes, bool taken) = mirror.votesOf(source_, keccak256(other));
        assertEq(votes, 2, "the new gateway alone");
        assertFalse(taken, "not taken");
    }

    /// Whatever one gateway of two says, alone it opens nothing and changes nothing.
    function testLiarOpensNothing() public {
        bytes memory other = lie();
        by(0, other);
        by(0, other);
        by(1, payload);
        assertMode(GateMode.HALT, "one said this, one said that");
        assertEq(mirror.venueOf(VENUE).epoch, 0, "no epoch");
        by(2, payload);
        assertEq(mirror.epochAt(VENUE, 1).accountsRoot, ROOT, "what two agreed on");
    }

    /// Two of three: the third can lie or be silent.
    function testLiarStopsNothing() public {
        by(2, lie());
        by(0, payload);
        by(1, payload);
        assertMode(GateMode.OPEN, "the honest two");
        // All of all: then one can.
        mirror = newMirror(setOf(3, 3), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        by(2, lie());
        by(0, payload);
        by(1, payload);
        assertMode(GateMode.HALT, "three of three waits for the liar");
    }

    function testThresholdIsDistinctGateways() public {
        for (uint8 k = 1; k <= 3; ++k) {
            mirror = newMirror(setOf(3, k), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
            for (uint8 i = 0; i < k; ++i) {
                assertMode(GateMode.HALT, "below the threshold");
                by(i, payload);
            }
            assertMode(GateMode.OPEN, "at the threshold");
        }
    }

    function testDroppedGatewaysAreRefused() public {
        GatewaySet memory set = setOf(2, 1);
        change(set);
        vm.expectRevert(
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, address(gateways[2]), sender
            )
        );
        by(2, payload);
        by(1, payload);
        assertMode(GateMode.OPEN, "the new threshold");
    }

    // ---- replacing gateways ----

    function change(GatewaySet memory set) private {
        vm.prank(MIRROR_ADMIN);
        mirror.proposeGateways(source_, set);
        uint256 before = block.timestamp;
        vm.warp(before + GATEWAY_DELAY);
        vm.prank(MIRROR_ADMIN);
        mirror.activateGateways(source_, set);
        vm.warp(before);
    }

    function testAnotherSetWaits() public {
        GatewaySet memory set = setOf(1, 1);
        vm.startPrank(MIRROR_ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.GatewaysNotProposed.selector, source_));
        mirror.activateGateways(source_, set);
        mirror.proposeGateways(source_, set);
        uint256 readyAt = block.timestamp + GATEWAY_DELAY;
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.GatewaysNotReady.selector, readyAt, readyAt - 1));
        mirror.activateGateways(source_, set);
        uint256 expiredAt = readyAt + 14 days;
        vm.warp(expiredAt);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.GatewayProposalExpired.selector, expiredAt, expiredAt));
        mirror.activateGateways(source_, set);
        vm.warp(expiredAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.NotTheProposedGateways.selector, source_));
        mirror.activateGateways(source_, setOf(2, 1));
        mirror.activateGateways(source_, set);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.GatewaysNotProposed.selector, source_));
        mirror.activateGateways(source_, set);
        vm.stopPrank();
        (GatewaySet memory now_, uint32 version) = mirror.gatewaysOf(source_);
        assertEq(version, 2, "version");
        assertEq(now_.gateways.length, 1, "one gateway");
        assertEq(now_.gateways[0], address(gateways[0]), "the proposed one");
    }

    function testProposingAgainStartsTheWaitAgainAndCancellingEndsIt() public {
        vm.startPrank(MIRROR_ADMIN);
        mirror.proposeGateways(source_, setOf(1, 1));
        vm.warp(block.timestamp + GATEWAY_DELAY);
        mirror.proposeGateways(source_, setOf(2, 1));
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.NotTheProposedGateways.selector, source_));
        mirror.activateGateways(source_, setOf(1, 1));
        vm.expectRevert(
            abi.encodeWithSelector(
                IGatewayInbox.GatewaysNotReady.selector, block.timestamp + GATEWAY_DELAY, block.timestamp
            )
        );
        mirror.activateGateways(source_, setOf(2, 1));
        mirror.cancelGateways(source_);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.GatewaysNotProposed.selector, source_));
        mirror.cancelGateways(source_);
        vm.stopPrank();
    }

    function testOnlyTheAdminReplacesGateways() public {
        bytes memory reason = abi.encodeWithSelector(IGatewayInbox.NotInboxAdmin.selector, STRANGER);
        vm.startPrank(STRANGER);
        vm.expectRevert(reason);
        mirror.proposeGateways(source_, setOf(1, 1));
        vm.expectRevert(reason);
        mirror.cancelGateways(source_);
        vm.expectRevert(reason);
        mirror.activateGateways(source_, setOf(1, 1));
        vm.stopPrank();
        bytes32 other = keccak256("another source");
        vm.prank(MIRROR_ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.UnknownSource.selector, other));
        mirror.proposeGateways(other, setOf(1, 1));
    }

    function testSetsThatAreNone() public {
        GatewaySet memory none;
        none.threshold = 1;
        refuseSet(none, abi.encodeWithSelector(IGatewayInbox.InvalidGatewaySet.selector, 0, 1));
        refuseSet(setOf(2, 0), abi.encodeWithSelector(IGatewayInbox.InvalidGatewaySet.selector, 2, 0));
        refuseSet(setOf(2, 3), abi.encodeWithSelector(IGatewayInbox.InvalidGatewaySet.selector, 2, 3));
        GatewaySet memory twice = setOf(3, 2);
        twice.gateways[2] = twice.gateways[0];
        refuseSet(twice, abi.encodeWithSelector(IGatewayInbox.DuplicateGateway.selector, address(gateways[0])));
        GatewaySet memory empty = setOf(3, 2);
        empty.gateways[1] = STRANGER;
        refuseSet(empty, abi.encodeWithSelector(IGatewayInbox.GatewayWithoutCode.selector, STRANGER));
        GatewaySet memory many;
        many.threshold = 1;
        many.gateways = new address[](17);
        for (uint256 i = 0; i < 17; ++i) {
            many.gateways[i] = address(new MockGateway());
        }
        refuseSet(many, abi.encodeWithSelector(IGatewayInbox.InvalidGatewaySet.selector, 17, 1));
    }

    function refuseSet(GatewaySet memory set, bytes memory reason) private {
        vm.prank(MIRROR_ADMIN);
        vm.expectRevert(reason);
        mirror.proposeGateways(source_, set);
    }

    function testSixteenGatewaysAllCount() public {
        GatewaySet memory set;
        set.threshold = 16;
        set.gateways = new address[](16);
        for (uint256 i = 0; i < 16; ++i) {
            set.gateways[i] = address(new MockGateway());
        }
        mirror = newMirror(set, MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        for (uint256 i = 0; i < 16; ++i) {
            assertMode(GateMode.HALT, "not all yet");
            MockGateway(set.gateways[i]).deliverAs(address(mirror), sender, payload);
        }
        requireVotes(2 ** 16 - 1, true);
        assertMode(GateMode.OPEN, "all");
    }

    function testDelaysAreADayToNinetyButOnTestChains() public {
        MirrorRules memory rules = MirrorRules(STANDING_STALE, STANDING_HALT, 0);
        uint64[2] memory wrong = [uint64(1 days - 1), uint64(90 days + 1)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(IGatewayInbox.InvalidGatewayDelay.selector, wrong[i], 1 days, 90 days);
            (bool ok, bytes memory got) = address(this).call(abi.encodeCall(this.mirrorWithDelay, (rules, wrong[i])));
            assertFalse(ok, "refused");
            assertEq(keccak256(got), keccak256(reason), "reason");
        }
        vm.chainId(1337);
        assertEq(this.mirrorWithDelay(rules, 1).GATEWAY_DELAY(), 1, "a second");
    }

    function mirrorWithDelay(MirrorRules memory rules, uint64 delay) external returns (SolvencyMirror) {
        return new SolvencyMirror(
            MIRROR_ADMIN,
            HOME,
            address(registry),
            address(beacon),
            poseidon3,
            poseidon5,
            proofs,
            pinned(),
            rules,
            setOf(1, 1),
            delay
        );
    }
}
