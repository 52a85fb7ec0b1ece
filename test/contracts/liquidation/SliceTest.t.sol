// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {Bid, Lot, Standing} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SliceFixture} from "./SliceFixture.sol";

/// @dev Who may take what of an account, when.
contract SliceTest is SliceFixture {
    bytes private constant REJECTED = abi.encodeWithSelector(ILiquidations.VerdictRejected.selector);
    bytes private constant NOT_IT = abi.encodeWithSelector(ILiquidations.NotTheTrade.selector, bytes32("commitment"));

    /// @dev At full price: 20,000 value units.
    function usual() private view returns (Bid memory) {
        return bidFor(perps(), 20, 200);
    }

    function test_P240_aSliceIsSettledAndItsPenaltySplit() public {
        Bid memory b = usual();
        (uint256 purse, uint256 funds) = (usd.balanceOf(BUYER), usd.balanceOf(address(fund)));
        // Two per cent of 20,000, at 100 a quantum of ten base units.
        uint256 penalty = 4 * USD_UNITS;
        vm.expectEmit(address(liquidations));
        emit ILiquidations.SliceSold(ACCOUNT, BIDDER, PERP_ROW, USD_ROW, true, 20, 200, 99, penalty, 0);
        take(b);
        assertEq(commitmentOf(ACCOUNT), 12, "the account");
        assertEq(commitmentOf(BIDDER), 22, "the bidder");
        assertEq(keccak256(house.receipt()), keccak256("receipt"), "the operator's receipt");
        assertEq(usd.balanceOf(BUYER), purse - penalty, "from the bidder");
        assertEq(usd.balanceOf(address(fund)), funds + penalty, "to the fund");
        assertEq(usd.balanceOf(address(liquidations)), 0, "nothing stays here");
        assertEq(
            keccak256(abi.encode(fund.split())),
            keccak256(abi.encode(LIQUID, 0, penalty, KEEPER, KEEPER_SHARE, FUND_SHARE)),
            "shares"
        );
        assertEq(standing().dust, 0, "no dust");
        assertStanding(Standing.LIQUIDATING, "it goes on");
    }

    // ---- whose bid ----

    function test_P240_aBidIsBetweenTheAccountWithoutItsOwnerAndABidderWithHis() public {
        Bid memory b = usual();
        b.settlement.trade.seller = THIRD;
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NotTheTrade.selector, bytes32("handle")));
        b = draft(perps(), 20, 200);
        b.settlement.sellerSide.owned = true;
        refuseTake(sealBid(b), abi.encodeWithSelector(ILiquidations.NotTheTrade.selector, bytes32("owned")));
        // A stranger's account that is sound would be traded for him.
        b = draft(perps(), 20, 200);
        b.settlement.buyerSide.owned = false;
        refuseTake(sealBid(b), abi.encodeWithSelector(IClearingHouse.OwnerMissing.selector, BIDDER));
    }

    function test_P240_whoSawABidCannotSendIt() public {
        bytes memory call = abi.encodeCall(liquidations.take, (usual(), "receipt"));
        refused(
            OTHER_KEEPER, 0, call, abi.encodeWithSelector(IClearingHouse.NotController.selector, BIDDER, OTHER_KEEPER)
        );
    }

    function test_P240_theTermsAreThoseOfTheTrade() public {
        Bid memory b = usual();
        b.quantity += 1;
        b.payment += 10;
        refuseTake(b, NOT_IT);
        b = usual();
        b.payment += 1;
        refuseTake(b, NOT_IT);
        b = usual();
        b.nonce += 1;
        refuseTake(b, NOT_IT);
        b = usual();
        b.settlement.trade.expiry += 1;
        refuseTake(b, NOT_IT);
        b = usual();
        b.settlement.trade.commitment += 1;
        refuseTake(b, NOT_IT);
        b = usual();
        b.nonce += P;
        refuseTake(b, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("nonce"), 99 + P));
        b = bidFor(perps(), 0, 0);
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NotTheTrade.selector, bytes32("quantity")));
        // The trade of another lot: what is sold here is not what was proven.
        b = usual();
        mark(lotOf(FUTURE_ROW, USD_ROW, true), MARK, PAY_MARK, PAY_MARK);
        b.lot.row = FUTURE_ROW;
        refuseTake(b, NOT_IT);
    }

    // ---- under which table ----

    function test_P240_bothSidesAreUnderTheAuctionsTableWhichIsTheLatest() public {
        bytes memory other = abi.encodeWithSelector(ILiquidations.OtherTable.selector, keeps, opens);
        Bid memory b = draft(perps(), 20, 200);
        b.settlement.sellerSide.marketCommitment = keeps;
        refuseTake(sealBid(b), other);
        b = draft(perps(), 20, 200);
        b.settlement.buyerSide.marketCommitment = keeps;
        refuseTake(sealBid(b), other);
        b = usual();
        b.stillBelow = verdict(MARGIN, 12, keeps, unhealthyWord(ACCOUNT, address(0)));
        refuseTake(b, other);
        uint256 old = opens;
        b = usual();
        newTable(MarginLevel.INITIAL);
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NotTheLatestTable.selector, old, opens));
        // Marked again, the bid is still of the old one.
        uint256 next = opens;
        mark(perps(), MARK, PAY_MARK, PAY_MARK);
        refuseTake(b, abi.encodeWithSelector(ILiquidations.OtherTable.selector, old, next));
        take(usual());
    }

    function test_P240_anExpiredTableSellsNothing() public {
        pass(MOST_AGE + 1);
        newTable(MarginLevel.MAINTENANCE);
        refuseTake(usual(), abi.encodeWithSelector(ILiquidations.TableTooOldToJudge.selector, MOST_AGE + 1, MOST_AGE));
    }

    function test_P240_nothingIsSoldWithoutAnAuctionOrAfterTheLiquidation() public {
        Bid memory b = bidFor(lotOf(BTC_ROW, USD_ROW, true), 20, 200);
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NoAuction.selector, ACCOUNT, BTC_ROW, USD_ROW));
        b = usual();
        answer();
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NotInStanding.selector, ACCOUNT, Standing.SOUND));
        start();
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NoAuction.selector, ACCOUNT, PERP_ROW, USD_ROW));
    }

    function test_P240_aFrozenAccountThatIsSilentIsNotSold() public {
        answer();
        pass(QUIET);
        newTables();
        freeze();
        pass(1 days);
        newTables();
        refuseTake(usual(), abi.encodeWithSelector(ILiquidations.NotInStanding.selector, ACCOUNT, Standing.FROZEN));
    }

    function test_P240_aRowThatExpiredMeanwhileIsNotSold() public {
        Bid memory b = usual();
        house.setExpiry(PERP_ROW, uint64(START));
        refuseTake(b, abi.encodeWithSelector(ILiquidations.RowExpired.selector, PERP_ROW, START));
    }

    // ---- under water before, not above initial after ----

    function test_P240_everySliceIsShownUnderWaterJustBefore() public {
        Bid memory b = usual();
        b.underWater = healthy(keeps);
        refuseTake(b, REJECTED);
        b.underWater = underWater(KEEPER);
        refuseTake(b, REJECTED);
        b = usual();
        uint256 old = keeps;
        newTable(MarginLevel.MAINTENANCE);
        refuseTake(b, abi.encodeWithSelector(ILiquidations.NotTheLatestTable.selector, old, keeps));
        b = usual();
        house.setStopped(true);
        refuseTake(b, abi.encodeWithSelector(ILiquidations.PricesStopped.selector, LIQUID));
        house.setStopped(false);
        take(b);
        b = usual();
        b.underWater = verdict(MARGIN, 11, keeps, unhealthyWord(ACCOUNT, address(0)));
        refuseTake(b, REJECTED);
    }

    function test_P240_aSaleNeverGoesFurtherThanInitialMargin() public {
        Bid memory b = usual();
        // Healthy at initial: too much was sold. Of what it was before, of somebody else: nothing is said of it.
        b.stillBelow = verdict(MARGIN, 12, opens, healthyWord(ACCOUNT));
        refuseTake(b, REJECTED);
        b.stillBelow = verdict(MARGIN, 11, opens, unhealthyWord(ACCOUNT, address(0)));
        refuseTake(b, REJECTED);
        b.stillBelow = verdict(MARGIN, 12, opens, unhealthyWord(THIRD, address(0)));
        refuseTake(b, REJECTED);
        take(usual());
    }

    function test_P240_aSliceThatIsNoDustNeedsTheSecondVerdict() public {
        uint64 quantity = uint64(LEAST_LOT / MARK);
        Bid memory b = without(bidFor(perps(), quantity, 10 * quantity));
        refuseTake(b, abi.encodeWithSelector(ILiquidations.TooMuchDust.selector, ACCOUNT));
        take(without(bidFor(perps(), quantity - 1, 10 * quantity)));
        assertEq(standing().dust, 1, "one quantum less is dust");
    }

    function test_P240_sixteenSlicesOfDustAreSoldWithoutIt() public {
        for (uint256 i = 0; i < 16; ++i) {
            take(without(bidFor(perps(), 1, 10)));
            // With a verdict it does not count.
            if (i == 7) take(bidFor(perps(), 1, 10));
        }
        assertEq(standing().dust, 16, "counted");
        refuseTake(without(bidFor(perps(), 1, 10)), abi.encodeWithSelector(ILiquidations.TooMuchDust.selector, ACCOUNT));
        take(bidFor(perps(), 1, 10));
        pass(1);
        newTables();
        answer();
        start();
        mark(perps(), MARK, PAY_MARK, PAY_MARK);
        take(without(bidFor(perps(), 1, 10)));
        assertEq(standing().dust, 1, "of the next liquidation");
    }

    function test_P240_dustPaysAPenaltyTooAtLeastAQuantum() public {
        mark(lotOf(CALL_ROW, USD_ROW, true), 1, PAY_MARK, PAY_MARK);
        uint256 purse = usd.balanceOf(BUYER);
        take(bidFor(lotOf(CALL_ROW, USD_ROW, true), 1, 1));
        assertEq(usd.balanceOf(BUYER), purse - USD_UNITS, "one quantum");
    }

    // ---- two at once, and one who cannot ----

    function test_P240_ofTwoBidsForOneSliceTheFirstHasIt() public {
        Bid memory first = usual();
        Bid memory second = draft(perps(), 20, 205);
        second.nonce = 100;
        second = sealBid(second);
        take(first);
        // Its verdict speaks of an account that is no more, and so do its proofs.
        refuseTake(second, REJECTED);
        second.underWater = underWater(address(0));
        refuseTake(second, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
    }

    function test_P240_aBidderThatCannotPayThePenaltyHasNothing() public {
        Bid memory b = usual();
        vm.prank(BUYER);
        usd.approve(address(liquidations), 4 * USD_UNITS - 1);
        vm.prank(BUYER);
        (bool ok,) = address(liquidations).call(abi.encodeCall(liquidations.take, (b, "receipt")));
        assertFalse(ok, "refused");
        assertEq(commitmentOf(ACCOUNT), 11, "the account is what it was");
        vm.prank(BUYER);
        usd.approve(address(liquidations), 4 * USD_UNITS);
        take(b);
    }
}
