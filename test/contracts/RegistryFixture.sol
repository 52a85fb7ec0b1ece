// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {StatedMarkets} from "../../contracts/demo/StatedMarkets.sol";
import {IDisputeSource} from "../../contracts/interfaces/IDisputeSource.sol";
import {MarginLevel, Market} from "../../contracts/interfaces/IMarketSource.sol";
import {IPoseidon3} from "../../contracts/interfaces/IPoseidon3.sol";
import {IPoseidon5} from "../../contracts/interfaces/IPoseidon5.sol";
import {
    BatchSubmission,
    CircuitConfig,
    CircuitKind,
    EpochSubmission,
    PartSubmission,
    SettlementAsset,
    VenueConfig
} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {BatchSignals} from "../../contracts/libraries/BatchSignals.sol";
import {CloseSignals} from "../../contracts/libraries/CloseSignals.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {SolvencyRegistry} from "../../contracts/SolvencyRegistry.sol";
import {MockReserveSource} from "./mocks/MockReserveSource.sol";
import {MockVerifierBatch} from "./mocks/MockVerifierBatch.sol";
import {MockVerifierClose} from "./mocks/MockVerifierClose.sol";
import {MockVerifierCloseEnd} from "./mocks/MockVerifierCloseEnd.sol";
import {TestBase} from "./TestBase.sol";

