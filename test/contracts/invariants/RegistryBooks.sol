// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {
    EpochRecord,
    EpochSubmission,
    SettlementAsset,
    VenueConfig
} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ReserveEscrow} from "../../../contracts/ReserveEscrow.sol";
import {RegistryFixture} from "../RegistryFixture.sol";

/// @dev A registry with two venues on one escrow, and books of what should have come of every call, kept beside it.
abstract contract RegistryBooks is RegistryFixture {
    uint256 internal constant MOST_TOKENS = 1e12;
    uint256 private constant FIRST_VENUE = 21;
    uint256 public constant VENUES = 2;

    ReserveEscrow public escrow;
    TestToken[2] public tokens;

    /// Ledgers as they should be, by place of venue and token.
    uint256[2][2] public reserves;
    uint256[2] public funds;
    /// Tokens sent to the escrow without a deposit.
    uint256[2] public donated;
    /// By place of venue and epoch: hash of the record when it was accepted, whether it was covered, what was submitted.
    bytes32[][2] private _records;
    bool[][2] private _covered;
    /// ABI-encoded: the compiler cannot copy nested structs to storage.
    bytes[][2] internal _submissions;
    mapping(bytes32 statement => uint256) public timesAccepted;
    /// Checkpoints as they should be.
    uint256[2][2] private _checkpointReserves;
    uint256[2] private _checkpointFund;
    uint64[2] internal _checkpointEpoch;
    uint64[2] internal _openedAt;

    /// What must never have happened.
    uint256 public strangersHeard;
    uint256 public replaysAccepted;
    uint256 public forgeriesAccepted;
    uint256 public honestRefused;
    uint256 public overdrafts;
    uint256 public epochsSkipped;

    constructor() {
        setUp();
        escrow = new ReserveEscrow(OWNER, registry);
        for (uint256 t = 0; t < 2; ++t) {
            tokens[t] = new TestToken("Test", "T", 6);
            tokens[t].mint(address(this), type(uint128).max);
            tokens[t].approve(address(escrow), type(uint256).max);
            vm.prank(OWNER);
            escrow.setTokenAllowed(address(tokens[t]), true);
        }
        for (uint256 v = 0; v < VENUES; ++v) {
            _registerVenue(idOf(v));
        }
    }

    function idOf(uint256 venue) public pure returns (uint256) {
        return FIRST_VENUE + venue;
    }

    function acceptedBy(uint256 venue) public view returns (uint256) {
        return _records[venue].length;
    }

    function recordHash(uint256 venue, uint256 epoch) external view returns (bytes32) {
        return _records[venue][epoch - 1];
    }

    function wasCovered(uint256 venue, uint256 epoch) external view returns (bool) {
        return _covered[venue][epoch - 1];
    }

    function statementOf(uint256 venue, uint256 epoch) external view returns (bytes32) {
        return _statement(venue, _submissions[venue][epoch - 1]);
    }

    function registryMode(uint256 venue) external view returns (GateMode) {
        return registry.mode(idOf(venue));
    }

    function latestEpoch(uint256 venue) external view returns (uint64) {
        return registry.latestEpoch(idOf(venue));
    }

    function epochAt(uint256 venue, uint64 epoch) external view returns (EpochRecord memory) {
        return registry.epochAt(idOf(venue), epoch);
    }

    function snapshotEpoch(uint256 venue) external view returns (uint64) {
        return registry.lastSnapshot(idOf(venue)).epoch;
    }

    function _book(uint256 venue, EpochSubmission memory s) internal {
        if (s.epoch != acceptedBy(venue) + 1) ++epochsSkipped;
        _records[venue].push(keccak256(abi.encode(registry.epochAt(idOf(venue), s.epoch))));
        _covered[venue].push(_isCovered(venue, s));
        _submissions[venue].push(abi.encode(s));
        ++timesAccepted[_statement(venue, abi.encode(s))];
    }

    function _statement(uint256 venue, bytes memory submission) private pure returns (bytes32) {
        return keccak256(abi.encode(idOf(venue), submission));
    }

    /// @dev The rule of docs/statement.md and the interface, written again.
    function _isCovered(uint256 venue, EpochSubmission memory s) private view returns (bool) {
        for (uint256 j = 0; j < 2; ++j) {
            (uint256 deposits, uint256 loans) = (s.words[2 * j], s.words[2 * j + 1]);
            uint256 units = j == 0 ? 1 : 100;
            if (deposits > loans && (deposits - loans) * units > _checkpointReserves[venue][j]) return false;
        }
        return s.close.shortfall <= _checkpointFund[venue] * VALUE_PER_FUND_UNIT;
    }

    function _open(uint256 venue) internal {
        vm.prank(OPERATOR);
        registry.openSnapshot(idOf(venue));
        _checkpointReserves[venue] = reserves[venue];
        _checkpointFund[venue] = funds[venue];
        _checkpointEpoch[venue] = uint64(acceptedBy(venue)) + 1;
        _openedAt[venue] = uint64(block.timestamp);
    }

    function _registerVenue(uint256 venueId) private {
        VenueConfig memory c = config();
        c.reserves = escrow;
        c.fundToken = address(tokens[0]);
        // The table outlives every run.
        c.marketTolerance = type(uint64).max;
        SettlementAsset[] memory list = new SettlementAsset[](2);
        list[0] = SettlementAsset(address(tokens[0]), 1);
        list[1] = SettlementAsset(address(tokens[1]), 100);
        vm.prank(OWNER);
        registry.registerVenue(venueId, c);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(venueId, list);
        markets.stateMarket(venueId, MARKET, Market(MarginLevel.MAINTENANCE, uint64(START), 2), 12);
        vm.stopPrank();
    }
}
