// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    Collateral,
    ExpirySettlement,
    ExpiryTerms,
    Settlement,
    Transfer,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IMarketSource} from "../../../contracts/interfaces/IMarketSource.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev What the house takes from the liquidation contract alone, and what it takes from nobody while an account is frozen.
contract HouseLiquidationTest is HouseFixture {
    uint64 private constant DEBT = 400;

    function setUp() public override {
        super.setUp();
        terms.setLiquidations(HELD, address(liquidations));
        btc.mint(address(liquidations), 1e12);
        usd.mint(address(liquidations), 1e12);
        vm.prank(address(liquidations));
        usd.approve(address(house), type(uint256).max);
        liquidations.freeze(alice, true);
    }

    function frozen() private view returns (bytes memory) {
        return abi.encodeWithSelector(IClearingHouse.AccountFrozen.selector, alice);
    }

    function not(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IClearingHouse.NotLiquidations.selector, HELD, caller);
    }

    function rejected() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector);
    }

    /// @dev Alice's account is sold to bob, without alice.
    function sale() private returns (Settlement memory s) {
        s = draftSettlement(alice, bob, table);
        s.buyerSide.reducing = true;
        s.buyerSide.owned = false;
        s = sealBoth(s);
    }

    function settleAs(address who, Settlement memory s) private {
        bytes memory receipt = receiptOf(s);
        vm.prank(who);
        house.settle(s, receipt);
    }

    function refuseSale(address who, Settlement memory s, bytes memory reason) private {
        refusedBy(who, abi.encodeCall(house.settle, (s, receiptOf(s))), reason);
    }

    // ---- without the owner ----

    function test_P242_withoutTheOwnerOnlyTheVenuesLiquidationContractTrades() public {
        liquidations.freeze(alice, false);
        Settlement memory s = sale();
        address seller = address(liquidations);
        terms.setLiquidations(HELD, address(0));
        refuseSale(seller, s, not(seller));
        terms.setLiquidations(HELD, seller);
        refuseSale(seller, s, abi.encodeWithSelector(IClearingHouse.AccountNotFrozen.selector, alice));
        // Of the other side neither: a sound account's owner is asked.
        liquidations.freeze(bob, true);
        refuseSale(seller, s, abi.encodeWithSelector(IClearingHouse.AccountNotFrozen.selector, alice));
        liquidations.freeze(bob, false);
        liquidations.freeze(alice, true);
        refuseSale(address(this), s, not(address(this)));
        refuseSale(ALICE, s, not(ALICE));
        terms.setLiquidations(HELD, address(this));
        refuseSale(seller, s, not(seller));
        terms.setLiquidations(HELD, seller);
        settleAs(seller, s);
        assertEq(commitmentOf(alice), s.buyerSide.newCommitment, "without the owner");
    }

    function test_P242_aSideWithoutItsOwnerIsValidForTheLiquidationContractAlone() public {
        Settlement memory s = sale();
        refuseSide(s.trade, false, s.buyerSide, not(address(this)));
        vm.prank(address(liquidations));
        house.checkSide(s.trade, false, s.buyerSide);
    }

    function test_P242_aSaleTakesOlderPricesUntilLiquidationStops() public {
        address seller = address(liquidations);
        terms.setRefuses(Action.NEW_RISK, true);
        settleAs(seller, sale());
        terms.setRefuses(Action.LIQUIDATION, true);
        refuseSale(seller, sale(), abi.encodeWithSelector(IClearingHouse.NewRiskStopped.selector, HELD));
    }

    function test_P242_whoTakesASliceOverMayTakeItsRiskInEveryModeButHalt() public {
        address seller = address(liquidations);
        uint256 began = block.timestamp;
        vm.warp(began + STALE_AFTER + 1);
        table = initialTable();
        settleAs(seller, sale());
        vm.warp(began + HALT_AFTER + 1);
        table = initialTable();
        refuseSale(seller, sale(), abi.encodeWithSelector(IClearingHouse.VenueHalted.selector, HELD));
    }

    function test_P242_whoeverHeldTheOldOpeningHasTheNewOneOfASale() public {
        Settlement memory s = sale();
        bytes memory receipt = signOpenings(abi.encode(bob, s.sellerSide.newCommitment));
        vm.prank(address(liquidations));
        house.settle(s, receipt);
        assertEq(commitmentOf(alice), s.buyerSide.newCommitment, "alice's opening is signed for by nobody");
    }

    // ---- frozen ----

    function test_P242_aFrozenAccountTakesNothingFromItsOwner() public {
        Settlement memory s = sealBoth(draftSettlement(alice, bob, table));
        refuseSettle(s, frozen());
        refuseSide(s.trade, false, s.buyerSide, frozen());
        Settlement[] memory batch = new Settlement[](1);
        batch[0] = s;
        refusedBy(address(this), abi.encodeCall(house.settleBatch, (batch, receiptOf(s))), frozen());
        Collateral memory c = bringing(USD_ROW, 10);
        refuseAdjust(ALICE, alice, c, sealAdjust(alice, ALICE, c, draftTransition(table)), frozen());
        c = taking(USD_ROW, 10, ALICE);
        refuseAdjust(ALICE, alice, c, sealAdjust(alice, address(0), c, draftTransition(table)), frozen());
        for (uint256 i = 0; i < 2; ++i) {
            Transfer memory m = Transfer(alice, bob, USD_ROW, 10, uint64(block.timestamp));
            if (i == 1) (m.from, m.to) = (bob, alice);
            Transition memory from = sealTransfer(m, false, draftTransition(table));
            refuseTransfer(m, from, sealTransfer(m, true, draftTransition(table)), frozen());
        }
        liquidations.freeze(alice, false);
        settle(s);
    }

    function test_P242_nobodyElseIsHeldUpByAFrozenAccount() public {
        Collateral memory c = taking(USD_ROW, 10, BOB);
        adjust(BOB, bob, c, sealAdjust(bob, address(0), c, draftTransition(table)));
        assertEq(usd.balanceOf(address(house)), 0, "paid");
    }

    function test_P242_whatAFrozenAccountOwesIsSettledWithoutItsOwnerAlone() public {
        uint16[] memory groups = new uint16[](1);
        int64[] memory rates = new int64[](1);
        (groups[0], rates[0]) = (8, -77);
        terms.setFunding(USD_ROW, groups, rates);
        Transition memory t = sealFunding(draftTransition(table));
        refusedBy(address(this), abi.encodeCall(house.settleFunding, (alice, 3, t, receiptFor(alice, t))), frozen());
        t.owned = false;
        t = sealFunding(t);
        house.settleFunding(alice, 3, t, "");
        assertEq(commitmentOf(alice), t.newCommitment, "funded");
        (uint16[] memory rows, uint16 pay) = (groups, USD_ROW);
        ExpiryTerms memory expired = ExpiryTerms(rows[0], pay, 0, 0, uint64(block.timestamp));
        terms.setExpiry(HELD, expired, ExpirySettlement(5, 1, 0, 9));
        t = draftTransition(table);
        refusedBy(
            address(this), abi.encodeCall(house.settleExpiry, (alice, rows[0], t, receiptFor(alice, t))), frozen()
        );
    }

    function sealFunding(Transition memory t) private returns (Transition memory) {
        uint256 word = FUNDING + periodWord() + uint256(USD_ROW) * 2 ** 64 + uint256(3) * 2 ** 128;
        uint256 delta = uint256(8) + (2 ** 63 - 77) * 2 ** 16 + 2 ** 63 * 2 ** 96 + 2 ** 63 * 2 ** 176;
        return seal(t, commitmentOf(alice), word, delta);
    }

    /// A venue that wants an account frozen lets nobody have a table to answer under.
    function test_P242_fundsThatNoMarginDependsOnLeaveAFrozenAccount() public {
        Collateral memory c = taking(USD_ROW, 10, BOB);
        house.adjust(alice, c, unmargined(c), "");
        Transfer memory m = Transfer(alice, bob, USD_ROW, 10, uint64(block.timestamp));
        Transition memory from = draftTransition(table);
        from.unmargined = true;
        from = sealTransfer(m, false, from);
        Transition memory to = sealTransfer(m, true, draftTransition(table));
        bytes memory receipt = receiptOfTwo(alice, from, bob, to);
        house.transfer(m, from, to, receipt);
        assertEq(commitmentOf(alice), from.newCommitment, "out");
    }

    function test_P242_anAccountIsOpenedWhileAnotherIsFrozen() public {
        assertEq(opened(BOB, 5), bob + 1, "a new handle");
    }

    // ---- debts that others pay ----

    function paying(uint16 row, uint64 quanta) private returns (Transition memory t) {
        t = draftTransition(table);
        t.owned = false;
        t = sealPayIn(row, quanta, t);
    }

    function sealPayIn(uint16 row, uint64 quanta, Transition memory t) private returns (Transition memory) {
        return seal(t, commitmentOf(alice), COLLATERAL + periodWord(), uint256(row) + uint256(quanta) * 2 ** 16);
    }

    function payIn(uint16 row, uint64 quanta, uint256 covered) private returns (Transition memory t) {
        t = paying(row, quanta);
        vm.prank(address(liquidations));
        house.payIn(alice, row, quanta, t, covered);
    }

    function refusePayIn(address who, uint64 quanta, Transition memory t, uint256 covered, bytes memory reason)
        private
    {
        refusedBy(who, abi.encodeCall(house.payIn, (alice, BTC_ROW, quanta, t, covered)), reason);
    }

    function test_P243_aDebtIsPaidWithWhatTheLiquidationContractCovers() public {
        uint256 worth = uint256(DEBT) * BTC_UNITS;
        (uint256 had, uint256 cleared) = (btc.balanceOf(address(liquidations)), vault.clearedBalance(HELD, 1));
        vm.expectEmit(address(house));
        emit IClearingHouse.CollateralIn(alice, 1, worth);
        Transition memory t = payIn(BTC_ROW, DEBT, worth - 5);
        assertEq(commitmentOf(alice), t.newCommitment, "the debt is paid");
        assertEq(had - btc.balanceOf(address(liquidations)), worth - 5, "what is covered");
        assertEq(vault.clearedBalance(HELD, 1) - cleared, worth - 5, "in the cleared ledger");
        assertEq(btc.balanceOf(address(house)), 0, "the house keeps nothing");
    }

    function test_P243_aDebtThatNobodyCoversMovesNoToken() public {
        uint256 cleared = vault.clearedBalance(HELD, 1);
        payIn(BTC_ROW, DEBT, 0);
        assertEq(vault.clearedBalance(HELD, 1), cleared, "none");
    }

    function test_P243_nobodyElsePaysIntoAnAccountWithoutItsOwner() public {
        Transition memory t = paying(BTC_ROW, DEBT);
        refusePayIn(ALICE, DEBT, t, 0, not(ALICE));
        refusePayIn(venueOperator, DEBT, t, 0, not(venueOperator));
        terms.setLiquidations(HELD, address(0));
        refusePayIn(address(liquidations), DEBT, t, 0, not(address(liquidations)));
        terms.setLiquidations(HELD, address(liquidations));
        liquidations.freeze(alice, false);
        bytes memory sound = abi.encodeWithSelector(IClearingHouse.AccountNotFrozen.selector, alice);
        refusePayIn(address(liquidations), DEBT, t, 0, sound);
        Collateral memory c = bringing(BTC_ROW, DEBT);
        refuseAdjust(ALICE, alice, c, t, abi.encodeWithSelector(IClearingHouse.OwnerMissing.selector, alice));
    }

    function test_P243_aPaymentOfADebtIsOfItsProof() public {
        address payer = address(liquidations);
        Transition memory t = paying(BTC_ROW, DEBT);
        refusePayIn(payer, DEBT + 1, t, 0, rejected());
        refusePayIn(payer, 0, t, 0, rejected());
        t.unmargined = true;
        refusePayIn(payer, DEBT, t, 0, rejected());
        t.unmargined = false;
        t.owned = true;
        refusePayIn(payer, DEBT, sealPayIn(BTC_ROW, DEBT, t), 0, not(payer));
        t.owned = false;
        t = sealPayIn(BTC_ROW, DEBT, t);
        t.newCommitment += P;
        refusePayIn(
            payer,
            DEBT,
            t,
            0,
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("newCommitment"), t.newCommitment)
        );
        refusedBy(
            payer,
            abi.encodeCall(house.payIn, (99, BTC_ROW, DEBT, t, 0)),
            abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 99)
        );
    }

    /// A proof of what its owner brings says another context, and one of a debt that is paid can be brought by nobody else.
    function test_P243_whatAnOwnerBringsIsNoPaymentOfADebt() public {
        Collateral memory c = bringing(BTC_ROW, DEBT);
        Transition memory t = draftTransition(table);
        t.owned = false;
        t = sealAdjust(alice, address(liquidations), c, t);
        refusePayIn(address(liquidations), DEBT, t, 0, rejected());
    }

    function test_P243_moreThanTheDebtIsWorthIsNotTaken() public {
        uint256 worth = uint256(DEBT) * BTC_UNITS;
        Transition memory t = paying(BTC_ROW, DEBT);
        refusePayIn(
            address(liquidations),
            DEBT,
            t,
            worth + 1,
            abi.encodeWithSelector(IClearingHouse.CoveredTooMuch.selector, worth + 1, worth)
        );
        payIn(BTC_ROW, DEBT, worth);
    }

    function test_P243_onlyCashAndSpotDebtsArePaid() public {
        Transition memory t = paying(9, DEBT);
        refusedBy(
            address(liquidations),
            abi.encodeCall(house.payIn, (alice, 9, DEBT, t, 0)),
            abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, HELD, uint16(9))
        );
    }

    function test_P243_aTokenThatKeepsAFeePaysNoDebt() public {
        Transition memory t = paying(BTC_ROW, DEBT);
        btc.setOddity(OddToken.Oddity.FEE);
        refusePayIn(
            address(liquidations),
            DEBT,
            t,
            1_000,
            abi.encodeWithSelector(IClearingHouse.NotInWholeQuanta.selector, 1, 990, 1_000)
        );
        btc.setOddity(OddToken.Oddity.REENTERS);
        btc.setCall(address(house), abi.encodeCall(house.payIn, (alice, BTC_ROW, DEBT, t, 0)));
        refusePayIn(
            address(liquidations),
            DEBT,
            t,
            1_000,
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }

    /// In a pause nothing is deposited: what is covered waits, and what is only shared does not.
    function test_P243_aPausedVaultMakesCoveredDebtsWait() public {
        vm.prank(ADMIN);
        vault.setPaused(HELD, true);
        Transition memory t = paying(BTC_ROW, DEBT);
        refusePayIn(
            address(liquidations), DEBT, t, 10, abi.encodeWithSelector(IVaultMessages.VenuePaused.selector, HELD)
        );
        payIn(BTC_ROW, DEBT, 0);
    }

    // ---- shared losses ----

    function unmargined(Collateral memory c) private returns (Transition memory t) {
        t = draftTransition(table);
        t.unmargined = true;
        t = sealAdjust(alice, address(0), c, t);
    }

    function test_P243_whatLeavesIsPaidInPartWhereLossesAreShared() public {
        liquidations.freeze(alice, false);
        liquidations.lose(250_000);
        Collateral memory c = taking(USD_ROW, 1_001, BOB);
        (uint256 had, uint256 cleared) = (usd.balanceOf(BOB), vault.clearedBalance(HELD, 0));
        Transition memory t = unmargined(c);
        vm.expectEmit(address(house));
        emit IClearingHouse.CollateralOut(alice, 0, 1_001, BOB);
        house.adjust(alice, c, t, "");
        assertEq(usd.balanceOf(BOB) - had, 750, "three quarters");
        assertEq(cleared - vault.clearedBalance(HELD, 0), 750, "and the ledger is short by less");
        assertEq(liquidations.asked(), 1_001, "asked for all of it");
    }

    function test_P243_onlyWholeQuantaGoBackToTheTree() public {
        liquidations.freeze(alice, false);
        Collateral memory c = bringing(BTC_ROW, 50);
        adjust(ALICE, alice, c, sealAdjust(alice, ALICE, c, draftTransition(table)));
        liquidations.lose(1);
        (uint256 tree, uint256 cleared) = (vault.treeBalance(HELD, 1), vault.clearedBalance(HELD, 1));
        c = taking(BTC_ROW, 30, address(0));
        house.adjust(alice, c, unmargined(c), "");
        assertEq(vault.treeBalance(HELD, 1) - tree, 29 * BTC_UNITS, "29 quanta and not all of the 30th");
        assertEq(cleared - vault.clearedBalance(HELD, 1), 29 * BTC_UNITS, "what is left of it stays");
        c = taking(BTC_ROW, 10, BOB);
        uint256 had = btc.balanceOf(BOB);
        house.adjust(alice, c, unmargined(c), "");
        assertEq(btc.balanceOf(BOB) - had, 10 * BTC_UNITS - 1, "to an address by the base unit");
    }

    function test_P243_whoWouldGetNothingKeepsTheClaim() public {
        Collateral memory c = taking(USD_ROW, 300, BOB);
        Transition memory t = unmargined(c);
        liquidations.lose(1e6);
        bytes memory nothing = abi.encodeWithSelector(IClearingHouse.NothingToTakeOut.selector);
        refuseAdjust(ALICE, alice, c, t, nothing);
        liquidations.lose(0);
        adjust(ALICE, alice, c, t);
        c = taking(BTC_ROW, 1, address(0));
        t = unmargined(c);
        liquidations.lose(10);
        refuseAdjust(ALICE, alice, c, t, nothing);
    }

    function test_P243_noMoreIsPaidThanLeaves() public {
        Collateral memory c = taking(USD_ROW, 300, BOB);
        Transition memory t = unmargined(c);
        liquidations.pay(301);
        refuseAdjust(ALICE, alice, c, t, abi.encodeWithSelector(IClearingHouse.CoveredTooMuch.selector, 301, 300));
    }

    function test_P243_whatTheLedgerLacksIsPaidInByAnybodyAndIsNobodys() public {
        (uint256 had, uint256 cleared) = (usd.balanceOf(BOB), vault.clearedBalance(HELD, 0));
        (uint256 ofAlice, uint256 ofBob) = (commitmentOf(alice), commitmentOf(bob));
        vm.expectEmit(address(house));
        emit IClearingHouse.LedgerCovered(HELD, 0, 70, BOB);
        vm.prank(BOB);
        house.coverLedger(HELD, 0, 70);
        assertEq(had - usd.balanceOf(BOB), 70, "bob paid");
        assertEq(vault.clearedBalance(HELD, 0) - cleared, 70, "the ledger has it");
        assertEq(commitmentOf(alice), ofAlice, "and no account");
        assertEq(commitmentOf(bob), ofBob, "bob's neither");
        assertEq(house.creditOf(bob, 0), 0, "nor a credit");
        refusedBy(
            BOB,
            abi.encodeCall(house.coverLedger, (HELD, 0, 0)),
            abi.encodeWithSelector(IClearingHouse.NothingMoves.selector)
        );
        btc.setOddity(OddToken.Oddity.FEE);
        refusedBy(
            BOB,
            abi.encodeCall(house.coverLedger, (HELD, 1, 1_000)),
            abi.encodeWithSelector(IClearingHouse.NotInWholeQuanta.selector, 1, 990, 1_000)
        );
    }

    function test_P243_whatComesInOrMovesBetweenAccountsSharesNoLoss() public {
        liquidations.freeze(alice, false);
        liquidations.lose(500_000);
        Collateral memory c = bringing(USD_ROW, 50);
        adjust(ALICE, alice, c, sealAdjust(alice, ALICE, c, draftTransition(table)));
        Transfer memory m = Transfer(alice, bob, USD_ROW, 10, uint64(block.timestamp));
        Transition memory from = sealTransfer(m, false, draftTransition(table));
        Transition memory to = sealTransfer(m, true, draftTransition(table));
        bytes memory receipt = receiptOfTwo(alice, from, bob, to);
        house.transfer(m, from, to, receipt);
        assertEq(liquidations.asked(), 0, "nothing left");
    }
}
