// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {GatewaySet} from "../interfaces/IGatewayInbox.sol";
import {GateMode} from "../interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirroredVenue} from "../interfaces/ISolvencyMirror.sol";
import {EpochRecord} from "../interfaces/ISolvencyRegistry.sol";
import {
    Envelope,
    EpochMessage,
    MessageKind,
    StandingMessage,
    TableMessage
} from "../libraries/CrossChainMessages.sol";
import {HomeDomains} from "./HomeDomains.sol";
import {MirrorState} from "./MirrorState.sol";

/// @title What a mirror makes of a beacon's messages, in whatever order they come
/// @dev The table of cases: docs/decisions/0012-cross-chain.md, "The mirror".
abstract contract MirrorInbox is MirrorState, HomeDomains {
    /// @inheritdoc ISolvencyMirror
    address public immutable BEACON;
    /// @notice May propose gateways and circuits, and nothing else; the one it was made with, for good.
    address public immutable ADMIN;

    constructor(address admin, address beacon, GatewaySet memory gateways) {
        (ADMIN, BEACON) = (admin, beacon);
        _setGateways(_sourceOf(_homeChainId, beacon), gateways);
    }

    /// @inheritdoc ISolvencyMirror
    function HOME_CHAIN_ID() external view returns (uint256) {
        return _homeChainId;
    }

    /// @inheritdoc ISolvencyMirror
    function HOME_REGISTRY() external view returns (address) {
        return _homeRegistry;
    }

    /// @dev Something was said of an epoch that stands here as the message has it.
    /// @param changed its record is new or another than before
    /// @param newer than everything before it
    function _heard(uint256 venueId, uint64 epoch, EpochMessage memory message, bool changed, bool newer)
        internal
        virtual {}

    function _requireInboxAdmin(bytes32) internal view override {
        _requireAdmin();
    }

    function _requireAdmin() internal view {
        if (msg.sender != ADMIN) revert NotInboxAdmin(msg.sender);
    }

    function _take(bytes32, Envelope memory envelope) internal override {
        if (envelope.registry != _homeRegistry) revert EnvelopeMismatch("registry");
        if (envelope.kind == MessageKind.EPOCH) {
            _takeEpoch(envelope, abi.decode(envelope.body, (EpochMessage)));
        } else if (envelope.kind == MessageKind.STANDING) {
            _takeStanding(envelope, abi.decode(envelope.body, (StandingMessage)));
        } else if (envelope.kind == MessageKind.TABLE) {
            _takeTable(envelope, abi.decode(envelope.body, (TableMessage)));
        } else {
            revert KindRefused(uint8(envelope.kind));
        }
    }

    function _takeEpoch(Envelope memory envelope, EpochMessage memory message) private {
        uint256 venueId = envelope.venueId;
        MirroredVenue storage venue = _venues[venueId];
        uint64 epoch = message.standing.epoch;
        if (epoch == 0) revert UnknownMirroredEpoch(venueId, 0);
        _requireNotLater(message.record.snapshotTime, envelope.sentAt);
        _requireNotLater(message.table.snapshotTime, envelope.sentAt);
        GateMode before = mode(venueId);
        bool newer = _isNewer(venue, envelope);
        bool contradicts = _contradicts(venueId, epoch, message);
        bool brought;
        if (newer && venue.conflict) {
            // As it is: whatever was here, this is what home says after the contradiction.
            _lowerFloor(venueId, epoch);
            ++_forks[venueId].count;
            venue.conflict = false;
            venue.retired = 0;
            _keep(envelope, message);
            brought = true;
        } else if (!newer && epoch > venue.homeEpoch) {
            revert EpochRegressed(venueId, epoch, venue.homeEpoch);
        } else if (contradicts || newer && (epoch < venue.epoch || _goesBack(venue, message.standing))) {
            _showConflict(venueId, epoch, contradicts ? epoch - 1 : epoch, message.record.accountsRoot);
        } else if (_came(venueId, epoch)) {
            _heard(venueId, epoch, message, false, newer);
        } else {
            brought = epoch > venue.epoch;
            _keep(envelope, message);
        }
        if (newer) _setStanding(envelope, message.standing);
        else emit MessageSuperseded(venueId, envelope.sequence, venue.sequence);
        _limitOpening(venueId, before, brought, newer && message.standing.mode >= GateMode.WITHDRAW_ONLY);
    }

    function _takeStanding(Envelope memory envelope, StandingMessage memory standing) private {
        uint256 venueId = envelope.venueId;
        MirroredVenue storage venue = _venues[venueId];
        if (!_isNewer(venue, envelope)) {
            emit MessageSuperseded(venueId, envelope.sequence, venue.sequence);
            return;
        }
        GateMode before = mode(venueId);
        if (_goesBack(venue, standing)) _showConflict(venueId, standing.epoch, standing.epoch, 0);
        _setStanding(envelope, standing);
        _limitOpening(venueId, before, false, standing.mode >= GateMode.WITHDRAW_ONLY);
    }

    function _takeTable(Envelope memory envelope, TableMessage memory message) private {
        uint256 venueId = envelope.venueId;
        _requireNotLater(message.table.snapshotTime, envelope.sentAt);
        if (_isOtherTable(venueId, message.marketCommitment, message.table)) {
            revert TableChanged(venueId, message.marketCommitment);
        }
        _keepTable(venueId, message.marketCommitment, message.table);
    }

    /// @dev By time first: a number that is too large would shut out everything after it, a time is ahead by MAX_SKEW at most.
    function _isNewer(MirroredVenue storage venue, Envelope memory envelope) private view returns (bool) {
        if (envelope.sentAt != venue.standingAt) return envelope.sentAt > venue.standingAt;
        return envelope.sequence > venue.sequence;
    }

    /// @dev Writes epoch and table as the message has them; the epoch is the latest where it is above the latest, or heals a conflict.
    function _keep(Envelope memory envelope, EpochMessage memory message) private {
        uint256 venueId = envelope.venueId;
        MirroredVenue storage venue = _venues[venueId];
        uint64 epoch = message.standing.epoch;
        uint64 latest = venue.epoch;
        bool changed = !_came(venueId, epoch) || _isOther(venueId, epoch, message.record);
        if (epoch > latest && epoch - latest > 1) emit EpochGap(venueId, latest + 1, epoch - 1);
        _epochs[venueId][epoch] = message.record;
        uint64 forks = _forks[venueId].count;
        if (forks != 0) _forkOf[venueId][epoch] = forks;
        _keepTable(venueId, message.record.marketCommitment, message.table);
        emit EpochMirrored(venueId, epoch, envelope.sequence, message.record);
        bool newer = _isNewer(venue, envelope);
        if (newer || epoch > latest) venue.epoch = epoch;
        _heard(venueId, epoch, message, changed, newer);
    }

    /// @dev Above it nothing is left of what came before the next healing.
    function _lowerFloor(uint256 venueId, uint64 epoch) private {
        Forks storage forks = _forks[venueId];
        bool isFirst = forks.count == 0 && !_venues[venueId].conflict;
        if (isFirst || epoch < forks.floor) forks.floor = epoch;
    }

    function _keepTable(uint256 venueId, uint256 marketCommitment, Market memory table) private {
        _tables[venueId][marketCommitment] = table;
        emit TableMirrored(venueId, marketCommitment, table);
    }

    /// @dev Home said two things. Which one holds is for the next message of an epoch to say.
    /// @param agreed above it nothing that is here is believed afterwards, but what heals
    function _showConflict(uint256 venueId, uint64 epoch, uint64 agreed, uint256 otherRoot) private {
        MirroredVenue storage venue = _venues[venueId];
        _lowerFloor(venueId, agreed);
        uint256 root = _came(venueId, epoch) ? _epochs[venueId][epoch].accountsRoot : 0;
        emit EpochConflict(venueId, epoch, root, otherRoot);
        if (venue.conflict) return;
        venue.conflict = true;
        venue.openedAt = uint64(block.timestamp);
    }

    function _setStanding(Envelope memory envelope, StandingMessage memory standing) private {
        MirroredVenue storage venue = _venues[envelope.venueId];
        (venue.homeEpoch, venue.sequence, venue.standingAt) = (standing.epoch, envelope.sequence, envelope.sentAt);
        (venue.mode, venue.staleAfter, venue.haltAfter) = (standing.mode, standing.staleAfter, standing.haltAfter);
        // A circuit is retired for good; only what heals a conflict begins anew, or one lie would stop every claim for good.
        uint256 retired = venue.retired | standing.retired;
        venue.retired = retired;
        emit StandingMirrored(envelope.venueId, envelope.sequence, envelope.sentAt, standing.mode, retired);
    }

    /// @dev Who breaks into enough gateways opens once in that time, and the next honest message closes again.
    /// @param closing the message is the newest and lets nobody add risk
    function _limitOpening(uint256 venueId, GateMode before, bool brought, bool closing) private {
        if (!brought && mode(venueId) >= before) return;
        MirroredVenue storage venue = _venues[venueId];
        uint256 nextAt = uint256(venue.openedAt) + _minOpening;
        if (!closing && block.timestamp < nextAt) revert OpeningTooSoon(venueId, nextAt);
        venue.openedAt = uint64(block.timestamp);
    }

    /// @dev Home unsays what it said: an epoch, or that a circuit is retired.
    function _goesBack(MirroredVenue storage venue, StandingMessage memory standing) private view returns (bool) {
        return standing.epoch < venue.homeEpoch || venue.retired & ~standing.retired != 0;
    }

    function _requireNotLater(uint64 snapshotTime, uint64 sentAt) private pure {
        if (snapshotTime > sentAt) revert LaterThanItsMessage(snapshotTime, sentAt);
    }

    function _contradicts(uint256 venueId, uint64 epoch, EpochMessage memory message) private view returns (bool) {
        if (_isOtherTable(venueId, message.record.marketCommitment, message.table)) return true;
        return _came(venueId, epoch) && _isOther(venueId, epoch, message.record);
    }

    function _isOther(uint256 venueId, uint64 epoch, EpochRecord memory record) private view returns (bool) {
        EpochRecord memory known = _epochs[venueId][epoch];
        return keccak256(abi.encode(known)) != keccak256(abi.encode(record));
    }

    function _isOtherTable(uint256 venueId, uint256 marketCommitment, Market memory table) private view returns (bool) {
        Market memory known = _tables[venueId][marketCommitment];
        return known.level != MarginLevel.NONE && keccak256(abi.encode(known)) != keccak256(abi.encode(table));
    }
}
