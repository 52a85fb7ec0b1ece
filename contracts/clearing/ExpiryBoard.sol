// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms} from "../interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IMarketBoard, Instrument, InstrumentKind, ParameterSet, PriceRound} from "../interfaces/IMarketBoard.sol";
import {IPriceBoard} from "../interfaces/IPriceBoard.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {BoardValues} from "../libraries/BoardValues.sol";
import {RateWord} from "../libraries/RateWord.sol";
import {ClearingRulesBoard} from "./ClearingRulesBoard.sol";

/// @title What dated rows become at their end
abstract contract ExpiryBoard is ClearingRulesBoard {
    mapping(uint256 venueId => mapping(uint16 row => ExpiryTerms)) private _terms;
    mapping(uint256 venueId => mapping(uint16 row => ExpirySettlement)) private _settlements;

    /// @inheritdoc IClearingTerms
    function proposeExpiry(uint256 venueId, ExpiryTerms calldata terms) external onlyParameterAdmin(venueId) {
        _requireExpiry(venueId, terms);
        emit ExpiryProposed(venueId, terms.row, terms);
        _propose(venueId, ChangeKind.EXPIRY_TERMS, keccak256(abi.encode(terms)));
    }

    /// @inheritdoc IClearingTerms
    function activateExpiry(uint256 venueId, ExpiryTerms calldata terms) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.EXPIRY_TERMS, keccak256(abi.encode(terms)));
        _requireAhead(terms.expiry);
        _terms[venueId][terms.row] = terms;
        emit ExpiryListed(venueId, terms.row, terms);
    }

    /// @inheritdoc IClearingTerms
    function recordExpiry(
        uint256 venueId,
        uint16 row,
        PriceRound calldata round,
        PriceRound calldata before,
        ParameterSet calldata parameters
    ) external {
        ExpiryTerms memory terms = _terms[venueId][row];
        if (terms.expiry == 0) revert ExpiryNotListed(venueId, row);
        if (_settlements[venueId][row].round != 0) revert SettlementRecorded(venueId, row);
        (IMarketBoard board, IPriceBoard prices) = _boardsOf(venueId);
        _requireFirstRound(prices, venueId, terms.expiry, round, before);
        BoardValues.requireActive(board, venueId, parameters);

        ExpirySettlement memory settlement = _settlementOf(board, venueId, terms, round.prices, parameters);
        settlement.round = round.id;
        _settlements[venueId][row] = settlement;
        emit ExpiryRecorded(venueId, row, settlement);
    }

    /// @inheritdoc IClearingTerms
    function expiryOf(uint256 venueId, uint16 row)
        external
        view
        returns (ExpiryTerms memory terms, ExpirySettlement memory settlement)
    {
        return (_terms[venueId][row], _settlements[venueId][row]);
    }

    /// @dev What rows are never changes, so it is looked at once, when terms are proposed.
    function _requireExpiry(uint256 venueId, ExpiryTerms calldata terms) private view {
        (IMarketBoard board,) = _boardsOf(venueId);
        if (_terms[venueId][terms.row].expiry != 0) revert ExpiryListedBefore(venueId, terms.row);
        _requireAhead(terms.expiry);
        Instrument memory dated = _firstTier(board, venueId, terms.row);
        if (dated.kind != InstrumentKind.FUTURE && dated.kind != InstrumentKind.OPTION) {
            revert NotADatedRow(venueId, terms.row);
        }
        _requirePayRow(board, venueId, terms.payRow);
        if (terms.deliver == 0) {
            if (terms.deliverRow != 0) revert InvalidTerms(terms.row, "deliverRow", terms.deliverRow);
            return;
        }
        Instrument memory delivered = _firstTier(board, venueId, terms.deliverRow);
        if (delivered.kind != InstrumentKind.SPOT) {
            revert InvalidTerms(terms.row, "deliverRow", uint256(delivered.kind));
        }
        _requireUncapped(board, venueId, terms.deliverRow);
        // What a contract is over and what it delivers have one price.
        if (delivered.feed != dated.feed) revert InvalidTerms(terms.row, "deliverFeed", delivered.feed);
    }

    function _requireAhead(uint64 expiry) private view {
        if (expiry <= block.timestamp) revert ExpiryPassed(expiry, block.timestamp);
    }

    /// @dev The first at or after the time: nobody chooses among later ones. Rounds are numbered from 1 and their times never fall.
    function _requireFirstRound(
        IPriceBoard prices,
        uint256 venueId,
        uint64 expiry,
        PriceRound calldata round,
        PriceRound calldata before
    ) private view {
        if (round.time < expiry) revert NotYetExpired(expiry, round.time);
        BoardValues.requireRound(prices, venueId, round);
        bool first = before.id == round.id - 1;
        if (first && before.id != 0) {
            BoardValues.requireRound(prices, venueId, before);
            first = before.time < expiry;
        }
        if (!first) revert NotTheFirstRound(round.id, before.time);
    }

    function _settlementOf(
        IMarketBoard board,
        uint256 venueId,
        ExpiryTerms memory terms,
        uint128[] calldata prices,
        ParameterSet calldata parameters
    ) private view returns (ExpirySettlement memory settlement) {
        Instrument memory dated = board.instrument(venueId, terms.row);
        uint256 word = BoardValues.wordOf(parameters, terms.row);
        uint256 value = BoardValues.baseValue(terms.row, dated.feed, word, prices);
        settlement.unit = uint64(BoardValues.unitOf(board, venueId, terms.payRow, prices, parameters));
        bool physical = _delivers(terms, word, parameters);
        (settlement.value, settlement.deliver) = dated.kind == InstrumentKind.OPTION
            ? _optionPays(value, dated.strike, RateWord.isPut(word), physical ? terms.deliver : 0)
            : _futurePays(value, physical ? terms.deliver : 0);
    }

    /// @dev Whether `deliver` quanta of the delivery row are what one of the dated row is of. Delivering anything else would hand value
    /// from one side to the other.
    function _delivers(ExpiryTerms memory terms, uint256 word, ParameterSet calldata parameters)
        private
        pure
        returns (bool)
    {
        if (terms.deliver == 0) return false;
        uint256 one = RateWord.multiplier(BoardValues.wordOf(parameters, terms.deliverRow));
        return RateWord.multiplier(word) == terms.deliver * one;
    }

    /// @dev `deliver` 0: in cash. Every number is below 2^47, `deliver` below 2^32.
    function _optionPays(uint256 base, uint256 strike, bool put, uint32 deliver) private pure returns (int64, int64) {
        int64 gain = put ? int64(uint64(strike)) - int64(uint64(base)) : int64(uint64(base)) - int64(uint64(strike));
        if (gain <= 0) return (0, 0);
        if (deliver == 0) return (gain, 0);
        int64 paid = int64(uint64(strike));
        int64 quanta = int64(uint64(deliver));
        return put ? (paid, -quanta) : (-paid, quanta);
    }

    /// @dev A future was paid for when it was bought: its long gets what it is of, or what that is worth.
    function _futurePays(uint256 base, uint32 deliver) private pure returns (int64, int64) {
        return deliver == 0 ? (int64(uint64(base)), int64(0)) : (int64(0), int64(uint64(deliver)));
    }
}
