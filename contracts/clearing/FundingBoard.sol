// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PerpetualTerms} from "../interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IMarketBoard, Instrument, InstrumentKind, ParameterSet, PriceRound} from "../interfaces/IMarketBoard.sol";
import {IPriceBoard} from "../interfaces/IPriceBoard.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {BoardValues} from "../libraries/BoardValues.sol";
import {ClearingRulesBoard} from "./ClearingRulesBoard.sol";

/// @title What perpetuals pay: sums of rates by period
abstract contract FundingBoard is ClearingRulesBoard {
    /// @notice Seconds between the rounds of two periods at least. A proof is of a period: were rates added each block, nobody who holds a
    /// perpetual could have one in time.
    uint64 public constant MIN_PERIOD = 1 hours;

    /// @dev A transition has one signal for all rates.
    uint256 private constant MAX_PERPETUALS = 3;
    /// @dev Sums are kept to 2^-20 of what is published: what an hour adds to a quantum worth little is less than one.
    uint256 private constant FRACTION_BITS = 20;
    /// @dev Published sums stay in [-2^62, 2^62), so that any two differ by what a proof takes: 64 bits with their sign.
    int256 private constant SUM_BOUND = int256(1 << (62 + FRACTION_BITS));
    /// @dev Sums of a period in one word, 84 bits each with their sign, lowest first.
    uint256 private constant SUM_BITS = 84;

    struct Perpetual {
        uint16 group;
        uint64 listedAt;
        uint8 feed;
        PerpetualTerms terms;
    }

    /// @dev `time` of the last round taken, or of the first listing.
    struct FundingState {
        uint32 period;
        uint64 round;
        uint64 time;
        uint16 payRow;
    }

    /// @dev `unit` value units of a quantum of the pay row.
    struct RoundUnit {
        uint64 time;
        uint256 unit;
    }

    mapping(uint256 venueId => FundingState) private _funding;
    mapping(uint256 venueId => Perpetual[]) private _perpetuals;
    mapping(uint256 venueId => mapping(uint32 period => uint256)) private _sums;

    /// @inheritdoc IClearingTerms
    function proposePerpetual(uint256 venueId, PerpetualTerms calldata terms, uint16 payRow)
        external
        onlyParameterAdmin(venueId)
    {
        (IMarketBoard board, IPriceBoard prices) = _boardsOf(venueId);
        _requirePerpetual(board, prices, venueId, terms);
        _requirePayRow(board, venueId, payRow);
        _requireRoom(venueId, payRow);
        emit PerpetualProposed(venueId, terms.row, payRow, terms);
        _propose(venueId, ChangeKind.PERPETUALS, keccak256(abi.encode(terms, payRow)));
    }

    /// @inheritdoc IClearingTerms
    function activatePerpetual(uint256 venueId, PerpetualTerms calldata terms, uint16 payRow)
        external
        onlyParameterAdmin(venueId)
    {
        _activate(venueId, ChangeKind.PERPETUALS, keccak256(abi.encode(terms, payRow)));
        (IMarketBoard board, IPriceBoard prices) = _boardsOf(venueId);
        uint64 now_ = uint64(block.timestamp);
        if (_perpetuals[venueId].length == 0) {
            // Rounds from before are of nothing that was listed.
            (uint64 round,) = prices.lastRound(venueId);
            _funding[venueId] = FundingState(0, round, now_, payRow);
        }
        uint16 group = _groupOf(board, venueId, terms.row);
        uint8 feed = board.instrument(venueId, terms.row).feed;
        _perpetuals[venueId].push(Perpetual(group, now_, feed, terms));
        emit PerpetualListed(venueId, terms.row, group, terms);
    }

    /// @inheritdoc IClearingTerms
    function accrueFunding(uint256 venueId, PriceRound calldata round, ParameterSet calldata parameters) external {
        (IMarketBoard board, IPriceBoard prices) = _boardsOf(venueId);
        FundingState memory state = _funding[venueId];
        _requireNextRound(prices, venueId, state, round);
        BoardValues.requireActive(board, venueId, parameters);

        uint256 sums = _sums[venueId][state.period];
        RoundUnit memory moment =
            RoundUnit(round.time, BoardValues.unitOf(board, venueId, state.payRow, round.prices, parameters));
        (uint256 next, int64[] memory rates) = _addRates(venueId, state.time, sums, moment, round.prices, parameters);
        (state.period, state.round, state.time) = (state.period + 1, round.id, round.time);
        _funding[venueId] = state;
        _sums[venueId][state.period] = next;
        emit FundingAccrued(venueId, state.period, round.id, rates);
    }

    /// @inheritdoc IClearingTerms
    function fundingSince(uint256 venueId, uint32 fromPeriod)
        external
        view
        returns (uint16 payRow, uint16[] memory groups, int64[] memory rates)
    {
        FundingState memory state = _funding[venueId];
        if (fromPeriod > state.period) revert FundingPeriodUnknown(fromPeriod, state.period);
        Perpetual[] storage list = _perpetuals[venueId];
        (uint256 from, uint256 to) = (_sums[venueId][fromPeriod], _sums[venueId][state.period]);
        groups = new uint16[](list.length);
        rates = new int64[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            groups[i] = list[i].group;
            rates[i] = _sumAt(to, i) - _sumAt(from, i);
        }
        payRow = state.payRow;
    }

    /// @inheritdoc IClearingTerms
    function perpetualsOf(uint256 venueId)
        external
        view
        returns (PerpetualTerms[] memory terms, uint16[] memory groups, uint16 payRow)
    {
        Perpetual[] storage list = _perpetuals[venueId];
        terms = new PerpetualTerms[](list.length);
        groups = new uint16[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            (terms[i], groups[i]) = (list[i].terms, list[i].group);
        }
        payRow = _funding[venueId].payRow;
    }

    /// @inheritdoc IClearingTerms
    function periodOf(uint256 venueId) public view returns (uint32) {
        return _funding[venueId].period;
    }

    /// @inheritdoc IClearingTerms
    function cumulativeRates(uint256 venueId, uint32 period) external view returns (int64[] memory sums) {
        uint32 current = periodOf(venueId);
        if (period > current) revert FundingPeriodUnknown(period, current);
        sums = new int64[](_perpetuals[venueId].length);
        for (uint256 i = 0; i < sums.length; ++i) {
            sums[i] = _sumAt(_sums[venueId][period], i);
        }
    }

    function _requirePerpetual(IMarketBoard board, IPriceBoard prices, uint256 venueId, PerpetualTerms calldata terms)
        private
        view
    {
        Instrument memory listed = _firstTier(board, venueId, terms.row);
        if (listed.kind != InstrumentKind.PERPETUAL) revert NotAPerpetual(venueId, terms.row);
        if (terms.indexFeed >= prices.feedCount(venueId) || terms.indexFeed == listed.feed) {
            revert InvalidTerms(terms.row, "indexFeed", terms.indexFeed);
        }
        if (terms.interval < MIN_PERIOD) revert InvalidTerms(terms.row, "interval", terms.interval);
        if (terms.maxRate >= PPM) revert InvalidTerms(terms.row, "maxRate", terms.maxRate);
        Perpetual[] storage list = _perpetuals[venueId];
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].terms.row == terms.row) revert PerpetualListedBefore(venueId, terms.row);
        }
    }

    function _requireRoom(uint256 venueId, uint16 payRow) private view {
        uint256 listed = _perpetuals[venueId].length;
        if (listed == MAX_PERPETUALS) revert TooManyPerpetuals(venueId);
        uint16 expected = _funding[venueId].payRow;
        if (listed != 0 && payRow != expected) revert OtherPayRow(payRow, expected);
    }

    /// @dev Groups of tables count up from 0 in row order, one for each first tier.
    function _groupOf(IMarketBoard board, uint256 venueId, uint16 row) private view returns (uint16 group) {
        for (uint256 i = 0; i < row; ++i) {
            if (!board.instrument(venueId, i).continues) ++group;
        }
    }

    function _requireNextRound(
        IPriceBoard prices,
        uint256 venueId,
        FundingState memory state,
        PriceRound calldata round
    ) private view {
        if (_perpetuals[venueId].length == 0) revert NoPerpetuals(venueId);
        if (round.id <= state.round) revert RoundNotLater(round.id, state.round);
        BoardValues.requireRound(prices, venueId, round);
        if (round.time < state.time + MIN_PERIOD) revert PeriodRunning(state.time + MIN_PERIOD, round.time);
        uint256 age = block.timestamp - round.time;
        uint256 maxAge = rulesOf(venueId).tableMaxAge;
        // Whoever accrues would choose among the prices of all that time.
        if (age > maxAge) revert IMarketBoard.RoundTooOld(age, maxAge);
    }

    function _addRates(
        uint256 venueId,
        uint64 since,
        uint256 sums,
        RoundUnit memory moment,
        uint128[] calldata prices,
        ParameterSet calldata parameters
    ) private view returns (uint256 next, int64[] memory rates) {
        Perpetual[] storage list = _perpetuals[venueId];
        rates = new int64[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            Perpetual memory perpetual = list[i];
            uint64 from = perpetual.listedAt > since ? perpetual.listedAt : since;
            uint256 elapsed = moment.time > from ? moment.time - from : 0;
            int256 sum = _exactAt(sums, i) + _rateOf(perpetual, elapsed, moment.unit, prices, parameters);
            if (sum >= SUM_BOUND) sum = SUM_BOUND - 1;
            if (sum < -SUM_BOUND) sum = -SUM_BOUND;
            next |= (uint256(sum) & ((1 << SUM_BITS) - 1)) << (SUM_BITS * i);
            rates[i] = _sumAt(next, i) - _sumAt(sums, i);
        }
    }

    /// @dev Premium over the index, bounded, for the part of an interval that passed: 2^-20 of 10^-6 quanta of the pay row. Rounded
    /// towards zero: one number for all accounts, so rounding makes no money.
    function _rateOf(
        Perpetual memory perpetual,
        uint256 elapsed,
        uint256 unit,
        uint128[] calldata prices,
        ParameterSet calldata parameters
    ) private pure returns (int256) {
        PerpetualTerms memory terms = perpetual.terms;
        uint256 word = BoardValues.wordOf(parameters, terms.row);
        int256 mark = int256(BoardValues.baseValue(terms.row, perpetual.feed, word, prices));
        int256 index = int256(BoardValues.baseValue(terms.row, terms.indexFeed, word, prices));
        int256 premium = (mark - index) * int256(PPM);
        int256 most = index * int256(uint256(terms.maxRate));
        if (premium > most) premium = most;
        if (premium < -most) premium = -most;
        uint256 passed = elapsed < terms.interval ? elapsed : terms.interval;
        // Below 2^47 * 2^20 * 2^20 * 2^32.
        return premium * int256(passed << FRACTION_BITS) / int256(unit * terms.interval);
    }

    function _exactAt(uint256 sums, uint256 place) private pure returns (int256) {
        // Shifted up first, so that the sign comes down with the number.
        return int256(sums << (256 - SUM_BITS * (place + 1))) >> (256 - SUM_BITS);
    }

    /// @dev Rounded down.
    function _sumAt(uint256 sums, uint256 place) private pure returns (int64) {
        return int64(_exactAt(sums, place) >> FRACTION_BITS);
    }
}
