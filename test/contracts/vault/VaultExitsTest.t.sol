// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs, ExitClaim, MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Exit, ExitRound} from "../../../contracts/interfaces/VaultTypes.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {WindUpFixture} from "./WindUpFixture.sol";

/// @dev Exits: what a claim is, and what it gets.
contract VaultExitsTest is WindUpFixture {
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

    // ---- rounding and size ----

    /// 1,000,050 base units at 7 a quantum of 100 are worth 70,003 and a half.
    function test_halfAValueUnitIsRoundedAgainstTheClaim() public {
        deposit(BOB, 1, 50);
        base = standingEpoch();
        openHatch();
        vault.reportMark(HELD, 0, markOf(base, USD_ROW, 0));
        vault.reportMark(HELD, 1, markOf(base, BTC_ROW, 7));
        register(ALICE, 70_003);
        settle();
        assertEq(vault.roundAt(HELD, 1).denominator, 70_004, "rounded up");
        uint256 before = btc.balanceOf(ALICE);
        collect(ALICE, base);
        assertEq(btc.balanceOf(ALICE) - before, 1_000_035, "not all of it");
    }

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
