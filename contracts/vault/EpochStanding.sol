// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IDisputeSource} from "../interfaces/IDisputeSource.sol";
import {EpochTerms, RequestStatus, VaultRules, WithdrawalRequest} from "../interfaces/VaultTypes.sol";
import {Progress, VaultState} from "./VaultState.sol";

/// @title Which epochs can be paid from and be a base
/// @dev Whether an epoch stands is decided when its windows are over, and never changes: demands and challenges come before, and so
/// do their answers. Its successor's snapshot waits for that, so the newest standing epoch is the latest or what was written down at the
/// latest's snapshot, and no venue can run so far ahead of its standing epochs that nobody can be paid.
abstract contract EpochStanding is VaultState {
    /// @dev Numbers the checkpoint that the epoch's snapshot takes, and settles whether the epoch before it stands.
    function _openEpoch(uint256 venueId, uint64 epoch) internal {
        VaultRules storage rules = _rulesOf(venueId);
        Progress storage progress = _progress[venueId];
        uint64 previous = epoch - 1;
        if (previous != 0) {
            uint256 settlesAt = _settlesAt(venueId, previous);
            if (block.timestamp < settlesAt) revert EpochUnsettled(venueId, previous, settlesAt);
            if (_stands(venueId, previous)) progress.stood = previous;
        }
        progress.opened = epoch;
        _terms[venueId][epoch] = EpochTerms(
            ++progress.checkpoint, rules.demandWindow, rules.answerWindow, rules.hatchAfter, rules.demandBond
        );
    }

    function _stands(uint256 venueId, uint64 epoch) internal view returns (bool) {
        if (epoch == 0 || epoch > REGISTRY.latestEpoch(venueId)) return false;
        if (_terms[venueId][epoch].checkpoint == 0 || _openDemands[venueId][epoch] != 0) return false;
        return block.timestamp >= _settlesAt(venueId, epoch) && !_isContested(venueId, epoch);
    }

    function _newestStanding(uint256 venueId) internal view returns (uint64) {
        uint64 latest = REGISTRY.latestEpoch(venueId);
        return _stands(venueId, latest) ? latest : _progress[venueId].stood;
    }

    function _requireStanding(uint256 venueId, uint64 epoch) internal view {
        if (!_stands(venueId, epoch)) revert EpochDoesNotStand(venueId, epoch);
    }

    /// @dev That somebody was left out of it was not answered. Its settlement window is over with the epoch's own, by the rules.
    function _isContested(uint256 venueId, uint64 epoch) private view returns (bool) {
        IDisputeSource disputes = REGISTRY.disputesOf(venueId);
        return address(disputes) != address(0) && disputes.isContested(venueId, epoch);
    }

    /// @dev Of a closed venue: whether the leaf of the base epoch still has the amount of a request that was deferred.
    function _isStillInBase(WithdrawalRequest storage request) internal view returns (bool) {
        uint64 base = _terms[request.venueId][_hatches[request.venueId].baseEpoch].checkpoint;
        return request.status == RequestStatus.DEFERRED && request.checkpoint >= base;
    }

    /// @dev Of an accepted epoch.
    function _acceptedAt(uint256 venueId, uint64 epoch) internal view returns (uint256) {
        return REGISTRY.epochAt(venueId, epoch).acceptedAt;
    }

    function _settlesAt(uint256 venueId, uint64 epoch) internal view returns (uint256) {
        EpochTerms storage terms = _terms[venueId][epoch];
        return _acceptedAt(venueId, epoch) + terms.demandWindow + terms.answerWindow;
    }
}
