// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ClaimTotals, EnrolledSatellite, ISatelliteHub, SatelliteState} from "../interfaces/ISatelliteHub.sol";
import {CheckpointMessage, Envelope, SatelliteTotals, TokenTerms} from "../libraries/CrossChainMessages.sol";
import {ClaimBook, ClaimPlace, HubState, Satellite} from "./HubState.sol";

/// @title What satellites say of themselves, and what of it counts for a snapshot
abstract contract HubCheckpoints is HubState {
    /// @inheritdoc ISatelliteHub
    /// @dev Never reverts for an honest venue: a snapshot would.
    function countable(uint256 venueId, address token, uint256 held) external view returns (uint256) {
        ClaimPlace memory place = _places[token];
        if (place.satelliteId == 0) return held;
        Satellite storage satellite = _satellites[place.satelliteId];
        if (satellite.terms.venueId != venueId || !_counts(satellite)) return 0;
        SatelliteTotals storage last = satellite.books[place.token].totals.last;
        uint256 lost = last.deposited - last.paid - last.held;
        return Math.saturatingSub(held, lost);
    }

    function _counts(Satellite storage satellite) private view returns (bool) {
        SatelliteState storage state = satellite.state;
        if (!state.suits || state.closed || state.broken) return false;
        EnrolledSatellite storage terms = satellite.terms;
        if (block.timestamp > uint256(state.checkpointAt) + terms.maxCheckpointAge) return false;
        // The lease: the satellite cannot close before the epoch that counts it is too old for anything.
        uint256 outlives = block.timestamp + _venues.haltAfterOf(terms.venueId) + MAX_SKEW;
        return uint256(state.homeSentAt) + terms.hatchAfter >= outlives;
    }

    /// @dev Of a checkpoint that is not newer nothing is read.
    function _takeCheckpoint(uint256 satelliteId, Envelope memory envelope, CheckpointMessage memory said) internal {
        Satellite storage satellite = _satellites[satelliteId];
        SatelliteState memory state = satellite.state;
        bool newer = envelope.sentAt > state.checkpointAt
            || envelope.sentAt == state.checkpointAt && envelope.sequence > state.checkpointSequence;
        if (!newer) return;
        bytes32 fault = _faultOf(satellite, state, said, envelope.sentAt);
        // Home's messages of later than this one nobody can have heard: a lie would keep claims moving for ever.
        uint256 latest = uint256(envelope.sentAt) + MAX_SKEW;
        if (said.homeSentAt > latest) said.homeSentAt = uint64(latest);
        if (fault != 0 && !state.broken) emit SatelliteBroken(satelliteId, fault);
        state.broken = state.broken || fault != 0;
        (state.checkpointAt, state.checkpointSequence) = (envelope.sentAt, envelope.sequence);
        // What is no checkpoint of this satellite says nothing else.
        if (fault != "tokens") {
            _read(satellite, state, said);
            state.suits = _suits(satellite, said.terms);
        }
        satellite.state = state;
        emit SatelliteCheckpointed(satelliteId, envelope.sequence, state.homeSentAt, said.totals);
    }

    function _read(Satellite storage satellite, SatelliteState memory state, CheckpointMessage memory said) private {
        state.homeSentAt = said.homeSentAt;
        if (said.depositsSeen > state.depositsSure) state.depositsSure = said.depositsSeen;
        bool closes = said.closed && !state.closed;
        for (uint256 i = 0; i < said.totals.length; ++i) {
            ClaimBook storage book = satellite.books[i];
            book.totals.last = said.totals[i];
            if (closes) book.totals.treeFloor = said.tree[i];
        }
        state.closed = state.closed || said.closed;
    }

    /// @dev What no honest satellite says, of one that is no honest satellite; 0 for nothing.
    function _faultOf(
        Satellite storage satellite,
        SatelliteState memory state,
        CheckpointMessage memory said,
        uint64 sentAt
    ) private view returns (bytes32) {
        uint256 count = satellite.terms.tokens;
        bool sized = said.terms.length == count && said.totals.length == count && said.tree.length == count;
        if (!sized) return "tokens";
        if (said.hatchAfter < satellite.terms.hatchAfter) return "hatchAfter";
        if (said.homeSentAt > uint256(sentAt) + MAX_SKEW) return "homeSentAt";
        if (state.closed && !said.closed) return "closed";
        for (uint256 i = 0; i < count; ++i) {
            bytes32 fault = _faultOfTotals(satellite.books[i].totals, said.totals[i], said.closed);
            if (fault != 0) return fault;
        }
        return 0;
    }

    function _faultOfTotals(ClaimTotals storage known, SatelliteTotals memory said, bool closed)
        private
        view
        returns (bytes32)
    {
        if (said.deposited < known.minted || said.deposited < known.last.deposited) return "deposited";
        if (said.paid > said.deposited || said.paid < known.last.paid) return "paid";
        if (!closed && said.paid > known.burnt) return "paid";
        return said.held > said.deposited - said.paid ? bytes32("held") : bytes32(0);
    }

    /// @dev Whether the satellite takes its tokens for what registry and market source say they are.
    function _suits(Satellite storage satellite, TokenTerms[] memory terms) private returns (bool suits) {
        suits = true;
        for (uint256 i = 0; i < terms.length; ++i) {
            ClaimBook storage book = satellite.books[i];
            if (_venues.suits(satellite.terms.venueId, address(book.claim), terms[i])) {
                // Below 128: a venue has no more.
                book.asset = terms[i].asset + 1;
            } else {
                suits = false;
            }
        }
    }
}
