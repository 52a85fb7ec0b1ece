// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IDefaultFund} from "../../../contracts/interfaces/IDefaultFund.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {Auction, Bid, LiquidationRules, Lot} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {LiquidationPrices} from "../../../contracts/libraries/LiquidationPrices.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {SliceFixture} from "./SliceFixture.sol";

/// @dev At what price slices go, what the bidder pays besides, and what he is paid.
contract SlicePriceTest is SliceFixture {
    /// @dev Seconds after the start of the clock, up to where the table is as old as it may be.
    uint256[6] private points = [uint256(0), 1, 67, FALL - 1, FALL, FALL + 77];

    function refusePrice(Bid memory b, bytes4 selector, uint256 limit) private {
        uint256 offered = uint256(b.payment) * PAY_MARK * PPM;
        refuseTake(b, abi.encodeWithSelector(selector, offered, limit));
    }

    function test_P240_whatTheAccountSellsGoesForNoLessThanTheClockAsks() public {
        for (uint256 i = 0; i < points.length; ++i) {
            vm.warp(START + points[i]);
            uint256 rate = discountAt(points[i]) + PENALTY;
            uint64 least = leastPayment(777, MARK, PAY_MARK, rate);
            refusePrice(
                bidFor(perps(), 777, least - 1), ILiquidations.PriceTooLow.selector, 777 * uint256(MARK) * (PPM - rate)
            );
            take(bidFor(perps(), 777, least));
        }
    }

    function test_P240_whatTheAccountBuysBackCostsNoMoreThanTheClockAsks() public {
        Lot memory lot = lotOf(CALL_ROW, USD_ROW, false);
        mark(lot, 5, PAY_MARK, PAY_MARK);
        uint256 extra = uint256(STRIKE) * STRIKE_SHARE / PPM;
        for (uint256 i = 0; i < points.length; ++i) {
            vm.warp(START + points[i]);
            uint256 rate = discountAt(points[i]) + PENALTY;
            uint64 most = mostPayment(777, 5, extra, PAY_MARK, rate);
            uint256 limit = 777 * (5 * PPM + (5 + extra) * rate);
            refusePrice(bidFor(lot, 777, most + 1), ILiquidations.PriceTooHigh.selector, limit);
            take(bidFor(lot, 777, most));
        }
    }

    function test_P240_aBidMayBeBetterThanTheClockAsks() public {
        take(bidFor(perps(), 777, 100_000));
        Lot memory lot = lotOf(PERP_ROW, USD_ROW, false);
        mark(lot, MARK, PAY_MARK, PAY_MARK);
        take(bidFor(lot, 777, 0));
    }

    function test_P240_thePenaltyOfAnOptionCountsAShareOfItsStrike() public {
        Lot memory lot = lotOf(CALL_ROW, USD_ROW, false);
        mark(lot, 5, PAY_MARK, PAY_MARK);
        uint256 purse = usd.balanceOf(BUYER);
        take(bidFor(lot, 777, 10));
        assertEq(purse - usd.balanceOf(BUYER), penaltyOf(777 * (5 + 200), PAY_MARK), "penalty");
    }

    function test_P240_perpetualsGoForEntriesAndFeesAreInCash() public {
        Lot memory lot = lotOf(PERP_ROW, ENTRY_ROW, true);
        mark(lot, MARK, 50, 7);
        uint256 purse = usd.balanceOf(BUYER);
        take(bidFor(lot, 777, leastPayment(777, MARK, 50, PENALTY)));
        assertEq(purse - usd.balanceOf(BUYER), penaltyOf(777 * uint256(MARK), 7), "penalty");
    }

    function test_P240_entriesGoAtParWithoutPenaltyOrSubsidy() public {
        Lot memory lot = lotOf(ENTRY_ROW, USD_ROW, false);
        mark(lot, PAY_MARK, PAY_MARK, PAY_MARK);
        pass(MOST_AGE);
        uint256 purse = usd.balanceOf(BUYER);
        refusePrice(bidFor(lot, 777, 778), ILiquidations.PriceTooHigh.selector, 777 * PAY_MARK * PPM);
        Bid memory b = bidFor(lot, 777, 777);
        b.subsidy = 1;
        refuseTake(b, abi.encodeWithSelector(ILiquidations.SubsidyTooLarge.selector, 1, 0));
        take(bidFor(lot, 777, 777));
        assertEq(usd.balanceOf(BUYER), purse, "nothing besides");
    }

    // ---- subsidies ----

    function subsidised(uint256 amount) private view returns (Bid memory b) {
        b = bidFor(perps(), 777, 10_000);
        b.subsidy = amount;
    }

    function test_P240_noSubsidyBeforeTheDiscountIsAtItsMost() public {
        pass(FALL);
        refuseTake(subsidised(1), abi.encodeWithSelector(ILiquidations.SubsidyTooLarge.selector, 1, 0));
        take(subsidised(0));
    }

    function test_P240_aSubsidyIsWhatTheClockPermitsAndGoesToTheBidder() public {
        pass(FALL + FALL / 4);
        // Whole quanta: 777,000 value units at 3,000 ppm are 2,331, and 23 quanta of 100.
        uint256 most = 777 * uint256(MARK) * (MOST_SUBSIDY / 4) / (PPM * PAY_MARK) * USD_UNITS;
        refuseTake(subsidised(most + 1), abi.encodeWithSelector(ILiquidations.SubsidyTooLarge.selector, most + 1, most));
        uint256 purse = usd.balanceOf(BUYER);
        take(subsidised(most));
        assertEq(usd.balanceOf(BUYER), purse - penaltyOf(777 * uint256(MARK), PAY_MARK) + most, "paid");
        assertEq(usd.balanceOf(address(liquidations)), 0, "nothing stays here");
    }

    // ---- tokens ----

    function inOddFees() private {
        LiquidationRules memory rules = usualRules();
        rules.feeRow = EUR_ROW;
        vm.startPrank(PARAMETERS);
        liquidations.proposeRules(LIQUID, rules);
        pass(2 days);
        liquidations.activateRules(LIQUID, rules);
        vm.stopPrank();
        newTables();
        mark(perps(), MARK, PAY_MARK, PAY_MARK);
    }

    function test_P240_aTokenThatKeepsAFeePaysNoPenalty() public {
        inOddFees();
        eur.setOddity(OddToken.Oddity.FEE);
        Bid memory b = bidFor(perps(), 2_000, 20_000);
        refuseTake(b, abi.encodeWithSelector(IDefaultFund.TokenTookAFee.selector, 396, 400));
        eur.setOddity(OddToken.Oddity.NONE);
        take(b);
    }

    function test_P240_nothingEntersAgainThroughATokenOrTheHouse() public {
        inOddFees();
        bytes memory reentered = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        Bid memory b = bidFor(perps(), 20, 200);
        bytes[3] memory calls = [
            abi.encodeCall(liquidations.take, (b, "receipt")),
            abi.encodeCall(liquidations.answer, (ACCOUNT, healthy(keeps))),
            abi.encodeCall(liquidations.withdrawBonds, ())
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            eur.setOddity(OddToken.Oddity.REENTERS);
            eur.setCall(address(liquidations), calls[i]);
            refuseTake(b, reentered);
            eur.setOddity(OddToken.Oddity.NONE);
            house.setCall(address(liquidations), calls[i]);
            refuseTake(b, reentered);
            house.setCall(address(0), "");
        }
        take(b);
    }

    // ---- formulae ----

    function testFuzz_P240_ratesAreTheClocks(uint24 discount, uint24 subsidy, uint32 fall, uint64 elapsed) public pure {
        LiquidationRules memory rules;
        (rules.maxDiscount, rules.maxSubsidy) = (discount, subsidy);
        rules.fall = fall == 0 ? 1 : fall;
        (uint24 d, uint24 s) = LiquidationPrices.ratesAfter(rules, elapsed);
        uint256 first = elapsed < rules.fall ? elapsed : rules.fall;
        uint256 second = elapsed - first < rules.fall ? elapsed - first : rules.fall;
        // d/discount is the last whole part of first/fall.
        assertTrue(uint256(d) * rules.fall <= discount * first, "discount, not above");
        assertTrue((uint256(d) + 1) * rules.fall > discount * first, "discount, not below");
        assertTrue(uint256(s) * rules.fall <= subsidy * second, "subsidy, not above");
        assertTrue((uint256(s) + 1) * rules.fall > subsidy * second, "subsidy, not below");
        assertTrue(s == 0 || d == discount, "one after the other");
    }

    function testFuzz_P240_penaltiesAreRoundedUpAndSubsidiesDown(
        uint64 quantity,
        uint64 rowMark,
        uint64 extra,
        uint64 feeMark,
        uint24 rate
    ) public pure {
        Auction memory a;
        a.mark = uint64(bound(rowMark, 0, 2 ** 47 - 1));
        a.extra = uint64(bound(extra, 0, 2 ** 48 - 1));
        a.feeMark = uint64(bound(feeMark, 1, 2 ** 47 - 1));
        uint256 exact = uint256(quantity) * (uint256(a.mark) + a.extra) * rate;
        uint256 unit = uint256(a.feeMark) * PPM;
        uint256 penalty = LiquidationPrices.penaltyQuanta(a, quantity, rate);
        uint256 subsidy = LiquidationPrices.subsidyQuanta(a, quantity, rate);
        assertTrue(penalty * unit >= exact && (penalty == 0 || (penalty - 1) * unit < exact), "penalty");
        assertTrue(subsidy * unit <= exact && (subsidy + 1) * unit > exact, "subsidy");
    }

    /// @dev With the largest subsidy that rules may have, the keeper being the same person, and the first second that it is at its most.
    function testFuzz_P240_whoBuysFromHimselfIsPaidNoMoreThanThePenalty(
        uint64 quantity,
        uint64 rowMark,
        uint64 feeMark,
        uint24 penalty,
        uint24 keeperShare
    ) public pure {
        Auction memory a;
        a.mark = uint64(bound(rowMark, 0, 2 ** 47 - 1));
        a.feeMark = uint64(bound(feeMark, 1, 2 ** 47 - 1));
        penalty = uint24(bound(penalty, 0, PPM));
        keeperShare = uint24(bound(keeperShare, 0, PPM));
        uint24 mostSubsidy = uint24(uint256(penalty) * (PPM - keeperShare) / PPM);
        uint256 paid = LiquidationPrices.penaltyQuanta(a, quantity, penalty);
        uint256 back = LiquidationPrices.subsidyQuanta(a, quantity, mostSubsidy);
        assertTrue(back * PPM + paid * keeperShare <= paid * PPM, "what the tranches have left");
    }

    /// @dev Dust gains nothing: parts pay as much penalty as the whole, and get no more subsidy.
    function testFuzz_P240_aSliceInPartsCostsNoLess(uint64 quantity, uint64 part, uint64 rowMark, uint64 feeMark)
        public
        pure
    {
        Auction memory a;
        a.mark = uint64(bound(rowMark, 0, 2 ** 47 - 1));
        a.feeMark = uint64(bound(feeMark, 1, 2 ** 47 - 1));
        part = uint64(bound(part, 0, quantity));
        uint64 rest = quantity - part;
        uint256 apart =
            LiquidationPrices.penaltyQuanta(a, part, PENALTY) + LiquidationPrices.penaltyQuanta(a, rest, PENALTY);
        assertTrue(apart >= LiquidationPrices.penaltyQuanta(a, quantity, PENALTY), "penalty");
        apart = LiquidationPrices.subsidyQuanta(a, part, MOST_SUBSIDY)
            + LiquidationPrices.subsidyQuanta(a, rest, MOST_SUBSIDY);
        assertTrue(apart <= LiquidationPrices.subsidyQuanta(a, quantity, MOST_SUBSIDY), "subsidy");
    }

    /// @dev Discount and penalty take that rate of the value, and no more, from the account.
    function testFuzz_P240_limitsAreTheValueLessOrMoreTheRate(
        uint64 quantity,
        uint64 rowMark,
        uint64 extra,
        uint24 rate
    ) public pure {
        Auction memory a;
        a.mark = uint64(bound(rowMark, 0, 2 ** 47 - 1));
        a.extra = uint64(bound(extra, 0, 2 ** 48 - 1));
        rate = uint24(bound(rate, 0, PPM - 1));
        uint256 given = uint256(quantity) * (uint256(a.mark) + a.extra) * rate;
        uint256 most = LiquidationPrices.mostWhenBought(a, quantity, rate);
        assertEq(most - uint256(quantity) * a.mark * PPM, given, "bought back");
        a.extra = 0;
        given = uint256(quantity) * a.mark * rate;
        uint256 least = LiquidationPrices.leastWhenSold(a, quantity, rate);
        assertEq(uint256(quantity) * a.mark * PPM - least, given, "sold");
    }
}
