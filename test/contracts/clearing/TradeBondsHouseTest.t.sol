// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TradeBonds} from "../../../contracts/TradeBonds.sol";
import {Collateral, Settlement, Trade, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {Agreement, AgreementState, ITradeBonds} from "../../../contracts/interfaces/ITradeBonds.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev Bonds at the clearing house itself: what it refuses, and why, is what the stand-in of the other tests refuses.
contract TradeBondsHouseTest is HouseFixture {
    uint256 private constant BUYER_KEY = 0xB0B;
    uint256 private constant SELLER_KEY = 0x5E11;
    uint256 private constant STAKE = 1 ether;

    TradeBonds private bonds;
    address private buyer;
    address private seller;

    function setUp() public override {
        super.setUp();
        bonds = new TradeBonds(house);
        (buyer, seller) = (vm.addr(BUYER_KEY), vm.addr(SELLER_KEY));
        vm.prank(ALICE);
        house.setController(alice, buyer);
        vm.prank(BOB);
        house.setController(bob, seller);
        stake(buyer);
        stake(seller);
    }

    function stake(address who) private {
        vm.deal(who, STAKE);
        vm.prank(who);
        bonds.addBond{value: STAKE}();
    }

    /// @dev Alice buys from Bob, under the table of now, within ten minutes.
    function agreed() private returns (Settlement memory s, Agreement memory a) {
        s = draftSettlement(alice, bob, table);
        s.trade.expiry = uint64(block.timestamp + 10 minutes);
        s = sealBoth(s);
        a = Agreement(s.trade, STAKE);
        bytes32 digest = bonds.agreementDigest(a);
        bonds.register(a, signedBy(BUYER_KEY, digest), signedBy(SELLER_KEY, digest));
    }

    function signedBy(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function stateOf(Agreement memory a) private view returns (AgreementState memory) {
        return bonds.stateOf(bonds.agreementDigest(a));
    }

    function assertBonds(uint256 ofBuyer, uint256 ofSeller) private view {
        assertEq(bonds.bondOf(buyer), ofBuyer, "the buyer's");
        assertEq(bonds.bondOf(seller), ofSeller, "the seller's");
    }

    function test_P225_theHouseSettlesWhatBothPresented() public {
        (Settlement memory s, Agreement memory a) = agreed();
        assertBonds(0, 0);
        bonds.present(a, false, s.buyerSide, "");
        bytes memory receipt = receiptOf(s);
        bonds.present(a, true, s.sellerSide, receipt);
        assertTrue(house.isFilled(s.trade.commitment), "settled");
        assertEq(commitmentOf(alice), s.buyerSide.newCommitment, "the buyer's account");
        assertEq(commitmentOf(bob), s.sellerSide.newCommitment, "the seller's account");
        assertBonds(STAKE, STAKE);
    }

    function test_P225_withoutAReceiptTheHouseSettlesLater() public {
        (Settlement memory s, Agreement memory a) = agreed();
        bonds.present(a, true, s.sellerSide, "");
        bytes memory reason = abi.encodeWithSelector(IClearingHouse.OpeningsNotSigned.selector, HELD);
        bytes32 digest = bonds.agreementDigest(a);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SidePresented(digest, false, false, s.buyerSide);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SettlementRefused(digest, reason);
        bonds.present(a, false, s.buyerSide, "");
        assertTrue(stateOf(a).met, "both were there");
        settle(s);
        bonds.close(a);
        assertBonds(STAKE, STAKE);
    }

    function test_P225_whoBringsNothingLoses() public {
        (Settlement memory s, Agreement memory a) = agreed();
        bonds.present(a, false, s.buyerSide, "");
        pass(TABLE_AGE);
        bonds.present(a, false, s.buyerSide, "");
        vm.warp(s.trade.expiry + 1);
        bonds.close(a);
        assertBonds(2 * STAKE, 0);
    }

    /// In the last second of the table that both sides are proven under, long before the agreement is over.
    function test_P225_whoComesWhenTheTableIsAboutToBeTooOldTakesNothing() public {
        (Settlement memory s, Agreement memory a) = agreed();
        pass(TABLE_AGE);
        bonds.present(a, false, s.buyerSide, "");
        pass(bonds.RESPONSE_WINDOW());
        uint256 age = TABLE_AGE + bonds.RESPONSE_WINDOW();
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingTableTooOld.selector, age, TABLE_AGE));
        bonds.present(a, false, s.buyerSide, "");
        vm.warp(s.trade.expiry + 1);
        bonds.close(a);
        assertBonds(STAKE, STAKE);
    }

    /// Moving first after presenting: the account deposits a little, and the other's settlement fails.
    function test_P225_whoMovesFirstHasNotPresented() public {
        (Settlement memory s, Agreement memory a) = agreed();
        bonds.present(a, false, s.buyerSide, "");
        Collateral memory c = bringing(USD_ROW, 1);
        Transition memory t = sealAdjust(alice, ALICE, c, draftTransition(table));
        adjust(ALICE, alice, c, t);
        bytes memory receipt = receiptOf(s);
        refusedBy(
            address(this),
            abi.encodeCall(house.settle, (s, receipt)),
            abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector)
        );
        bonds.present(a, true, s.sellerSide, receipt);
        assertFalse(stateOf(a).met, "the buyer is gone");
        pass(bonds.RESPONSE_WINDOW());
        bonds.present(a, true, s.sellerSide, receipt);
        vm.warp(s.trade.expiry + 1);
        bonds.close(a);
        assertBonds(0, 2 * STAKE);
    }

    /// Under prices too old for new risk the side that reduces comes and the other cannot: nobody takes a bond for that.
    function test_P225_aSideThatOnlyReducesDoesNotWinAgainstOneThatMayNotCome() public {
        Settlement memory s = draftSettlement(alice, bob, table);
        s.trade.expiry = uint64(block.timestamp + 10 minutes);
        s.buyerSide.reducing = true;
        s = sealBoth(s);
        Agreement memory a = Agreement(s.trade, STAKE);
        bytes32 digest = bonds.agreementDigest(a);
        bonds.register(a, signedBy(BUYER_KEY, digest), signedBy(SELLER_KEY, digest));
        terms.setRefuses(Action.NEW_RISK, true);
        bonds.present(a, false, s.buyerSide, "");
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.NewRiskStopped.selector, HELD));
        bonds.present(a, true, s.sellerSide, "");
        pass(bonds.RESPONSE_WINDOW());
        bonds.present(a, false, s.buyerSide, "");
        vm.warp(s.trade.expiry + 1);
        bonds.close(a);
        assertBonds(STAKE, STAKE);
    }

    /// Whatever gas the caller gives, a presentation with all that is needed either settles or is not heard.
    function test_P225_noGasMakesTheHouseRefuseWhatItWouldSettle() public {
        (Settlement memory s, Agreement memory a) = agreed();
        bonds.present(a, true, s.sellerSide, "");
        bonds.present(a, true, s.sellerSide, "");
        bytes memory receipt = receiptOf(s);
        uint256 refused_ = 0;
        for (uint256 supplied = 50_000; supplied < 2_000_000; supplied += 5_000) {
            try bonds.present{gas: supplied}(a, false, s.buyerSide, receipt) {
                assertTrue(house.isFilled(s.trade.commitment), "settled");
                break;
            } catch {
                ++refused_;
            }
        }
        assertTrue(house.isFilled(s.trade.commitment) && refused_ > 0, "both were seen");
        assertBonds(STAKE, STAKE);
    }

    function test_P225_anAgreementOfAnotherTradeThanTheProofsIsNotPresented() public {
        (Settlement memory s, Agreement memory a) = agreed();
        Trade memory other = Trade(alice, bob, s.trade.expiry, s.trade.commitment ^ 1);
        Agreement memory b = Agreement(other, 0);
        bytes32 digest = bonds.agreementDigest(b);
        bonds.register(b, signedBy(BUYER_KEY, digest), signedBy(SELLER_KEY, digest));
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        bonds.present(b, false, s.buyerSide, "");
        bonds.present(a, false, s.buyerSide, "");
    }
}
