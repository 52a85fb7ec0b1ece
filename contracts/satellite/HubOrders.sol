// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ISatelliteClaim, ISatelliteHub, SatelliteState} from "../interfaces/ISatelliteHub.sol";
import {Paid} from "../interfaces/VaultTypes.sol";
import {HubFacts, LeaseMessage, MessageKind, OrderMessage, UsedMessage} from "../libraries/CrossChainMessages.sol";
import {HubDeposits} from "./HubDeposits.sol";
import {ClaimBook, Satellite} from "./HubState.sol";

/// @title What the hub tells satellites: orders, leases, nullifiers
abstract contract HubOrders is HubDeposits {
    uint256 private constant MOST_NULLIFIERS = 64;

    /// @inheritdoc ISatelliteHub
    function order(uint256 satelliteId, uint16 token, uint256 amount, address recipient)
        external
        returns (uint64 number, bytes memory payload)
    {
        return _order(satelliteId, token, msg.sender, amount, recipient);
    }

    /// @inheritdoc ISatelliteHub
    function orderFromOutbox(uint256 satelliteId, uint16 token, address recipient)
        external
        returns (uint64 number, bytes memory payload)
    {
        address outbox = outboxOf(satelliteId, recipient);
        uint256 amount = _book(satelliteId, token).claim.balanceOf(outbox);
        return _order(satelliteId, token, outbox, amount, recipient);
    }

    /// @inheritdoc ISatelliteHub
    function makeLease(uint256 satelliteId) external returns (bytes memory payload) {
        return _make(satelliteId, MessageKind.LEASE, abi.encode(LeaseMessage(_facts(satelliteId))));
    }

    /// @inheritdoc ISatelliteHub
    function makeUsed(uint256 satelliteId, uint256[] calldata nullifiers) external returns (bytes memory payload) {
        if (nullifiers.length > MOST_NULLIFIERS) revert TooManyNullifiers(nullifiers.length, MOST_NULLIFIERS);
        Paid[] memory paid = _venues.paidUnder(_satellite(satelliteId).terms.venueId, nullifiers);
        UsedMessage memory used = UsedMessage(_facts(satelliteId), nullifiers, paid);
        return _make(satelliteId, MessageKind.USED, abi.encode(used));
    }

    /// @inheritdoc ISatelliteHub
    function outboxOf(uint256 satelliteId, address recipient) public view returns (address) {
        bytes memory seed = abi.encode("clearproof.outbox", block.chainid, address(this), satelliteId, recipient);
        return address(uint160(uint256(keccak256(seed))));
    }

    function _order(uint256 satelliteId, uint16 token, address from, uint256 amount, address recipient)
        private
        returns (uint64 number, bytes memory payload)
    {
        ClaimBook storage book = _book(satelliteId, token);
        if (amount == 0 || recipient == address(0)) revert NothingToOrder(satelliteId, token, recipient);
        // What would be burnt for a message that cannot arrive is not burnt.
        if (!isLive(satelliteId)) revert ISatelliteClaim.SatelliteNotLive(satelliteId);
        book.totals.burnt += amount;
        number = ++_satellites[satelliteId].state.orders;
        emit OrderMade(satelliteId, number, recipient, token, amount);
        book.claim.burn(from, amount);
        OrderMessage memory made = OrderMessage(_facts(satelliteId), number, token, recipient, amount);
        payload = _make(satelliteId, MessageKind.ORDER, abi.encode(made));
    }

    /// @dev Only while the satellite is heard from: where only its messages are lost, claims are frozen here, and its hatch must open.
    function _facts(uint256 satelliteId) private returns (HubFacts memory facts) {
        Satellite storage satellite = _satellite(satelliteId);
        uint256 venueId = satellite.terms.venueId;
        _requireHeard(satelliteId, satellite);
        _advance(satellite);
        SatelliteState storage state = satellite.state;
        (facts.satelliteChainId, facts.satellite) = (satellite.terms.chainId, satellite.terms.satellite);
        (facts.depositsSeen, facts.depositsDigest) = (state.depositsSeen, satellite.depositsDigest);
        // Rows that do not suit would pay other leaves.
        uint16[] memory assets = new uint16[](state.suits ? satellite.terms.tokens : 0);
        for (uint256 i = 0; i < assets.length; ++i) {
            assets[i] = satellite.books[i].asset - 1;
        }
        (facts.standsEpoch, facts.tree) = _venues.treesOf(venueId, assets);
        if (!state.suits) facts.tree = new uint256[](satellite.terms.tokens);
    }

    function _requireHeard(uint256 satelliteId, Satellite storage satellite) private view {
        uint64 heardAt = satellite.state.checkpointAt;
        if (satellite.terms.enrolledAt > heardAt) heardAt = satellite.terms.enrolledAt;
        uint64 freezeAfter = satellite.terms.freezeAfter;
        uint256 until = uint256(heardAt) + freezeAfter + satellite.terms.maxCheckpointAge;
        bool speaks = block.timestamp <= until && _venues.isShort(satellite.terms.venueId, freezeAfter);
        if (!speaks) revert SatelliteSilent(satelliteId, heardAt);
    }

    function _make(uint256 satelliteId, MessageKind kind, bytes memory body) private returns (bytes memory) {
        uint256 venueId = _satellites[satelliteId].terms.venueId;
        bytes memory payload = _makeMessage(satelliteId, venueId, kind, address(REGISTRY), body);
        _satellites[satelliteId].state.sequence = _lastSequence(satelliteId);
        return payload;
    }
}
