// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingTerms} from "../../../contracts/ClearingTerms.sol";
import {StatedMarkets} from "../../../contracts/demo/StatedMarkets.sol";
import {
    ClearingRules,
    ExpirySettlement,
    ExpiryTerms,
    PerpetualTerms
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {InstrumentListing, ParameterSet, PriceRound} from "../../../contracts/interfaces/IMarketBoard.sol";
import {FeedConfig, FeedKind, PriceReport} from "../../../contracts/interfaces/IPriceBoard.sol";
import {BoardFixture} from "../BoardFixture.sol";
import {StandInAggregator} from "../mocks/StandInAggregator.sol";

/// @dev A second venue, whose tables follow from the boards: every feed an aggregator a test sets, dated rows and perpetuals with tiers
/// before and between them. The first venue's tables are stated.
abstract contract TermsFixture is BoardFixture {
    uint256 internal constant CLEARED = 8;
    uint32 internal constant TERMS_TIMELOCK = 3 days;
    uint32 internal constant CLEARED_AGE = 2 minutes;
    uint24 internal constant BAND = 50_000;
    uint32 internal constant INTERVAL = 8 hours;
    /// One in a thousand of the index value an interval.
    uint24 internal constant MAX_RATE = 1_000;
    /// Value units of 10^-8 BTC at the strike.
    uint48 internal constant STRIKE_VALUE = 6.5e8;
    uint64 internal constant WITHIN = 30 days;

    uint16 internal constant USD_ROW = 0;
    uint16 internal constant BTC_ROW = 1;
    uint16 internal constant ENTRY_ROW = 2;
    uint16 internal constant BTC_PERP = 3;
    uint16 internal constant BTC_PERP_TIER = 4;
    uint16 internal constant CALL = 5;
    uint16 internal constant PUT = 6;
    uint16 internal constant FUTURE = 7;
    uint16 internal constant ETH_ROW = 8;
    uint16 internal constant ETH_PERP = 9;
    uint16 internal constant XYZ_PERP = 10;
    uint16 internal constant SOL_PERP = 11;
    uint16 internal constant EUR_ROW = 12;
    uint16 internal constant GBP_ROW = 13;
    uint16 internal constant CAPPED_BTC_ROW = 15;
    uint16 internal constant CAPPED_CHF_ROW = 16;
    uint16 internal constant ROWS = 17;

    uint8 internal constant BTC_FEED = 1;
    uint8 internal constant BTC_PERP_FEED = 2;
    uint8 internal constant ETH_FEED = 3;
    uint8 internal constant ETH_PERP_FEED = 4;
    uint8 internal constant XYZ_FEED = 5;
    uint256 internal constant FEEDS = 7;

    ClearingTerms internal terms;
    StandInAggregator[7] internal sources;
    /// Usual prices, 10^-8 of the settlement currency.
    uint128[7] internal quoted = [uint128(1e8), 60_000e8, 60_030e8, 3_000e8, 2_997e8, 2e8, 1.08e8];

    function setUp() public virtual override {
        super.setUp();
        markets = StatedMarkets(address(board));
        vm.prank(OWNER);
        registry.registerVenue(CLEARED, config());
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(CLEARED, assets());
        for (uint256 i = 0; i < FEEDS; ++i) {
            sources[i] = new StandInAggregator(8);
        }
        terms = new ClearingTerms(registry, MIN_TIMELOCK);
        configureCleared();
    }

    function configureCleared() private {
        vm.startPrank(PARAMETERS);
        terms.proposeRules(CLEARED, clearingRules());
        prices.proposeRules(CLEARED, priceRules());
        board.proposeRules(CLEARED, tableRules());
        prices.proposeFeeds(CLEARED, 0, clearedFeeds());
        board.proposeInstruments(CLEARED, clearedListings());
        board.proposeParameters(CLEARED, clearedParameters(), none());
        vm.warp(block.timestamp + TIMELOCK);
        prices.activateFeeds(CLEARED, 0, clearedFeeds());
        board.activateInstruments(CLEARED, clearedListings());
        board.activateParameters(CLEARED);
        vm.stopPrank();
    }

    function clearingRules() internal pure returns (ClearingRules memory) {
        return ClearingRules(TERMS_TIMELOCK, CLEARED_AGE, BAND);
    }

    /// @dev Moves of any size are permitted: here prices are what a test says.
    function clearedFeeds() internal view returns (FeedConfig[] memory list) {
        list = new FeedConfig[](FEEDS);
        for (uint256 i = 0; i < FEEDS; ++i) {
            list[i] = FeedConfig(
                FeedKind.CHAINLINK, address(sources[i]), HEARTBEAT, type(uint32).max, 0, 1, type(uint128).max, 0
            );
        }
    }

    function clearedListings() internal pure returns (InstrumentListing[] memory list) {
        list = new InstrumentListing[](ROWS);
        list[0] = InstrumentListing("0,USD,cash,USD,6,0,0,0", 0, 0);
        list[1] = InstrumentListing("1,BTC,spot,BTC,8,0,0,0", 1, 0);
        list[2] = InstrumentListing("2,USD-ENTRY,entry,USD,6,0,0,0", 0, 0);
        list[3] = InstrumentListing("3,BTC-PERP,perpetual,USD,8,1000000,0,0", 2, 0);
        list[4] = InstrumentListing("4,BTC-PERP,perpetual,USD,8,0,4,0", 2, 0);
        list[5] = InstrumentListing("5,BTC-65000-C,option,USD,8,0,0,0", 1, STRIKE_VALUE);
        list[6] = InstrumentListing("6,BTC-65000-P,option,USD,8,0,0,0", 1, STRIKE_VALUE);
        list[7] = InstrumentListing("7,BTC-FUT,future,USD,6,0,0,0", 1, 0);
        list[8] = InstrumentListing("8,ETH,spot,ETH,8,0,0,0", 3, 0);
        list[9] = InstrumentListing("9,ETH-PERP,perpetual,USD,8,0,0,0", 4, 0);
        list[10] = InstrumentListing("10,XYZ-PERP,perpetual,USD,8,0,0,0", 5, 0);
        list[11] = InstrumentListing("11,SOL-PERP,perpetual,USD,8,0,0,0", 5, 0);
        list[12] = InstrumentListing("12,EUR,cash,EUR,6,0,0,0", 6, 0);
        list[13] = InstrumentListing("13,GBP,cash,GBP,6,5,0,0", 6, 0);
        list[14] = InstrumentListing("14,GBP,cash,GBP,6,0,14,0", 6, 0);
        list[15] = InstrumentListing("15,CBTC,spot,CBTC,8,7,0,0", 1, 0);
        list[16] = InstrumentListing("16,CHF,cash,CHF,6,5,0,0", 6, 0);
    }

    /// @dev 10^(10 + 12 - quantityDecimals).
    function multiplierOf(uint16 row) internal pure returns (uint64) {
        bool sixDecimals = row == USD_ROW || row == ENTRY_ROW || row == FUTURE || row >= EUR_ROW;
        return sixDecimals ? 1e16 : 1e14;
    }

    function clearedParameters() internal pure virtual returns (ParameterSet memory set) {
        set.moves = new int16[](2);
        (set.moves[0], set.moves[1]) = (60, -20);
        set.words = new uint256[](ROWS);
        for (uint16 row = 0; row < ROWS; ++row) {
            uint256[7] memory rates = [uint256(30_000), 31_000, 40_000, 41_000, 100_000, 150_000, 5_000];
            set.words[row] = wordOf(rates, false, row == PUT, multiplierOf(row));
        }
    }

    // ---- rounds ----

    function quote(uint8 feed, uint128 price) internal {
        quoted[feed] = price;
    }

    /// @dev A round of the prices quoted.
    function openCleared() internal returns (PriceRound memory round) {
        for (uint256 i = 0; i < FEEDS; ++i) {
            sources[i].set(int256(uint256(quoted[i])), block.timestamp);
        }
        PriceReport memory silent;
        round.id = prices.updatePrices(CLEARED, noUpdates(), silent);
        round.time = uint64(block.timestamp);
        round.prices = new uint128[](FEEDS);
        for (uint256 i = 0; i < FEEDS; ++i) {
            round.prices[i] = quoted[i];
        }
    }

    // ---- terms through their timelock ----

    /// @dev In cash, `WITHIN` from now.
    function cashTerms(uint16 row) internal view returns (ExpiryTerms memory) {
        return ExpiryTerms(row, USD_ROW, 0, 0, uint64(block.timestamp) + WITHIN);
    }

    function physicalTerms(uint16 row, uint32 deliver) internal view returns (ExpiryTerms memory) {
        return ExpiryTerms(row, USD_ROW, BTC_ROW, deliver, uint64(block.timestamp) + WITHIN);
    }

    function listExpiry(ExpiryTerms memory t) internal {
        vm.startPrank(PARAMETERS);
        terms.proposeExpiry(CLEARED, t);
        vm.warp(block.timestamp + TERMS_TIMELOCK);
        terms.activateExpiry(CLEARED, t);
        vm.stopPrank();
    }

    function perpetual(uint16 row, uint8 indexFeed) internal pure returns (PerpetualTerms memory) {
        return PerpetualTerms(row, indexFeed, INTERVAL, MAX_RATE);
    }

    function listPerpetual(PerpetualTerms memory t, uint16 payRow) internal {
        vm.startPrank(PARAMETERS);
        terms.proposePerpetual(CLEARED, t, payRow);
        vm.warp(block.timestamp + TERMS_TIMELOCK);
        terms.activatePerpetual(CLEARED, t, payRow);
        vm.stopPrank();
    }

    function settlementOf(uint16 row) internal view returns (ExpirySettlement memory settlement) {
        (, settlement) = terms.expiryOf(CLEARED, row);
    }

    function none_() internal pure returns (PriceRound memory round) {}

    /// @dev The parameter admin's call to the terms is refused for this reason.
    function refused(bytes memory call, bytes memory reason) internal {
        refusedOf(PARAMETERS, call, reason);
    }

    function refusedOf(address caller, bytes memory call, bytes memory reason) internal {
        vm.prank(caller);
        (bool ok, bytes memory got) = address(terms).call(call);
        assertFalse(ok, "refused");
        assertEq(keccak256(got), keccak256(reason), "reason");
    }

    function invalidTerms(uint16 row, bytes32 what, uint256 value) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("InvalidTerms(uint16,bytes32,uint256)", row, what, value);
    }

    function assertSigned(int256 got, int256 expected, string memory what) internal pure {
        assertEq(uint256(got), uint256(expected), what);
    }
}
