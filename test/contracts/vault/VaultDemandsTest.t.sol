// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {EpochTerms, ReceiptDemand, VaultRules} from "../../../contracts/interfaces/VaultTypes.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev Receipts on demand, and what stands.
contract VaultDemandsTest is VaultFixture {
    bytes private constant KEY = "key";
    uint64 private epoch;

    function setUp() public override {
        super.setUp();
        deposit(ALICE, 0, 1_000_000);
        epoch = standingEpoch();
    }

    function demand(address account, uint64 leafEpoch, uint64 of_) private returns (uint256) {
        MarginClaim memory claim = demandOf(account, leafEpoch, of_, KEY);
        vm.prank(account);
        return vault.demandReceipt{value: BOND}(HELD, of_, claim, KEY);
    }

    function test_anEpochStandsWhenItsWindowsAreOver() public {
        uint64 next = nextEpoch();
        pass(3 hours - 1);
        assertFalse(vault.stands(HELD, next), "a second early");
        assertEq(vault.newestStanding(HELD), epoch, "the one before");
        pass(1);
        assertTrue(vault.stands(HELD, next), "stands");
        assertEq(vault.newestStanding(HELD), next, "newest");
        assertFalse(vault.stands(HELD, next + 1), "not accepted");
        assertFalse(vault.stands(HELD, 0), "no epoch");
        assertFalse(vault.stands(VENUE, 1), "another venue");
    }

    function test_aDemandThatIsAnsweredDoesNotKeepAnEpochFromStanding() public {
        uint64 next = nextEpoch();
        MarginClaim memory claim = demandOf(ALICE, epoch, next, KEY);
        uint256 id = uint256(keccak256(abi.encode(HELD, next, scoped(ALICE, epoch), epoch)));
        vm.expectEmit(address(vault));
        emit IVaultMessages.ReceiptDemanded(HELD, id, next, scoped(ALICE, epoch), epoch, KEY);
        vm.prank(ALICE);
        assertEq(vault.demandReceipt{value: BOND}(HELD, next, claim, KEY), id, "id");
        ReceiptDemand memory made = vault.demandAt(id);
        assertTrue(made.demander == ALICE && made.bond == BOND && made.epoch == next && made.venueId == HELD, "stored");
        uint256 before = venueOperator.balance;
        vm.expectEmit(address(vault));
        emit IVaultMessages.DemandAnswered(id, "receipt");
        vm.prank(venueOperator);
        vault.answerDemand(id, "receipt");
        assertEq(venueOperator.balance, before + BOND, "the bond is the venue's");
        assertEq(vault.demandAt(id).answeredAt, block.timestamp, "answered");
        letStand();
        assertTrue(vault.stands(HELD, next), "stands");
        refused(
            venueOperator,
            abi.encodeCall(vault.answerDemand, (id, "again")),
            abi.encodeWithSelector(IVaultMessages.DemandClosed.selector, id)
        );
        refused(
            ALICE,
            abi.encodeCall(vault.reclaimBond, (id)),
            abi.encodeWithSelector(IVaultMessages.DemandNotFailed.selector, id)
        );
    }

    /// clearing.md: withheld receipts. The epoch is no base, and its bond returns.
    function test_anEpochWithADemandNobodyAnsweredNeverStands() public {
        uint64 next = nextEpoch();
        pass(1 hours - 1);
        uint256 id = demand(ALICE, epoch, next);
        bytes memory notFailed = abi.encodeWithSelector(IVaultMessages.DemandNotFailed.selector, id);
        pass(2 hours - 1);
        refused(ALICE, abi.encodeCall(vault.reclaimBond, (id)), notFailed);
        pass(1);
        refused(
            venueOperator,
            abi.encodeCall(vault.answerDemand, (id, "late")),
            abi.encodeWithSelector(IVaultMessages.DemandClosed.selector, id)
        );
        uint256 before = ALICE.balance;
        vm.expectEmit(address(vault));
        emit IVaultMessages.BondReclaimed(id, ALICE, BOND);
        vault.reclaimBond(id);
        assertEq(ALICE.balance, before + BOND, "back");
        refused(ALICE, abi.encodeCall(vault.reclaimBond, (id)), notFailed);
        pass(365 days);
        assertFalse(vault.stands(HELD, next), "never");
        assertEq(vault.newestStanding(HELD), epoch, "the one before");
    }

    function test_demandsEndWithTheirWindowAndOneIsEnough() public {
        uint64 next = nextEpoch();
        uint256 id = demand(ALICE, epoch, next);
        MarginClaim memory claim = demandOf(ALICE, epoch, next, KEY);
        vm.deal(BOB, 1 ether);
        vm.startPrank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.DemandExists.selector, id));
        vault.demandReceipt{value: BOND}(HELD, next, claim, KEY);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.WrongBond.selector, BOND - 1, BOND));
        vault.demandReceipt{value: BOND - 1}(HELD, next, claim, KEY);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        vault.demandReceipt{value: BOND}(HELD, next, claim, "another key");
        claim = demandOf(BOB, epoch, next, KEY);
        pass(1 hours);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.DemandTooLate.selector, HELD, next));
        vault.demandReceipt{value: BOND}(HELD, next, claim, KEY);
        claim = demandOf(BOB, epoch, next + 1, KEY);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, HELD, next + 1));
        vault.demandReceipt{value: BOND}(HELD, next + 1, claim, KEY);
        claim = demandOf(BOB, next, next, KEY);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.LeafNotEarlier.selector, next, next));
        vault.demandReceipt{value: BOND}(HELD, next, claim, KEY);
        vm.stopPrank();
    }

    function test_unknownDemandsAndStrangersAnswersAreRefused() public {
        uint64 next = nextEpoch();
        uint256 id = demand(ALICE, epoch, next);
        refused(
            venueOperator,
            abi.encodeCall(vault.answerDemand, (1, "")),
            abi.encodeWithSelector(IVaultMessages.UnknownDemand.selector, 1)
        );
        refused(
            ALICE,
            abi.encodeCall(vault.reclaimBond, (1)),
            abi.encodeWithSelector(IVaultMessages.UnknownDemand.selector, 1)
        );
        address[4] memory callers = [OWNER, ADMIN, PARAMETERS, ALICE];
        for (uint256 i = 0; i < callers.length; ++i) {
            refused(
                callers[i],
                abi.encodeCall(vault.answerDemand, (id, "")),
                abi.encodeWithSelector(ISolvencyRegistry.NotOperator.selector, HELD, callers[i])
            );
        }
    }

    // ---- deposits ----

    function test_theDepositorDemandsTheEpochThatFirstCountsIt() public {
        uint256 early = deposit(BOB, 0, 5);
        openSnapshot();
        uint256 between = deposit(BOB, 0, 6);
        openSnapshot();
        uint256 late = deposit(BOB, 0, 7);
        uint64 next = acceptEpoch();
        bytes4 notOf = IVaultMessages.NotDepositOfEpoch.selector;
        vm.startPrank(BOB);
        vm.expectRevert(abi.encodeWithSelector(notOf, late, next));
        vault.demandReceiptOfDeposit{value: BOND}(next, late, KEY);
        vm.expectRevert(abi.encodeWithSelector(notOf, early, epoch));
        vault.demandReceiptOfDeposit{value: BOND}(epoch, early, KEY);
        vm.expectRevert(abi.encodeWithSelector(notOf, early, 0));
        vault.demandReceiptOfDeposit{value: BOND}(0, early, KEY);
        uint256 id = uint256(keccak256(abi.encode(HELD, next, early, uint64(0))));
        vm.expectEmit(address(vault));
        emit IVaultMessages.ReceiptDemanded(HELD, id, next, early, 0, KEY);
        assertEq(vault.demandReceiptOfDeposit{value: BOND}(next, early, KEY), id, "id");
        vault.demandReceiptOfDeposit{value: BOND}(next, between, KEY);
        vm.stopPrank();
        bytes memory notDepositor = abi.encodeWithSelector(IVaultMessages.NotDepositor.selector, early, ALICE);
        refused(ALICE, abi.encodeCall(vault.demandReceiptOfDeposit, (next, early, KEY)), notDepositor);
        uint256 second = uint256(keccak256(abi.encode(HELD, next, between, uint64(0))));
        vm.startPrank(venueOperator);
        vault.answerDemand(id, "receipt");
        vault.answerDemand(second, "receipt");
        vm.stopPrank();
        letStand();
        assertTrue(vault.stands(HELD, next), "answered");
        next = nextEpoch();
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(notOf, early, next));
        vault.demandReceiptOfDeposit{value: BOND}(next, early, KEY);
    }

    /// A venue gives one epoch up rather than answer, and leaves the depositor out of the next, which stands.
    function test_anEpochThatFailedDoesNotEndTheDepositorsDemands() public {
        uint256 made = deposit(BOB, 0, 5);
        for (uint256 i = 0; i < 2; ++i) {
            uint64 next = nextEpoch();
            vm.prank(BOB);
            vault.demandReceiptOfDeposit{value: BOND}(next, made, KEY);
            letStand();
            assertEq(vault.newestStanding(HELD), epoch, "no base without the answer");
        }
    }

    function test_aDepositThatAFailedEpochFirstCountedIsDemandedInTheNext() public {
        uint64 first = epoch + 1;
        uint256 made = deposit(BOB, 0, 5);
        assertEq(vault.depositAt(made).checkpoint, vault.termsOf(HELD, epoch).checkpoint, "counted next");
        nextEpoch();
        demand(ALICE, epoch, first);
        letStand();
        uint64 second = nextEpoch();
        vm.prank(BOB);
        vault.demandReceiptOfDeposit{value: BOND}(second, made, KEY);
        // The epoch that failed is not demanded any more.
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.DemandTooLate.selector, HELD, first));
        vault.demandReceiptOfDeposit{value: BOND}(first, made, KEY);
    }

    function test_theFirstEpochsDepositorsCanDemandToo() public {
        uint256 depositId = 1;
        assertEq(vault.depositAt(depositId).checkpoint, 0, "before any checkpoint");
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.DemandTooLate.selector, HELD, 1));
        vault.demandReceiptOfDeposit{value: BOND}(1, depositId, KEY);
    }

    // ---- what holds whatever the rules become ----

    function test_anEpochKeepsTheTermsOfItsSnapshot() public {
        EpochTerms memory before = vault.termsOf(HELD, epoch);
        VaultRules memory r = vaultRules();
        (r.demandWindow, r.answerWindow, r.hatchAfter, r.demandBond) = (10 hours, 20 hours, 90 days, 7);
        r.timelock = 30 days;
        r.requestDelay = 25 hours;
        vm.startPrank(PARAMETERS);
        vault.proposeRules(HELD, r);
        pass(3 days);
        vault.activateRules(HELD, r);
        vm.stopPrank();
        assertEq(keccak256(abi.encode(vault.termsOf(HELD, epoch))), keccak256(abi.encode(before)), "terms");
        assertTrue(vault.stands(HELD, epoch), "still stands");
        uint64 next = nextEpoch();
        EpochTerms memory terms = vault.termsOf(HELD, next);
        assertTrue(terms.demandWindow == 10 hours && terms.answerWindow == 20 hours && terms.demandBond == 7, "new");
        assertTrue(terms.checkpoint == 2 && terms.hatchAfter == 90 days, "checkpoint and hatch");
        letStand();
        assertFalse(vault.stands(HELD, next), "by its own windows");
        vault.openHatch(HELD, epoch);
    }

    /// No venue runs so far ahead of its standing epochs that payouts stop.
    function test_aSnapshotWaitsUntilTheEpochBeforeIsSettled() public {
        uint64 next = nextEpoch();
        uint256 settlesAt = block.timestamp + 3 hours;
        pass(3 hours - 1);
        vm.prank(venueOperator);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochUnsettled.selector, HELD, next, settlesAt));
        registry.openSnapshot(HELD);
        pass(1);
        openSnapshot();
        openSnapshot();
        assertEq(vault.termsOf(HELD, next + 1).checkpoint, 4, "reopened");
    }

    function test_aBondThatItsTakerRefusesIsNobodysElseTrouble() public {
        uint64 next = nextEpoch();
        MarginClaim memory claim = demandOf(ALICE, epoch, next, KEY);
        vm.deal(address(this), 1 ether);
        uint256 id = vault.demandReceipt{value: BOND}(HELD, next, claim, KEY);
        letStand();
        vm.expectRevert(abi.encodeWithSelector(Errors.FailedCall.selector));
        vault.reclaimBond(id);
        assertFalse(vault.stands(HELD, next), "failed all the same");
    }
}
