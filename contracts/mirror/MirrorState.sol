// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GatewayInbox} from "../crosschain/GatewayInbox.sol";
import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {GateMode, ISolvencyGate} from "../interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirroredVenue, MirrorRules} from "../interfaces/ISolvencyMirror.sol";
import {EpochRecord} from "../interfaces/ISolvencyRegistry.sol";

/// @title What a mirror holds of venues, and the mode that follows
/// @dev `mode` reads this storage and the clock: nothing that anybody else runs can make it revert.
abstract contract MirrorState is ISolvencyMirror, GatewayInbox {
    /// @dev Home's history as far as this chain knows that it was rewritten.
    /// @param count of healed conflicts
    /// @param floor lowest epoch that a conflict left undisputed: up to it all histories are one. Means nothing before the first conflict
    struct Forks {
        uint64 count;
        uint64 floor;
    }

    uint64 private immutable _standingStaleAfter;
    uint64 private immutable _standingHaltAfter;
    uint64 internal immutable _minOpening;

    mapping(uint256 venueId => MirroredVenue) internal _venues;
    mapping(uint256 venueId => mapping(uint64 epoch => EpochRecord)) internal _epochs;
    mapping(uint256 venueId => mapping(uint256 marketCommitment => Market)) internal _tables;
    mapping(uint256 venueId => Forks) internal _forks;
    /// @dev Count of forks when the epoch was written; not written while there were none.
    mapping(uint256 venueId => mapping(uint64 epoch => uint64)) internal _forkOf;

    constructor(MirrorRules memory rules_) {
        if (rules_.standingStaleAfter == 0 || rules_.standingHaltAfter < rules_.standingStaleAfter) {
            revert InvalidMirrorRules();
        }
        _standingStaleAfter = rules_.standingStaleAfter;
        _standingHaltAfter = rules_.standingHaltAfter;
        _minOpening = rules_.minOpening;
    }

    /// @inheritdoc ISolvencyGate
    function mode(uint256 venueId) public view returns (GateMode) {
        MirroredVenue storage venue = _venues[venueId];
        uint64 epoch = _usableEpoch(venueId);
        GateMode home = venue.mode;
        if (epoch == 0 || venue.conflict || home == GateMode.HALT) return GateMode.HALT;
        uint256 age = _ageOf(_epochs[venueId][epoch].snapshotTime);
        uint256 silence = _ageOf(venue.standingAt);
        if (age > venue.haltAfter || silence > _standingHaltAfter) return GateMode.HALT;
        if (!_isCovered(venueId, epoch) || home == GateMode.WITHDRAW_ONLY) return GateMode.WITHDRAW_ONLY;
        // What home has and this chain has not may say anything.
        bool late = age > venue.staleAfter || silence > _standingStaleAfter || venue.homeEpoch > epoch;
        return late ? GateMode.REDUCE_ONLY : home;
    }

    /// @inheritdoc ISolvencyMirror
    function rules() external view returns (MirrorRules memory) {
        return MirrorRules(_standingStaleAfter, _standingHaltAfter, _minOpening);
    }

    /// @inheritdoc ISolvencyMirror
    function venueOf(uint256 venueId) external view returns (MirroredVenue memory) {
        return _venues[venueId];
    }

    /// @inheritdoc ISolvencyMirror
    function epochAt(uint256 venueId, uint64 epoch) external view returns (EpochRecord memory) {
        _requireCame(venueId, epoch);
        return _epochs[venueId][epoch];
    }

    /// @inheritdoc ISolvencyMirror
    function isUsable(uint256 venueId, uint64 epoch) external view returns (bool) {
        return _isUsable(venueId, epoch);
    }

    /// @inheritdoc ISolvencyMirror
    function tableOf(uint256 venueId, uint256 marketCommitment) external view returns (Market memory) {
        return _tables[venueId][marketCommitment];
    }

    /// @dev Latest epoch that claims and the mode go by; 0 for none.
    function _usableEpoch(uint256 venueId) internal view virtual returns (uint64) {
        return _venues[venueId].epoch;
    }

    function _isCovered(uint256 venueId, uint64 epoch) internal view virtual returns (bool) {
        return _epochs[venueId][epoch].covered;
    }

    /// @dev None above the latest, and none of a history that home left: a later epoch that comes after a gap brings neither back.
    function _came(uint256 venueId, uint64 epoch) internal view returns (bool) {
        if (epoch > _venues[venueId].epoch || _epochs[venueId][epoch].snapshotTime == 0) return false;
        Forks memory forks = _forks[venueId];
        return forks.count == 0 || epoch <= forks.floor || _forkOf[venueId][epoch] == forks.count;
    }

    /// @dev Whether claims of the epoch are checked here.
    function _isUsable(uint256 venueId, uint64 epoch) internal view virtual returns (bool) {
        return _came(venueId, epoch);
    }

    function _requireCame(uint256 venueId, uint64 epoch) internal view {
        if (!_came(venueId, epoch)) revert UnknownMirroredEpoch(venueId, epoch);
    }

    function _requireUsable(uint256 venueId, uint64 epoch) internal view {
        if (!_isUsable(venueId, epoch)) revert UnknownMirroredEpoch(venueId, epoch);
    }

    function _requireTable(uint256 venueId, uint256 marketCommitment) internal view returns (Market memory table) {
        table = _tables[venueId][marketCommitment];
        if (table.level == MarginLevel.NONE) revert UnknownTable(venueId, marketCommitment);
    }

    /// @dev Another chain's clock may be ahead: what it says of now is as old as nothing.
    function _ageOf(uint64 time) internal view returns (uint256) {
        return time < block.timestamp ? block.timestamp - time : 0;
    }
}
