// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {FeedConfig, FeedKind, IPriceBoard, PriceReport} from "../../contracts/interfaces/IPriceBoard.sol";
import {IPyth} from "../../contracts/interfaces/IPyth.sol";
import {IVenueTimelock} from "../../contracts/interfaces/IVenueTimelock.sol";
import {SignerSet} from "../../contracts/libraries/SignerSet.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {PriceBoard} from "../../contracts/PriceBoard.sol";
import {BoardFixture} from "./BoardFixture.sol";
import {StandInAggregator} from "./mocks/StandInAggregator.sol";

contract PriceBoardTest is BoardFixture {
    function error1(bytes4 selector, uint256 a) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }

    function test_aRoundHoldsThePricesOfAllFeedsAndTheirTime() public {
        assertEq(openRound(), 1, "first round");
        (uint64 id, uint64 time) = prices.lastRound(VENUE);
        assertEq(id, 1, "id");
        assertEq(time, block.timestamp, "time");
        uint128[] memory expected = new uint128[](4);
        (expected[0], expected[1], expected[2], expected[3]) = (1e8, BTC_PRICE, ETH_PRICE, XYZ_PRICE);
        assertEq(prices.roundDigest(VENUE, 1), keccak256(abi.encode(id, time, expected)), "digest");
        assertEq(prices.roundDigest(VENUE, 2), bytes32(0), "no second round");
        assertEq(prices.lastPrice(VENUE, 1).price, BTC_PRICE, "last price");
        assertEq(prices.lastPrice(VENUE, 3).anchor, XYZ_PRICE, "anchor");
    }

    function test_K20_aPriceFromTheFutureIsRefused() public {
        uint256 later = block.timestamp + 1;
        aggregator.set(int256(uint256(BTC_PRICE)), later);
        bytes4 future = IPriceBoard.PriceFromTheFuture.selector;
        refuseRound(abi.encodeWithSelector(future, 1, later, block.timestamp));
        refresh();
        pushPyth(int64(uint64(ETH_PRICE)), 1e8, -8, later);
        refuseRound(abi.encodeWithSelector(future, 2, later, block.timestamp));
        vm.warp(later);
        refuseRound(reportOf(XYZ_PRICE, later + 1), abi.encodeWithSelector(future, 3, later + 1, later));
        openRound();
    }

    function test_K21_aPriceOlderThanItsHeartbeatIsRefused() public {
        bytes4 old = IPriceBoard.PriceTooOld.selector;
        uint256 read = block.timestamp;
        vm.warp(read + HEARTBEAT);
        openRound();
        vm.warp(read + HEARTBEAT + 1);
        refuseRound(abi.encodeWithSelector(old, 1, HEARTBEAT + 1, HEARTBEAT));
        aggregator.set(int256(uint256(BTC_PRICE)), block.timestamp);
        refuseRound(abi.encodeWithSelector(old, 2, HEARTBEAT + 1, HEARTBEAT));
        refresh();
        uint256 before = block.timestamp - HEARTBEAT - 1;
        refuseRound(reportOf(XYZ_PRICE, before), abi.encodeWithSelector(old, 3, HEARTBEAT + 1, HEARTBEAT));
    }

    function test_K22_aPriceBeforeTheLastAcceptedIsRefused() public {
        vm.warp(block.timestamp + 100);
        refresh();
        openRound();
        uint256 last = block.timestamp;
        aggregator.set(int256(uint256(BTC_PRICE)), last - 1);
        refuseRound(abi.encodeWithSelector(IPriceBoard.PriceBeforeLast.selector, 1, last - 1, last));
        refresh();
        refuseRound(
            reportOf(XYZ_PRICE, last - 1),
            abi.encodeWithSelector(IPriceBoard.PriceBeforeLast.selector, 3, last - 1, last)
        );
        // The same price of the same moment is the source's latest still.
        assertEq(openRound(), 2, "second round");
        refuseRound(
            reportOf(XYZ_PRICE + 1, last),
            abi.encodeWithSelector(IPriceBoard.PriceContradictsLast.selector, 3, XYZ_PRICE + 1, XYZ_PRICE, last)
        );
    }

    function test_K23_aPriceThatIsNotPositiveOrOutOfBoundsIsRefused() public {
        int256[4] memory bad = [int256(0), -1, type(int256).min, -int256(uint256(BTC_PRICE))];
        for (uint256 i = 0; i < 4; ++i) {
            aggregator.set(bad[i], block.timestamp);
            refuseRound(abi.encodeWithSelector(IPriceBoard.PriceNotPositive.selector, 1, bad[i]));
        }
        int256[5] memory out =
            [int256(1e8 - 1), 1e15 + 1, 2 ** 128, 2 ** 128 + int256(uint256(BTC_PRICE)), type(int256).max];
        for (uint256 i = 0; i < 5; ++i) {
            aggregator.set(out[i], block.timestamp);
            refuseRound(abi.encodeWithSelector(IPriceBoard.PriceOutOfBounds.selector, 1, uint256(out[i]), 1e8, 1e15));
        }
        refresh();
        pushPyth(-1, 0, -8, block.timestamp + 1);
        vm.warp(block.timestamp + 1);
        refuseRound(abi.encodeWithSelector(IPriceBoard.PriceNotPositive.selector, 2, int256(-1)));
    }

    /// The highest price there is, of a feed that allows it, fits its 128 bits.
    function test_K23_theLargestPriceIsRecordedWhole() public {
        prices.updatePrices(VENUE, noUpdates(), reportOf(type(uint128).max, block.timestamp));
        assertEq(prices.lastPrice(VENUE, 3).price, type(uint128).max, "price");
        vm.warp(block.timestamp + 1);
        prices.updatePrices(VENUE, noUpdates(), reportOf(type(uint128).max - type(uint128).max / 10, block.timestamp));
    }

    function test_K24_aPriceTooFarFromTheAnchorIsRefused() public {
        openRound();
        uint256 permitted = BTC_PRICE / 10;
        vm.warp(block.timestamp + 1);
        uint256[2] memory far = [BTC_PRICE + permitted + 1, BTC_PRICE - permitted - 1];
        for (uint256 i = 0; i < 2; ++i) {
            aggregator.set(int256(far[i]), block.timestamp);
            refuseRound(abi.encodeWithSelector(IPriceBoard.PriceDeviates.selector, 1, far[i], BTC_PRICE, permitted));
        }
        aggregator.set(int256(BTC_PRICE - permitted), block.timestamp);
        openRound();
        // From the anchor, not from the last price: two rounds do not add up.
        aggregator.set(int256(BTC_PRICE - permitted - 1), block.timestamp + 1);
        vm.warp(block.timestamp + 1);
        refuseRound(
            abi.encodeWithSelector(
                IPriceBoard.PriceDeviates.selector, 1, BTC_PRICE - permitted - 1, BTC_PRICE, permitted
            )
        );
    }

    /// A market that fell by half in an hour is read again after five hours' worth of the limit.
    function test_K24_aCrashDoesNotLockTheBoardForEver() public {
        openRound();
        uint256 start = block.timestamp;
        vm.warp(start + 5 hours - 1);
        refresh();
        aggregator.set(int256(uint256(BTC_PRICE / 2)), block.timestamp);
        uint256 permitted = uint256(BTC_PRICE) * DEVIATION * (5 hours - 1) / (1e6 * 1 hours);
        refuseRound(abi.encodeWithSelector(IPriceBoard.PriceDeviates.selector, 1, BTC_PRICE / 2, BTC_PRICE, permitted));
        vm.warp(start + 5 hours);
        openRound();
        assertEq(prices.lastPrice(VENUE, 1).anchor, BTC_PRICE / 2, "the anchor follows");
    }

    /// However many rounds are opened, within an hour no price leaves its anchor by more than the limit.
    function testFuzz_K24_manyRoundsMoveAPriceNoFurtherThanTheLimit(uint16[12] memory waits, uint256[12] memory moves)
        public
    {
        openRound();
        uint256 start = block.timestamp;
        uint256 last = BTC_PRICE;
        for (uint256 i = 0; i < 12; ++i) {
            vm.warp(block.timestamp + uint256(waits[i]) % 900);
            refresh();
            uint256 next = bound(moves[i], last * 85 / 100, last * 115 / 100);
            aggregator.set(int256(next), block.timestamp);
            try prices.updatePrices(VENUE, noUpdates(), report()) {
                last = next;
            } catch {}
            if (block.timestamp - start < 1 hours) {
                assertTrue(last <= BTC_PRICE / 10 * 11 && last >= BTC_PRICE / 10 * 9, "within the hour");
            }
            // Anchors are an hour apart or more: at most one more step than hours, each ten per cent of what was.
            uint256 steps = (block.timestamp - start) / 1 hours + 1;
            (uint256 high, uint256 low) = (BTC_PRICE, BTC_PRICE);
            for (uint256 j = 0; j < steps; ++j) {
                (high, low) = (high * 12 / 10, low * 8 / 10);
            }
            assertTrue(last <= high && last >= low, "within the steps");
        }
    }

    function test_K25_aReportNeedsEnoughDistinctSigners() public {
        PriceReport memory r = report();
        bytes32 digest = reportDigest(r, address(prices), block.chainid, VENUE);
        r.signatures = signedBy(digest, keys[0], keys[0]);
        address first = vm.addr(keys[0]);
        refuseRound(r, abi.encodeWithSelector(SignerSet.SignersNotAscending.selector, first, first));
        r.signatures = signedBy(digest, keys[1], keys[0]);
        refuseRound(r, abi.encodeWithSelector(SignerSet.SignersNotAscending.selector, vm.addr(keys[1]), first));
        r.signatures = new bytes[](1);
        r.signatures[0] = signature(keys[0], digest);
        refuseRound(r, abi.encodeWithSelector(SignerSet.TooFewSignatures.selector, 1, 2));
        r.signatures = new bytes[](0);
        refuseRound(r, abi.encodeWithSelector(SignerSet.TooFewSignatures.selector, 0, 2));
        r.signatures = signedBy(digest, keys[0], keys[2]);
        prices.updatePrices(VENUE, noUpdates(), r);
    }

    function test_K25_aStrangersSignatureIsRefused() public {
        PriceReport memory r = report();
        bytes32 digest = reportDigest(r, address(prices), block.chainid, VENUE);
        uint256 stranger = 77;
        address who = vm.addr(stranger);
        (uint256 low, uint256 high) = who < vm.addr(keys[0]) ? (stranger, keys[0]) : (keys[0], stranger);
        r.signatures = signedBy(digest, low, high);
        refuseRound(r, abi.encodeWithSelector(SignerSet.UnknownSigner.selector, who));
    }

    function test_K25_aSignatureOfAnotherDomainIsRefused() public {
        // A digest of another chain, place, venue or message recovers to some other address.
        PriceReport memory r = report();
        bytes32[4] memory digests = [
            reportDigest(r, address(prices), block.chainid + 1, VENUE),
            reportDigest(r, address(board), block.chainid, VENUE),
            reportDigest(r, address(prices), block.chainid, VENUE + 1),
            keccak256("else")
        ];
        for (uint256 i = 0; i < 4; ++i) {
            r.signatures = signedBy(digests[i], keys[0], keys[1]);
            vm.expectRevert();
            prices.updatePrices(VENUE, noUpdates(), r);
        }
        r = report();
        r.prices[0] += 1;
        vm.expectRevert();
        prices.updatePrices(VENUE, noUpdates(), r);
        r = report();
        r.signatures[0] = hex"01";
        refuseRound(r, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureLength.selector, 1));
    }

    /// Computed with ethers.
    function test_K25_aReportsDigestIsThatOfItsTypedData() public pure {
        PriceReport memory r;
        r.feeds = new uint8[](2);
        (r.feeds[0], r.feeds[1]) = (3, 5);
        r.prices = new uint128[](2);
        (r.prices[0], r.prices[1]) = (XYZ_PRICE, 1);
        (r.observedAt, r.deadline) = (1_800_000_000, 1_800_000_060);
        bytes32 expected = 0x2f2617261a15026a7a51b6ad0ec30892a467b868b7c7771a195e6b0ad890be48;
        assertEq(reportDigest(r, USD, 31337, VENUE), expected, "digest");
    }

    function test_K25_anExpiredReportIsRefused() public {
        PriceReport memory r = report();
        vm.warp(r.deadline);
        prices.updatePrices(VENUE, noUpdates(), r);
        vm.warp(uint256(r.deadline) + 1);
        refuseRound(r, abi.encodeWithSelector(IPriceBoard.ReportExpired.selector, r.deadline, block.timestamp));
    }

    function test_K25_aReportOfOtherFeedsOrLengthsIsRefused() public {
        PriceReport memory r = report();
        r.prices = new uint128[](2);
        refuseRound(r, abi.encodeWithSelector(IPriceBoard.ReportLengthMismatch.selector, 1, 2));
        PriceReport memory empty;
        refuseRound(empty, error1(IPriceBoard.ReportMissesFeed.selector, 3));
        r = report();
        r.feeds[0] = 2;
        r.signatures = signedBy(reportDigest(r, address(prices), block.chainid, VENUE), keys[0], keys[1]);
        refuseRound(r, error1(IPriceBoard.ReportMissesFeed.selector, 3));
        r.feeds = new uint8[](2);
        (r.feeds[0], r.feeds[1]) = (3, 4);
        r.prices = new uint128[](2);
        (r.prices[0], r.prices[1]) = (XYZ_PRICE, XYZ_PRICE);
        r.signatures = signedBy(reportDigest(r, address(prices), block.chainid, VENUE), keys[0], keys[1]);
        refuseRound(r, abi.encodeWithSelector(IPriceBoard.ReportOfOtherFeeds.selector, 2, 1));
    }

    function test_anIncompleteChainlinkRoundIsRefused() public {
        uint256 now_ = block.timestamp;
        bytes4 incomplete = IPriceBoard.RoundIncomplete.selector;
        aggregator.setRaw(StandInAggregator.Answer(0, 1e13, now_, now_, 0));
        refuseRound(abi.encodeWithSelector(incomplete, 1, 0, now_, 0));
        aggregator.setRaw(StandInAggregator.Answer(5, 1e13, now_, 0, 5));
        refuseRound(abi.encodeWithSelector(incomplete, 1, 5, 0, 5));
        aggregator.setRaw(StandInAggregator.Answer(5, 1e13, now_, now_, 4));
        refuseRound(abi.encodeWithSelector(incomplete, 1, 5, now_, 4));
    }

    function test_K26_aSourceThatFailsStopsTheRoundAndIsNamed() public {
        bytes memory reason = abi.encodeWithSelector(IPriceBoard.FeedUnavailable.selector, 1, address(aggregator));
        aggregator.setFault(StandInAggregator.Fault.REVERTS);
        refuseRound(reason);
        aggregator.setFault(StandInAggregator.Fault.SHORT);
        refuseRound(reason);
        aggregator.setFault(StandInAggregator.Fault.NONE);
        openRound();
    }

    function testFuzz_decimalsOfEverySourceBecomeEight(uint8 decimals, uint256 mantissa) public {
        decimals = uint8(bound(decimals, 0, 44));
        mantissa = bound(mantissa, 1, 2 ** 127);
        aggregator.setDecimals(decimals);
        aggregator.set(int256(mantissa), block.timestamp);
        uint256 price = decimals > 8 ? mantissa / 10 ** (decimals - 8) : mantissa * 10 ** (8 - decimals);
        if (price < 1e8 || price > 1e15) {
            refuseRound(abi.encodeWithSelector(IPriceBoard.PriceOutOfBounds.selector, 1, price, 1e8, 1e15));
        } else {
            openRound();
            assertEq(prices.lastPrice(VENUE, 1).price, price, "price");
        }
    }

    function test_aScaleBeyondReasonIsRefused() public {
        aggregator.setDecimals(45);
        refuseRound(abi.encodeWithSelector(IPriceBoard.UnsupportedScale.selector, 1, int256(-45)));
        refresh();
        aggregator.setDecimals(8);
        vm.warp(block.timestamp + 1);
        pushPyth(1, 0, 13, block.timestamp);
        refuseRound(abi.encodeWithSelector(IPriceBoard.UnsupportedScale.selector, 2, int256(13)));
    }

    function testFuzz_pythPricesAreHeldToTheirConfidence(uint64 confidence, uint8 exponent) public {
        int32 expo = -int32(uint32(bound(exponent, 6, 10)));
        int64 price = int64(uint64(3_000 * 10 ** uint32(-expo)));
        uint256 permitted = uint256(uint64(price)) * CONFIDENCE / 1e6;
        confidence = uint64(bound(confidence, 0, 2 * permitted));
        vm.warp(block.timestamp + 1);
        refresh();
        vm.warp(block.timestamp + 1);
        pushPyth(price, confidence, expo, block.timestamp);
        if (confidence > permitted) {
            refuseRound(abi.encodeWithSelector(IPriceBoard.PriceUncertain.selector, 2, confidence, permitted));
        } else {
            openRound();
            assertEq(prices.lastPrice(VENUE, 2).price, ETH_PRICE, "price");
        }
    }

    /// Any answer of an aggregator: taken when all rules hold, and for no other.
    function testFuzz_aPriceIsTakenExactlyWhenAllRulesHold(int256 answer, uint256 updatedAt, uint32 wait) public {
        openRound();
        uint256 last = prices.lastPrice(VENUE, 1).updatedAt;
        vm.warp(block.timestamp + 1 + uint256(wait) % 3 days);
        refresh();
        if (answer % 4 != 0) answer = int256(bound(uint256(answer), BTC_PRICE / 2, BTC_PRICE * 2));
        updatedAt = bound(updatedAt, block.timestamp - 2 hours, block.timestamp + 10 minutes);
        aggregator.set(answer, updatedAt);
        uint256 elapsed = block.timestamp - last < 1 hours ? 1 hours : block.timestamp - last;
        uint256 permitted = uint256(BTC_PRICE) * DEVIATION * elapsed / (1e6 * 1 hours);
        bool holds = updatedAt <= block.timestamp && block.timestamp - updatedAt <= HEARTBEAT && updatedAt >= last
            && answer >= 1e8 && answer <= 1e15;
        if (holds) {
            uint256 price = uint256(answer);
            holds = (price > BTC_PRICE ? price - BTC_PRICE : BTC_PRICE - price) <= permitted;
        }
        (bool ok,) = address(prices).call(abi.encodeCall(prices.updatePrices, (VENUE, noUpdates(), report())));
        assertTrue(ok == holds, "taken exactly when it may be");
        assertTrue(prices.lastPrice(VENUE, 1).price == (holds ? uint256(answer) : BTC_PRICE), "recorded");
    }

    function test_pythsFeeIsForwardedAndTheRestReturned() public {
        vm.warp(block.timestamp + 1);
        aggregator.set(int256(uint256(BTC_PRICE)), block.timestamp);
        bytes[] memory updates = pythUpdate(int64(uint64(ETH_PRICE)), 1e8, -8, block.timestamp);
        uint256 before = address(pyth).balance;
        vm.deal(address(this), 100);
        prices.updatePrices{value: 100}(VENUE, updates, report());
        assertEq(address(this).balance, 99, "refund");
        assertEq(address(pyth).balance, before + 1, "fee");
        assertEq(address(prices).balance, 0, "nothing stays");
        assertEq(prices.lastPrice(VENUE, 2).updatedAt, block.timestamp, "the update was read");
        vm.expectRevert(abi.encodeWithSelector(IPriceBoard.FeeNotCovered.selector, 0, 1));
        prices.updatePrices(VENUE, updates, report());
        prices.updatePrices{value: 7}(VENUE, noUpdates(), report());
        assertEq(address(this).balance, 99, "all of it");
        // The aggregator takes no ether.
        PriceReport memory r = report();
        vm.deal(address(aggregator), 5);
        vm.prank(address(aggregator));
        vm.expectRevert(abi.encodeWithSelector(IPriceBoard.RefundFailed.selector, address(aggregator), 5));
        prices.updatePrices{value: 5}(VENUE, noUpdates(), r);
    }

    function test_reenteringARoundIsRefused() public {
        pyth.setCallback(abi.encodeCall(prices.updatePrices, (VENUE, noUpdates(), report())));
        bytes[] memory updates = pythUpdate(int64(uint64(ETH_PRICE)), 1e8, -8, block.timestamp);
        PriceReport memory r = report();
        vm.deal(address(this), 1);
        vm.expectRevert(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        prices.updatePrices{value: 1}(VENUE, updates, r);
    }

    function test_roundsOfAStrangerVoidNoOtherRound() public {
        uint64 mine = openRound();
        bytes32 digest = prices.roundDigest(VENUE, mine);
        PriceReport memory r = report();
        for (uint256 i = 0; i < 20; ++i) {
            vm.prank(STRANGER);
            assertEq(prices.updatePrices(VENUE, noUpdates(), r), mine + i + 1, "next round");
        }
        assertEq(prices.roundDigest(VENUE, mine), digest, "kept");
        assertEq(prices.lastPrice(VENUE, 1).anchoredAt, block.timestamp, "one anchor");
    }

    function test_everyFieldOfAFeedIsChecked() public {
        FeedConfig[] memory list = feeds();
        vm.startPrank(PARAMETERS);
        for (uint256 i = 0; i < 4; ++i) {
            refuseFeed(i, FeedConfig(FeedKind.NONE, address(0), 1, 1, 0, 1, 1, 0), "kind", 0);
            FeedConfig memory f = feeds()[i];
            f.minPrice = 0;
            refuseFeed(i, f, "minPrice", 0);
            f = feeds()[i];
            f.maxPrice = f.minPrice - 1;
            refuseFeed(i, f, "maxPrice", f.minPrice - 1);
            f = feeds()[i];
            f.heartbeat = i == 0 ? 5 : 0;
            refuseFeed(i, f, "heartbeat", f.heartbeat);
            f = feeds()[i];
            f.maxConfidence = i == 2 ? 0 : 9;
            refuseFeed(i, f, "maxConfidence", f.maxConfidence);
            f = feeds()[i];
            f.priceId = i == 2 ? bytes32(0) : bytes32(uint256(3));
            refuseFeed(i, f, "priceId", uint256(f.priceId));
            f = feeds()[i];
            if (i != 0) {
                f.maxDeviation = 0;
                refuseFeed(i, f, "maxDeviation", 0);
            } else {
                f.maxPrice += 1;
                refuseFeed(i, f, "maxPrice", f.maxPrice);
            }
            f = feeds()[i];
            f.source = STRANGER;
            if (i == 1) {
                list[0] = f;
                vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("source"), STRANGER));
                prices.proposeFeeds(VENUE, 0, list);
            } else {
                refuseFeed(i, f, "source", uint160(STRANGER));
            }
        }
        vm.expectRevert(abi.encodeWithSelector(IPriceBoard.FeedGap.selector, 5, 4));
        prices.proposeFeeds(VENUE, 5, feeds());
        vm.expectRevert(abi.encodeWithSelector(IPriceBoard.TooManyFeeds.selector, 65, 64));
        prices.proposeFeeds(VENUE, 4, new FeedConfig[](61));
        vm.stopPrank();
    }

    function refuseFeed(uint256 index, FeedConfig memory f, bytes32 what, uint256 value) private {
        FeedConfig[] memory list = new FeedConfig[](1);
        list[0] = f;
        vm.expectRevert(abi.encodeWithSelector(IPriceBoard.InvalidFeed.selector, index, what, value));
        prices.proposeFeeds(VENUE, index, list);
    }

    /// A retired aggregator is replaced through the timelock, and the new source is held to the last price of the old one.
    function test_aFeedsSourceIsReplacedButItsPriceDoesNotJump() public {
        openRound();
        StandInAggregator successor = new StandInAggregator(8);
        FeedConfig[] memory list = new FeedConfig[](1);
        list[0] = feeds()[1];
        list[0].source = address(successor);
        vm.prank(PARAMETERS);
        prices.proposeFeeds(VENUE, 1, list);
        vm.warp(block.timestamp + TIMELOCK);
        refresh();
        openRound();
        vm.prank(PARAMETERS);
        prices.activateFeeds(VENUE, 1, list);
        assertEq(prices.feed(VENUE, 1).source, address(successor), "replaced");
        assertEq(prices.feedCount(VENUE), 4, "none added");
        successor.set(int256(uint256(BTC_PRICE * 2)), block.timestamp);
        refuseRound(
            abi.encodeWithSelector(
                IPriceBoard.PriceDeviates.selector, 1, BTC_PRICE * 2, BTC_PRICE, uint256(BTC_PRICE) / 10
            )
        );
        successor.set(int256(uint256(BTC_PRICE + 1)), block.timestamp);
        openRound();
        assertEq(uint8(prices.feed(VENUE, 9).kind), uint8(FeedKind.NONE), "no such feed");
    }

    function test_withoutPythOrFeedsThereIsNoRound() public {
        PriceBoard bare = new PriceBoard(registry, IPyth(address(0)), MIN_TIMELOCK);
        bytes memory noPyth = abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("pyth"), address(0));
        PriceReport memory empty;
        vm.expectRevert(error1(IPriceBoard.NoFeeds.selector, VENUE));
        bare.updatePrices(VENUE, noUpdates(), empty);
        vm.expectRevert(noPyth);
        bare.updatePrices(VENUE, new bytes[](1), empty);
        FeedConfig[] memory list = new FeedConfig[](1);
        list[0] = feeds()[2];
        vm.startPrank(PARAMETERS);
        bare.proposeRules(VENUE, priceRules());
        vm.expectRevert(noPyth);
        bare.proposeFeeds(VENUE, 0, list);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("pyth"), STRANGER));
        new PriceBoard(registry, IPyth(STRANGER), MIN_TIMELOCK);
        vm.expectRevert(IVenueTimelock.ZeroTimelock.selector);
        new PriceBoard(registry, pyth, 0);
    }
}
