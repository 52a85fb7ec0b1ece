// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {FeedConfig, FeedKind, IPriceBoard} from "../interfaces/IPriceBoard.sol";
import {IPyth, PythStructs} from "../interfaces/IPyth.sol";
import {IVenueTimelock} from "../interfaces/IVenueTimelock.sol";

/// @title Adapters: what each kind of source says, in 10^-8 of the settlement currency
/// @dev Sources are asked by static call, and an answer that cannot be read is an error that names the feed.
library FeedReading {
    int256 private constant PRICE_SCALE = 8;
    /// @dev Largest power of ten a price is multiplied with, and divided by.
    int256 private constant MOST_UP = 20;
    int256 private constant MOST_DOWN = 36;
    uint256 private constant PRICE_BOUND = 1 << 128;
    uint256 private constant PPM = 1e6;

    /// @notice Refuses a feed that could never be read, or whose limits say nothing.
    function requireConfig(uint256 index, FeedConfig calldata config, IPyth pyth) internal view {
        if (config.kind == FeedKind.NONE) revert IPriceBoard.InvalidFeed(index, "kind", 0);
        if (config.minPrice == 0) revert IPriceBoard.InvalidFeed(index, "minPrice", 0);
        if (config.maxPrice < config.minPrice) revert IPriceBoard.InvalidFeed(index, "maxPrice", config.maxPrice);
        bool constant_ = config.kind == FeedKind.CONSTANT;
        if (constant_ && config.maxPrice != config.minPrice) {
            revert IPriceBoard.InvalidFeed(index, "maxPrice", config.maxPrice);
        }
        if ((config.heartbeat == 0) != constant_) {
            revert IPriceBoard.InvalidFeed(index, "heartbeat", config.heartbeat);
        }
        if (config.maxDeviation == 0 && !constant_) revert IPriceBoard.InvalidFeed(index, "maxDeviation", 0);
        bool ofPyth = config.kind == FeedKind.PYTH;
        if ((config.maxConfidence != 0) != ofPyth) {
            revert IPriceBoard.InvalidFeed(index, "maxConfidence", config.maxConfidence);
        }
        if ((config.priceId != 0) != ofPyth) {
            revert IPriceBoard.InvalidFeed(index, "priceId", uint256(config.priceId));
        }
        if (ofPyth && address(pyth) == address(0)) revert IVenueTimelock.NoCode("pyth", address(0));
        if (config.kind == FeedKind.CHAINLINK) {
            if (config.source.code.length == 0) revert IVenueTimelock.NoCode("source", config.source);
        } else if (config.source != address(0)) {
            revert IPriceBoard.InvalidFeed(index, "source", uint160(config.source));
        }
    }

    /// @notice Price and time by the source. Times and limits are for the caller to check, but Pyth's confidence, which goes
    /// with the price.
    /// @dev Requires a kind other than NONE and SIGNED.
    function read(uint256 index, FeedConfig memory config, IPyth pyth)
        internal
        view
        returns (uint256 price, uint256 updatedAt)
    {
        if (config.kind == FeedKind.CONSTANT) return (config.minPrice, block.timestamp);
        return config.kind == FeedKind.CHAINLINK ? _readChainlink(index, config) : _readPyth(index, config, pyth);
    }

    /// @notice Refuses while the sequencer is down or within its grace period.
    function requireSequencer(address feed, uint256 grace) internal view {
        if (feed == address(0)) return;
        (bool up, uint256 since) = _sequencer(feed);
        if (!up) revert IPriceBoard.SequencerDown(feed);
        if (_inGrace(since, grace)) revert IPriceBoard.SequencerGrace(since, grace, block.timestamp);
    }

    /// @notice The same as a question.
    function sequencerIsUp(address feed, uint256 grace) internal view returns (bool) {
        if (feed == address(0)) return true;
        (bool up, uint256 since) = _sequencer(feed);
        return up && !_inGrace(since, grace);
    }

    /// @dev A feed that cannot be read, or was never started, says "down".
    function _sequencer(address feed) private view returns (bool up, uint256 since) {
        (bool ok, bytes memory data) = feed.staticcall(abi.encodeCall(IAggregatorV3.latestRoundData, ()));
        if (!ok || data.length < 160) return (false, 0);
        int256 answer;
        (, answer, since) = abi.decode(data, (uint256, int256, uint256));
        up = answer == 0 && since != 0;
    }

    function _inGrace(uint256 since, uint256 grace) private view returns (bool) {
        return since > block.timestamp || block.timestamp - since <= grace;
    }

    function _readChainlink(uint256 index, FeedConfig memory config)
        private
        view
        returns (uint256 price, uint256 updatedAt)
    {
        bytes memory data = _ask(index, config.source, abi.encodeCall(IAggregatorV3.latestRoundData, ()), 160);
        (uint256 roundId, int256 answer,, uint256 time, uint256 answeredInRound) =
            abi.decode(data, (uint256, int256, uint256, uint256, uint256));
        if (roundId == 0 || time == 0 || answeredInRound < roundId) {
            revert IPriceBoard.RoundIncomplete(index, roundId, time, answeredInRound);
        }
        data = _ask(index, config.source, abi.encodeCall(IAggregatorV3.decimals, ()), 32);
        uint256 decimals = abi.decode(data, (uint256));
        // uint8 by its ABI; larger values are refused with the scale.
        if (decimals > type(uint8).max) revert IPriceBoard.FeedUnavailable(index, config.source);
        return (_normalise(index, config, answer, -int256(decimals)), time);
    }

    function _readPyth(uint256 index, FeedConfig memory config, IPyth pyth)
        private
        view
        returns (uint256 price, uint256 updatedAt)
    {
        bytes memory data = _ask(index, address(pyth), abi.encodeCall(IPyth.getPriceUnsafe, (config.priceId)), 128);
        PythStructs.Price memory answer = abi.decode(data, (PythStructs.Price));
        price = _normalise(index, config, answer.price, answer.expo);
        uint256 permitted = uint256(uint64(answer.price)) * config.maxConfidence / PPM;
        if (answer.conf > permitted) revert IPriceBoard.PriceUncertain(index, answer.conf, permitted);
        updatedAt = answer.publishTime;
    }

    /// @dev value * 10^exponent in 10^-8, rounded down: by less than the unit of every price.
    function _normalise(uint256 index, FeedConfig memory config, int256 value, int256 exponent)
        private
        pure
        returns (uint256)
    {
        if (value <= 0) revert IPriceBoard.PriceNotPositive(index, value);
        int256 shift = exponent + PRICE_SCALE;
        if (shift > MOST_UP || shift < -MOST_DOWN) revert IPriceBoard.UnsupportedScale(index, exponent);
        if (shift < 0) return uint256(value) / 10 ** uint256(-shift);
        // Checked before it is multiplied: then below 2^128 * 10^20.
        if (uint256(value) >= PRICE_BOUND) {
            revert IPriceBoard.PriceOutOfBounds(index, uint256(value), config.minPrice, config.maxPrice);
        }
        return uint256(value) * 10 ** uint256(shift);
    }

    function _ask(uint256 index, address source, bytes memory call, uint256 size) private view returns (bytes memory) {
        (bool ok, bytes memory data) = source.staticcall(call);
        if (!ok || data.length < size) revert IPriceBoard.FeedUnavailable(index, source);
        return data;
    }
}
