// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IMarketBoard, ParameterSet, PriceRound} from "../interfaces/IMarketBoard.sol";
import {IPriceBoard} from "../interfaces/IPriceBoard.sol";
import {RateWord} from "./RateWord.sol";

/// @title What a row is worth by a round and the parameters that the boards confirm
library BoardValues {
    /// @dev One unit of a multiplier: docs/decisions/0004-market-table.md.
    uint256 private constant MULTIPLIER_UNIT = 1e18;
    /// @dev Marks of tables are below: a row that is worth more has none.
    uint256 private constant VALUE_BOUND = 1 << 47;

    /// @notice The price board opened this round with these prices.
    function requireRound(IPriceBoard prices, uint256 venueId, PriceRound calldata round) internal view {
        bytes32 got = keccak256(abi.encode(round.id, round.time, round.prices));
        bytes32 expected = prices.roundDigest(venueId, round.id);
        if (got != expected) revert IMarketBoard.NotTheRound(round.id, got, expected);
    }

    /// @notice The set is the market board's active one. Put and multiplier of a row are the same in all later ones.
    function requireActive(IMarketBoard board, uint256 venueId, ParameterSet calldata set) internal view {
        bytes32 got = keccak256(abi.encode(set.moves, set.words));
        bytes32 active = board.parametersDigest(venueId);
        if (got != active) revert IMarketBoard.NotTheActiveParameters(got, active);
    }

    /// @notice The row's word of the set.
    function wordOf(ParameterSet calldata set, uint16 row) internal pure returns (uint256) {
        if (row >= set.words.length) revert IClearingTerms.RowWithoutParameters(row, set.words.length);
        return set.words[row];
    }

    /// @notice Base value of one quantum: floor(price * multiplier / 10^18) value units, below 2^47.
    function baseValue(uint16 row, uint256 feed, uint256 word, uint128[] calldata prices)
        internal
        pure
        returns (uint256 value)
    {
        if (feed >= prices.length) revert IMarketBoard.RoundMissesFeed(row, feed, prices.length);
        // Below 2^128 * 2^64.
        value = uint256(prices[feed]) * RateWord.multiplier(word) / MULTIPLIER_UNIT;
        if (value >= VALUE_BOUND) revert IClearingTerms.ValueOutOfRange(row, value);
    }

    /// @notice Value units of one quantum of a pay row, at least 1.
    function unitOf(
        IMarketBoard board,
        uint256 venueId,
        uint16 payRow,
        uint128[] calldata prices,
        ParameterSet calldata parameters
    ) internal view returns (uint256 unit) {
        unit = baseValue(payRow, board.instrument(venueId, payRow).feed, wordOf(parameters, payRow), prices);
        // Nothing can be paid in what is worth nothing.
        if (unit == 0) revert IClearingTerms.ValueOutOfRange(payRow, 0);
    }
}
