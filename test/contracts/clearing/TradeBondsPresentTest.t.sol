// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TradeBonds} from "../../../contracts/TradeBonds.sol";
import {Settlement, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Agreement, ITradeBonds} from "../../../contracts/interfaces/ITradeBonds.sol";
import {TradeBondsFixture} from "./TradeBondsFixture.sol";

/// @dev What presenting does while the agreement runs.
contract TradeBondsPresentTest is TradeBondsFixture {
    bytes32 private digest;

    function setUp() public override {
        super.setUp();
        digest = digestOf(agreed());
    }

    function error1(bytes4 selector, uint256 a) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }

    function refusePresent(Transition memory side, bool ofSeller, bytes memory reason) private {
        vm.expectRevert(reason);
        bonds.present(agreed(), ofSeller, side, "");
    }

    function test_aSideIsPresentedByAnybodyForAllToSee() public {
        register(agreed());
        Transition memory side = sideOf(agreed(), false);
        pass(7);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SidePresented(digest, false, false, side);
        vm.prank(STRANGER);
        bonds.present(agreed(), false, side, "");
        assertEq(state().buyer.presentedAt, START + 7, "since");
        assertEq(state().buyer.commitment, 101, "of what the account is");
        assertEq(state().seller.presentedAt, 0, "not the other");
        assertFalse(state().met || state().closed || house.isFilled(777), "nothing settles yet");
    }

    function test_theSecondPresentationSettlesAndBothBondsGoBack() public {
        for (uint256 first = 0; first < 2; ++first) {
            Agreement memory a = agreed();
            a.trade.commitment += first;
            move(false, 101);
            move(true, 201);
            register(a);
            Transition memory side = sideOf(a, first == 1);
            bonds.present(a, first == 1, side, "");
            side = sideOf(a, first == 0);
            vm.expectEmit(address(bonds));
            emit ITradeBonds.AgreementClosed(digestOf(a), buyer, BOND, seller, BOND);
            bonds.present(a, first == 0, side, "");
            assertTrue(house.isFilled(a.trade.commitment), "settled");
            assertEq(house.accountOf(BUYER_HANDLE).commitment, 102, "the buyer's side");
            assertEq(house.accountOf(SELLER_HANDLE).commitment, 202, "the seller's side");
            assertBonds(2 * BOND, 2 * BOND);
        }
    }

    function test_P225_whatTheHouseDoesNotTakeIsNotPresented() public {
        register(agreed());
        Transition memory side = sideOf(agreed(), true);
        bytes memory rejected = abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector);
        refusePresent(side, false, rejected);
        side.newCommitment += 1;
        refusePresent(side, true, rejected);
        side.newCommitment -= 1;
        house.setStopped(true);
        refusePresent(side, true, error1(IClearingHouse.NewRiskStopped.selector, 1));
        house.setStopped(false);
        move(true, 209);
        refusePresent(side, true, rejected);
        assertEq(state().seller.presentedAt, 0, "not presented");
    }

    function test_P225_nothingIsPresentedOfAnAgreementThatIsNotRegisteredOrIsOver() public {
        Transition memory side = sideOf(agreed(), false);
        refusePresent(side, false, error1(ITradeBonds.AgreementUnknown.selector, uint256(digest)));
        Agreement memory a = agreed();
        a.bond -= 1;
        register(a);
        refusePresent(side, false, error1(ITradeBonds.AgreementUnknown.selector, uint256(digest)));
        register(agreed());
        expire();
        refusePresent(side, false, error1(ITradeBonds.AgreementOver.selector, uint256(digest)));
        bonds.close(agreed());
        vm.warp(START);
        refusePresent(side, false, error1(ITradeBonds.AgreementOver.selector, uint256(digest)));
        vm.expectRevert(error1(ITradeBonds.AgreementOver.selector, uint256(digest)));
        bonds.close(agreed());
    }

    function test_P225_aSideThatMovedSinceIsNotSettledAndMayBePresentedAgain() public {
        register(agreed());
        present(false);
        move(false, 109);
        present(true);
        assertFalse(house.isFilled(777) || state().met, "the buyer is not there any more");
        Settlement memory stale = settlementOfStale();
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        house.settle(stale, "");
        present(false);
        assertTrue(house.isFilled(777), "again, for what it is now");
        assertBonds(2 * BOND, 2 * BOND);
    }

    function settlementOfStale() private returns (Settlement memory s) {
        move(false, 101);
        s.buyerSide = sideOf(agreed(), false);
        move(false, 109);
        s.trade = agreed().trade;
        s.sellerSide = sideOf(agreed(), true);
    }

    /// The house asks for the operator's receipt, which a side can keep it from giving.
    function test_P225_whatLacksAReceiptIsMetAndSettlesWithOneLater() public {
        house.setAsksReceipt(true);
        register(agreed());
        present(false);
        bytes memory refusal = error1(IClearingHouse.OpeningsNotSigned.selector, 1);
        Transition memory side = sideOf(agreed(), true);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SidePresented(digest, true, false, side);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SettlementRefused(digest, refusal);
        bonds.present(agreed(), true, side, "");
        assertTrue(state().met && !state().closed, "both were there");
        // By either side, over the other's proof as it was presented.
        present(false, "signed");
        assertTrue(house.isFilled(777), "settled");
        assertBonds(2 * BOND, 2 * BOND);
    }

    function test_aSettlementAtTheHouseItselfLeavesNothingToPresent() public {
        register(agreed());
        present(false);
        Transition memory side = sideOf(agreed(), true);
        house.settle(settlementOf(agreed()), "");
        refusePresent(side, true, error1(IClearingHouse.TradeFilled.selector, 777));
        bonds.close(agreed());
        assertBonds(2 * BOND, 2 * BOND);
    }

    /// A side could pass for one who tried to settle: it gives the call just too little gas, and is safe from losing its bond.
    function test_P225_whoStarvesTheSettlementHasNotPresented() public {
        house.setGasOfSettlement(1_500_000);
        register(agreed());
        present(true, "");
        // The seller's second one writes over its first, which leaves a starved call the least to do.
        move(true, 209);
        present(false, "");
        Transition memory side = sideOf(agreed(), true);
        (uint256 starved, uint256 settled) = (0, 0);
        for (uint256 supplied = 60_000; supplied < 2_500_000; supplied += 10_000) {
            try bonds.present{gas: supplied}(agreed(), true, side, "") {
                assertTrue(house.isFilled(777), "who is heard has settled");
                ++settled;
                break;
            } catch (bytes memory reason) {
                if (bytes4(reason) == ITradeBonds.TooLittleGas.selector) ++starved;
            }
        }
        assertEq(settled, 1, "with enough it settles");
        assertTrue(starved > 0, "without, the call is told why");
    }

    /// Funding accrues after one side came: its proof is of a period that is over, though its account is as it was.
    function test_P225_aSideWhoseProofIsOfTheFundingPeriodBeforeIsNotThereAnyMore() public {
        for (uint256 early = 0; early < 2; ++early) {
            bool ofSeller = early == 1;
            Agreement memory a = agreed();
            a.trade.commitment += early;
            register(a);
            Transition memory side = sideOf(a, ofSeller);
            bonds.present(a, ofSeller, side, "");
            house.setPeriod(early + 1);
            side = sideOf(a, !ofSeller);
            vm.expectEmit(address(bonds));
            emit ITradeBonds.PresenceLost(digestOf(a), ofSeller);
            bonds.present(a, !ofSeller, side, "");
            assertFalse(bonds.stateOf(digestOf(a)).met, "the two never stood at once");
            pass(window);
            bonds.present(a, !ofSeller, side, "");
            vm.warp(a.trade.expiry + 1);
            bonds.close(a);
            (uint256 ofBuyer, uint256 ofOther) = (bonds.bondOf(buyer), bonds.bondOf(seller));
            assertEq(ofSeller ? ofBuyer : ofOther, 3 * BOND, "who could still settle has both bonds");
            assertEq(ofSeller ? ofOther : ofBuyer, BOND, "who could not has lost one");
            vm.warp(START);
            bonds = new TradeBonds(IClearingHouse(address(house)));
            fund(buyer, 2 * BOND);
            fund(seller, 2 * BOND);
        }
    }

    function test_P225_aSideThatLostItsPresenceComesBackAndSettles() public {
        register(agreed());
        present(false);
        house.setPeriod(1);
        present(true);
        assertEq(state().buyer.presentedAt, 0, "not there");
        assertEq(state().seller.presentedAt, START, "the other is");
        present(false);
        assertTrue(house.isFilled(777), "settled");
        assertBonds(2 * BOND, 2 * BOND);
    }

    /// The settlement is refused for a receipt, and the other's proof is looked at with too little gas: it would lose what it has.
    function test_P225_whoStarvesTheOthersCheckTakesNoPresenceAway() public {
        house.setAsksReceipt(true);
        register(agreed());
        present(true, "");
        move(true, 209);
        present(false, "");
        move(true, 201);
        Transition memory side = sideOf(agreed(), false);
        house.setGasOfCheck(400_000);
        uint256 starved = 0;
        for (uint256 supplied = 60_000; !state().met; supplied += 10_000) {
            try bonds.present{gas: supplied}(agreed(), false, side, "") {
                assertTrue(state().met, "who is heard has looked at the other");
            } catch (bytes memory reason) {
                if (bytes4(reason) == ITradeBonds.TooLittleGas.selector) ++starved;
            }
            assertEq(state().seller.presentedAt, START, "still there");
        }
        assertTrue(starved > 0, "without enough the call is told why");
    }

    function test_P225_aSettlementThatReentersIsRefused() public {
        register(agreed());
        present(false);
        Transition memory side = sideOf(agreed(), true);
        bytes memory again = abi.encodeCall(bonds.present, (agreed(), true, side, ""));
        house.setCall(address(bonds), again);
        bytes memory reentered = abi.encodeWithSelector(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SidePresented(digest, true, false, side);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SettlementRefused(digest, reentered);
        bonds.present(agreed(), true, side, "");
        assertBonds(BOND, BOND);
    }
}
