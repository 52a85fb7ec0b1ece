// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IGatewayInbox} from "../interfaces/IGatewayInbox.sol";
import {CrossChainMessages, Envelope} from "../libraries/CrossChainMessages.sol";
import {InboxRules} from "./InboxRules.sol";

/// @title Takes a message once enough gateways have delivered the same bytes
/// @dev Nothing here is ordered: what a message that comes late means is its recipient's to say.
abstract contract GatewayInbox is InboxRules, ERC7786Recipient, ReentrancyGuardTransient {
    /// @inheritdoc IGatewayInbox
    uint64 public constant MAX_SKEW = 900;

    /// @dev Bits of the gateways, by hash of source, set version and payload hash: half a vote of a set that is gone is none.
    mapping(bytes32 key => uint256) private _votes;
    mapping(bytes32 source => mapping(bytes32 payloadHash => bool)) private _taken;

    /// @inheritdoc IGatewayInbox
    function votesOf(bytes32 source, bytes32 payloadHash) external view returns (uint256 votes, bool taken) {
        (uint32 version,,) = _seatOf(source, address(0));
        return (_votes[_voteKey(source, version, payloadHash)], _taken[source][payloadHash]);
    }

    /// @dev Does what the message says, or reverts. Its origin is the source's; registry, venue, kind and order are the recipient's to judge.
    function _take(bytes32 source, Envelope memory envelope) internal virtual;

    /// @dev A hash of bytes: a parser would take many spellings for one address.
    function _sourceOf(uint256 chainId, address origin) internal pure returns (bytes32) {
        return keccak256(InteroperableAddress.formatEvmV1(chainId, origin));
    }

    function _isAuthorizedGateway(address gateway, bytes calldata sender) internal view override returns (bool) {
        bytes32 source = keccak256(sender);
        (uint32 version,, uint256 place) = _seatOf(source, gateway);
        if (version == 0) revert UnknownSource(source);
        return place != 0;
    }

    /// @dev The receive id counts for nothing: gateways number as they like.
    function _processMessage(address gateway, bytes32, bytes calldata sender, bytes calldata payload)
        internal
        override
        nonReentrant
    {
        if (msg.value != 0) revert ValueRefused();
        (bytes32 source, bytes32 hash) = (keccak256(sender), keccak256(payload));
        (uint32 version, uint8 threshold, uint256 place) = _seatOf(source, gateway);
        bytes32 key = _voteKey(source, version, hash);
        (uint256 votes, uint256 vote) = (_votes[key], 1 << (place - 1));
        if (_taken[source][hash] || votes & vote != 0) {
            emit DuplicateDelivery(source, hash, gateway);
            return;
        }
        votes |= vote;
        _votes[key] = votes;
        emit MessageDelivered(source, hash, gateway, votes);
        if (_count(votes) < threshold) return;
        _taken[source][hash] = true;
        _take(source, _open(source, payload));
        emit MessageTaken(source, hash);
    }

    /// @dev In the delivery that completes it: a gateway that delivers what cannot be taken gets its own error.
    function _open(bytes32 source, bytes calldata payload) private view returns (Envelope memory envelope) {
        envelope = CrossChainMessages.decode(payload);
        if (_sourceOf(envelope.chainId, envelope.origin) != source) revert EnvelopeMismatch("origin");
        if (envelope.sentAt > block.timestamp + MAX_SKEW) revert FromTheFuture(envelope.sentAt, block.timestamp);
    }

    function _voteKey(bytes32 source, uint32 version, bytes32 payloadHash) private pure returns (bytes32) {
        return keccak256(abi.encode(source, version, payloadHash));
    }

    function _count(uint256 votes) private pure returns (uint256 count) {
        for (; votes != 0; votes &= votes - 1) {
            ++count;
        }
    }
}
