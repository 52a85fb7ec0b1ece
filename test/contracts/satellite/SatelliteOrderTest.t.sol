// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGatewayInbox} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {ISatelliteClaim, ISatelliteHub} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {ISatelliteVault} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {
    CrossChainMessages,
    Envelope,
    HubFacts,
    LeaseMessage,
    MessageKind,
    OrderMessage
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SatelliteFixture} from "./SatelliteFixture.sol";

/// @dev [P-296] What leaves a satellite was burnt at home, once, and goes to whom the owner's proof names.
contract SatelliteOrderTest is SatelliteFixture {
    uint256 private constant MUCH = 1_000_000;

    function setUp() public override {
        super.setUp();
        bringToTree(0, 0, ALICE, MUCH);
        standClaims([MUCH / UNITS, 0, 0]);
    }

    function testCollateralGoesThereAndBack() public {
        uint64 epoch = vault.newestStanding(HELD);
        payToOutbox(0, 0, ALICE, epoch, 300);
        (uint64 number, bytes memory payload) = hub.orderFromOutbox(1, 0, ALICE);
        assertEq(number, 1, "number");
        assertEq(claim(0, 0).totalSupply(), MUCH - 3_000, "burnt");
        toSatellite(0, payload);
        assertEq(satellites[0].owedTo(0, ALICE), 3_000, "owed");
        assertEq(far.balanceOf(ALICE), 0, "nothing before it is collected");
        assertEq(satellites[0].collect(0, ALICE), 3_000, "collected");
        assertEq(far.balanceOf(ALICE), 3_000, "arrived");
        assertEq(satellites[0].totalsOf(0).paid, 3_000, "paid");
    }

    function testOrderOnce() public {
        bring(0, 0, BOB, 5_000);
        vm.prank(BOB);
        (uint64 number, bytes memory payload) = hub.order(1, 0, 5_000, BOB);
        toSatellite(0, payload);
        // The same bytes again are a duplicate, and nothing happens.
        toSatellite(0, payload);
        assertEq(satellites[0].owedTo(0, BOB), 5_000, "credited once");
        // Gateways that lie: the number under other bytes.
        refusedAtSatellite(
            0,
            forged(MessageKind.ORDER, abi.encode(OrderMessage(facts(), number, 0, BOB, 5_000))),
            error1(ISatelliteVault.OrderTakenBefore.selector, number)
        );
        assertTrue(satellites[0].isOrderTaken(number), "taken");
        vm.prank(BOB);
        vm.expectRevert();
        hub.order(1, 0, 1, BOB);
    }

    function testNullifierOnce() public {
        uint64 epoch = vault.newestStanding(HELD);
        payToOutbox(0, 0, ALICE, epoch, 300);
        Payout memory p = payoutOf(ALICE, epoch, ROW, 300);
        refuseWithdraw(p, error1(IVaultMessages.NullifierUsedBefore.selector, p.claim.nullifier));
        hub.orderFromOutbox(1, 0, ALICE);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.NothingToOrder.selector, 1, 0, ALICE));
        hub.orderFromOutbox(1, 0, ALICE);
    }

    function testOrdersArriveInAnySequence() public {
        bring(0, 0, BOB, 5_000);
        vm.startPrank(BOB);
        (, bytes memory first) = hub.order(1, 0, 2_000, BOB);
        (, bytes memory second) = hub.order(1, 0, 3_000, ALICE);
        vm.stopPrank();
        toSatellite(0, second);
        (, uint64 sequence,,,) = satellites[0].home();
        toSatellite(0, first);
        assertEq(satellites[0].owedTo(0, BOB), 2_000, "the first");
        assertEq(satellites[0].owedTo(0, ALICE), 3_000, "the second");
        (, uint64 after_,,,) = satellites[0].home();
        assertEq(after_, sequence, "facts of the newest");
    }

    function testNobodyElseSpendsAnOutboxOrAClaim() public {
        ISatelliteClaim made = claim(0, 0);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteClaim.NotHub.selector, address(this)));
        made.mint(BOB, 1);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteClaim.NotHub.selector, address(this)));
        made.burn(ALICE, 1);
        assertTrue(hub.outboxOf(1, ALICE) != hub.outboxOf(2, ALICE), "one a satellite");
        assertTrue(hub.outboxOf(1, ALICE) != hub.outboxOf(1, BOB), "one a recipient");
    }

    function testATokenThatRefusesARecipientStopsNoMessage() public {
        bring(0, 1, BOB, 5_000);
        odd.setBlacklisted(BOB, true);
        vm.prank(BOB);
        (, bytes memory payload) = hub.order(1, 1, 5_000, BOB);
        toSatellite(0, payload);
        vm.expectRevert();
        satellites[0].collect(1, BOB);
        assertEq(satellites[0].owedTo(1, BOB), 5_000, "still his");
        odd.setBlacklisted(BOB, false);
        satellites[0].collect(1, BOB);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.NothingOwed.selector, 1, BOB));
        satellites[0].collect(1, BOB);
    }

    function testCollectsWithinTheLimit() public {
        uint256 twice = 2 * uint256(LIMIT);
        uint64 number = bring(0, 0, BOB, twice);
        pass(LIMIT_WINDOW);
        sync(0);
        credit(0, number);
        vm.prank(BOB);
        (, bytes memory payload) = hub.order(1, 0, twice, BOB);
        toSatellite(0, payload);
        assertEq(satellites[0].collect(0, BOB), LIMIT, "the limit");
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.CollectLimitReached.selector, 0, 0, LIMIT));
        satellites[0].collect(0, BOB);
        pass(LIMIT_WINDOW / 2);
        assertEq(satellites[0].collect(0, BOB), LIMIT / 2, "half of it again");
    }

    function testGatewaysThatLieTakeNoMoreThanIsThere() public {
        uint256 held = satellites[0].totalsOf(0).held;
        refusedAtSatellite(
            0,
            forged(MessageKind.ORDER, abi.encode(OrderMessage(facts(), 7, 0, BOB, held + 1))),
            abi.encodeWithSelector(ISatelliteVault.MoreThanHeld.selector, 0, held, held + 1)
        );
    }

    function testIsForThisSatelliteVenueAndRegistry() public {
        bytes memory payload = hub.makeLease(1);
        away(1);
        vm.expectRevert(
            abi.encodeWithSelector(ISatelliteVault.NotForThisSatellite.selector, AWAY, address(satellites[0]))
        );
        gateway.deliverFrom(HOME, address(hub), address(satellites[1]), payload);
        // Another chain of the same address, as after a fork.
        vm.expectRevert(
            abi.encodeWithSelector(ISatelliteVault.NotForThisSatellite.selector, AWAY, address(satellites[0]))
        );
        gateway.deliverFrom(HOME, address(hub), address(satellites[0]), payload);
        home();
        Envelope memory e = envelope(MessageKind.LEASE, abi.encode(LeaseMessage(facts())));
        e.venueId = HELD + 1;
        bytes memory reason = abi.encodeWithSelector(IGatewayInbox.EnvelopeMismatch.selector, bytes32("venue"));
        refusedAtSatellite(0, abi.encode(e), reason);
        (e.venueId, e.registry) = (HELD, address(1));
        refusedAtSatellite(
            0, abi.encode(e), abi.encodeWithSelector(IGatewayInbox.EnvelopeMismatch.selector, bytes32("registry"))
        );
        (e.registry, e.kind) = (address(registry), MessageKind.EPOCH);
        refusedAtSatellite(0, abi.encode(e), error1(IGatewayInbox.KindRefused.selector, uint8(MessageKind.EPOCH)));
        reason = abi.encodeWithSelector(IGatewayInbox.EnvelopeMismatch.selector, bytes32("venue"));
        refusedAtHub(0, abi.encode(fromSatellite(HELD + 1, MessageKind.DEPOSIT)), reason);
        reason = error1(IGatewayInbox.KindRefused.selector, uint8(MessageKind.ORDER));
        refusedAtHub(0, abi.encode(fromSatellite(HELD, MessageKind.ORDER)), reason);
    }

    function fromSatellite(uint256 venueId, MessageKind kind) private view returns (Envelope memory) {
        return Envelope(1, kind, AWAY, address(satellites[0]), address(0), venueId, 99, uint64(block.timestamp), "");
    }

    function facts() private view returns (HubFacts memory f) {
        (f.satelliteChainId, f.satellite) = (AWAY, address(satellites[0]));
        // No newer than what was heard: facts are not read.
        f.tree = new uint256[](2);
    }

    function envelope(MessageKind kind, bytes memory body) private view returns (Envelope memory) {
        return Envelope(CrossChainMessages.VERSION, kind, HOME, address(hub), address(registry), HELD, 1, uint64(START), body);
    }

    function forged(MessageKind kind, bytes memory body) private view returns (bytes memory) {
        return abi.encode(envelope(kind, body));
    }
}
