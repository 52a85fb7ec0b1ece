// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {FeedConfig, IPriceBoard, PriceRules} from "../interfaces/IPriceBoard.sol";
import {IPyth} from "../interfaces/IPyth.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {FeedReading} from "../libraries/FeedReading.sol";
import {SignerSet} from "../libraries/SignerSet.sol";
import {VenueTimelock} from "./VenueTimelock.sol";

/// @title A venue's rules for prices, and its feeds
abstract contract FeedList is VenueTimelock, IPriceBoard {
    /// @dev An instrument's word has six bits for its feed.
    uint256 private constant MAX_FEEDS = 64;

    /// @notice The chain's Pyth contract; zero address where there is none.
    IPyth public immutable PYTH;

    mapping(uint256 venueId => PriceRules) private _rules;
    mapping(uint256 venueId => FeedConfig[]) private _feeds;

    constructor(IPyth pyth) {
        if (address(pyth) != address(0) && address(pyth).code.length == 0) revert NoCode("pyth", address(pyth));
        PYTH = pyth;
    }

    /// @inheritdoc IPriceBoard
    function proposeRules(uint256 venueId, PriceRules calldata rules) external onlyParameterAdmin(venueId) {
        _requireRules(rules);
        if (_rules[venueId].timelock == 0) return _setRules(venueId, rules);
        emit RulesProposed(venueId, rules);
        _propose(venueId, ChangeKind.RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc IPriceBoard
    function activateRules(uint256 venueId, PriceRules calldata rules) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.RULES, keccak256(abi.encode(rules)));
        _setRules(venueId, rules);
    }

    /// @inheritdoc IPriceBoard
    function proposeFeeds(uint256 venueId, uint256 first, FeedConfig[] calldata feeds)
        external
        onlyParameterAdmin(venueId)
    {
        uint256 known = _feeds[venueId].length;
        if (first > known) revert FeedGap(first, known);
        if (first + feeds.length > MAX_FEEDS) revert TooManyFeeds(first + feeds.length, MAX_FEEDS);
        for (uint256 i = 0; i < feeds.length; ++i) {
            FeedReading.requireConfig(first + i, feeds[i], PYTH);
        }
        emit FeedsProposed(venueId, first, feeds);
        _propose(venueId, ChangeKind.FEEDS, keccak256(abi.encode(first, feeds)));
    }

    /// @inheritdoc IPriceBoard
    function activateFeeds(uint256 venueId, uint256 first, FeedConfig[] calldata feeds)
        external
        onlyParameterAdmin(venueId)
    {
        _activate(venueId, ChangeKind.FEEDS, keccak256(abi.encode(first, feeds)));
        FeedConfig[] storage list = _feeds[venueId];
        for (uint256 i = 0; i < feeds.length; ++i) {
            if (first + i == list.length) list.push(feeds[i]);
            else list[first + i] = feeds[i];
            emit FeedActivated(venueId, first + i, feeds[i]);
        }
    }

    /// @inheritdoc IPriceBoard
    function rulesOf(uint256 venueId) external view returns (PriceRules memory) {
        return _rules[venueId];
    }

    /// @inheritdoc IPriceBoard
    function feedCount(uint256 venueId) public view returns (uint256) {
        return _feeds[venueId].length;
    }

    /// @inheritdoc IPriceBoard
    function feed(uint256 venueId, uint256 index) external view returns (FeedConfig memory config) {
        if (index < _feeds[venueId].length) config = _feeds[venueId][index];
    }

    function _feedAt(uint256 venueId, uint256 index) internal view returns (FeedConfig memory) {
        return _feeds[venueId][index];
    }

    /// @dev Of a venue without rules: zeros.
    function _rulesOf(uint256 venueId) internal view returns (PriceRules storage) {
        return _rules[venueId];
    }

    function _timelockOf(uint256 venueId) internal view override returns (uint256 timelock) {
        timelock = _rules[venueId].timelock;
        if (timelock == 0) revert NoRules(venueId);
    }

    function _setRules(uint256 venueId, PriceRules calldata rules) private {
        _rules[venueId] = rules;
        emit RulesActivated(venueId, rules);
    }

    function _requireRules(PriceRules calldata rules) private view {
        _requireTimelock(rules.timelock);
        if (rules.newRiskMaxAge == 0) revert InvalidRules("newRiskMaxAge", 0);
        // New risk stops first: a stale feed must not leave risk that nobody may close.
        if (rules.liquidationMaxAge <= rules.newRiskMaxAge) {
            revert InvalidRules("liquidationMaxAge", rules.liquidationMaxAge);
        }
        if (rules.sequencerFeed == address(0)) {
            if (rules.sequencerGrace != 0) revert InvalidRules("sequencerGrace", rules.sequencerGrace);
        } else if (rules.sequencerFeed.code.length == 0) {
            revert NoCode("sequencerFeed", rules.sequencerFeed);
        }
        SignerSet.requireValid(rules.signers, rules.threshold);
    }
}