/// @dev A registry with one venue, two settlement assets, two batch circuits, two close circuits, two part
/// circuits with the end over them, and a prover that
/// seals submissions the mock verifiers accept: only if the registry derives exactly the signals sealed.
abstract contract RegistryFixture is TestBase {
    uint256 internal constant P = ScalarField.MODULUS;
    uint256 internal constant VENUE = 7;
    uint256 internal constant BATCH_A = 101;
    uint256 internal constant BATCH_B = 102;
    uint256 internal constant CLOSE_A = 201;
    uint256 internal constant CLOSE_B = 202;
    uint256 internal constant PART_A = 301;
    uint256 internal constant PART_B = 302;
    uint256 internal constant END_A = 401;
    uint256 internal constant MARKET = 5555;
    uint256 internal constant START = 1_800_000_000;
    uint64 internal constant STALE_AFTER = 1 hours;
    uint64 internal constant HALT_AFTER = 6 hours;
    uint64 internal constant MAX_AGE = 30 minutes;
    uint64 internal constant TOLERANCE = 10 minutes;
    /// Value units are 10^-12 USD, the fund is in 6-decimal USD.
    uint128 internal constant VALUE_PER_FUND_UNIT = 1e6;

    address internal constant OWNER = address(0xA0);
    address internal constant ADMIN = address(0xA1);
    address internal constant OPERATOR = address(0xA2);
    address internal constant PARAMETERS = address(0xA3);
    address internal constant STRANGER = address(0xA4);
    address internal constant USD = address(0xB0);
    address internal constant BTC = address(0xB1);

    IPoseidon3 internal poseidon3;
    IPoseidon5 internal poseidon5;
    MockVerifierBatch internal batchVerifier;
    MockVerifierClose internal closeVerifier;
    MockVerifierCloseEnd internal endVerifier;
    MockReserveSource internal source;
    SolvencyRegistry internal registry;
    StatedMarkets internal markets;
    /// None, unless a test names some before it registers a venue.
    IDisputeSource internal disputes;

    function setUp() public virtual {
        vm.warp(START);
        vm.roll(1000);
        poseidon3 = IPoseidon3(deployArtifact("build/contracts/Poseidon3.json"));
        poseidon5 = IPoseidon5(deployArtifact("build/contracts/Poseidon5.json"));
        batchVerifier = new MockVerifierBatch(true);
        closeVerifier = new MockVerifierClose(true);
        endVerifier = new MockVerifierCloseEnd(true);
        source = new MockReserveSource();
        registry = new SolvencyRegistry(OWNER, poseidon3, poseidon5, circuits(), CIRCUIT_DELAY);
        markets = new StatedMarkets(registry);
        vm.prank(OWNER);
        registry.registerVenue(VENUE, config());
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(VENUE, assets());
        markets.stateMarket(VENUE, MARKET, Market(MarginLevel.MAINTENANCE, uint64(START), 2), 12);
        vm.stopPrank();
        source.set(USD, 1_000);
        source.set(BTC, 50_000);
        source.setFund(10);
    }

    function circuits() internal view virtual returns (CircuitConfig[] memory list) {
        list = new CircuitConfig[](7);
        list[0] = CircuitConfig(BATCH_A, CircuitKind.BATCH, address(batchVerifier));
        list[1] = CircuitConfig(BATCH_B, CircuitKind.BATCH, address(batchVerifier));
        list[2] = CircuitConfig(CLOSE_A, CircuitKind.CLOSE, address(closeVerifier));
        list[3] = CircuitConfig(CLOSE_B, CircuitKind.CLOSE, address(closeVerifier));
        // A part has four public signals, as a batch has.
        list[4] = CircuitConfig(PART_A, CircuitKind.CLOSE_PART, address(batchVerifier));
        list[5] = CircuitConfig(PART_B, CircuitKind.CLOSE_PART, address(batchVerifier));
        list[6] = CircuitConfig(END_A, CircuitKind.CLOSE_END, address(endVerifier));
    }

    function config() internal view returns (VenueConfig memory) {
        return VenueConfig({
            admin: ADMIN,
            operator: OPERATOR,
            parameterAdmin: PARAMETERS,
            reserves: source,
            markets: markets,
            disputes: disputes,
            fundToken: USD,
            valueUnitsPerFundUnit: VALUE_PER_FUND_UNIT,
            valueScale: 12,
            staleAfter: STALE_AFTER,
            haltAfter: HALT_AFTER,
            maxSubmissionAge: MAX_AGE,
            marketTolerance: TOLERANCE
        });
    }

    /// USD: one quantum is one base unit. BTC: one quantum is 100 base units.
    function assets() internal pure returns (SettlementAsset[] memory list) {
        list = new SettlementAsset[](2);
        list[0] = SettlementAsset(USD, 1);
        list[1] = SettlementAsset(BTC, 100);
    }

    function open() internal {
        vm.prank(OPERATOR);
        registry.openSnapshot(VENUE);
    }

    function submit(EpochSubmission memory s) internal {
        vm.prank(OPERATOR);
        registry.submitEpoch(VENUE, s);
    }

    /// @dev Seals for this chain and registry, then expects the given revert data.
    function submitExpecting(EpochSubmission memory s, bytes memory reason) internal {
        vm.prank(OPERATOR);
        vm.expectRevert(reason);
        registry.submitEpoch(VENUE, s);
    }

    function draft(uint64 epoch) internal pure returns (EpochSubmission memory s) {
        s.epoch = epoch;
        s.marketCommitment = MARKET;
        s.genesisAccumulator = 11;
        s.batches = new BatchSubmission[](3);
        for (uint256 i = 0; i < 3; ++i) {
            s.batches[i].circuitId = i == 1 ? BATCH_B : BATCH_A;
            s.batches[i].accumulatorAfter = 1000 * uint256(epoch) + i;
        }
        s.close.circuitId = CLOSE_A;
        s.close.accountsRoot = 77;
        s.close.accountsBound = 48;
        s.close.unhealthyBound = 1;
        s.close.shortfall = 9_999_999;
        s.words = new uint256[](4);
        (s.words[0], s.words[1], s.words[2], s.words[3]) = (1_500, 500, 500, 0);
    }

    /// @dev The same epoch, closed in three parts of two circuits.
    function draftInParts(uint64 epoch) internal pure returns (EpochSubmission memory s) {
        s = draft(epoch);
        s.close.circuitId = END_A;
        s.close.tableStart = 600 * uint256(epoch);
        s.close.parts = new PartSubmission[](3);
        for (uint256 i = 0; i < 3; ++i) {
            s.close.parts[i].circuitId = i == 1 ? PART_B : PART_A;
            s.close.parts[i].tableAfter = 600 * uint256(epoch) + i + 1;
        }
    }

    function sealedInParts(uint64 epoch) internal view returns (EpochSubmission memory) {
        return seal(draftInParts(epoch), block.chainid, address(registry), VENUE);
    }

    function sealed_(uint64 epoch) internal view returns (EpochSubmission memory) {
        return seal(draft(epoch), block.chainid, address(registry), VENUE);
    }

    /// @dev What an honest prover signs off for this statement, derived without the registry's code.
    function seal(EpochSubmission memory s, uint256 chain, address place, uint256 venueId)
        internal
        view
        returns (EpochSubmission memory)
    {
        uint256 base = poseidon5.poseidon([uint256(16), chain, uint160(place), venueId, 1]);
        uint256 accumulator = s.genesisAccumulator;
        for (uint256 i = 0; i < s.batches.length; ++i) {
            uint256[4] memory signals =
                [domain(base, s.batches[i].circuitId), s.epoch, accumulator, s.batches[i].accumulatorAfter];
            s.batches[i].proof.a[0] = uint256(keccak256(abi.encode(signals)));
            accumulator = s.batches[i].accumulatorAfter;
        }
        uint256 z = uint256(keccak256(abi.encode(base, uint256(s.epoch), accumulator, s.marketCommitment, s.words))) % P;
        uint256[11] memory close;
        close[0] = domain(base, s.close.circuitId);
        close[1] = s.epoch;
        close[2] = s.marketCommitment;
        close[3] = s.genesisAccumulator;
        close[4] = accumulator;
        close[5] = s.close.accountsRoot;
        close[6] = s.close.accountsBound;
        close[7] = s.close.unhealthyBound;
        close[8] = s.close.shortfall;
        close[9] = z;
        close[10] = valueAt(s.words, z);
        s.close.proof.a[0] = s.close.parts.length == 0
            ? uint256(keccak256(abi.encode(close)))
            : uint256(keccak256(abi.encode(close, s.close.tableStart, sealParts(s, base))));
        return s;
    }

    function sealParts(EpochSubmission memory s, uint256 base) private view returns (uint256 table) {
        table = s.close.tableStart;
        for (uint256 i = 0; i < s.close.parts.length; ++i) {
            PartSubmission memory part = s.close.parts[i];
            uint256[4] memory signals = [domain(base, part.circuitId), s.epoch, table, part.tableAfter];
            part.proof.a[0] = uint256(keccak256(abi.encode(signals)));
            table = part.tableAfter;
        }
    }

    function domain(uint256 base, uint256 circuitId) internal view returns (uint256) {
        return poseidon3.poseidon([uint256(17), base, circuitId]);
    }

    function valueAt(uint256[] memory words, uint256 z) internal pure returns (uint256 value) {
        uint256 power = 1;
        for (uint256 i = 0; i < words.length; ++i) {
            value = addmod(value, mulmod(words[i], power, P), P);
            power = mulmod(power, z, P);
        }
    }
}
