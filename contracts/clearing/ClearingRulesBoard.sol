// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingRules} from "../interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IMarketBoard, Instrument, InstrumentKind} from "../interfaces/IMarketBoard.sol";
import {Action, IPriceBoard} from "../interfaces/IPriceBoard.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {VenueTimelock} from "../market/VenueTimelock.sol";

/// @title A venue's rules for its clearing house, who says what is being liquidated, and the boards behind its tables
abstract contract ClearingRulesBoard is VenueTimelock, IClearingTerms {
    uint256 internal constant PPM = 1e6;
    uint256 private constant WORD_BYTES = 32;

    /// @dev One slot. `prices` is the venue's price board, zero where tables are stated: a venue's source of tables never changes.
    struct StoredRules {
        uint32 timelock;
        uint32 tableMaxAge;
        uint24 band;
        IPriceBoard prices;
    }

    mapping(uint256 venueId => StoredRules) private _rules;
    mapping(uint256 venueId => address) private _liquidations;

    /// @inheritdoc IClearingTerms
    function proposeRules(uint256 venueId, ClearingRules calldata rules) external onlyParameterAdmin(venueId) {
        _requireTimelock(rules.timelock);
        if (rules.tableMaxAge == 0) revert InvalidRules("tableMaxAge", 0);
        if (rules.band == 0 || rules.band >= PPM) revert InvalidRules("band", rules.band);
        if (_rules[venueId].timelock == 0) {
            _rules[venueId].prices = _pricesBehind(address(_venue(venueId).markets));
            return _setRules(venueId, rules);
        }
        emit ClearingRulesProposed(venueId, rules);
        _propose(venueId, ChangeKind.CLEARING_RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc IClearingTerms
    function activateRules(uint256 venueId, ClearingRules calldata rules) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.CLEARING_RULES, keccak256(abi.encode(rules)));
        _setRules(venueId, rules);
    }

    /// @inheritdoc IClearingTerms
    function proposeLiquidations(uint256 venueId, address liquidations) external onlyParameterAdmin(venueId) {
        _requireLiquidations(liquidations);
        emit LiquidationsProposed(venueId, liquidations);
        _propose(venueId, ChangeKind.LIQUIDATIONS, keccak256(abi.encode(liquidations)));
    }

    /// @inheritdoc IClearingTerms
    function activateLiquidations(uint256 venueId, address liquidations) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.LIQUIDATIONS, keccak256(abi.encode(liquidations)));
        _liquidations[venueId] = liquidations;
        emit LiquidationsActivated(venueId, liquidations);
    }

    /// @inheritdoc IClearingTerms
    function rulesOf(uint256 venueId) public view returns (ClearingRules memory) {
        StoredRules memory rules = _rules[venueId];
        return ClearingRules(rules.timelock, rules.tableMaxAge, rules.band);
    }

    /// @inheritdoc IClearingTerms
    function liquidationsOf(uint256 venueId) external view returns (address) {
        return _liquidations[venueId];
    }

    /// @inheritdoc IClearingTerms
    function pricesAllow(uint256 venueId, Action action) external view returns (bool) {
        IPriceBoard prices = _rules[venueId].prices;
        return address(prices) == address(0) || prices.allows(venueId, action);
    }

    function _timelockOf(uint256 venueId) internal view override returns (uint256 timelock) {
        timelock = _rules[venueId].timelock;
        if (timelock == 0) revert NoRules(venueId);
    }

    /// @dev Reverts for a venue without rules, and for one whose tables follow from no board: nothing there says what a row is or was worth.
    function _boardsOf(uint256 venueId) internal view returns (IMarketBoard board, IPriceBoard prices) {
        _timelockOf(venueId);
        prices = _rules[venueId].prices;
        if (address(prices) == address(0)) revert NoMarketBoard(venueId);
        board = IMarketBoard(address(_venue(venueId).markets));
    }

    /// @dev The listed row, which is the first tier of its instrument. Kind NONE for a row that is not listed.
    function _firstTier(IMarketBoard board, uint256 venueId, uint16 row)
        internal
        view
        returns (Instrument memory listed)
    {
        if (row >= board.instrumentCount(venueId)) return listed;
        listed = board.instrument(venueId, row);
        if (listed.continues) revert InvalidTerms(row, "tier", row);
    }

    function _requirePayRow(IMarketBoard board, uint256 venueId, uint16 payRow) internal view {
        InstrumentKind kind = _firstTier(board, venueId, payRow).kind;
        if (kind != InstrumentKind.CASH) revert InvalidTerms(payRow, "payRow", uint256(kind));
        _requireUncapped(board, venueId, payRow);
    }

    /// @dev The last tier of the instrument has no cap: else an account that holds much of it could not receive what it is owed. Nothing
    /// follows a tier without one, so it stays the last.
    function _requireUncapped(IMarketBoard board, uint256 venueId, uint16 row) internal view {
        uint256 rows = board.instrumentCount(venueId);
        uint64 cap = board.instrument(venueId, row).cap;
        for (uint256 tier = uint256(row) + 1; cap != 0; ++tier) {
            Instrument memory next;
            if (tier < rows) next = board.instrument(venueId, tier);
            if (!next.continues) revert InvalidTerms(row, "cap", cap);
            cap = next.cap;
        }
    }

    function _setRules(uint256 venueId, ClearingRules calldata rules) private {
        StoredRules storage stored = _rules[venueId];
        (stored.timelock, stored.tableMaxAge, stored.band) = (rules.timelock, rules.tableMaxAge, rules.band);
        emit ClearingRulesActivated(venueId, rules);
    }

    /// @dev What answers nothing, or no contract, is no board.
    function _pricesBehind(address markets) private view returns (IPriceBoard) {
        (bool ok, bytes memory answer) = markets.staticcall(abi.encodeCall(IMarketBoard.PRICES, ()));
        if (!ok || answer.length != WORD_BYTES) return IPriceBoard(address(0));
        uint256 word = abi.decode(answer, (uint256));
        if (word > type(uint160).max || address(uint160(word)).code.length == 0) return IPriceBoard(address(0));
        return IPriceBoard(address(uint160(word)));
    }

    /// @dev Zero names nobody, and then nothing is liquidated.
    function _requireLiquidations(address liquidations) private view {
        if (liquidations != address(0) && liquidations.code.length == 0) revert NoCode("liquidations", liquidations);
    }
}
