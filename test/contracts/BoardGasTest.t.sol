// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InstrumentListing, MarketSubmission, ParameterSet} from "../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../contracts/interfaces/IMarketSource.sol";
import {FeedConfig, FeedKind, PriceReport} from "../../contracts/interfaces/IPriceBoard.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {MarketBoard} from "../../contracts/MarketBoard.sol";
import {PriceBoard} from "../../contracts/PriceBoard.sol";
import {BoardFixture} from "./BoardFixture.sol";
import {StandInAggregator} from "./mocks/StandInAggregator.sol";

/// @dev Gas of a round of ten Chainlink feeds and of tables of 32 and 112 rows, a quarter of them options: a whole transaction,
/// without the pairing of a real verifier (about 230,000).
contract BoardGasTest is BoardFixture {
    event log_named_uint(string key, uint256 value);

    uint256 private constant FEEDS = 10;

    MarketBoard private small;
    MarketBoard private large;
    PriceBoard private ten;

    function setUp() public override {
        super.setUp();
        ten = new PriceBoard(registry, pyth, MIN_TIMELOCK);
        vm.startPrank(PARAMETERS);
        ten.proposeRules(VENUE, priceRules());
        FeedConfig[] memory list = new FeedConfig[](FEEDS);
        for (uint256 i = 0; i < FEEDS; ++i) {
            StandInAggregator source = new StandInAggregator(8);
            source.set(int256(1e10 + i), block.timestamp + TIMELOCK);
            list[i] = FeedConfig(FeedKind.CHAINLINK, address(source), HEARTBEAT, DEVIATION, 0, 1, 1e15, 0);
        }
        ten.proposeFeeds(VENUE, 0, list);
        small = new MarketBoard(registry, ten, MIN_TIMELOCK);
        large = new MarketBoard(registry, ten, MIN_TIMELOCK);
        propose(small, 32);
        propose(large, 112);
        vm.warp(block.timestamp + TIMELOCK);
        ten.activateFeeds(VENUE, 0, list);
        activate(small, 32);
        activate(large, 112);
        vm.stopPrank();
        PriceReport memory empty;
        ten.updatePrices(VENUE, noUpdates(), empty);
        // Every price moves before the round that is measured.
        vm.warp(block.timestamp + 60);
        for (uint256 i = 0; i < FEEDS; ++i) {
            StandInAggregator(list[i].source).set(int256(1e10 + i + 1), block.timestamp);
        }
    }

    function rows(uint256 n) private pure returns (InstrumentListing[] memory list, ParameterSet memory set) {
        list = new InstrumentListing[](n);
        set.moves = new int16[](16);
        set.words = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) {
            bool option = i % 4 == 3;
            string memory kind = option ? ",BTC-27MAR26-65000-C,option" : ",BTC-PERP-2,perpetual";
            list[i].line = string.concat(Strings.toString(i), kind, ",USD,8,0,0,0");
            list[i].feed = uint8(i % FEEDS);
            list[i].strike = option ? STRIKE : 0;
            set.words[i] =
                wordOf([uint256(30_000), 31_000, 40_000, 41_000, 100_000, 150_000, 5_000], false, false, 1e16);
        }
        for (uint256 i = 0; i < 16; ++i) {
            set.moves[i] = int16(int256(i * 15));
        }
    }

    function propose(MarketBoard board_, uint256 n) private {
        (InstrumentListing[] memory list, ParameterSet memory set) = rows(n);
        board_.proposeRules(VENUE, tableRules());
        board_.proposeInstruments(VENUE, list);
        board_.proposeParameters(VENUE, set, none());
    }

    function activate(MarketBoard board_, uint256 n) private {
        (InstrumentListing[] memory list,) = rows(n);
        board_.activateInstruments(VENUE, list);
        board_.activateParameters(VENUE);
    }

    function tableOf(MarketBoard board_, uint256 n) private view returns (MarketSubmission memory s) {
        InstrumentListing[] memory list;
        (list, s.parameters) = rows(n);
        s.circuitId = TABLE;
        s.commitment = P - 1;
        s.level = MarginLevel.MAINTENANCE;
        s.settlementAssets = 2;
        s.round.id = 1;
        s.round.time = uint64(block.timestamp - 60);
        s.round.prices = new uint128[](FEEDS);
        for (uint256 i = 0; i < FEEDS; ++i) {
            s.round.prices[i] = uint128(1e10 + i);
        }
        s.volatilities = new uint32[](n / 4);
        for (uint256 i = 0; i < n / 4; ++i) {
            s.volatilities[i] = 500_000;
        }
        s.volatilityDeadline = uint64(block.timestamp + 60);
        s.volatilitySignatures = signedBy(volatilityDigest(s, address(board_), block.chainid, VENUE), keys[0], keys[1]);
        s = sealTable(s, list, block.chainid, address(registry), VENUE);
        // Proof coordinates take their bytes.
        (s.proof.a[1], s.proof.b[0][0], s.proof.b[0][1], s.proof.b[1][0]) = (P, P, P, P);
        (s.proof.b[1][1], s.proof.c[0], s.proof.c[1]) = (P, P, P);
    }

    /// @dev 21,000, the bytes sent, and what the call took.
    function measure(string memory what, address sender, address place, bytes memory call, uint256 most) private {
        uint256 intrinsic = 21_000;
        for (uint256 i = 0; i < call.length; ++i) {
            intrinsic += call[i] == 0 ? 4 : 16;
        }
        vm.prank(sender);
        uint256 before = gasleft();
        (bool ok,) = place.call(call);
        uint256 gas = before - gasleft() + intrinsic;
        assertTrue(ok, what);
        emit log_named_uint(what, gas);
        assertTrue(gas <= most, string.concat(what, ": ", Strings.toString(gas)));
    }

    function test_gasOfARoundOfTenFeeds() public {
        PriceReport memory empty;
        bytes memory call = abi.encodeCall(ten.updatePrices, (VENUE, noUpdates(), empty));
        measure("updatePrices, 10 feeds", STRANGER, address(ten), call, 500_000);
    }

    function test_gasOfATableOf32Rows() public {
        bytes memory call = abi.encodeCall(small.acceptMarket, (VENUE, tableOf(small, 32)));
        measure("acceptMarket, 32 rows", OPERATOR, address(small), call, 700_000);
    }

    function test_gasOfATableOf112Rows() public {
        bytes memory call = abi.encodeCall(large.acceptMarket, (VENUE, tableOf(large, 112)));
        measure("acceptMarket, 112 rows", OPERATOR, address(large), call, 2_000_000);
    }
}
