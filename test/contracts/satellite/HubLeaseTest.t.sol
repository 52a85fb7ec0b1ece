// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ISatelliteClaim, ISatelliteHub, SatelliteTerms} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {ISatelliteVault} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {EpochRecord} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {Payout, VaultRules} from "../../../contracts/interfaces/VaultTypes.sol";
import {SatelliteFixture} from "./SatelliteFixture.sol";

/// @dev [P-299, P-300] No epoch keeps a gate open that counts what a satellite's hatch can pay, and nothing leaves at home that the hatch
/// is about to pay.
contract HubLeaseTest is SatelliteFixture {
    uint256 private constant MUCH = 1_000_000;

    function setUp() public override {
        super.setUp();
        bringToTree(0, 0, ALICE, MUCH);
    }

    function testLeaseOutlivesTheEpoch() public {
        uint64 sentAt = homeSentAt();
        // The last second at which an epoch can count it.
        uint256 last = sentAt + HATCH_AFTER - HALT_AFTER - SKEW;
        vm.warp(last);
        checkpoint(0);
        openSnapshot();
        assertEq(counted(0, 0), MUCH, "counted");
        vm.warp(last + 1);
        checkpoint(0);
        openSnapshot();
        assertEq(counted(0, 0), 0, "the lease is too short");
        lease(0);
        checkpoint(0);
        openSnapshot();
        assertEq(counted(0, 0), MUCH, "renewed");
    }

    /// @dev Whenever an epoch counts a claim, the hatch opens only when the epoch is HALT at home, with the satellite's clock ahead as
    /// far as clocks may be.
    function testFuzz_noHatchBeforeTheEpochHalts(uint256 wait, uint256 sinceCheckpoint) public {
        uint64 sentAt = homeSentAt();
        vm.warp(block.timestamp + bound(wait, 0, HATCH_AFTER));
        checkpoint(0);
        vm.warp(block.timestamp + bound(sinceCheckpoint, 0, CHECKPOINT_AGE));
        if (hub.countable(HELD, address(claim(0, 0)), MUCH) == 0) return;
        openSnapshot();
        acceptClaims([MUCH / UNITS, 0, 0]);
        uint256 snapshotTime = registry.epochAt(HELD, 1).snapshotTime;
        // The first second at home at which the satellite could close.
        vm.warp(uint256(sentAt) + HATCH_AFTER - SKEW);
        assertTrue(block.timestamp >= snapshotTime + HALT_AFTER, "not before");
        vm.warp(block.timestamp + 1);
        assertTrue(registry.mode(HELD) == GateMode.HALT, "home is closed");
    }

    function testClaimsLeaveOnlyWhileItHearsFromHome() public {
        uint64 epoch = standClaims([MUCH / UNITS, 0, 0]);
        bring(0, 0, BOB, MUCH);
        vm.warp(uint256(homeSentAt()) + FREEZE_AFTER);
        assertTrue(hub.isLive(1), "the last second");
        vm.warp(block.timestamp + 1);
        assertFalse(hub.isLive(1), "frozen");
        Payout memory p = payoutOf(ALICE, epoch, ROW, 5);
        refuseWithdraw(p, error1(ISatelliteClaim.SatelliteNotLive.selector, 1));
        vm.prank(BOB);
        vm.expectRevert(error1(ISatelliteClaim.SatelliteNotLive.selector, 1));
        hub.order(1, 0, MUCH, BOB);
        assertEq(claim(0, 0).balanceOf(BOB), MUCH, "nothing is burnt");
        // From wallet to wallet they move as ever, into the vault neither.
        ISatelliteClaim made = claim(0, 0);
        vm.startPrank(BOB);
        made.transfer(ALICE, MUCH / 2);
        made.approve(address(vault), MUCH / 2);
        vm.expectRevert(error1(ISatelliteClaim.SatelliteNotLive.selector, 1));
        vault.deposit(HELD, 3, MUCH / 2, "bob");
        vm.stopPrank();
        sync(0);
        toTree(0, 0, BOB, MUCH / 2);
        withdraw(ALICE, epoch, ROW, 5);
        assertEq(claim(0, 0).balanceOf(ALICE), MUCH / 2 + 5 * UNITS, "it hears again");
    }

    function testFreezeIsShorterThanAnyRequest() public {
        assertTrue(hub.isLive(1), "live");
        VaultRules memory rules = vaultRules();
        rules.answerWindow = uint32(FREEZE_AFTER);
        vm.startPrank(PARAMETERS);
        vault.proposeRules(HELD, rules);
        pass(rules.timelock);
        vault.activateRules(HELD, rules);
        vm.stopPrank();
        checkpoint(0);
        vm.expectRevert(
            abi.encodeWithSelector(ISatelliteHub.SatelliteSilent.selector, 1, hub.stateOf(1).checkpointAt)
        );
        hub.makeLease(1);
        assertFalse(hub.isLive(1), "a request could be paid that was never told");
        // Long again, and the opened epoch has the short window.
        openSnapshot();
        vm.startPrank(PARAMETERS);
        vault.proposeRules(HELD, vaultRules());
        pass(rules.timelock);
        vault.activateRules(HELD, vaultRules());
        vm.stopPrank();
        checkpoint(0);
        vm.expectRevert(
            abi.encodeWithSelector(ISatelliteHub.SatelliteSilent.selector, 1, hub.stateOf(1).checkpointAt)
        );
        hub.makeLease(1);
        openSnapshot();
        sync(0);
        assertTrue(hub.isLive(1), "opened under long rules");
    }

    /// @dev Only the way home is dead: leases would keep the hatch shut while claims are frozen.
    /// @dev Nobody can exit there: what is in the tree must not wait for it.
    function testWithoutAStandingEpochThereIsNoFloor() public {
        lease(0);
        pass(HATCH_AFTER);
        satellites[0].openHatch();
        checkpoint(0);
        assertEq(vault.treeBalance(HELD, 3), MUCH, "the tree");
        assertEq(hub.totalsOf(1, 0).treeFloor, 0, "no floor");
    }

    function testNoLeaseForASatelliteThatIsNotHeard() public {
        uint64 heardAt = hub.stateOf(1).checkpointAt;
        vm.warp(uint256(heardAt) + FREEZE_AFTER + CHECKPOINT_AGE);
        bytes memory payload = hub.makeLease(1);
        toSatellite(0, payload);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.SatelliteSilent.selector, 1, heardAt));
        hub.makeLease(1);
        uint256[] memory none = new uint256[](0);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.SatelliteSilent.selector, 1, heardAt));
        hub.makeUsed(1, none);
        away(0);
        vm.warp(block.timestamp - 1 + HATCH_AFTER);
        satellites[0].openHatch();
        // And one that is heard again has leases again.
        vm.warp(block.timestamp + 1);
        checkpoint(0);
        hub.makeLease(1);
    }

    function testTermsLeaveTimeForALease() public {
        SatelliteTerms memory terms = termsFor(0);
        uint64 least = HALT_AFTER + CHECKPOINT_AGE + FREEZE_AFTER + 2 * SKEW;
        terms.hatchAfter = least - 1;
        refuseTerms(terms, "hatchAfter");
        terms.hatchAfter = least;
        vm.prank(PARAMETERS);
        hub.proposeSatellite(terms);
        terms.freezeAfter = 0;
        refuseTerms(terms, "times");
        (terms.freezeAfter, terms.tokens[0].mintLimit) = (1, 0);
        refuseTerms(terms, "mintLimit");
        (terms.tokens[0].mintLimit, terms.satellite) = (1, address(0));
        refuseTerms(terms, "satellite");
    }

    function testTheHatchIsNotDueWhileHomeIsHeard() public {
        uint256 dueAt = uint256(satelliteHome()) + HATCH_AFTER;
        vm.warp(dueAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.HatchNotDue.selector, dueAt, dueAt - 1));
        satellites[0].openHatch();
        checkpoint(0);
        lease(0);
        vm.warp(dueAt);
        vm.expectRevert();
        satellites[0].openHatch();
    }

    function testAHomeMessageWithoutItsEpochRenewsNothing() public {
        openSnapshot();
        acceptClaims([MUCH / UNITS, 0, 0]);
        letStand();
        checkpoint(0);
        bytes memory payload = hub.makeLease(1);
        (uint64 sentAt,,,,) = satellites[0].home();
        // The mirror has not heard of it.
        EpochRecord memory none;
        mirror.setEpoch(HELD, 1, none);
        refusedAtSatellite(0, payload, error1(ISatelliteVault.HomeEpochUnknown.selector, 1));
        (uint64 still,,,,) = satellites[0].home();
        assertEq(still, sentAt, "not renewed");
    }

    function refuseTerms(SatelliteTerms memory terms, bytes32 what) private {
        vm.prank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.InvalidTerms.selector, what));
        hub.proposeSatellite(terms);
    }

    function homeSentAt() private view returns (uint64) {
        return hub.stateOf(1).homeSentAt;
    }

    function satelliteHome() private view returns (uint64 sentAt) {
        (sentAt,,,,) = satellites[0].home();
    }
}
