// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearedAccount, Settlement, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ICircuitRotation} from "../../../contracts/interfaces/ICircuitRotation.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev One trade: what settles, and each thing that keeps it from it.
contract HouseTradesTest is HouseFixture {
    uint256 private constant OTHER = 10;

    function tradeOf(uint64 buyer, uint64 seller) private returns (Settlement memory) {
        return sealBoth(draftSettlement(buyer, seller, table));
    }

    function reducing() private returns (Settlement memory s) {
        s = draftSettlement(alice, bob, table);
        s.buyerSide.reducing = true;
        s.sellerSide.reducing = true;
        s = sealBoth(s);
    }

    // ---- what settles ----

    function test_P214_aTradeChangesBothAccountsToWhatTheirProofsSay() public {
        Settlement memory s = tradeOf(alice, bob);
        (uint256 before, uint256 terms_) = (commitmentOf(alice), sideWord(s.trade, false) + OWNED);
        bytes memory receipt = receiptOf(s);
        vm.expectEmit(address(house));
        emit IClearingHouse.AccountChanged(alice, before, s.buyerSide.newCommitment, table, terms_, s.trade.commitment);
        house.settle(s, receipt);
        assertEq(commitmentOf(alice), s.buyerSide.newCommitment, "the buyer's");
        assertEq(commitmentOf(bob), s.sellerSide.newCommitment, "the seller's");
        assertTrue(house.isFilled(s.trade.commitment), "filled");
        ClearedAccount memory account = house.accountOf(alice);
        assertEq(account.controller, ALICE, "its controller stays");
    }

    function test_P214_theNextTradeStartsFromWhatTheLastLeft() public {
        settle(tradeOf(alice, bob));
        settle(tradeOf(bob, alice));
        Settlement memory s = tradeOf(alice, bob);
        settle(s);
        assertEq(commitmentOf(alice), s.buyerSide.newCommitment, "the last");
    }

    function test_P214_accountsOfTwoShapesTrade() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        s.sellerSide.circuitId = TRANSITION_B;
        settle(sealBoth(s));
        assertEq(commitmentOf(bob), s.sellerSide.newCommitment, "the other shape's");
        s = draftSettlement(alice, bob, table);
        s.sellerSide.circuitId = TRANSITION_B;
        s = sealBoth(s);
        s.sellerSide.proof.a[0] ^= 1;
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
    }

    // ---- attacks ----

    function test_P214_anAccountDoesNotTradeWithItself() public {
        Settlement memory s = draftSettlement(alice, alice, table);
        s.buyerSide = sealSide(s.trade, false, s.buyerSide);
        // As if both legs started from the same account: only the second would be kept.
        s.sellerSide = sealSide(s.trade, true, s.sellerSide);
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.SelfMatch.selector, alice));
    }

    function test_P214_aTradeCommitmentFillsOnce() public {
        Settlement memory first = tradeOf(alice, bob);
        settle(first);
        bytes memory filled = abi.encodeWithSelector(IClearingHouse.TradeFilled.selector, first.trade.commitment);
        refuseSettle(first, filled);
        Settlement memory again = draftSettlement(alice, bob, table);
        again.trade.commitment = first.trade.commitment;
        refuseSettle(sealBoth(again), filled);
    }

    function test_P214_aTradeCommitmentIsOneNumber() public {
        Settlement memory first = tradeOf(alice, bob);
        settle(first);
        Settlement memory again = draftSettlement(alice, bob, table);
        again.trade.commitment = first.trade.commitment + P;
        refuseSettle(
            sealBoth(again),
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("delta"), first.trade.commitment + P)
        );
    }

    function test_P214_anAccountIsOneNumber() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        s.sellerSide.newCommitment = P;
        refuseSettle(
            sealBoth(s), abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("newCommitment"), P)
        );
    }

    function test_P214_ofASideThatMovedFirstNothingSettlesOnEitherSide() public {
        Settlement memory s = tradeOf(alice, bob);
        Settlement memory other = tradeOf(alice, bob);
        settle(other);
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        assertFalse(house.isFilled(s.trade.commitment), "it can still be proven anew");
        settle(sealBoth(s));
    }

    function test_P214_sidesCannotBeSwapped() public {
        Settlement memory s = tradeOf(alice, bob);
        bytes memory rejected = abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector);
        (s.buyerSide, s.sellerSide) = (s.sellerSide, s.buyerSide);
        refuseSettle(s, rejected);
        (s.trade.buyer, s.trade.seller) = (s.trade.seller, s.trade.buyer);
        refuseSettle(s, rejected);
    }

    function test_P214_oneLegAloneDoesNotSettleAsTheOther() public {
        Settlement memory s = tradeOf(alice, bob);
        s.sellerSide = s.buyerSide;
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
    }

    /// Everything a trade says is in the signals: who proved one trade proved no other.
    function test_P214_aProofIsOfOneTradeOnly() public {
        for (uint256 which = 0; which < 8; ++which) {
            Settlement memory s = tradeOf(alice, bob);
            if (which == 0) s.trade.expiry += 1;
            if (which == 1) s.trade.commitment ^= 1;
            if (which == 2) s.buyerSide.newCommitment ^= 1;
            if (which == 3) s.sellerSide.newCommitment ^= 1;
            if (which == 4) s.buyerSide.reducing = true;
            if (which == 5) s.sellerSide.unmargined = true;
            if (which == 6) s.sellerSide.proof.a[0] ^= 1;
            if (which == 7) s.buyerSide.proof.a[0] ^= 1;
            refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        }
    }

    function test_P214_aProofIsOfThePeriodAndTheBandThatAreInForce() public {
        Settlement memory s = tradeOf(alice, bob);
        bytes memory rejected = abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector);
        terms.setPeriod(HELD, PERIOD + 1);
        refuseSettle(s, rejected);
        terms.setPeriod(HELD, PERIOD);
        terms.setRules(HELD, rulesWith(TABLE_AGE, BAND + 1));
        refuseSettle(s, rejected);
        terms.setRules(HELD, rulesWith(TABLE_AGE, BAND));
        settle(s);
    }

    function test_P214_aProofIsOfOneChain() public {
        Settlement memory s = tradeOf(alice, bob);
        bytes memory call = abi.encodeCall(house.settle, (s, receiptOf(s)));
        house.recordFrame(HELD, TRANSITION_A, table);
        uint256 here = block.chainid;
        vm.chainId(1);
        refusedBy(address(this), call, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        vm.chainId(here);
        (bool ok,) = address(house).call(call);
        assertTrue(ok, "here it settles");
    }

    function test_P214_accountsOfTwoVenuesDoNotTrade() public {
        uint64 foreign = openedAtOther();
        Settlement memory s = draftSettlement(alice, foreign, table);
        refuseSettle(sealBoth(s), abi.encodeWithSelector(IClearingHouse.OtherVenue.selector, foreign, OTHER, HELD));
        // From there the table is of another venue, too.
        s = draftSettlement(foreign, bob, table);
        refuseSettle(sealBoth(s), abi.encodeWithSelector(IClearingHouse.OtherVenue.selector, bob, HELD, OTHER));
    }

    function test_P214_handlesNobodyOpenedDoNotTrade() public {
        uint64 next = house.handles() + 1;
        bytes memory unknown = abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, next);
        refuseSettle(tradeOf(alice, next), unknown);
        refuseSettle(tradeOf(next, bob), unknown);
        refuseSettle(tradeOf(0, bob), abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 0));
    }

    // ---- time ----

    function test_P214_aTradeSettlesUntilItsLastSecond() public {
        Settlement memory s = tradeOf(alice, bob);
        vm.warp(s.trade.expiry + 1);
        refuseSettle(
            s, abi.encodeWithSelector(IClearingHouse.TradeExpired.selector, s.trade.expiry, s.trade.expiry + 1)
        );
        vm.warp(s.trade.expiry);
        settle(s);
    }

    function test_P214_anExpiryThatFitsNoTermsIsRefused() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        // One bit above the terms' 40, as if it had been any other part of the word.
        s.trade.expiry = 2 ** 40;
        refuseSettle(sealBoth(s), abi.encodeWithSelector(IClearingHouse.ExpiryOutOfRange.selector, 2 ** 40));
        s.trade.expiry = 2 ** 40 - 1;
        settle(sealBoth(s));
    }

    // ---- tables ----

    function test_P214_theTableIsNoOlderThanTheVenueAllows() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        s.trade.expiry += 1 hours;
        s = sealBoth(s);
        vm.warp(block.timestamp + TABLE_AGE + 1);
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.ClearingTableTooOld.selector, TABLE_AGE + 1, TABLE_AGE));
        vm.warp(block.timestamp - 1);
        settle(s);
    }

    function test_P214_aTableThatWasNotAcceptedIsRefused() public {
        Settlement memory s = sealBoth(draftSettlement(alice, bob, 4242));
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TableNotAccepted.selector, HELD, 4242));
        s = sealBoth(draftSettlement(alice, bob, table + P));
        refuseSettle(
            s, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), table + P)
        );
    }

    function test_P214_aTableOfMaintenanceLevelTakesNoRisk() public {
        uint256 lower = maintenanceTable();
        Settlement memory s = sealBoth(draftSettlement(alice, bob, lower));
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TableNotInitialLevel.selector, lower));
    }

    function test_P214_bothSidesAreUnderOneTable() public {
        uint256 another = initialTable();
        Settlement memory s = draftSettlement(alice, bob, table);
        s.sellerSide.marketCommitment = another;
        refuseSettle(sealBoth(s), abi.encodeWithSelector(IClearingHouse.SidesUnderTwoTables.selector, table, another));
    }

    // ---- circuits ----

    function test_P214_aCircuitOfAnotherKindProvesNoTransition() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        s.buyerSide.circuitId = BATCH_A;
        refuseSettle(sealBoth(s), abi.encodeWithSelector(IClearingHouse.NotATransitionCircuit.selector, BATCH_A));
    }

    function test_P214_aRetiredCircuitProvesNothingMore() public {
        Settlement memory s = tradeOf(alice, bob);
        house.recordFrame(HELD, TRANSITION_A, table);
        CircuitConfig memory next =
            CircuitConfig(603, CircuitKind.ACCOUNT_TRANSITION, address(new MockVerifierAny("next key", true)));
        vm.startPrank(OWNER);
        registry.proposeCircuit(next, TRANSITION_A);
        uint256 now_ = block.timestamp;
        vm.warp(now_ + CIRCUIT_DELAY);
        registry.addCircuit(603);
        registry.retireCircuit(TRANSITION_A);
        vm.stopPrank();
        vm.warp(now_);
        refuseSettle(s, abi.encodeWithSelector(ICircuitRotation.CircuitIsRetired.selector, TRANSITION_A));
    }

    // ---- what the venue permits ----

    function test_P215_aStaleSnapshotLetsOnlyBothSidesReduce() public {
        vm.warp(block.timestamp + STALE_AFTER + 1);
        table = initialTable();
        bytes memory stopped = abi.encodeWithSelector(IClearingHouse.NewRiskStopped.selector, HELD);
        refuseSettle(tradeOf(alice, bob), stopped);
        Settlement memory s = draftSettlement(alice, bob, table);
        s.buyerSide.reducing = true;
        refuseSettle(sealBoth(s), stopped);
        (s.buyerSide.reducing, s.sellerSide.reducing) = (false, true);
        refuseSettle(sealBoth(s), stopped);
        settle(reducing());
    }

    function test_P215_aHaltedVenueSettlesNothing() public {
        vm.warp(block.timestamp + HALT_AFTER + 1);
        table = initialTable();
        refuseSettle(reducing(), abi.encodeWithSelector(IClearingHouse.VenueHalted.selector, HELD));
    }

    function test_P215_anUncoveredVenueSettlesNothing() public {
        vm.startPrank(PARAMETERS);
        vault.proposeFundWithdrawal(HELD, 10);
        pass(vault.rulesOf(HELD).timelock);
        vault.activateFundWithdrawal(HELD, 10);
        vm.stopPrank();
        nextEpoch();
        table = initialTable();
        refuseSettle(reducing(), abi.encodeWithSelector(IClearingHouse.NewRiskStopped.selector, HELD));
    }

    function test_P215_oldPricesStopNewRiskFirstAndReductionLater() public {
        terms.setRefuses(Action.NEW_RISK, true);
        bytes memory stopped = abi.encodeWithSelector(IClearingHouse.NewRiskStopped.selector, HELD);
        refuseSettle(tradeOf(alice, bob), stopped);
        settle(reducing());
        terms.setRefuses(Action.LIQUIDATION, true);
        refuseSettle(reducing(), stopped);
    }

    function test_P215_aVenueWithoutRulesSettlesNothing() public {
        Settlement memory s = tradeOf(alice, bob);
        terms.setRules(HELD, noRules());
        refuseSettle(s, abi.encodeWithSelector(IVenueTimelock.NoRules.selector, HELD));
    }

    // ---- receipts ----

    function test_P216_theOperatorSignsForTheOpeningsOfBothSides() public {
        Settlement memory s = tradeOf(alice, bob);
        bytes[6] memory wrong = [
            bytes(""),
            receiptFor(alice, s.buyerSide),
            receiptOfTwo(bob, s.sellerSide, alice, s.buyerSide),
            receiptOfTwo(alice, s.sellerSide, bob, s.buyerSide),
            signOpeningsBy(USER_KEY, HELD, bytes.concat(openingOf(alice, s.buyerSide), openingOf(bob, s.sellerSide))),
            signOpeningsBy(
                OPERATOR_KEY, OTHER, bytes.concat(openingOf(alice, s.buyerSide), openingOf(bob, s.sellerSide))
            )
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            refusedBy(
                address(this),
                abi.encodeCall(house.settle, (s, wrong[i])),
                abi.encodeWithSelector(IClearingHouse.OpeningsNotSigned.selector, HELD)
            );
        }
        settle(s);
    }

    function test_P216_nobodySignsForWhatNobodyHasToLiquidate() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        s.buyerSide.unmargined = true;
        s = sealBoth(s);
        bytes memory receipt = signOpenings(abi.encode(bob, s.sellerSide.newCommitment));
        house.settle(s, receipt);
        s = draftSettlement(alice, bob, table);
        s.buyerSide.unmargined = true;
        s.sellerSide.unmargined = true;
        house.settle(sealBoth(s), "");
    }

    // ---- a side alone ----

    function test_P214_aSideIsValidAloneWhereItWouldSettle() public {
        Settlement memory s = tradeOf(alice, bob);
        uint256 before = commitmentOf(alice);
        house.checkSide(s.trade, false, s.buyerSide);
        house.checkSide(s.trade, true, s.sellerSide);
        assertEq(commitmentOf(alice), before, "nothing changed");
        settle(s);
        refuseSide(
            s.trade, false, s.buyerSide, abi.encodeWithSelector(IClearingHouse.TradeFilled.selector, s.trade.commitment)
        );
    }

    function test_P214_whatKeepsATradeFromSettlingIsSaidOfASide() public {
        Settlement memory s = tradeOf(alice, bob);
        refuseSide(s.trade, true, s.buyerSide, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        Transition memory alone = s.buyerSide;
        alone.owned = false;
        refuseSide(
            s.trade,
            false,
            alone,
            abi.encodeWithSelector(IClearingHouse.NotLiquidations.selector, HELD, address(this))
        );
        alone.owned = true;
        terms.setRefuses(Action.NEW_RISK, true);
        refuseSide(s.trade, false, alone, abi.encodeWithSelector(IClearingHouse.NewRiskStopped.selector, HELD));
        terms.setRefuses(Action.NEW_RISK, false);
        vm.warp(s.trade.expiry + 1);
        refuseSide(
            s.trade,
            false,
            alone,
            abi.encodeWithSelector(IClearingHouse.TradeExpired.selector, s.trade.expiry, s.trade.expiry + 1)
        );
        s = draftSettlement(alice, bob, table);
        s.trade.expiry += 1 hours;
        s = sealBoth(s);
        vm.warp(block.timestamp + TABLE_AGE);
        refuseSide(
            s.trade,
            true,
            s.sellerSide,
            abi.encodeWithSelector(IClearingHouse.ClearingTableTooOld.selector, TABLE_AGE + 1 minutes + 1, TABLE_AGE)
        );
        s = draftSettlement(alice, alice, table);
        refuseSide(s.trade, false, s.buyerSide, abi.encodeWithSelector(IClearingHouse.SelfMatch.selector, alice));
    }

    // ---- the other venue ----

    function openedAtOther() private returns (uint64) {
        vm.prank(OWNER);
        registry.registerVenue(OTHER, vaultConfig());
        terms.setRules(OTHER, rulesWith(TABLE_AGE, BAND));
        terms.setPeriod(OTHER, PERIOD);
        return openedEmptyAt(OTHER, ALICE);
    }
}
