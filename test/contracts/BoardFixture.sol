// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitConfig, CircuitKind} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {
    IMarketBoard,
    InstrumentListing,
    MarketSubmission,
    ParameterSet,
    TableRules
} from "../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../contracts/interfaces/IMarketSource.sol";
import {FeedConfig, FeedKind, PriceReport, PriceRules} from "../../contracts/interfaces/IPriceBoard.sol";
import {PythStructs} from "../../contracts/interfaces/IPyth.sol";
import {MarketBoard} from "../../contracts/MarketBoard.sol";
import {PriceBoard} from "../../contracts/PriceBoard.sol";
import {SolvencyRegistry} from "../../contracts/SolvencyRegistry.sol";
import {MockVerifierMarketTable} from "./mocks/MockVerifierMarketTable.sol";
import {StandInAggregator} from "./mocks/StandInAggregator.sol";
import {StandInPyth} from "./mocks/StandInPyth.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @dev Boards of one venue with a feed of each kind, eight instruments of which two are options, an active parameter set, and a
/// prover that seals submissions the mock verifier accepts: only if the board derives exactly the signals sealed.
abstract contract BoardFixture is RegistryFixture {
    uint256 internal constant TABLE = 501;
    uint256 internal constant MIN_TIMELOCK = 1 days;
    uint32 internal constant TIMELOCK = 2 days;
    uint32 internal constant NEW_RISK_AGE = 5 minutes;
    uint32 internal constant LIQUIDATION_AGE = 30 minutes;
    uint32 internal constant TABLE_AGE = 20 minutes;
    uint32 internal constant HEARTBEAT = 1 hours;
    /// Ten per cent an hour.
    uint32 internal constant DEVIATION = 100_000;
    uint24 internal constant CONFIDENCE = 2_000;
    bytes32 internal constant ETH_ID = bytes32(uint256(0xe7));
    uint128 internal constant BTC_PRICE = 60_000e8;
    uint128 internal constant ETH_PRICE = 3_000e8;
    uint128 internal constant XYZ_PRICE = 2e8;
    uint48 internal constant STRIKE = 65_000e8;
    uint256 internal constant SIGNER_KEYS = 3;

    StandInAggregator internal aggregator;
    StandInPyth internal pyth;
    MockVerifierMarketTable internal tableVerifier;
    PriceBoard internal prices;
    MarketBoard internal board;
    /// Ascending by address.
    uint256[] internal keys;

    function setUp() public virtual override {
        super.setUp();
        tableVerifier = new MockVerifierMarketTable(true);
        registry = new SolvencyRegistry(OWNER, poseidon3, poseidon5, tableCircuits(), CIRCUIT_DELAY);
        vm.prank(OWNER);
        registry.registerVenue(VENUE, config());
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(VENUE, assets());
        aggregator = new StandInAggregator(8);
        pyth = new StandInPyth();
        prices = new PriceBoard(registry, pyth, MIN_TIMELOCK);
        board = new MarketBoard(registry, prices, MIN_TIMELOCK);
        makeKeys();
        configure();
        refresh();
    }

    function tableCircuits() internal view returns (CircuitConfig[] memory list) {
        list = new CircuitConfig[](2);
        list[0] = CircuitConfig(TABLE, CircuitKind.MARKET_TABLE, address(tableVerifier));
        list[1] = CircuitConfig(CLOSE_A, CircuitKind.CLOSE, address(closeVerifier));
    }

    function makeKeys() private {
        for (uint256 i = 0; i < SIGNER_KEYS; ++i) {
            uint256 key = uint256(keccak256(abi.encode("signer", i)));
            keys.push(key);
            for (uint256 j = i; j > 0 && vm.addr(keys[j]) < vm.addr(keys[j - 1]); --j) {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
            }
        }
    }

    /// @dev Everything through its timelock, in one wait.
    function configure() private {
        vm.startPrank(PARAMETERS);
        prices.proposeRules(VENUE, priceRules());
        board.proposeRules(VENUE, tableRules());
        prices.proposeFeeds(VENUE, 0, feeds());
        board.proposeInstruments(VENUE, listings());
        board.proposeParameters(VENUE, parameters(), none());
        vm.warp(block.timestamp + TIMELOCK);
        prices.activateFeeds(VENUE, 0, feeds());
        board.activateInstruments(VENUE, listings());
        board.activateParameters(VENUE);
        vm.stopPrank();
    }

    // ---- what the venue set up ----

    function signers() internal view returns (address[] memory list) {
        list = new address[](SIGNER_KEYS);
        for (uint256 i = 0; i < SIGNER_KEYS; ++i) {
            list[i] = vm.addr(keys[i]);
        }
    }

    function priceRules() internal view returns (PriceRules memory r) {
        r.timelock = TIMELOCK;
        r.newRiskMaxAge = NEW_RISK_AGE;
        r.liquidationMaxAge = LIQUIDATION_AGE;
        r.threshold = 2;
        r.signers = signers();
    }

    function tableRules() internal view returns (TableRules memory r) {
        r.timelock = TIMELOCK;
        r.tableMaxAge = TABLE_AGE;
        r.rateStep = 1_000;
        r.rateShare = 50_000;
        r.moveStep = 6;
        r.volatilityBound = 100_000;
        r.volatilityMaxAge = 1 days;
        r.threshold = 2;
        r.signers = signers();
    }

    function feeds() internal view returns (FeedConfig[] memory list) {
        list = new FeedConfig[](4);
        list[0] = FeedConfig(FeedKind.CONSTANT, address(0), 0, 0, 0, 1e8, 1e8, 0);
        list[1] = FeedConfig(FeedKind.CHAINLINK, address(aggregator), HEARTBEAT, DEVIATION, 0, 1e8, 1e15, 0);
        list[2] = FeedConfig(FeedKind.PYTH, address(0), HEARTBEAT, DEVIATION, CONFIDENCE, 1e6, 1e14, ETH_ID);
        list[3] = FeedConfig(FeedKind.SIGNED, address(0), HEARTBEAT, DEVIATION, 0, 1, type(uint128).max, 0);
    }

    function listings() internal pure virtual returns (InstrumentListing[] memory list) {
        list = new InstrumentListing[](8);
        list[0] = InstrumentListing("0,USD,cash,USD,6,0,0,0", 0, 0);
        list[1] = InstrumentListing("1,BTC,spot,BTC,8,0,0,0", 1, 0);
        list[2] = InstrumentListing("2,USD-ENTRY,entry,USD,6,0,0,0", 0, 0);
        list[3] = InstrumentListing("3,BTC-PERP,perpetual,USD,8,0,0,0", 1, 0);
        list[4] = InstrumentListing("4,BTC-65000-C,option,USD,8,0,0,0", 1, STRIKE);
        list[5] = InstrumentListing("5,ETH-PERP,perpetual,USD,8,0,0,0", 2, 0);
        list[6] = InstrumentListing("6,BTC-65000-P,option,USD,8,0,0,0", 1, STRIKE);
        list[7] = InstrumentListing("7,XYZ-PERP,perpetual,USD,4,0,0,0", 3, 0);
    }

    function none() internal pure returns (ParameterSet memory set) {}

    function parameters() internal pure virtual returns (ParameterSet memory set) {
        set.moves = new int16[](4);
        (set.moves[0], set.moves[1], set.moves[2], set.moves[3]) = (60, -20, -60, 20);
        set.words = new uint256[](8);
        for (uint256 i = 0; i < 8; ++i) {
            uint256[7] memory rates = [30_000 + i, 31_000, 40_000 + i, 41_000, 100_000, 150_000, uint256(5_000)];
            if (i == 0 || i == 2) rates = [uint256(0), 0, 0, 0, 0, 0, 0];
            set.words[i] = wordOf(rates, i == 2, i == 6, 10 ** 16 + i);
        }
    }

    function wordOf(uint256[7] memory rates, bool exact, bool put, uint256 multiplier)
        internal
        pure
        returns (uint256 word)
    {
        for (uint256 i = 0; i < 7; ++i) {
            word |= rates[i] << (24 * i);
        }
        word |= (exact ? uint256(1) : 0) << 168 | (put ? uint256(1) : 0) << 169 | multiplier << 170;
    }

    // ---- rounds ----

    /// @dev Every source says its usual price now, and the Pyth contract has it already.
    function refresh() internal {
        aggregator.set(int256(uint256(BTC_PRICE)), block.timestamp);
        pushPyth(int64(uint64(ETH_PRICE)), 1e8, -8, block.timestamp);
    }

    function pushPyth(int64 price, uint64 confidence, int32 exponent, uint256 time) internal {
        pyth.updatePriceFeeds{value: 1}(pythUpdate(price, confidence, exponent, time));
    }

    function pythUpdate(int64 price, uint64 confidence, int32 exponent, uint256 time)
        internal
        pure
        returns (bytes[] memory updates)
    {
        updates = new bytes[](1);
        updates[0] = abi.encode(ETH_ID, PythStructs.Price(price, confidence, exponent, time));
    }

    function report() internal view returns (PriceReport memory) {
        return reportOf(XYZ_PRICE, block.timestamp);
    }

    /// @dev Signed by the first two.
    function reportOf(uint128 price, uint256 time) internal view returns (PriceReport memory r) {
        r.feeds = new uint8[](1);
        r.feeds[0] = 3;
        r.prices = new uint128[](1);
        r.prices[0] = price;
        r.observedAt = uint64(time);
        r.deadline = uint64(block.timestamp + 60);
        r.signatures = signedBy(reportDigest(r, address(prices), block.chainid, VENUE), keys[0], keys[1]);
    }

    function reportDigest(PriceReport memory r, address place, uint256 chain, uint256 venueId)
        internal
        pure
        returns (bytes32)
    {
        bytes32 inner = keccak256(
            abi.encode(
                keccak256(
                    "PriceReport(uint256 venueId,uint8[] feeds,uint128[] prices,uint64 observedAt,uint64 deadline)"
                ),
                venueId,
                keccak256(abi.encodePacked(r.feeds)),
                keccak256(abi.encodePacked(r.prices)),
                r.observedAt,
                r.deadline
            )
        );
        return typedDigest("Clearproof PriceBoard", place, chain, inner);
    }

    /// @dev EIP-712, written again.
    function typedDigest(string memory name, address place, uint256 chain, bytes32 inner)
        internal
        pure
        returns (bytes32)
    {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                chain,
                place
            )
        );
        return keccak256(abi.encodePacked(hex"1901", separator, inner));
    }

    function signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function signedBy(bytes32 digest, uint256 first, uint256 second) internal pure returns (bytes[] memory list) {
        list = new bytes[](2);
        (list[0], list[1]) = (signature(first, digest), signature(second, digest));
    }

    function noUpdates() internal pure returns (bytes[] memory) {
        return new bytes[](0);
    }

    function openRound() internal returns (uint64) {
        return prices.updatePrices(VENUE, noUpdates(), report());
    }

    function refuseRound(bytes memory reason) internal {
        refuseRound(report(), reason);
    }

    function refuseRound(PriceReport memory r, bytes memory reason) internal {
        vm.expectRevert(reason);
        prices.updatePrices(VENUE, noUpdates(), r);
    }

    // ---- tables ----

    /// @dev What the operator submits after a round of the usual prices, without a proof. Volatilities are signed.
    function draftTable(uint256 commitment) internal view returns (MarketSubmission memory s) {
        s.circuitId = TABLE;
        s.commitment = commitment;
        s.level = MarginLevel.MAINTENANCE;
        s.settlementAssets = 2;
        (s.round.id, s.round.time) = prices.lastRound(VENUE);
        s.round.prices = new uint128[](4);
        (s.round.prices[0], s.round.prices[1], s.round.prices[2], s.round.prices[3]) =
        (1e8, BTC_PRICE, ETH_PRICE, XYZ_PRICE);
        s.parameters = parameters();
        s.volatilities = new uint32[](2);
        (s.volatilities[0], s.volatilities[1]) = (500_000, 520_000);
        s.volatilityDeadline = uint64(block.timestamp + 60);
        signVolatilities(s);
    }

    function signVolatilities(MarketSubmission memory s) internal view {
        s.volatilitySignatures = signedBy(volatilityDigest(s, address(board), block.chainid, VENUE), keys[1], keys[2]);
    }

    function volatilityDigest(MarketSubmission memory s, address place, uint256 chain, uint256 venueId)
        internal
        pure
        returns (bytes32)
    {
        bytes32 inner = keccak256(
            abi.encode(
                keccak256("VolatilityReport(uint256 venueId,uint64 round,uint32[] volatilities,uint64 deadline)"),
                venueId,
                s.round.id,
                keccak256(abi.encodePacked(s.volatilities)),
                s.volatilityDeadline
            )
        );
        return typedDigest("Clearproof MarketBoard", place, chain, inner);
    }

    function sealedTable(uint256 commitment) internal view returns (MarketSubmission memory) {
        return sealTable(draftTable(commitment), block.chainid, address(registry), VENUE);
    }

    function sealTable(MarketSubmission memory s, uint256 chain, address place, uint256 venueId)
        internal
        view
        returns (MarketSubmission memory)
    {
        return sealTable(s, listings(), chain, place, venueId);
    }

    /// @dev What an honest prover signs off for a table of these rows, derived without the board's code.
    function sealTable(
        MarketSubmission memory s,
        InstrumentListing[] memory list,
        uint256 chain,
        address place,
        uint256 venueId
    ) internal view returns (MarketSubmission memory) {
        return sealVector(s, vectorOf(s, list), chain, place, venueId);
    }

    function sealVector(MarketSubmission memory s, uint256[] memory v, uint256 chain, address place, uint256 venueId)
        internal
        view
        returns (MarketSubmission memory)
    {
        uint256 base = poseidon5.poseidon([uint256(16), chain, uint160(place), venueId, 1]);
        uint256 z = uint256(keccak256(abi.encode(base, s.commitment, uint256(s.round.time), v))) % P;
        uint256[8] memory signals = [
            domain(base, s.circuitId),
            s.commitment,
            uint256(s.level),
            s.round.time,
            12,
            s.settlementAssets,
            z,
            valueAt(v, z)
        ];
        s.proof.a[0] = uint256(keccak256(abi.encode(signals)));
        return s;
    }

    /// @dev The vector of docs/decisions/0004-market-table.md, written again. Options are the rows with a strike.
    function vectorOf(MarketSubmission memory s, InstrumentListing[] memory list)
        internal
        pure
        returns (uint256[] memory v)
    {
        uint256 m = s.parameters.moves.length;
        v = new uint256[](1 + m + 8 * list.length);
        v[0] = list.length;
        for (uint256 i = 0; i < m; ++i) {
            v[1 + i] = uint256(256 + int256(s.parameters.moves[i]));
        }
        uint256 options = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 first = 1 + m + 8 * i;
            v[first] = uint256(sha256(bytes(list[i].line))) >> 8;
            (v[first + 1], v[first + 2]) = classAndEpochOf(list[i].line);
            v[first + 3] = s.round.prices[list[i].feed];
            if (list[i].strike != 0) v[first + 4] = s.volatilities[options++];
            v[first + 5] = s.parameters.words[i] / 2 ** 170;
            v[first + 6] = s.parameters.words[i] % 2 ** 170;
            v[first + 7] = list[i].strike;
        }
    }

    /// @dev kind + 8 * continues + 16 * cap, and the activation epoch, as the text says them.
    function classAndEpochOf(string memory line) internal pure returns (uint256 class, uint256 epoch) {
        string[] memory fields = vm.split(line, ",");
        class = kindOf(fields[2]) + (vm.parseUint(fields[6]) == 0 ? 0 : 8) + 16 * vm.parseUint(fields[5]);
        epoch = vm.parseUint(fields[7]);
    }

    function kindOf(string memory name) internal pure returns (uint256 code) {
        string[7] memory names = kindNames();
        while (keccak256(bytes(names[code])) != keccak256(bytes(name))) {
            ++code;
        }
    }

    function kindNames() internal pure returns (string[7] memory) {
        return ["none", "cash", "spot", "entry", "perpetual", "future", "option"];
    }

    function accept(MarketSubmission memory s) internal {
        vm.prank(OPERATOR);
        board.acceptMarket(VENUE, s);
    }

    function refuseTable(MarketSubmission memory s, bytes memory reason) internal {
        vm.prank(OPERATOR);
        vm.expectRevert(reason);
        board.acceptMarket(VENUE, s);
    }

    receive() external payable {}
}
