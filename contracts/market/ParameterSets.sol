// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketBoard, ParameterSet, TableRules} from "../interfaces/IMarketBoard.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {RateWord} from "../libraries/RateWord.sol";
import {BoardRules} from "./BoardRules.sol";

/// @title Scenario moves and rates of a venue's tables, changed in bounded steps
/// @dev Sets are calldata and stored as hashes. A proposal is checked against the active set when it is made; only its own
/// activation can replace that set.
abstract contract ParameterSets is BoardRules {
    int256 private constant MOST_MOVE = 255;

    mapping(uint256 venueId => bytes32) private _parameters;

    /// @inheritdoc IMarketBoard
    function proposeParameters(uint256 venueId, ParameterSet calldata next, ParameterSet calldata current)
        external
        onlyParameterAdmin(venueId)
    {
        _requireActive(venueId, current);
        TableRules storage rules = _rulesOf(venueId);
        _requireMoves(rules, next.moves, current.moves);
        _requireWords(rules, next.words, current.words);
        bytes32 digest = _digestOf(next);
        emit ParametersProposed(venueId, digest, next);
        _propose(venueId, ChangeKind.PARAMETERS, digest);
    }

    /// @inheritdoc IMarketBoard
    function activateParameters(uint256 venueId) external onlyParameterAdmin(venueId) {
        bytes32 digest = _activate(venueId, ChangeKind.PARAMETERS);
        _parameters[venueId] = digest;
        emit ParametersActivated(venueId, digest);
    }

    /// @inheritdoc IMarketBoard
    function parametersDigest(uint256 venueId) public view returns (bytes32) {
        return _parameters[venueId];
    }

    /// @dev The set is the active one; before the first, the empty one.
    function _requireActive(uint256 venueId, ParameterSet calldata set) internal view {
        bytes32 active = _parameters[venueId];
        bool none = set.moves.length == 0 && set.words.length == 0;
        bytes32 got = none ? bytes32(0) : _digestOf(set);
        if (got != active) revert NotTheActiveParameters(got, active);
    }

    function _digestOf(ParameterSet calldata set) private pure returns (bytes32) {
        return keccak256(abi.encode(set.moves, set.words));
    }

    function _requireMoves(TableRules storage rules, int16[] calldata next, int16[] calldata current) private view {
        if (next.length % 2 != 0) revert OddMoves(next.length);
        if (next.length < current.length) revert FewerParameters("moves", next.length, current.length);
        uint256 permitted = rules.moveStep;
        for (uint256 i = 0; i < next.length; ++i) {
            int256 move = next[i];
            if (move > MOST_MOVE || move < -MOST_MOVE) revert MoveOutOfRange(i, move);
            if (i >= current.length) continue;
            int256 active = current[i];
            if (uint256(move > active ? move - active : active - move) > permitted) {
                revert MoveMovesTooFar(i, move, active, permitted);
            }
        }
    }

    function _requireWords(TableRules storage rules, uint256[] calldata next, uint256[] calldata current) private view {
        if (next.length == 0) revert FewerParameters("words", 0, 1);
        if (next.length < current.length) revert FewerParameters("words", next.length, current.length);
        (uint256 step, uint256 share) = (rules.rateStep, rules.rateShare);
        for (uint256 row = 0; row < next.length; ++row) {
            RateWord.requireValid(row, next[row]);
            if (row < current.length) _requireNear(row, next[row], current[row], step, share);
        }
    }

    /// @dev Both ways: a rate that jumps up closes accounts that were sound.
    function _requireNear(uint256 row, uint256 word, uint256 active, uint256 step, uint256 share) private pure {
        if (word == active) return;
        if (RateWord.identity(word) != RateWord.identity(active)) revert IdentityChanged(row, word, active);
        for (uint256 which = 0; which < RateWord.RATES; ++which) {
            uint256 value = RateWord.rate(word, which);
            uint256 before = RateWord.rate(active, which);
            uint256 permitted = step + before * share / PPM;
            if ((value > before ? value - before : before - value) > permitted) {
                revert RateMovesTooFar(row, which, value, before, permitted);
            }
        }
    }
}
