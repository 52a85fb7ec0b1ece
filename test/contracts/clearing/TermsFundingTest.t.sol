// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PerpetualTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {IMarketBoard, InstrumentKind, ParameterSet, PriceRound} from "../../../contracts/interfaces/IMarketBoard.sol";
import {TermsFixture} from "./TermsFixture.sol";

/// @dev Which perpetuals are funded, and what rounds add to what they pay.
contract TermsFundingTest is TermsFixture {
    /// Value units of 10^-8 BTC of the index.
    int256 private constant INDEX = 6e8;

    function refuseListing(PerpetualTerms memory t, uint16 payRow, bytes memory reason) private {
        refused(abi.encodeCall(terms.proposePerpetual, (CLEARED, t, payRow)), reason);
    }

    function accrue(PriceRound memory round) private {
        vm.prank(STRANGER);
        terms.accrueFunding(CLEARED, round, clearedParameters());
    }

    function refuseAccrual(PriceRound memory round, bytes memory reason) private {
        refusedOf(STRANGER, abi.encodeCall(terms.accrueFunding, (CLEARED, round, clearedParameters())), reason);
    }

    function listBitcoin() private {
        listPerpetual(perpetual(BTC_PERP, BTC_FEED), USD_ROW);
    }

    function listThree() private {
        listBitcoin();
        listPerpetual(perpetual(ETH_PERP, ETH_FEED), USD_ROW);
        listPerpetual(perpetual(XYZ_PERP, BTC_FEED), USD_ROW);
    }

    /// @dev A round of these prices of BTC so many seconds from now, accrued at once.
    function accrueAfter(uint256 wait, uint128 index, uint128 mark) private returns (int64) {
        vm.warp(block.timestamp + wait);
        quote(BTC_FEED, index);
        quote(BTC_PERP_FEED, mark);
        int64 before = sumOf(0);
        accrue(openCleared());
        return sumOf(0) - before;
    }

    function sumOf(uint256 place) private view returns (int64) {
        return terms.cumulativeRates(CLEARED, terms.periodOf(CLEARED))[place];
    }

    // ---- listing ----

    function test_onlyPerpetualsAreFunded() public {
        uint16[5] memory rows = [USD_ROW, BTC_ROW, ENTRY_ROW, FUTURE, ROWS];
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IClearingTerms.NotAPerpetual.selector, CLEARED, rows[i]);
            refuseListing(perpetual(rows[i], ETH_FEED), USD_ROW, reason);
        }
        refuseListing(perpetual(BTC_PERP_TIER, BTC_FEED), USD_ROW, invalidTerms(BTC_PERP_TIER, "tier", BTC_PERP_TIER));
    }

    function test_termsOutOfBoundsAreRefused() public {
        PerpetualTerms memory t = perpetual(BTC_PERP, BTC_PERP_FEED);
        // Against itself a price never differs.
        refuseListing(t, USD_ROW, invalidTerms(BTC_PERP, "indexFeed", BTC_PERP_FEED));
        t.indexFeed = uint8(FEEDS);
        refuseListing(t, USD_ROW, invalidTerms(BTC_PERP, "indexFeed", FEEDS));
        t = perpetual(BTC_PERP, BTC_FEED);
        t.interval = 3_599;
        refuseListing(t, USD_ROW, invalidTerms(BTC_PERP, "interval", 3_599));
        t = perpetual(BTC_PERP, BTC_FEED);
        t.maxRate = 1_000_000;
        refuseListing(t, USD_ROW, invalidTerms(BTC_PERP, "maxRate", 1_000_000));
        refuseListing(perpetual(BTC_PERP, BTC_FEED), CAPPED_CHF_ROW, invalidTerms(CAPPED_CHF_ROW, "cap", 5));
        refuseListing(
            perpetual(BTC_PERP, BTC_FEED), BTC_ROW, invalidTerms(BTC_ROW, "payRow", uint256(InstrumentKind.SPOT))
        );
    }

    /// Tiers are rows of one group: the fifth row is of the fourth group.
    function test_groupsAreCountedAsTheTablesCountThem() public {
        listThree();
        (PerpetualTerms[] memory list, uint16[] memory groups, uint16 payRow) = terms.perpetualsOf(CLEARED);
        assertEq(list.length, 3, "perpetuals");
        assertEq(keccak256(abi.encode(list[1])), keccak256(abi.encode(perpetual(ETH_PERP, ETH_FEED))), "terms");
        assertTrue(groups[0] == 3 && groups[1] == 8 && groups[2] == 9, "groups");
        assertEq(payRow, USD_ROW, "pay row");
    }

    function test_threePerpetualsFillTheSignal() public {
        listThree();
        refuseListing(
            perpetual(SOL_PERP, BTC_FEED),
            USD_ROW,
            abi.encodeWithSelector(IClearingTerms.TooManyPerpetuals.selector, CLEARED)
        );
    }

    function test_aPerpetualIsListedOnceAndAllArePaidInOneRow() public {
        listPerpetual(perpetual(BTC_PERP, BTC_FEED), EUR_ROW);
        refuseListing(
            perpetual(BTC_PERP, ETH_FEED),
            EUR_ROW,
            abi.encodeWithSelector(IClearingTerms.PerpetualListedBefore.selector, CLEARED, BTC_PERP)
        );
        refuseListing(
            perpetual(ETH_PERP, ETH_FEED),
            USD_ROW,
            abi.encodeWithSelector(IClearingTerms.OtherPayRow.selector, USD_ROW, EUR_ROW)
        );
        listPerpetual(perpetual(ETH_PERP, ETH_FEED), EUR_ROW);
    }

    // ---- which round accrues ----

    function test_withoutPerpetualsNothingAccrues() public {
        refuseAccrual(openCleared(), abi.encodeWithSelector(IClearingTerms.NoPerpetuals.selector, CLEARED));
    }

    function test_aRoundAccruesOnceAndOnlyLaterOnesDo() public {
        PriceRound memory early = openCleared();
        listBitcoin();
        refuseAccrual(early, abi.encodeWithSelector(IClearingTerms.RoundNotLater.selector, early.id, early.id));
        vm.warp(block.timestamp + 1 hours);
        PriceRound memory first = openCleared();
        PriceRound memory second = openCleared();
        accrue(second);
        bytes4 reason = IClearingTerms.RoundNotLater.selector;
        refuseAccrual(second, abi.encodeWithSelector(reason, second.id, second.id));
        refuseAccrual(first, abi.encodeWithSelector(reason, first.id, second.id));
        assertEq(terms.periodOf(CLEARED), 1, "one period");
    }

    /// Proofs are of a period: were it new in each block, none of an account with a perpetual would arrive in time.
    function test_P219_aPeriodLastsAnHourAtLeast() public {
        listBitcoin();
        uint64 listedAt = uint64(block.timestamp);
        vm.warp(block.timestamp + 1 hours - 1);
        PriceRound memory round = openCleared();
        bytes4 reason = IClearingTerms.PeriodRunning.selector;
        refuseAccrual(round, abi.encodeWithSelector(reason, listedAt + 1 hours, round.time));
        vm.warp(block.timestamp + 1);
        round = openCleared();
        accrue(round);
        vm.warp(block.timestamp + 1 hours - 1);
        PriceRound memory next = openCleared();
        refuseAccrual(next, abi.encodeWithSelector(reason, round.time + 1 hours, next.time));
    }

    /// Else who accrues would choose the best of all prices since the last time.
    function test_P219_anOldRoundDoesNotAccrue() public {
        listBitcoin();
        vm.warp(block.timestamp + 2 hours);
        PriceRound memory round = openCleared();
        vm.warp(block.timestamp + CLEARED_AGE + 1);
        refuseAccrual(round, abi.encodeWithSelector(IMarketBoard.RoundTooOld.selector, CLEARED_AGE + 1, CLEARED_AGE));
        vm.warp(block.timestamp - 1);
        accrue(round);
    }

    function test_roundsAndParametersAreTheBoards() public {
        listBitcoin();
        vm.warp(block.timestamp + 2 hours);
        PriceRound memory round = openCleared();
        round.prices[BTC_PERP_FEED] += 1;
        bytes32 got = keccak256(abi.encode(round.id, round.time, round.prices));
        bytes32 opened = prices.roundDigest(CLEARED, round.id);
        refuseAccrual(round, abi.encodeWithSelector(IMarketBoard.NotTheRound.selector, round.id, got, opened));
        round.prices[BTC_PERP_FEED] -= 1;
        ParameterSet memory other = clearedParameters();
        other.moves[0] -= 1;
        refused(
            abi.encodeCall(terms.accrueFunding, (CLEARED, round, other)),
            abi.encodeWithSelector(
                IMarketBoard.NotTheActiveParameters.selector,
                keccak256(abi.encode(other.moves, other.words)),
                board.parametersDigest(CLEARED)
            )
        );
    }

    // ---- how much ----

    /// 30 on 60,000 is half of one in a thousand: longs pay 3 * 10^5 value units a quantum for the whole interval, 0.3 quanta of a
    /// millionth of a dollar.
    function test_longsPayAPremium() public {
        listBitcoin();
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 60_030e8), 3e5, "an interval");
        assertSigned(accrueAfter(INTERVAL / 4, 60_000e8, 60_030e8), 3e5 / 4, "a quarter of one");
    }

    /// The round's: no prover chooses a table whose cash suits him.
    function test_P219_ratesAreQuantaOfTheCashAtTheRound() public {
        listPerpetual(perpetual(BTC_PERP, BTC_FEED), EUR_ROW);
        quote(6, 1.25e8);
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 60_030e8), 2.4e5, "of 1.25 dollars");
        quote(6, 0.5e8);
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 60_030e8), 6e5, "of half a dollar");
        quote(6, 99);
        vm.warp(block.timestamp + INTERVAL);
        refuseAccrual(openCleared(), abi.encodeWithSelector(IClearingTerms.ValueOutOfRange.selector, EUR_ROW, 0));
    }

    function test_shortsPayADiscount() public {
        listBitcoin();
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 59_970e8), -3e5, "an interval");
    }

    function test_thePremiumIsBounded() public {
        listBitcoin();
        int256 most = INDEX * int256(uint256(MAX_RATE)) / 1e6;
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 60_060e8), most, "at the bound");
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 90_000e8), most, "above it");
        assertSigned(accrueAfter(INTERVAL, 60_000e8, 1), -most, "below it");
    }

    /// Nobody waits for a price to charge a month by it.
    function test_P219_noRoundAddsMoreThanAnIntervalPays() public {
        listBitcoin();
        assertSigned(
            accrueAfter(30 days, 60_000e8, 90_000e8), INDEX * int256(uint256(MAX_RATE)) / 1e6, "one interval's worth"
        );
    }

    /// An eighth of 10^-6 quanta an hour is nothing in any hour, and one in eight.
    function test_partsOfARateAreKept() public {
        listBitcoin();
        uint128 above = 60_000e8 + 10_000;
        for (uint256 i = 0; i < 7; ++i) {
            assertSigned(accrueAfter(1 hours, 60_000e8, above), 0, "less than one");
        }
        assertSigned(accrueAfter(1 hours, 60_000e8, above), 1, "one");
        assertSigned(accrueAfter(1 hours, 60_000e8, 60_000e8 - 10_000), -1, "seven eighths, rounded down");
    }

    function test_aPerpetualListedLaterPaysFromItsListing() public {
        listBitcoin();
        vm.warp(block.timestamp + 1 days);
        listPerpetual(perpetual(ETH_PERP, ETH_FEED), USD_ROW);
        vm.warp(block.timestamp + 2 hours);
        accrue(openCleared());
        // A discount of one in a thousand of 3 * 10^7 value units for two hours of eight; the first pays a whole interval of 3 * 10^5.
        assertSigned(sumOf(1), -7_500, "two hours");
        assertSigned(sumOf(0), 3e5, "an interval");
        // The first period knew no second one.
        assertSigned(terms.cumulativeRates(CLEARED, 0)[1], 0, "nothing before");
    }

    /// A round that was opened before a perpetual was listed adds nothing of it.
    function test_aRoundFromBeforeTheListingAddsNothing() public {
        listBitcoin();
        vm.startPrank(PARAMETERS);
        terms.proposePerpetual(CLEARED, perpetual(ETH_PERP, ETH_FEED), USD_ROW);
        vm.warp(block.timestamp + TERMS_TIMELOCK);
        PriceRound memory round = openCleared();
        vm.warp(block.timestamp + 1 minutes);
        terms.activatePerpetual(CLEARED, perpetual(ETH_PERP, ETH_FEED), USD_ROW);
        vm.stopPrank();
        accrue(round);
        assertSigned(sumOf(1), 0, "nothing yet");
    }

    // ---- what an account owes ----

    function test_anAccountOwesWhatAccruedSinceItsPeriod() public {
        listThree();
        accrueAfter(INTERVAL, 60_000e8, 60_030e8);
        accrueAfter(INTERVAL, 60_000e8, 60_006e8);
        (uint16 payRow, uint16[] memory groups, int64[] memory rates) = terms.fundingSince(CLEARED, 0);
        assertTrue(payRow == USD_ROW && groups.length == 3 && groups[0] == 3 && groups[2] == 9, "whose");
        assertSigned(rates[0], 3.6e5, "both");
        assertSigned(rates[1], -6e4, "at a discount");
        (,, rates) = terms.fundingSince(CLEARED, 1);
        assertSigned(rates[0], 6e4, "the second");
        (,, rates) = terms.fundingSince(CLEARED, 2);
        assertTrue(rates[0] == 0 && rates[1] == 0 && rates[2] == 0, "nothing");
        bytes memory reason = abi.encodeWithSelector(IClearingTerms.FundingPeriodUnknown.selector, 3, 2);
        refused(abi.encodeCall(terms.fundingSince, (CLEARED, 3)), reason);
        refused(abi.encodeCall(terms.cumulativeRates, (CLEARED, 3)), reason);
    }

    function test_aVenueWithoutPerpetualsOwesNothing() public view {
        (, uint16[] memory groups, int64[] memory rates) = terms.fundingSince(CLEARED, 0);
        assertTrue(groups.length == 0 && rates.length == 0, "nothing listed");
    }

    /// Quanta worth 10^14 value units at the highest rate, in cash worth one: 22 intervals' worth of what a proof takes. Were accruals to
    /// stop there, or differences to outgrow a proof, accounts would be locked.
    function test_P219_sumsStopAtWhatAProofTakesAndComeBack() public {
        PerpetualTerms memory t = perpetual(BTC_PERP, BTC_FEED);
        (t.interval, t.maxRate) = (1 hours, 999_999);
        listPerpetual(t, USD_ROW);
        quote(0, 100);
        int256 bound_ = 1 << 62;
        assertSigned(accrueAfter(1 hours, 1e18, 1.4e18), bound_ - 1, "at the upper bound");
        accrueAfter(1 hours, 1e18, 0.6e18);
        assertSigned(sumOf(0), -bound_, "at the lower");
        accrueAfter(1 hours, 1e18, 1.4e18);
        (,, int64[] memory rates) = terms.fundingSince(CLEARED, 2);
        assertSigned(rates[0], 2 * bound_ - 1, "the widest difference is 2^63 - 1");
        (,, rates) = terms.fundingSince(CLEARED, 1);
        assertSigned(rates[0], 0, "there and back");
        assertEq(terms.periodOf(CLEARED), 3, "periods went on");
    }

    /// Neither a sum at its bounds nor its sign runs into those beside it.
    function test_sumsOfOnePeriodDoNotTouch() public {
        listThree();
        quote(0, 100);
        quote(ETH_FEED, 1e18);
        quote(ETH_PERP_FEED, 1);
        quote(XYZ_FEED, 60_000e8 - 10_000);
        vm.warp(block.timestamp + INTERVAL);
        for (uint256 i = 0; i < 60; ++i) {
            vm.warp(block.timestamp + INTERVAL);
            accrue(openCleared());
        }
        assertSigned(sumOf(0), 60 * 3e11, "the first");
        assertSigned(sumOf(1), -(1 << 62), "the second at its bound");
        assertSigned(sumOf(2), -60 * 1e6, "the third");
    }

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_P219_ratesAreTheReference(
        uint256 indexSeed,
        uint256 markSeed,
        uint256 waitSeed,
        uint256 cashSeed,
        bool near
    ) public {
        listBitcoin();
        uint256 index = bound(indexSeed, 1, 1e16);
        uint256 mark = near ? index + index * (markSeed % 2_000) / 1e6 : bound(markSeed, 1, 1e16);
        uint256 wait = bound(waitSeed, 1 hours, 1 days);
        uint256 cash = bound(cashSeed, 100, 1e10);
        quote(0, uint128(cash));
        int256 rate = accrueAfter(wait, uint128(index), uint128(mark));
        // As unsigned numbers: the size of the premium, then its sign.
        (uint256 i, uint256 m) = (index / 1e4, mark / 1e4);
        uint256 premium = (m > i ? m - i : i - m) * 1e6;
        if (premium > i * MAX_RATE) premium = i * MAX_RATE;
        uint256 size = premium * (wait > INTERVAL ? INTERVAL : wait) * 2 ** 20 / INTERVAL / (cash / 100);
        bool part = size % 2 ** 20 != 0;
        size = size / 2 ** 20;
        assertSigned(rate, m > i ? int256(size) : -int256(size + (part ? 1 : 0)), "rate");
        assertTrue(size <= i * MAX_RATE, "bounded by the index value");
    }
}
