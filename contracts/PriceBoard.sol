// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {
    AcceptedPrice,
    Action,
    FeedConfig,
    FeedKind,
    IPriceBoard,
    PriceReport,
    PriceRules
} from "./interfaces/IPriceBoard.sol";
import {IPyth} from "./interfaces/IPyth.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {FeedReading} from "./libraries/FeedReading.sol";
import {SignerSet} from "./libraries/SignerSet.sol";
import {FeedList} from "./market/FeedList.sol";
import {VenueTimelock} from "./market/VenueTimelock.sol";

/// @title Prices of a venue's feeds, read and checked together in rounds
contract PriceBoard is FeedList, EIP712, ReentrancyGuardTransient {
    uint256 private constant PPM = 1e6;
    bytes32 private constant PRICE_REPORT_TYPE =
        keccak256("PriceReport(uint256 venueId,uint8[] feeds,uint128[] prices,uint64 observedAt,uint64 deadline)");

    struct RoundHead {
        uint64 id;
        uint64 time;
    }

    mapping(uint256 venueId => mapping(uint256 feed => AcceptedPrice)) private _prices;
    mapping(uint256 venueId => RoundHead) private _lastRound;
    mapping(uint256 venueId => mapping(uint64 id => bytes32)) private _roundDigests;

    constructor(ISolvencyRegistry registry, IPyth pyth, uint256 minTimelock)
        VenueTimelock(registry, minTimelock)
        FeedList(pyth)
        EIP712("Clearproof PriceBoard", "1")
    {}

    /// @inheritdoc IPriceBoard
    function updatePrices(uint256 venueId, bytes[] calldata pythUpdates, PriceReport calldata report)
        external
        payable
        nonReentrant
        returns (uint64 roundId)
    {
        PriceRules storage rules = _rulesOf(venueId);
        FeedReading.requireSequencer(rules.sequencerFeed, rules.sequencerGrace);
        uint256 fee = _updatePyth(pythUpdates);
        _requireReport(venueId, rules, report);
        roundId = _openRound(venueId, report);
        if (msg.value > fee) {
            (bool sent,) = msg.sender.call{value: msg.value - fee}("");
            if (!sent) revert RefundFailed(msg.sender, msg.value - fee);
        }
    }

    /// @inheritdoc IPriceBoard
    function allows(uint256 venueId, Action action) external view returns (bool) {
        if (action == Action.EXIT) return true;
        PriceRules storage rules = _rulesOf(venueId);
        RoundHead memory round = _lastRound[venueId];
        if (round.id == 0 || !FeedReading.sequencerIsUp(rules.sequencerFeed, rules.sequencerGrace)) return false;
        return
            block.timestamp - round.time <= (action == Action.NEW_RISK ? rules.newRiskMaxAge : rules.liquidationMaxAge);
    }

    /// @inheritdoc IPriceBoard
    function lastPrice(uint256 venueId, uint256 index) external view returns (AcceptedPrice memory) {
        return _prices[venueId][index];
    }

    /// @inheritdoc IPriceBoard
    function lastRound(uint256 venueId) external view returns (uint64 id, uint64 time) {
        return (_lastRound[venueId].id, _lastRound[venueId].time);
    }

    /// @inheritdoc IPriceBoard
    function roundDigest(uint256 venueId, uint64 id) external view returns (bytes32) {
        return _roundDigests[venueId][id];
    }

    function _openRound(uint256 venueId, PriceReport calldata report) private returns (uint64 id) {
        (uint128[] memory prices, uint64[] memory updatedAt) = _readAll(venueId, report);
        id = _lastRound[venueId].id + 1;
        uint64 now_ = uint64(block.timestamp);
        _lastRound[venueId] = RoundHead(id, now_);
        _roundDigests[venueId][id] = keccak256(abi.encode(id, now_, prices));
        emit RoundOpened(venueId, id, now_, prices, updatedAt);
    }

    function _readAll(uint256 venueId, PriceReport calldata report)
        private
        returns (uint128[] memory prices, uint64[] memory updatedAt)
    {
        uint256 count = feedCount(venueId);
        if (count == 0) revert NoFeeds(venueId);
        prices = new uint128[](count);
        updatedAt = new uint64[](count);
        uint256 reported = 0;
        for (uint256 i = 0; i < count; ++i) {
            FeedConfig memory config = _feedAt(venueId, i);
            uint256 price;
            uint256 time;
            if (config.kind == FeedKind.SIGNED) {
                (price, time) = (_reported(report, reported++, i), report.observedAt);
            } else {
                (price, time) = FeedReading.read(i, config, PYTH);
            }
            _accept(i, config, _prices[venueId][i], price, time);
            prices[i] = uint128(price);
            updatedAt[i] = uint64(time);
        }
        if (reported != report.feeds.length) revert ReportOfOtherFeeds(report.feeds.length, reported);
    }

    /// @dev The report's price at `place`, which must be of this feed.
    function _reported(PriceReport calldata report, uint256 place, uint256 index) private pure returns (uint256) {
        if (place >= report.feeds.length || report.feeds[place] != index) revert ReportMissesFeed(index);
        return report.prices[place];
    }

    /// @dev Refuses a price that is early, late, old, out of bounds or too far away; records it otherwise.
    function _accept(
        uint256 index,
        FeedConfig memory config,
        AcceptedPrice storage last,
        uint256 price,
        uint256 updatedAt
    ) private {
        if (updatedAt > block.timestamp) revert PriceFromTheFuture(index, updatedAt, block.timestamp);
        if (block.timestamp - updatedAt > config.heartbeat) {
            revert PriceTooOld(index, block.timestamp - updatedAt, config.heartbeat);
        }
        if (price < config.minPrice || price > config.maxPrice) {
            revert PriceOutOfBounds(index, price, config.minPrice, config.maxPrice);
        }
        (uint128 lastPrice_, uint64 lastUpdate) = (last.price, last.updatedAt);
        // A constant's time is the block's: nothing to record each time.
        if (config.kind == FeedKind.CONSTANT && price == lastPrice_) return;
        if (updatedAt < lastUpdate) revert PriceBeforeLast(index, updatedAt, lastUpdate);
        // Signers who say two things of one moment; an aggregator may well answer twice in a second.
        if (config.kind == FeedKind.SIGNED && updatedAt == lastUpdate && price != lastPrice_) {
            revert PriceContradictsLast(index, price, lastPrice_, updatedAt);
        }
        _requireNearAnchor(index, config.maxDeviation, last, price);
        last.price = uint128(price);
        last.updatedAt = uint64(updatedAt);
    }

    /// @dev What a price may move grows with the time since the anchor, from an hour's worth on: so no crash locks the board for
    /// ever, and no number of rounds makes an hour's worth out of minutes. The first price has nothing to be measured by but its bounds.
    function _requireNearAnchor(uint256 index, uint256 maxDeviation, AcceptedPrice storage last, uint256 price)
        private
    {
        (uint256 anchor, uint256 anchoredAt) = (last.anchor, last.anchoredAt);
        uint256 elapsed = block.timestamp - anchoredAt;
        if (anchor != 0) {
            // Below 2^128 * 2^32 * 2^64.
            uint256 permitted = anchor * maxDeviation * (elapsed < 1 hours ? 1 hours : elapsed) / (PPM * 1 hours);
            uint256 distance = price > anchor ? price - anchor : anchor - price;
            if (distance > permitted) revert PriceDeviates(index, price, anchor, permitted);
        }
        if (anchor == 0 || elapsed >= 1 hours) {
            last.anchor = uint128(price);
            last.anchoredAt = uint64(block.timestamp);
        }
    }

    function _updatePyth(bytes[] calldata updates) private returns (uint256 fee) {
        if (updates.length == 0) return 0;
        if (address(PYTH) == address(0)) revert NoCode("pyth", address(0));
        fee = PYTH.getUpdateFee(updates);
        if (msg.value < fee) revert FeeNotCovered(msg.value, fee);
        PYTH.updatePriceFeeds{value: fee}(updates);
    }

    function _requireReport(uint256 venueId, PriceRules storage rules, PriceReport calldata report) private view {
        if (report.feeds.length != report.prices.length) {
            revert ReportLengthMismatch(report.feeds.length, report.prices.length);
        }
        if (report.feeds.length == 0) return;
        if (block.timestamp > report.deadline) revert ReportExpired(report.deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    PRICE_REPORT_TYPE,
                    venueId,
                    keccak256(abi.encodePacked(report.feeds)),
                    keccak256(abi.encodePacked(report.prices)),
                    report.observedAt,
                    report.deadline
                )
            )
        );
        SignerSet.requireSigned(digest, report.signatures, rules.signers, rules.threshold);
    }
}
