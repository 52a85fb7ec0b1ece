// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ISatelliteHub, SatelliteTerms} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {ISatelliteVault, SatelliteToken} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {SettlementAsset, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {VaultLimit} from "../../../contracts/interfaces/VaultTypes.sol";
import {
    CheckpointMessage,
    CrossChainMessages,
    DepositMessage,
    Envelope,
    LeaseMessage,
    MessageKind
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SatelliteHub} from "../../../contracts/satellite/SatelliteHub.sol";
import {SatelliteFixture} from "./SatelliteFixture.sol";

/// @dev [P-297, P-298] A deposit is minted once, and counts in one ledger of one venue, only as far as a fresh checkpoint has it.
contract HubCountingTest is SatelliteFixture {
    uint256 private constant MUCH = 1_000_000;
    address private constant OTHER_ADMIN = address(0xE1);

    // ---- once ----

    function testEnrolledOnce() public {
        SatelliteTerms memory terms = termsFor(0);
        vm.startPrank(PARAMETERS);
        hub.proposeSatellite(terms);
        pass(GATEWAY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.EnrolledBefore.selector, AWAY, address(satellites[0])));
        hub.activateSatellite(terms);
        vm.stopPrank();
    }

    function testEnrolsOnlyWhatWasProposedAfterTheDelay() public {
        SatelliteTerms memory terms = termsFor(0);
        terms.chainId = 77;
        vm.expectRevert();
        hub.proposeSatellite(terms);
        vm.startPrank(PARAMETERS);
        vm.expectRevert(error1(ISatelliteHub.SatelliteNotProposed.selector, HELD));
        hub.activateSatellite(terms);
        hub.proposeSatellite(terms);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISatelliteHub.SatelliteNotReady.selector, block.timestamp + GATEWAY_DELAY, block.timestamp
            )
        );
        hub.activateSatellite(terms);
        pass(GATEWAY_DELAY);
        terms.tokens[0].mintLimit += 1;
        vm.expectRevert(error1(ISatelliteHub.SatelliteNotProposed.selector, HELD));
        hub.activateSatellite(terms);
        vm.stopPrank();
    }

    function testProposalsExpire() public {
        SatelliteTerms memory terms = termsFor(0);
        terms.chainId = 77;
        vm.startPrank(PARAMETERS);
        hub.proposeSatellite(terms);
        vm.warp(block.timestamp + GATEWAY_DELAY + 14 days);
        vm.expectRevert(error1(ISatelliteHub.SatelliteNotProposed.selector, HELD));
        hub.activateSatellite(terms);
        hub.proposeSatellite(terms);
        vm.warp(block.timestamp + GATEWAY_DELAY + 14 days - 1);
        hub.activateSatellite(terms);
        vm.stopPrank();
    }

    /// @dev Its vault would count claims in full.
    function testVaultAsksThisHub() public {
        SatelliteHub other = new SatelliteHub(registry, GATEWAY_DELAY);
        bytes memory reason = abi.encodeWithSelector(ISatelliteHub.InvalidTerms.selector, bytes32("vault"));
        SatelliteTerms memory terms = termsFor(0);
        vm.startPrank(PARAMETERS);
        vm.expectRevert(reason);
        other.proposeSatellite(terms);
        terms.venueId = VENUE;
        vm.expectRevert(reason);
        hub.proposeSatellite(terms);
        vm.stopPrank();
    }

    function testCountedOnce() public {
        bringToTree(0, 0, ALICE, MUCH);
        bringToTree(1, 0, BOB, 7 * UNITS);
        openSnapshot();
        assertEq(counted(0, 0), MUCH, "counted");
        assertEq(counted(1, 0), 7 * UNITS, "each by its own satellite");
        assertEq(vault.treeBalance(HELD, 3), MUCH, "tree");
        // Another venue lists the same claim: it is worth nothing there.
        address token = address(claim(0, 0));
        assertEq(hub.countable(HELD + 1, token, MUCH), 0, "another venue");
        assertEq(hub.countable(HELD, address(usd), 5), 5, "no claim");
        assertEq(hub.countable(HELD, token, MUCH), MUCH, "the venue");
    }

    function testDepositOnce() public {
        (uint64 number, bytes memory payload) = depositFar(0, 0, ALICE, MUCH);
        toHub(0, payload);
        toHub(0, payload);
        // Gateways that lie: the same number with more.
        DepositMessage memory more = DepositMessage(number, 0, 2 * MUCH, ALICE);
        toHub(0, abi.encode(envelope(MessageKind.DEPOSIT, abi.encode(more), 99)));
        sync(0);
        credit(0, number);
        assertEq(claim(0, 0).totalSupply(), MUCH, "minted once, as it was first heard");
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.DepositCreditedBefore.selector, 1, number));
        credit(0, number);
        assertTrue(hub.isDepositCredited(1, number), "credited");
    }

    function testLateDepositCountsNothing() public {
        (uint64 number, bytes memory payload) = depositFar(0, 0, ALICE, MUCH);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.DepositNotSure.selector, 1, number, 0));
        credit(0, number);
        toHub(0, payload);
        // Heard, and the satellite does not know: it could still return it.
        checkpoint(0);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.DepositNotSure.selector, 1, number, 0));
        credit(0, number);
        openSnapshot();
        assertEq(counted(0, 0), 0, "nothing");
        // Sure by its number, and never heard.
        sync(0);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.DepositNotSure.selector, 1, number + 1, number));
        credit(0, number + 1);
        credit(0, number);
    }

    function testAboveTheMintLimitInParts() public {
        uint64 number = bring(0, 0, ALICE, 2 * uint256(LIMIT) + 5);
        assertEq(claim(0, 0).balanceOf(ALICE), LIMIT, "the limit");
        assertFalse(hub.isDepositCredited(1, number), "not whole");
        vm.expectRevert(
            abi.encodeWithSelector(ISatelliteHub.MintLimitReached.selector, 1, 0, 0, uint256(LIMIT) + 5)
        );
        credit(0, number);
        pass(LIMIT_WINDOW);
        credit(0, number);
        pass(LIMIT_WINDOW);
        credit(0, number);
        assertEq(claim(0, 0).balanceOf(ALICE), 2 * uint256(LIMIT) + 5, "all of it");
        assertTrue(hub.isDepositCredited(1, number), "whole");
    }

    function testALeastDeposit() public {
        SatelliteToken[] memory list = satelliteTokens(0);
        list[0].minDeposit = UNITS - 1;
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.InvalidSatellite.selector, bytes32("minDeposit")));
        newSatellite(list, satelliteRules());
        list[0].minDeposit = 1_000;
        away(0);
        satellites[0] = newSatellite(list, satelliteRules());
        give(0, 0, ALICE, 2_000);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.BelowLeastDeposit.selector, 0, 999, 1_000));
        satellites[0].deposit(0, 999, ALICE);
        satellites[0].deposit(0, 1_000, ALICE);
        vm.stopPrank();
    }

    function testOneLostDepositBeforeThousands() public {
        bytes memory first;
        for (uint256 i = 0; i < 300; ++i) {
            (, bytes memory payload) = depositFar(0, 0, ALICE, UNITS);
            if (i == 0) first = payload;
            else toHub(0, payload);
        }
        assertEq(hub.stateOf(1).depositsSeen, 0, "one is missing");
        toHub(0, first);
        assertEq(hub.stateOf(1).depositsSeen, 128, "a bounded step");
        lease(0);
        assertEq(hub.stateOf(1).depositsSeen, 256, "another");
        lease(0);
        checkpoint(0);
        assertEq(hub.stateOf(1).depositsSure, 300, "all");
    }

    function testAnotherDepositAfterAReorganisation() public {
        // Home heard of a deposit that is gone; another has its number.
        DepositMessage memory gone = DepositMessage(1, 0, 9 * MUCH, BOB);
        toHub(0, abi.encode(envelope(MessageKind.DEPOSIT, abi.encode(gone), 99)));
        refusedAtSatellite(0, hub.makeLease(1), error1(ISatelliteVault.DepositsDiffer.selector, 1));
        (, bytes memory payload) = depositFar(0, 0, ALICE, MUCH);
        toHub(0, payload);
        refusedAtSatellite(0, hub.makeLease(1), error1(ISatelliteVault.DepositsDiffer.selector, 1));
        checkpoint(0);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.DepositNotSure.selector, 1, 1, 0));
        credit(0, 1);
        // So nothing is minted, and the hatch returns what is there.
        pass(HATCH_AFTER);
        satellites[0].openHatch();
        pass(CLAIM_WINDOW);
        vm.prank(ALICE);
        satellites[0].refundDeposit(1, ALICE);
        assertEq(far.balanceOf(ALICE), MUCH, "returned");
    }

    // ---- what does not count ----

    function testStaleCheckpointCountsNothing() public {
        bringToTree(0, 0, ALICE, MUCH);
        pass(CHECKPOINT_AGE);
        lease(0);
        openSnapshot();
        assertEq(counted(0, 0), MUCH, "the last second");
        pass(1);
        openSnapshot();
        assertEq(counted(0, 0), 0, "nobody reported");
        checkpoint(0);
        openSnapshot();
        assertEq(counted(0, 0), MUCH, "reported");
    }

    function testOlderCheckpointIsNotRead() public {
        bringToTree(0, 1, ALICE, MUCH);
        bytes memory old = checkpointOf(0);
        burnAt(0, 300);
        checkpoint(0);
        toHub(0, old);
        openSnapshot();
        assertEq(counted(0, 1), MUCH - 300, "what is there now");
    }

    function testLossIsTakenOff() public {
        bringToTree(0, 1, ALICE, MUCH);
        burnAt(0, MUCH / 4);
        checkpoint(0);
        openSnapshot();
        assertEq(counted(0, 1), 3 * MUCH / 4, "three quarters");
    }

    function testWhatIsCreditedStandsForNothingElse() public {
        bringToTree(0, 1, ALICE, MUCH);
        bring(0, 1, BOB, MUCH);
        vm.prank(BOB);
        (, bytes memory payload) = hub.order(1, 1, MUCH, BOB);
        toSatellite(0, payload);
        burnAt(0, MUCH / 2);
        checkpoint(0);
        openSnapshot();
        // The balance is MUCH and a half, of which Bob's order has MUCH.
        assertEq(counted(0, 1), MUCH / 2, "half");
        satellites[0].collect(1, BOB);
        assertEq(satellites[0].totalsOf(1).held, MUCH / 2, "the same after he took it");
    }

    function testRowsThatDoNotSuitCountNothing() public {
        CheckpointMessage memory said = honest();
        said.terms[0].row = ROW + 1;
        unsuited(said);
        said.terms[0].row = 999;
        unsuited(said);
        (said.terms[0].row, said.terms[0].asset) = (UNLISTED_ROW, 2);
        unsuited(said);
        (said.terms[0].row, said.terms[0].asset) = (ROW, 99);
        unsuited(said);
        (said.terms[0].asset, said.terms[0].unitsPerQuantum) = (3, UNITS + 1);
        unsuited(said);
        said.terms[0].unitsPerQuantum = UNITS;
        pass(1);
        toHub(0, abi.encode(envelope(MessageKind.CHECKPOINT, abi.encode(said), 2_000)));
        assertTrue(hub.stateOf(1).suits, "suits again");
    }

    function testFundInClaimsIsWorthItsSatellite() public {
        uint256 venueId = HELD + 1;
        VenueConfig memory config = vaultConfig();
        config.fundToken = address(claim(0, 0));
        vm.prank(OWNER);
        registry.registerVenue(venueId, config);
        SettlementAsset[] memory list = new SettlementAsset[](1);
        list[0] = SettlementAsset(address(usd), 1);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(venueId, list);
        vault.setRules(venueId, vaultRules(), new VaultLimit[](0));
        vm.stopPrank();
        bring(0, 0, ALICE, MUCH);
        address token = address(claim(0, 0));
        vm.startPrank(ALICE);
        claim(0, 0).approve(address(vault), MUCH);
        vault.depositFund(venueId, MUCH);
        vm.stopPrank();
        vm.prank(venueOperator);
        registry.openSnapshot(venueId);
        assertEq(registry.lastSnapshot(venueId).fund, 0, "another venue's claim");
        assertEq(hub.countable(HELD, token, MUCH), MUCH, "its own");
    }

    // ---- broken ----

    function testTooShortAHatchBreaksItForGood() public {
        CheckpointMessage memory said = honest();
        said.hatchAfter -= 1;
        breaks(said);
    }

    function testPaidMoreThanOrderedBreaksItForGood() public {
        CheckpointMessage memory said = honest();
        (said.totals[0].paid, said.totals[0].held) = (1, said.totals[0].held - 1);
        breaks(said);
    }

    function testFewerDepositsThanMintedBreaksItForGood() public {
        CheckpointMessage memory said = honest();
        (said.totals[0].deposited, said.totals[0].held) = (MUCH - 1, MUCH - 1);
        breaks(said);
    }

    function testMoreHeldThanLeftBreaksItForGood() public {
        CheckpointMessage memory said = honest();
        said.totals[0].held += 1;
        breaks(said);
    }

    function testALeaseFromTheFutureBreaksItForGood() public {
        CheckpointMessage memory said = honest();
        said.homeSentAt = type(uint64).max;
        breaks(said);
        // Nor do claims move on it longer than a message of then would let them.
        toHub(0, abi.encode(envelope(MessageKind.CHECKPOINT, abi.encode(said), 3_000)));
        pass(SKEW + FREEZE_AFTER);
        assertTrue(hub.isLive(1), "the last second");
        pass(1);
        assertFalse(hub.isLive(1), "frozen");
    }

    function testOneTokenOfTwoBreaksItForGood() public {
        CheckpointMessage memory said = honest();
        said.tree = new uint256[](1);
        breaks(said);
    }

    function testAClosedOneNeverOpensAgain() public {
        CheckpointMessage memory said = honest();
        said.closed = true;
        toHub(0, abi.encode(envelope(MessageKind.CHECKPOINT, abi.encode(said), 1_000)));
        assertTrue(hub.stateOf(1).closed && !hub.stateOf(1).broken, "closed");
        openSnapshot();
        assertEq(counted(0, 0), 0, "counts nothing");
        breaks(honest());
        assertTrue(hub.stateOf(1).closed, "still");
    }

    function honest() private returns (CheckpointMessage memory) {
        if (registry.lastSnapshot(HELD).openedAt == 0) {
            bringToTree(0, 0, ALICE, MUCH);
            openSnapshot();
            assertEq(counted(0, 0), MUCH, "before");
        }
        bytes memory payload = checkpointOf(0);
        pass(1);
        Envelope memory made = abi.decode(payload, (Envelope));
        return abi.decode(made.body, (CheckpointMessage));
    }

    function breaks(CheckpointMessage memory said) private {
        toHub(0, abi.encode(envelope(MessageKind.CHECKPOINT, abi.encode(said), 2_000)));
        assertTrue(hub.stateOf(1).broken, "broken");
        openSnapshot();
        assertEq(counted(0, 0), 0, "counts nothing");
        sync(0);
        assertTrue(hub.stateOf(1).broken, "for good");
        openSnapshot();
        assertEq(counted(0, 0), 0, "nothing for good");
    }

    /// @dev Nor is it told of a tree: its hatch would pay other leaves.
    function unsuited(CheckpointMessage memory said) private {
        pass(1);
        toHub(0, abi.encode(envelope(MessageKind.CHECKPOINT, abi.encode(said), 2_000)));
        assertFalse(hub.stateOf(1).suits, "does not suit");
        assertEq(hub.countable(HELD, address(claim(0, 0)), MUCH), 0, "counts nothing");
        Envelope memory lease_ = abi.decode(hub.makeLease(1), (Envelope));
        assertEq(abi.decode(lease_.body, (LeaseMessage)).facts.tree[0], 0, "no tree");
    }

    function burnAt(uint256 i, uint256 amount) private {
        vm.prank(address(satellites[i]));
        odd.transfer(address(0xDEAD), amount);
    }

    function envelope(MessageKind kind, bytes memory body, uint64 sequence) private view returns (Envelope memory) {
        return Envelope(
            CrossChainMessages.VERSION,
            kind,
            AWAY,
            address(satellites[0]),
            address(0),
            HELD,
            sequence,
            uint64(block.timestamp),
            body
        );
    }
}
