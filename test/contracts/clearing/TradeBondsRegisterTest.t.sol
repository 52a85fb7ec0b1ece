// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TradeBonds} from "../../../contracts/TradeBonds.sol";
import {Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Agreement, ITradeBonds} from "../../../contracts/interfaces/ITradeBonds.sol";
import {ContractSigner} from "../mocks/ContractSigner.sol";
import {OddParty} from "../mocks/OddParty.sol";
import {TradeBondsFixture} from "./TradeBondsFixture.sol";

/// @dev Bonds, and what has to be so before they are held.
contract TradeBondsRegisterTest is TradeBondsFixture {
    function error1(bytes4 selector, uint256 a) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }

    // ---- bonds ----

    function test_aBondIsWhatItsOwnerAddedLessWhatTheyTook() public {
        vm.deal(STRANGER, 5);
        vm.startPrank(STRANGER);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.BondAdded(STRANGER, 5);
        bonds.addBond{value: 5}();
        vm.expectEmit(address(bonds));
        emit ITradeBonds.BondWithdrawn(STRANGER, 3);
        bonds.withdrawBond(3);
        assertEq(bonds.bondOf(STRANGER), 2, "left");
        assertEq(STRANGER.balance, 3, "taken");
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.BondTooSmall.selector, STRANGER, 2, 3));
        bonds.withdrawBond(3);
        vm.stopPrank();
    }

    function test_P225_whatIsHeldIsNotWithdrawn() public {
        register(agreed());
        assertBonds(BOND, BOND);
        vm.startPrank(seller);
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.BondTooSmall.selector, seller, BOND, BOND + 1));
        bonds.withdrawBond(BOND + 1);
        bonds.withdrawBond(BOND);
        vm.stopPrank();
        assertEq(bonds.bondOf(seller), 0, "the free one only");
        assertEq(address(bonds).balance, 3 * BOND, "the held ones are here");
    }

    function test_P225_aWithdrawalThatEntersAgainTakesNothingMore() public {
        OddParty party = new OddParty();
        vm.deal(address(this), 2 * BOND);
        party.run{value: 2 * BOND}(address(bonds), abi.encodeCall(bonds.addBond, ()));
        Transition memory side = sideOf(agreed(), false);
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(bonds.withdrawBond, (BOND));
        calls[1] = abi.encodeCall(bonds.close, (agreed()));
        calls[2] = abi.encodeCall(bonds.register, (agreed(), "", ""));
        calls[3] = abi.encodeCall(bonds.present, (agreed(), false, side, ""));
        for (uint256 i = 0; i < calls.length; ++i) {
            party.setCall(address(bonds), calls[i]);
            party.run(address(bonds), abi.encodeCall(bonds.withdrawBond, (BOND / 4)));
            assertFalse(party.entered(), "no way in");
            assertEq(bytes4(party.answer()), bytes4(keccak256("ReentrancyGuardReentrantCall()")), "why");
        }
        assertEq(bonds.bondOf(address(party)), BOND, "what it asked for");
        party.setRefuses(true);
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.BondNotSent.selector, address(party)));
        party.run(address(bonds), abi.encodeCall(bonds.withdrawBond, (BOND)));
        assertEq(bonds.bondOf(address(party)), BOND, "nothing left for nobody");
    }

    // ---- registering ----

    function test_whoHoldsBothSignaturesHoldsBothBonds() public {
        bytes32 digest = digestOf(agreed());
        assertEq(bonds.agreementDigest(agreed()), digest, "what both signed");
        bytes memory ofBuyer = signed(BUYER_KEY, agreed());
        bytes memory ofSeller = signed(SELLER_KEY, agreed());
        vm.warp(EXPIRY);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.AgreementRegistered(digest, 777, BOND);
        vm.prank(STRANGER);
        bonds.register(agreed(), ofBuyer, ofSeller);
        assertBonds(BOND, BOND);
        assertTrue(state().registered && !state().closed && !state().met, "state");
        assertEq(state().buyer.controller, buyer, "buyer");
        assertEq(state().seller.controller, seller, "seller");
    }

    function test_P225_anAgreementHoldsBondsOnce() public {
        Agreement memory a = agreed();
        register(a);
        bytes memory ofBuyer = signed(BUYER_KEY, a);
        bytes memory ofSeller = signed(SELLER_KEY, a);
        bytes memory known = error1(ITradeBonds.AgreementKnown.selector, uint256(digestOf(a)));
        refuseRegister(a, ofBuyer, ofSeller, known);
        expire();
        bonds.close(a);
        refuseRegister(a, ofBuyer, ofSeller, known);
        vm.warp(START);
        refuseRegister(a, ofBuyer, ofSeller, known);
        assertBonds(2 * BOND, 2 * BOND);
    }

    function test_P225_noAgreementOfThePastAndNoneOfASettledTrade() public {
        Agreement memory a = agreed();
        bytes memory ofBuyer = signed(BUYER_KEY, a);
        bytes memory ofSeller = signed(SELLER_KEY, a);
        expire();
        refuseRegister(a, ofBuyer, ofSeller, error1(ITradeBonds.AgreementOver.selector, uint256(digestOf(a))));
        vm.warp(START);
        house.settle(settlementOf(a), "");
        refuseRegister(a, ofBuyer, ofSeller, error1(IClearingHouse.TradeFilled.selector, 777));
    }

    /// Every field, the contract and the chain are under both signatures, and each has to be of its own side's controller.
    function test_P225_nobodysBondIsHeldWithoutTheirSignatureOfThisAgreement() public {
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofSeller) = (signed(BUYER_KEY, a), signed(SELLER_KEY, a));
        bytes memory byBuyer = error1(ITradeBonds.NotSigned.selector, BUYER_HANDLE);
        bytes memory bySeller = error1(ITradeBonds.NotSigned.selector, SELLER_HANDLE);
        refuseRegister(a, "", ofSeller, byBuyer);
        refuseRegister(a, ofBuyer, ofBuyer, bySeller);
        refuseRegister(a, ofSeller, ofBuyer, byBuyer);
        Agreement[5] memory other = [agreed(), agreed(), agreed(), agreed(), agreed()];
        other[0].bond = 2 * BOND;
        other[1].trade.expiry += 1;
        other[2].trade.commitment += 1;
        (other[3].trade.buyer, other[3].trade.seller) = (SELLER_HANDLE, BUYER_HANDLE);
        house.setAccount(3, 301, address(0x333));
        other[4].trade.seller = 3;
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory notSigned = error1(ITradeBonds.NotSigned.selector, other[i].trade.buyer);
            refuseRegister(other[i], ofBuyer, ofSeller, notSigned);
        }
        refuseRegister(other[4], signed(BUYER_KEY, other[4]), ofSeller, error1(ITradeBonds.NotSigned.selector, 3));
        TradeBonds second = new TradeBonds(IClearingHouse(address(house)));
        vm.expectRevert(byBuyer);
        second.register(a, ofBuyer, ofSeller);
        vm.chainId(block.chainid + 1);
        refuseRegister(a, ofBuyer, ofSeller, byBuyer);
    }

    function test_P225_nobodySignsForAHandleThatNobodyOpened() public {
        Agreement memory a = agreed();
        a.trade.seller = 9;
        refuseRegister(a, signed(BUYER_KEY, a), signed(SELLER_KEY, a), error1(ITradeBonds.NotSigned.selector, 9));
        refuseRegister(a, signed(BUYER_KEY, a), new bytes(65), error1(ITradeBonds.NotSigned.selector, 9));
    }

    function test_P225_whoHasTooLittleIsNotRegistered() public {
        Agreement memory a = agreed();
        vm.prank(seller);
        bonds.withdrawBond(BOND + 1);
        bytes memory small = abi.encodeWithSelector(ITradeBonds.BondTooSmall.selector, seller, BOND - 1, BOND);
        refuseRegister(a, signed(BUYER_KEY, a), signed(SELLER_KEY, a), small);
        assertEq(bonds.bondOf(buyer), 2 * BOND, "nor is the other's held");
    }

    function test_P225_whoControlsBothAccountsStandsInForBoth() public {
        house.setAccount(SELLER_HANDLE, 201, buyer);
        Agreement memory a = agreed();
        (bytes memory one, bytes memory two) = (signed(BUYER_KEY, a), signed(BUYER_KEY, a));
        bonds.register(a, one, two);
        assertEq(bonds.bondOf(buyer), 0, "twice");
        expire();
        bonds.close(a);
        assertEq(bonds.bondOf(buyer), 2 * BOND, "and twice back");
    }

    /// Whoever is first, the same bonds are held for the same trade.
    function test_P225_registeringBeforeSomebodyElseDoesChangesNothing() public {
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofSeller) = (signed(BUYER_KEY, a), signed(SELLER_KEY, a));
        vm.prank(STRANGER);
        bonds.register(a, ofBuyer, ofSeller);
        refuseRegister(a, ofBuyer, ofSeller, error1(ITradeBonds.AgreementKnown.selector, uint256(digestOf(a))));
        assertEq(bonds.bondOf(STRANGER), 0, "nothing is the stranger's");
        present(false);
        present(true);
        assertBonds(2 * BOND, 2 * BOND);
    }

    // ---- controllers ----

    function test_P225_onlyTheControllerOfNowSigns() public {
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofSeller) = (signed(BUYER_KEY, a), signed(SELLER_KEY, a));
        house.setAccount(SELLER_HANDLE, 201, address(0xFFF));
        refuseRegister(a, ofBuyer, ofSeller, error1(ITradeBonds.NotSigned.selector, SELLER_HANDLE));
    }

    function test_P225_bondsGoBackToWhoseTheyWereWhoeverControlsSince() public {
        register(agreed());
        house.setAccount(SELLER_HANDLE, 201, STRANGER);
        expire();
        bonds.close(agreed());
        assertBonds(2 * BOND, 2 * BOND);
        assertEq(bonds.bondOf(STRANGER), 0, "not the successor's");
    }

    function test_P225_aControllerThatIsAContractSignsByItsAnswer() public {
        ContractSigner wallet = new ContractSigner(seller);
        fund(address(wallet), BOND);
        house.setAccount(SELLER_HANDLE, 201, address(wallet));
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofStranger) = (signed(BUYER_KEY, a), signed(0x99, a));
        refuseRegister(a, ofBuyer, ofStranger, error1(ITradeBonds.NotSigned.selector, SELLER_HANDLE));
        bytes memory ofWallet = signed(SELLER_KEY, a);
        bonds.register(a, ofBuyer, ofWallet);
        assertEq(bonds.bondOf(address(wallet)), 0, "the wallet's bond");
        assertEq(bonds.bondOf(seller), 2 * BOND, "not its owner's");
    }

    /// Code that a key gave its account since (EIP-7702) cannot disown what the key signed.
    function test_P225_whatAKeySignedHoldsWhateverCodeItsAccountGotSince() public {
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofSeller) = (signed(BUYER_KEY, a), signed(SELLER_KEY, a));
        vm.etch(seller, address(new ContractSigner(STRANGER)).code);
        bonds.register(a, ofBuyer, ofSeller);
        assertBonds(BOND, BOND);
    }

    // ---- cancelling ----

    function test_P225_aCancelledSignatureIsWorthless() public {
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofSeller) = (signed(BUYER_KEY, a), signed(SELLER_KEY, a));
        bytes32 digest = digestOf(a);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.AgreementCancelled(digest, seller);
        vm.prank(seller);
        bonds.cancel(a);
        bytes4 cancelled = ITradeBonds.CancelledBySigner.selector;
        refuseRegister(a, ofBuyer, ofSeller, abi.encodeWithSelector(cancelled, digest, seller));
        // Another agreement about the same trade is another signature.
        a.bond -= 1;
        register(a);
        // The buyer's own too, and a second time.
        a = agreed();
        vm.startPrank(buyer);
        bonds.cancel(a);
        bonds.cancel(a);
        vm.stopPrank();
        refuseRegister(a, ofBuyer, ofSeller, abi.encodeWithSelector(cancelled, digest, buyer));
    }

    function test_P225_nobodyCancelsForAnotherNorWhatIsRegistered() public {
        Agreement memory a = agreed();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.NotAParty.selector, STRANGER));
        bonds.cancel(a);
        register(a);
        vm.prank(seller);
        vm.expectRevert(error1(ITradeBonds.AgreementKnown.selector, uint256(digestOf(a))));
        bonds.cancel(a);
    }

    function test_P225_aCancellationOutlivesAChangeOfController() public {
        Agreement memory a = agreed();
        (bytes memory ofBuyer, bytes memory ofSeller) = (signed(BUYER_KEY, a), signed(SELLER_KEY, a));
        vm.prank(seller);
        bonds.cancel(a);
        house.setAccount(SELLER_HANDLE, 201, STRANGER);
        house.setAccount(SELLER_HANDLE, 201, seller);
        bytes4 cancelled = ITradeBonds.CancelledBySigner.selector;
        refuseRegister(a, ofBuyer, ofSeller, abi.encodeWithSelector(cancelled, digestOf(a), seller));
    }

    function test_bondsOfAHouseWithoutCodeAreNone() public {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.NoCode.selector, bytes32("house"), STRANGER));
        new TradeBonds(IClearingHouse(STRANGER));
    }
}
