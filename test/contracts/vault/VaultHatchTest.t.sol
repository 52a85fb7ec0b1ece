// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExitClaim, MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Hatch, Payout, RequestStatus} from "../../../contracts/interfaces/VaultTypes.sol";
import {WindUpFixture} from "./WindUpFixture.sol";

/// @dev The hatch: when it opens, what it refunds and pays besides exits, and that no role has a part in it.
contract VaultHatchTest is WindUpFixture {
    // ---- opening ----

    /// K28: at the second, not before, for the newest standing epoch only.
    function test_K28_theHatchOpensWhenNoYoungerEpochStoodForItsTime() public {
        uint256 dueAt = registry.epochAt(HELD, base).acceptedAt + 2 days;
        vm.warp(dueAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, dueAt, dueAt - 1));
        vault.openHatch(HELD, base);
        vm.warp(dueAt);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, base + 1));
        vault.openHatch(HELD, base + 1);
        vm.expectEmit(address(vault));
        emit IVaultMessages.HatchOpened(HELD, base, uint64(dueAt + 7 days));
        vm.prank(STRANGER);
        vault.openHatch(HELD, base);
        Hatch memory hatch = vault.hatchOf(HELD);
        assertTrue(hatch.baseEpoch == base && hatch.openedAt == dueAt, "opened");
        assertTrue(hatch.round == 1 && hatch.roundClosesAt == dueAt + 7 days, "round");
        assertTrue(vault.state(HELD) == ReserveState.CLOSED, "closed");
        assertTrue(registry.mode(HELD) == GateMode.HALT, "the gate halts");
    }

    function test_anOlderEpochIsNoBaseWhileANewerStands() public {
        uint64 newer = standingEpoch();
        pass(2 days);
        vm.expectRevert(error1(IVaultMessages.NewerEpochStands.selector, newer));
        vault.openHatch(HELD, base);
        vm.expectRevert(error1(IVaultMessages.NewerEpochStands.selector, newer));
        vault.openHatch(HELD, 0);
        vault.openHatch(HELD, newer);
    }

    /// clearing.md: withheld receipts. Epochs that are published without them do not keep the hatch shut.
    function test_epochsWithoutReceiptsDoNotKeepTheHatchShut() public {
        for (uint256 i = 0; i < 14; ++i) {
            uint64 next = nextEpoch();
            MarginClaim memory claim = demandOf(ALICE, base, next, "key");
            vm.prank(ALICE);
            vault.demandReceipt{value: BOND}(HELD, next, claim, "key");
            letStand();
        }
        pass(6 hours);
        assertEq(vault.newestStanding(HELD), base, "none of them stands");
        vault.openHatch(HELD, base);
        register(ALICE, USD_VALUE);
        reportMarks(base);
        settle();
        collect(ALICE, base);
        assertTrue(usd.balanceOf(ALICE) > 1e15 - 1_000e6, "paid");
    }

    /// No epoch ever stood: nobody has a leaf, so all that came in goes back.
    function test_aVenueThatNeverHadAStandingEpochRefundsAllDeposits() public {
        vault = newVault();
        fill(ALICE);
        vm.prank(OWNER);
        registry.registerVenue(12, vaultConfig());
        vm.prank(OWNER);
        vault.setTokenAllowed(address(usd), true);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(12, heldAssets());
        vault.setRules(12, vaultRules(), vaultLimits());
        vm.stopPrank();
        pass(365 days);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, type(uint256).max, block.timestamp));
        vault.openHatch(12, 0);
        vm.prank(ALICE);
        uint256 depositId = vault.deposit(12, 0, 500, "");
        uint256 dueAt = block.timestamp + 2 days;
        vm.prank(venueOperator);
        registry.openSnapshot(12);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, dueAt, block.timestamp));
        vault.openHatch(12, 0);
        pass(2 days);
        vault.openHatch(12, 0);
        vm.startPrank(ALICE);
        vault.refundDeposit(depositId, ALICE);
        assertEq(usd.balanceOf(address(vault)), 0, "all of it");
        MarkClaim memory mark = markOf(0, USD_ROW, USD_MARK);
        vm.stopPrank();
        vm.prank(PARAMETERS);
        markets.stateSettlementRows(12, heldRows(), rowAssets());
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, 12, 0));
        vault.reportMark(12, 0, mark);
        ExitClaim memory claim = exitOf(ALICE, 0, 500);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, 12, 0));
        vault.registerExit(12, claim);
    }

    // ---- a closed venue ----

    function test_aClosedVenueTakesNothingMoreAndNeverOpensAgain() public {
        setHouse(HOUSE);
        base = standingEpoch();
        Payout memory p = payoutOf(ALICE, base, USD_ROW, 1);
        openHatch();
        bytes memory closed = error1(IVaultMessages.VenueClosed.selector, HELD);
        refused(ALICE, abi.encodeCall(vault.deposit, (HELD, 0, 1, "")), closed);
        refused(ALICE, abi.encodeCall(vault.depositFund, (HELD, 1)), closed);
        refused(ALICE, abi.encodeCall(vault.withdraw, (HELD, p, "")), closed);
        refused(ALICE, abi.encodeCall(vault.requestWithdrawal, (HELD, p, signerOf(ALICE, base, base))), closed);
        refused(ALICE, abi.encodeCall(vault.moveToCleared, (HELD, p, "", "")), closed);
        refused(HOUSE, abi.encodeCall(vault.moveToTree, (HELD, 0, 1, BOB, "")), closed);
        refused(HOUSE, abi.encodeCall(vault.depositCleared, (HELD, 0, 1)), closed);
        refused(ALICE, abi.encodeCall(vault.openHatch, (HELD, base)), closed);
        refused(
            ALICE,
            abi.encodeCall(vault.demandReceiptOfDeposit, (base, 1, "")),
            abi.encodeWithSelector(IVaultMessages.NotDepositOfEpoch.selector, 1, base)
        );
        MarginClaim memory demand = demandOf(ALICE, base - 1, base, "");
        refused(ALICE, abi.encodeCall(vault.demandReceipt, (HELD, base, demand, "")), closed);
        vm.prank(venueOperator);
        vm.expectRevert(closed);
        registry.openSnapshot(HELD);
    }

    /// Every function of every role, once the hatch is open: none changes anything for exits.
    function test_noRoleHasAPartInTheHatch() public {
        vm.prank(PARAMETERS);
        vault.proposeClearingHouse(HELD, PARAMETERS);
        vm.prank(PARAMETERS);
        vault.proposeRules(HELD, vaultRules());
        vm.prank(PARAMETERS);
        vault.proposeFundWithdrawal(HELD, 1);
        pass(3 days);
        openHatch();
        bytes memory closed = error1(IVaultMessages.VenueClosed.selector, HELD);
        refused(PARAMETERS, abi.encodeCall(vault.proposeRules, (HELD, vaultRules())), closed);
        refused(PARAMETERS, abi.encodeCall(vault.activateRules, (HELD, vaultRules())), closed);
        refused(PARAMETERS, abi.encodeCall(vault.proposeLimits, (HELD, vaultLimits())), closed);
        refused(PARAMETERS, abi.encodeCall(vault.activateLimits, (HELD, vaultLimits())), closed);
        refused(PARAMETERS, abi.encodeCall(vault.proposeClearingHouse, (HELD, PARAMETERS)), closed);
        refused(PARAMETERS, abi.encodeCall(vault.activateClearingHouse, (HELD, PARAMETERS)), closed);
        refused(PARAMETERS, abi.encodeCall(vault.proposeFundWithdrawal, (HELD, 1)), closed);
        refused(PARAMETERS, abi.encodeCall(vault.activateFundWithdrawal, (HELD, 1)), closed);
        refused(
            PARAMETERS,
            abi.encodeCall(vault.setRules, (HELD, vaultRules(), vaultLimits())),
            error1(IVaultMessages.RulesExist.selector, HELD)
        );
        refused(ADMIN, abi.encodeCall(vault.setPaused, (HELD, true)), closed);
        refused(venueOperator, abi.encodeCall(vault.setPaused, (HELD, true)), closed);
        vm.startPrank(OWNER);
        vault.setTokenAllowed(address(usd), false);
        vault.setTokenAllowed(address(btc), false);
        vm.stopPrank();
        vm.startPrank(ADMIN);
        registry.setOperator(HELD, STRANGER);
        registry.setParameterAdmin(HELD, STRANGER);
        vm.stopPrank();
        register(ALICE, USD_VALUE);
        register(BOB, BTC_VALUE);
        reportMarks(base);
        settle();
        uint256 before = usd.balanceOf(ALICE);
        collect(ALICE, base);
        collect(BOB, base);
        assertEq(usd.balanceOf(ALICE) - before, 625e6, "its share of the basket");
        assertTrue(vault.treeBalance(HELD, 0) == 0 && vault.exitBalance(HELD, 0) == 0, "all of it was claimed");
    }

    /// Paused before, closed after: the pause stops nobody.
    function test_K32_aVenueThatWasPausedIsWoundUpAsAnyOther() public {
        vm.prank(venueOperator);
        vault.setPaused(HELD, true);
        openHatch();
        assertTrue(vault.state(HELD) == ReserveState.CLOSED, "closed, not paused");
        register(ALICE, USD_VALUE);
        reportMarks(base);
        settle();
        collect(ALICE, base);
    }

    function test_beforeTheHatchNothingOfItWorks() public {
        bytes memory reason = error1(IVaultMessages.VenueNotClosed.selector, HELD);
        refused(ALICE, abi.encodeCall(vault.registerExit, (HELD, exitOf(ALICE, base, 1))), reason);
        refused(ALICE, abi.encodeCall(vault.reportMark, (HELD, 0, markOf(base, USD_ROW, 1))), reason);
        refused(ALICE, abi.encodeCall(vault.settleRound, (HELD)), reason);
        refused(ALICE, abi.encodeCall(vault.refundDeposit, (1, ALICE)), reason);
        refused(
            ALICE,
            abi.encodeCall(vault.collectExit, (HELD, nf(ALICE, base), new uint256[](1))),
            error1(IVaultMessages.RoundNotSettled.selector, 0)
        );
    }

    // ---- the fund ----

    function test_theFundJoinsWhatIsSharedWhereItsTokenIsAnAsset() public {
        vm.prank(ALICE);
        vault.depositFund(HELD, 400e6);
        openHatch();
        assertEq(vault.fundOf(HELD), 0, "fund");
        assertEq(vault.treeBalance(HELD, 0), 1_400e6, "tree");
        register(ALICE, USD_VALUE + BTC_VALUE + 400e12);
        reportMarks(base);
        settle();
        uint256 before = usd.balanceOf(ALICE);
        collect(ALICE, base);
        assertEq(usd.balanceOf(ALICE) - before, 1_400e6, "shared");
    }

    // ---- deposits ----

    function test_depositsSinceTheSnapshotAreRefundedToWhomTheirDepositorSays() public {
        uint256 late = deposit(BOB, 0, 77);
        openHatch();
        bytes memory nothing = error1(IVaultMessages.NothingToRefund.selector, 1);
        refused(ALICE, abi.encodeCall(vault.refundDeposit, (1, ALICE)), nothing);
        refused(
            ALICE,
            abi.encodeCall(vault.refundDeposit, (late, ALICE)),
            abi.encodeWithSelector(IVaultMessages.NotDepositor.selector, late, ALICE)
        );
        vm.expectEmit(address(vault));
        emit IVaultMessages.DepositRefunded(late, STRANGER, 77);
        vm.prank(BOB);
        vault.refundDeposit(late, STRANGER);
        assertEq(usd.balanceOf(STRANGER), 77, "refunded");
        refused(
            BOB, abi.encodeCall(vault.refundDeposit, (late, BOB)), error1(IVaultMessages.NothingToRefund.selector, late)
        );
        assertEq(vault.freeBalance(HELD, 0, base), 1_000e6, "the rest is what it was");
    }

    function test_exitsNeverGetWhatIsToBeRefunded() public {
        uint256 late = deposit(BOB, 0, 500e6);
        openHatch();
        register(ALICE, 100 * USD_VALUE);
        reportMarks(base);
        settle();
        collect(ALICE, base);
        assertEq(vault.treeBalance(HELD, 0), 500e6, "the deposit is there");
        vm.prank(BOB);
        vault.refundDeposit(late, BOB);
        assertEq(vault.treeBalance(HELD, 0), 0, "and goes back");
    }

    /// Of an asset that the base's table lacks no leaf holds anything, and no mark could be shown.
    function test_anAssetWithoutARowBlocksNothingAndIsRefunded() public {
        uint256 early = deposit(BOB, 2, 50);
        standingEpoch();
        uint256 late = deposit(BOB, 2, 60);
        base = openHatch();
        register(ALICE, USD_VALUE);
        reportMarks(base);
        settle();
        collect(ALICE, base);
        vm.startPrank(BOB);
        vault.refundDeposit(early, BOB);
        vault.refundDeposit(late, BOB);
        assertEq(vault.treeBalance(HELD, 2), 0, "all of it");
    }

    // ---- requests ----

    function test_requestsOfBeforeTheBasesSnapshotArePaidDeferredOrNot() public {
        uint256 pending = request(ALICE, base, USD_ROW, 300);
        uint256 deferred = request(BOB, base, BTC_ROW, 5);
        defer(deferred, nf(BOB, base));
        base = standingEpoch();
        openHatch();
        vault.payRequest(pending);
        refused(
            BOB,
            abi.encodeCall(vault.cancelRequest, (deferred)),
            error1(IVaultMessages.RequestPrecedesBase.selector, deferred)
        );
        vault.payRequest(deferred);
        assertTrue(vault.pendingBalance(HELD, 0) == 0 && vault.pendingBalance(HELD, 1) == 0, "paid");
        register(BOB, BTC_VALUE);
    }

    function test_laterRequestsArePaidOrIfDeferredGivenBackToTheLeaf() public {
        uint256 pending = request(ALICE, base, USD_ROW, 300);
        uint256 deferred = request(BOB, base, BTC_ROW, 4_000);
        defer(deferred, nf(BOB, base));
        openHatch();
        bytes memory wrong =
            abi.encodeWithSelector(IVaultMessages.WrongRequestStatus.selector, deferred, RequestStatus.DEFERRED);
        reportMarks(base);
        // Else the account would lose what it gave up.
        refuseExit(exitOf(BOB, base, BTC_VALUE), wrong);
        vm.expectRevert(error1(IVaultMessages.RequestNotDue.selector, deferred));
        vault.payRequest(deferred);
        refused(
            ALICE,
            abi.encodeCall(vault.cancelRequest, (pending)),
            abi.encodeWithSelector(IVaultMessages.WrongRequestStatus.selector, pending, RequestStatus.PENDING)
        );
        vault.payRequest(pending);
        vm.prank(STRANGER);
        vault.cancelRequest(deferred);
        assertEq(vault.paidUnder(nf(BOB, base)).quanta, 0, "nothing was taken");
        assertTrue(vault.isNullifierUsed(nf(BOB, base)), "and the nullifier stays used");
        register(BOB, BTC_VALUE);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, BTC_VALUE, "the whole leaf");
        register(ALICE, USD_VALUE);
        assertEq(vault.exitOf(HELD, nf(ALICE, base)).amount, USD_VALUE - 300e6, "less what was paid");
        assertEq(vault.freeBalance(HELD, 1, base), 1_000_000, "and what covers it is back");
    }

    /// The snapshot of the next epoch was open: both leaves, and only one of them the base.
    function test_aCancelledRequestGivesBackToBothLeaves() public {
        openSnapshot();
        uint256 deferred = request(BOB, base, BTC_ROW, 4_000);
        defer(deferred, nf(BOB, base));
        acceptEpoch();
        letStand();
        base = openHatch();
        vault.cancelRequest(deferred);
        register(BOB, BTC_VALUE);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, BTC_VALUE, "the whole leaf");
    }

    /// The request is in the base's leaf, its cancellation is not: what came back is refunded.
    function test_aRequestCancelledAfterTheBasesSnapshotIsRefunded() public {
        uint256 requestId = request(BOB, base, BTC_ROW, 4_000);
        base = standingEpoch();
        vm.prank(BOB);
        vault.cancelRequest(requestId);
        openHatch();
        register(BOB, 360e12);
        vm.prank(BOB);
        vault.refundDeposit(3, BOB);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "the debited leaf");
    }

    /// Request and cancellation both came after the base's snapshot: the leaf less the amount, and the amount.
    function test_aRequestMadeAndCancelledAfterTheBasesSnapshotIsCountedOnce() public {
        uint256 requestId = request(BOB, base, BTC_ROW, 4_000);
        vm.prank(BOB);
        vault.cancelRequest(requestId);
        openHatch();
        reportMarks(base);
        register(BOB, BTC_VALUE);
        vm.prank(BOB);
        vault.refundDeposit(3, BOB);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "not both");
    }

    // ---- cleared accounts ----

    function test_theClearingHousePaysItsOwnAfterTheVenueClosed() public {
        setHouse(HOUSE);
        base = standingEpoch();
        Payout memory p = draftPayout(BOB, base, BTC_ROW, 4_000);
        p = sealPayout(p, vault.moveAction("h", p.deadline));
        vault.moveToCleared(HELD, p, "h", signed(OPERATOR_KEY, moveHash(p, "h")));
        openHatch();
        reportMarks(base);
        register(BOB, BTC_VALUE);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "the move counts as taken");
        assertEq(vault.freeBalance(HELD, 1, base), 600_000, "cleared tokens are not shared");
        vm.prank(HOUSE);
        vault.payCleared(HELD, 1, 400_000, BOB);
    }
}
