// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs, ExitClaim, MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {
    Exit,
    ExitRound,
    Hatch,
    IVaultMessages,
    Payout,
    RequestStatus,
    VaultLimit
} from "../../../contracts/interfaces/ICollateralVault.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev The hatch: when it opens, what it owes, and that no role has a part in it.
contract VaultHatchTest is VaultFixture {
    uint64 private base;

    /// 1,000 USD and 0.01 BTC, worth 600 USD, in value units of 10^-12 USD.
    uint256 private constant USD_VALUE = 1_000e12;
    uint256 private constant BTC_VALUE = 600e12;

    function setUp() public override {
        super.setUp();
        deposit(ALICE, 0, 1_000e6);
        deposit(BOB, 1, 10_000 * BTC_UNITS);
        base = standingEpoch();
    }

    function register(address account, uint256 equity) private {
        vault.registerExit(HELD, exitOf(account, base, equity));
    }

    function refuseExit(ExitClaim memory claim, bytes memory reason) private {
        vm.expectRevert(reason);
        vault.registerExit(HELD, claim);
    }

    function error1(bytes4 selector, uint256 a) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }

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
        refused(HOUSE, abi.encodeCall(vault.moveToTree, (HELD, 0, 1, "")), closed);
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

    // ---- claims ----

    function test_aClaimIsItsEquityForItsRecipientOnce() public {
        openHatch();
        vm.expectEmit(address(vault));
        emit IVaultMessages.ExitRegistered(HELD, nf(ALICE, base), 1, USD_VALUE, ALICE);
        vm.prank(STRANGER);
        register(ALICE, USD_VALUE);
        Exit memory exit = vault.exitOf(HELD, nf(ALICE, base));
        assertTrue(exit.round == 1 && exit.recipient == ALICE && exit.amount == USD_VALUE, "exit");
        assertEq(vault.roundAt(HELD, 1).claims, USD_VALUE, "claims");
        refuseExit(
            exitOf(ALICE, base, USD_VALUE), error1(IVaultMessages.ExitRegisteredBefore.selector, nf(ALICE, base))
        );
        refuseExit(exitOf(BOB, base, 0), error1(IVaultMessages.NothingToClaim.selector, nf(BOB, base)));
    }

    function test_anExitSaysWhatItWasProvenFor() public {
        openHatch();
        bytes memory rejected = abi.encodeWithSelector(IAccountProofs.ExitProofRejected.selector);
        ExitClaim memory claim = exitOf(ALICE, base, USD_VALUE);
        claim.equity += 1;
        refuseExit(claim, rejected);
        claim = exitOf(ALICE, base, USD_VALUE);
        claim.recipient = STRANGER;
        refuseExit(claim, rejected);
        claim = exitOf(ALICE, base, USD_VALUE);
        claim.nullifier = nf(BOB, base);
        refuseExit(claim, rejected);
        // K28: of another epoch.
        refuseExit(exitOf(ALICE, base + 1, USD_VALUE), rejected);
        claim.nullifier += P;
        refuseExit(
            claim, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("nullifier"), claim.nullifier)
        );
        refuseExit(
            exitOf(ALICE, base, 2 ** 128),
            abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 128, 2 ** 128)
        );
    }

    function test_whatWasTakenSinceTheSnapshotIsTakenOff() public {
        withdraw(BOB, base, BTC_ROW, 4_000);
        openHatch();
        refuseExit(exitOf(BOB, base, BTC_VALUE), error1(IVaultMessages.MarksMissing.selector, 1));
        // Who took nothing needs no mark.
        register(ALICE, USD_VALUE);
        reportMarks(base);
        // All the account had.
        refuseExit(exitOf(BOB, base, 240e12), error1(IVaultMessages.NothingToClaim.selector, nf(BOB, base)));
        register(BOB, BTC_VALUE);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "less what was paid, at the mark");
    }

    /// clearing.md: payout twice across a snapshot. The base is the epoch whose snapshot the payout came after.
    function test_aPayoutAfterTheNextSnapshotIsTakenOffTheNextLeaf() public {
        openSnapshot();
        withdraw(BOB, base, BTC_ROW, 4_000);
        acceptEpoch();
        letStand();
        base = openHatch();
        reportMarks(base);
        register(BOB, BTC_VALUE);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "the leaf was not debited");
    }

    /// The snapshot was taken again after the payout: its leaf is debited, and nothing is taken off twice.
    function test_aPayoutBeforeASnapshotThatWasTakenAgainIsInItsLeaf() public {
        openSnapshot();
        withdraw(BOB, base, BTC_ROW, 4_000);
        openSnapshot();
        acceptEpoch();
        letStand();
        base = openHatch();
        assertTrue(vault.isNullifierUsed(nf(BOB, base)), "used up");
        register(BOB, 360e12);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "the debited leaf in full");
    }

    /// Payouts are of leaves no younger than the base: whatever stands later, none was missed.
    function test_aPayoutBeforeTheBasesSnapshotIsInItsLeaf() public {
        withdraw(BOB, base, BTC_ROW, 4_000);
        standingEpoch();
        base = openHatch();
        register(BOB, 360e12);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).amount, 360e12, "in full");
    }

    // ---- marks ----

    function test_aMarkIsReportedOnceAnAssetFromTheBasesTable() public {
        openHatch();
        MarkClaim memory claim = markOf(base, USD_ROW, USD_MARK);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.MarkOfAnotherAsset.selector, USD_ROW, 0, 1));
        vault.reportMark(HELD, 1, claim);
        claim.mark += 1;
        vm.expectRevert(abi.encodeWithSelector(IAccountProofs.MarkProofRejected.selector));
        vault.reportMark(HELD, 0, claim);
        claim = markOf(base + 1, USD_ROW, USD_MARK);
        vm.expectRevert(abi.encodeWithSelector(IAccountProofs.MarkProofRejected.selector));
        vault.reportMark(HELD, 0, claim);
        claim = markOf(base, BTC_TIER, BTC_MARK);
        vm.expectEmit(address(vault));
        emit IVaultMessages.MarkReported(HELD, 1, BTC_TIER, BTC_MARK);
        vault.reportMark(HELD, 1, claim);
        claim = markOf(base, BTC_ROW, BTC_MARK);
        vm.expectRevert(error1(IVaultMessages.MarkReportedBefore.selector, 1));
        vault.reportMark(HELD, 1, claim);
    }

    // ---- rounds ----

    function test_aRoundClosesWithItsWindowAndTheMarks() public {
        openHatch();
        uint256 closesAt = vault.hatchOf(HELD).roundClosesAt;
        register(ALICE, USD_VALUE);
        vm.warp(closesAt - 1);
        vm.expectRevert(error1(IVaultMessages.RoundOpen.selector, closesAt));
        vault.settleRound(HELD);
        vm.warp(closesAt);
        refuseExit(exitOf(BOB, base, 1), error1(IVaultMessages.RoundNotSettled.selector, 1));
        vault.reportMark(HELD, 0, markOf(base, USD_ROW, USD_MARK));
        vm.expectRevert(error1(IVaultMessages.MarksMissing.selector, 1));
        vault.settleRound(HELD);
        vault.reportMark(HELD, 1, markOf(base, BTC_ROW, BTC_MARK));
        vm.expectEmit(address(vault));
        emit IVaultMessages.RoundSettled(HELD, 1, USD_VALUE, USD_VALUE + BTC_VALUE);
        vault.settleRound(HELD);
        ExitRound memory round = vault.roundAt(HELD, 1);
        assertTrue(round.claims == USD_VALUE && round.denominator == USD_VALUE + BTC_VALUE, "round");
        assertTrue(vault.hatchOf(HELD).round == 2, "the next");
    }

    function test_aRoundWithoutClaimsOpensAgainWithItsFirst() public {
        openHatch();
        pass(30 days);
        vm.expectRevert(error1(IVaultMessages.RoundEmpty.selector, 1));
        vault.settleRound(HELD);
        register(ALICE, USD_VALUE);
        assertEq(vault.hatchOf(HELD).roundClosesAt, block.timestamp + 7 days, "a whole window");
        assertEq(vault.exitOf(HELD, nf(ALICE, base)).round, 1, "still the first");
        register(BOB, BTC_VALUE);
        reportMarks(base);
        settle();
    }

    /// f = 1: each claim gets its value as a basket, and the rest waits for later claims.
    function test_whenThereIsEnoughEachClaimGetsItsValueAndLaterOnesTheRest() public {
        openHatch();
        register(ALICE, USD_VALUE);
        reportMarks(base);
        settle();
        (uint256 usdBefore, uint256 btcBefore) = (usd.balanceOf(ALICE), btc.balanceOf(ALICE));
        vm.expectEmit(address(vault));
        emit IVaultMessages.ExitCollected(HELD, nf(ALICE, base), 0, 625e6, ALICE);
        collect(ALICE, base);
        assertEq(usd.balanceOf(ALICE) - usdBefore, 625e6, "USD of the basket");
        assertEq(btc.balanceOf(ALICE) - btcBefore, 625_000, "BTC of the basket");
        register(BOB, BTC_VALUE);
        assertEq(vault.exitOf(HELD, nf(BOB, base)).round, 2, "the next round");
        settle();
        btcBefore = btc.balanceOf(BOB);
        collect(BOB, base);
        assertEq(btc.balanceOf(BOB) - btcBefore, 375_000, "the rest");
        assertTrue(vault.treeBalance(HELD, 0) == 0 && vault.treeBalance(HELD, 1) == 0, "nothing is left");
    }

    /// f < 1: claims are twice what is there.
    function test_whenThereIsTooLittleEachClaimGetsTheSameShare() public {
        openHatch();
        register(ALICE, 2 * USD_VALUE);
        register(BOB, 2 * BTC_VALUE);
        reportMarks(base);
        settle();
        (uint256 alices, uint256 bobs) = (usd.balanceOf(ALICE), usd.balanceOf(BOB));
        collect(ALICE, base);
        collect(BOB, base);
        assertEq(usd.balanceOf(ALICE) - alices, 625e6, "5/8 of the basket");
        assertEq(usd.balanceOf(BOB) - bobs, 375e6, "3/8 of the basket");
        register(address(0xC5), 5);
        settle();
        collect(address(0xC5), base);
        assertEq(usd.balanceOf(address(0xC5)), 0, "a late claim gets what is left: nothing");
    }

    function test_anAssetIsCollectedOnceAndOnlyAfterItsRound() public {
        openHatch();
        register(ALICE, USD_VALUE);
        uint256[] memory one = new uint256[](1);
        vm.expectRevert(error1(IVaultMessages.RoundNotSettled.selector, 1));
        vault.collectExit(HELD, nf(ALICE, base), one);
        reportMarks(base);
        settle();
        vault.collectExit(HELD, nf(ALICE, base), one);
        bytes memory before = abi.encodeWithSelector(IVaultMessages.CollectedBefore.selector, nf(ALICE, base), 0);
        vm.expectRevert(before);
        vault.collectExit(HELD, nf(ALICE, base), one);
        uint256[] memory twice = new uint256[](2);
        (twice[0], twice[1]) = (1, 1);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.CollectedBefore.selector, nf(ALICE, base), 1));
        vault.collectExit(HELD, nf(ALICE, base), twice);
        one[0] = 2;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownAsset.selector, HELD, 2));
        vault.collectExit(HELD, nf(ALICE, base), one);
        one[0] = 1;
        vault.collectExit(HELD, nf(ALICE, base), one);
    }

    function test_K31_aTokenThatRefusesATransferBlocksNoOther() public {
        openHatch();
        register(ALICE, USD_VALUE);
        reportMarks(base);
        settle();
        btc.setBlacklisted(ALICE, true);
        uint256[] memory assets_ = new uint256[](2);
        assets_[1] = 1;
        vm.expectRevert(abi.encodeWithSelector(OddToken.Blacklisted.selector, ALICE));
        vault.collectExit(HELD, nf(ALICE, base), assets_);
        assets_ = new uint256[](1);
        vault.collectExit(HELD, nf(ALICE, base), assets_);
        btc.setBlacklisted(ALICE, false);
        assets_[0] = 1;
        vault.collectExit(HELD, nf(ALICE, base), assets_);
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

    // ---- rounding and size ----

    /// Whatever the claims, no exit gets more than its claim is worth, and no round more than there is.
    function testFuzz_noExitGetsMoreThanItsClaim(uint96[4] memory equities, uint64 usdIn, uint64 btcIn, uint40 mark)
        public
    {
        deposit(ALICE, 0, bound(usdIn, 1, 1e14));
        deposit(ALICE, 1, bound(btcIn, 1, 1e14));
        base = standingEpoch();
        openHatch();
        vault.reportMark(HELD, 0, markOf(base, USD_ROW, USD_MARK));
        vault.reportMark(HELD, 1, markOf(base, BTC_ROW, mark));
        for (uint160 i = 0; i < 4; ++i) {
            register(address(0xE000 + i), bound(equities[i], 1, type(uint96).max));
        }
        (uint256 usdHeld, uint256 btcHeld) = (vault.treeBalance(HELD, 0), vault.treeBalance(HELD, 1));
        settle();
        for (uint160 i = 0; i < 4; ++i) {
            address account = address(0xE000 + i);
            collect(account, base);
            (uint256 gotUsd, uint256 gotBtc) = (usd.balanceOf(account), btc.balanceOf(account));
            // In hundredths of value units, for a quantum of BTC is 100 base units.
            uint256 value = gotUsd * USD_MARK * 100 + gotBtc * mark;
            assertTrue(value <= 100 * bound(equities[i], 1, type(uint96).max), "worth its claim at most");
            usdHeld -= gotUsd;
            btcHeld -= gotBtc;
        }
        assertTrue(usdHeld >= vault.treeBalance(HELD, 0) && btcHeld >= vault.treeBalance(HELD, 1), "no round overspent");
    }
}
