// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ClearedAccount, Collateral, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IMarketSource} from "../../../contracts/interfaces/IMarketSource.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev Collateral into an account and out of it, from and to an address.
contract HouseCollateralTest is HouseFixture {
    function rejected() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector);
    }

    /// @dev Taking from an account that has nothing but cash and spot.
    function unmargined(Collateral memory c) private returns (Transition memory t) {
        t = draftTransition(table);
        t.unmargined = true;
        t = sealAdjust(alice, address(0), c, t);
    }

    function margined(Collateral memory c) private returns (Transition memory) {
        return sealAdjust(alice, address(0), c, draftTransition(table));
    }

    function refuseOpen(address who, address controller, Collateral memory c, Transition memory t, bytes memory reason)
        private
    {
        uint64 before = house.handles();
        refusedBy(who, abi.encodeCall(house.open, (HELD, controller, c, t)), reason);
        assertEq(house.handles(), before, "no handle");
    }

    // ---- opening ----

    function test_P214_anAccountIsOpenedWithWhatItsOwnerBrings() public {
        Collateral memory c = bringing(USD_ROW, 700);
        Transition memory t = opening(BOB, ALICE, c);
        uint256 had = usd.balanceOf(ALICE);
        uint256 cleared = vault.clearedBalance(HELD, 0);
        vm.prank(ALICE);
        uint64 handle = house.open(HELD, BOB, c, t);
        assertEq(handle, 3, "the third");
        ClearedAccount memory account = house.accountOf(handle);
        assertEq(account.commitment, t.newCommitment, "its commitment");
        assertEq(account.controller, BOB, "its controller");
        assertEq(account.venueId, HELD, "its venue");
        assertEq(had - usd.balanceOf(ALICE), 700, "the caller paid");
        assertEq(vault.clearedBalance(HELD, 0) - cleared, 700, "to the vault");
        assertEq(usd.balanceOf(address(house)), 0, "the house keeps nothing");
    }

    function test_P214_nobodyOpensWithAProofMadeForAnotherCallerOrController() public {
        Collateral memory c = bringing(USD_ROW, 700);
        Transition memory t = opening(ALICE, ALICE, c);
        refuseOpen(BOB, ALICE, c, t, rejected());
        refuseOpen(ALICE, BOB, c, t, rejected());
        c.inAmount = 701;
        refuseOpen(ALICE, ALICE, c, t, rejected());
        c.inAmount = 0;
        refuseOpen(ALICE, ALICE, c, t, rejected());
    }

    function test_P214_anOpeningBringsOnly() public {
        Collateral memory c = taking(USD_ROW, 1, ALICE);
        c.inAmount = 1;
        refuseOpen(
            ALICE, ALICE, c, opening(ALICE, ALICE, c), abi.encodeWithSelector(IClearingHouse.NothingToTakeOut.selector)
        );
    }

    function test_P214_anOpeningIsOfAVenueWithRulesInTimeAndUnderAController() public {
        Collateral memory c = bringing(USD_ROW, 5);
        Transition memory t = opening(ALICE, ALICE, c);
        refuseOpen(ALICE, address(0), c, t, abi.encodeWithSelector(IClearingHouse.ZeroController.selector));
        refusedBy(
            ALICE,
            abi.encodeCall(house.open, (VENUE, ALICE, c, t)),
            abi.encodeWithSelector(IVenueTimelock.NoRules.selector, VENUE)
        );
        refusedBy(
            ALICE,
            abi.encodeCall(house.open, (2 ** 64, ALICE, c, t)),
            abi.encodeWithSelector(IClearingHouse.VenueOutOfRange.selector, 2 ** 64)
        );
        c.deadline = uint64(block.timestamp - 1);
        refuseOpen(
            ALICE,
            ALICE,
            c,
            t,
            abi.encodeWithSelector(IClearingHouse.DeadlineMissed.selector, block.timestamp - 1, block.timestamp)
        );
    }

    function test_P214_onlyItsControllerNamesAnAccountsNextController() public {
        bytes memory call = abi.encodeCall(house.setController, (alice, BOB));
        refusedBy(BOB, call, abi.encodeWithSelector(IClearingHouse.NotController.selector, alice, BOB));
        refusedBy(
            ALICE,
            abi.encodeCall(house.setController, (alice, address(0))),
            abi.encodeWithSelector(IClearingHouse.ZeroController.selector)
        );
        refusedBy(
            address(0),
            abi.encodeCall(house.setController, (99, ALICE)),
            abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 99)
        );
        vm.expectEmit(address(house));
        emit IClearingHouse.ControllerChanged(alice, BOB);
        vm.prank(ALICE);
        house.setController(alice, BOB);
        assertEq(house.accountOf(alice).controller, BOB, "controller");
        refusedBy(ALICE, call, abi.encodeWithSelector(IClearingHouse.NotController.selector, alice, ALICE));
    }

    // ---- in ----

    function test_P216_whoBringsCollateralPaysForIt() public {
        Collateral memory c = bringing(BTC_ROW, 40);
        Transition memory t = sealAdjust(alice, BOB, c, draftTransition(table));
        uint256 had = btc.balanceOf(BOB);
        refuseAdjust(ALICE, alice, c, t, rejected());
        vm.expectEmit(address(house));
        emit IClearingHouse.CollateralIn(alice, 1, 40 * BTC_UNITS);
        adjustBy(BOB, c, t);
        assertEq(had - btc.balanceOf(BOB), 40 * BTC_UNITS, "quanta in token base units");
        assertEq(commitmentOf(alice), t.newCommitment, "alice's account");
    }

    function adjustBy(address who, Collateral memory c, Transition memory t) private {
        bytes memory receipt = receiptFor(alice, t);
        vm.prank(who);
        house.adjust(alice, c, t, receipt);
    }

    function test_P216_aTokenThatKeepsAFeeLeavesNobodyShort() public {
        Collateral memory c = bringing(BTC_ROW, 40);
        Transition memory t = sealAdjust(alice, ALICE, c, draftTransition(table));
        btc.setOddity(OddToken.Oddity.FEE);
        refuseAdjust(
            ALICE,
            alice,
            c,
            t,
            abi.encodeWithSelector(IClearingHouse.NotInWholeQuanta.selector, 1, 3_960, 40 * BTC_UNITS)
        );
        btc.setOddity(OddToken.Oddity.RETURNS_NOTHING);
        adjust(ALICE, alice, c, t);
    }

    function test_P216_aTokenCannotReenterTheHouse() public {
        Collateral memory c = bringing(BTC_ROW, 40);
        Transition memory t = sealAdjust(alice, ALICE, c, draftTransition(table));
        btc.setOddity(OddToken.Oddity.REENTERS);
        btc.setCall(address(house), abi.encodeCall(house.adjust, (alice, c, t, receiptFor(alice, t))));
        refuseAdjust(
            ALICE, alice, c, t, abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }

    function test_P216_onlyCashAndSpotRowsAreCollateral() public {
        Collateral memory c = bringing(9, 40);
        Transition memory t = sealAdjust(alice, ALICE, c, draftTransition(table));
        refuseAdjust(
            ALICE, alice, c, t, abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, HELD, uint16(9))
        );
    }

    function test_P216_aPausedVaultTakesNothingAndLetsGo() public {
        vm.prank(ADMIN);
        vault.setPaused(HELD, true);
        Collateral memory c = bringing(USD_ROW, 40);
        Transition memory t = sealAdjust(alice, ALICE, c, draftTransition(table));
        refuseAdjust(ALICE, alice, c, t, abi.encodeWithSelector(IVaultMessages.VenuePaused.selector, HELD));
        c = taking(USD_ROW, 40, BOB);
        adjust(STRANGER, alice, c, unmargined(c));
    }

    // ---- out ----

    function test_P216_anybodySubmitsAndOnlyTheRecipientIsPaid() public {
        Collateral memory c = taking(USD_ROW, 300, BOB);
        Transition memory t = margined(c);
        uint256 had = usd.balanceOf(BOB);
        Collateral memory stolen = taking(USD_ROW, 300, STRANGER);
        refuseAdjust(STRANGER, alice, stolen, t, rejected());
        refuseAdjust(STRANGER, bob, c, t, rejected());
        vm.expectEmit(address(house));
        emit IClearingHouse.CollateralOut(alice, 0, 300, BOB);
        adjustBy(STRANGER, c, t);
        assertEq(usd.balanceOf(BOB) - had, 300, "paid");
        refuseAdjust(STRANGER, alice, c, t, rejected());
    }

    function test_P216_moreThanTheSubLedgerHasDoesNotLeave() public {
        // A true proof cannot say so; were one false, it would take from no tree account.
        Collateral memory c = taking(USD_ROW, 30_001, BOB);
        refuseAdjust(
            ALICE,
            alice,
            c,
            unmargined(c),
            abi.encodeWithSelector(IVaultMessages.LedgerTooSmall.selector, HELD, 0, 30_000, 30_001)
        );
    }

    function test_P216_oneAssetIsExchangedForAnother() public {
        Collateral memory c = bringing(BTC_ROW, 2);
        (c.outRow, c.outAmount, c.recipient) = (USD_ROW, 90, BOB);
        Transition memory t = sealAdjust(alice, ALICE, c, draftTransition(table));
        uint256 had = usd.balanceOf(BOB);
        adjustBy(ALICE, c, t);
        assertEq(usd.balanceOf(BOB) - had, 90, "out");
        assertEq(vault.clearedBalance(HELD, 1), 2 * BTC_UNITS, "in");
    }

    function test_P216_collateralMovesUntilItsDeadlineAndByItsOwner() public {
        Collateral memory c = taking(USD_ROW, 300, BOB);
        c.deadline = uint64(block.timestamp - 1);
        refuseAdjust(
            ALICE,
            alice,
            c,
            unmargined(c),
            abi.encodeWithSelector(IClearingHouse.DeadlineMissed.selector, block.timestamp - 1, block.timestamp)
        );
        c.deadline = uint64(block.timestamp);
        Transition memory t = draftTransition(table);
        t.owned = false;
        refuseAdjust(ALICE, alice, c, t, abi.encodeWithSelector(IClearingHouse.OwnerMissing.selector, alice));
        (c.outAmount, c.inAmount) = (0, 0);
        refuseAdjust(ALICE, alice, c, t, abi.encodeWithSelector(IClearingHouse.NothingMoves.selector));
        c.outAmount = 300;
        adjust(ALICE, alice, c, unmargined(c));
    }

    function test_P216_theRiskReducingExceptionIsNoWayOut() public {
        Collateral memory c = taking(USD_ROW, 300, BOB);
        Transition memory t = draftTransition(table);
        t.reducing = true;
        t = sealAdjust(alice, address(0), c, t);
        refuseAdjust(ALICE, alice, c, t, rejected());
    }

    // ---- exits ----

    function test_P215_unmarginedFundsLeaveAHaltedVenueUnderAnyTableWithoutAReceipt() public {
        uint256 old = maintenanceTable();
        vm.warp(block.timestamp + HALT_AFTER + 1);
        Collateral memory c = taking(USD_ROW, 300, BOB);
        Transition memory t = draftTransition(old);
        t.unmargined = true;
        t = sealAdjust(alice, address(0), c, t);
        house.adjust(alice, c, t, "");
        assertEq(commitmentOf(alice), t.newCommitment, "out");
    }

    function test_P215_whatMarginDependsOnLeavesUnderANewTableOfInitialLevel() public {
        Collateral memory c = taking(USD_ROW, 300, BOB);
        uint256 lower = maintenanceTable();
        Transition memory t = sealAdjust(alice, address(0), c, draftTransition(lower));
        refuseAdjust(ALICE, alice, c, t, abi.encodeWithSelector(IClearingHouse.TableNotInitialLevel.selector, lower));
        t = margined(c);
        vm.warp(block.timestamp + TABLE_AGE + 1);
        refuseAdjust(
            ALICE,
            alice,
            c,
            t,
            abi.encodeWithSelector(IClearingHouse.ClearingTableTooOld.selector, TABLE_AGE + 1, TABLE_AGE)
        );
        vm.warp(block.timestamp - 1);
        refusedBy(
            ALICE,
            abi.encodeCall(house.adjust, (alice, c, t, "")),
            abi.encodeWithSelector(IClearingHouse.OpeningsNotSigned.selector, HELD)
        );
        adjust(ALICE, alice, c, t);
    }

    function test_P215_whatMarginDependsOnDoesNotLeaveAHaltedVenue() public {
        vm.warp(block.timestamp + HALT_AFTER);
        table = initialTable();
        Collateral memory c = taking(USD_ROW, 300, BOB);
        Transition memory t = margined(c);
        adjust(ALICE, alice, c, t);
        vm.warp(block.timestamp + 1);
        refuseAdjust(ALICE, alice, c, margined(c), abi.encodeWithSelector(IClearingHouse.VenueHalted.selector, HELD));
    }
}
