// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IMessageOrigin} from "../interfaces/ISolvencyBeacon.sol";
import {CrossChainMessages, Envelope, MessageKind} from "../libraries/CrossChainMessages.sol";

/// @title Makes messages that anybody can send on, through any gateway, to anybody
/// @dev Only the hash is kept: the bytes are in the event, and whoever relays brings them.
abstract contract MessageOrigin is IMessageOrigin, ReentrancyGuardTransient {
    mapping(bytes32 payloadHash => bool) private _made;
    mapping(uint256 lane => uint64) private _sequences;

    /// @inheritdoc IMessageOrigin
    function relay(bytes calldata payload, IERC7786GatewaySource gateway, bytes calldata recipient)
        external
        payable
        nonReentrant
        returns (bytes32 sendId)
    {
        bytes32 hash = keccak256(payload);
        if (!_made[hash]) revert NotMadeHere(hash);
        sendId = gateway.sendMessage{value: msg.value}(recipient, payload, new bytes[](0));
        emit MessageRelayed(hash, address(gateway), recipient, sendId);
    }

    /// @inheritdoc IMessageOrigin
    function isMade(bytes32 payloadHash) external view returns (bool) {
        return _made[payloadHash];
    }

    /// @dev Every message is another, by its number.
    /// @param lane what messages are counted by: a beacon's and a satellite's venue, a hub's satellite
    /// @param registry zero in what a satellite sends
    function _makeMessage(uint256 lane, uint256 venueId, MessageKind kind, address registry, bytes memory body)
        internal
        returns (bytes memory payload)
    {
        uint64 sequence = ++_sequences[lane];
        payload = CrossChainMessages.encode(
            Envelope({
                version: CrossChainMessages.VERSION,
                kind: kind,
                chainId: block.chainid,
                origin: address(this),
                registry: registry,
                venueId: venueId,
                sequence: sequence,
                sentAt: uint64(block.timestamp),
                body: body
            })
        );
        bytes32 hash = keccak256(payload);
        _made[hash] = true;
        emit MessageMade(venueId, sequence, hash, payload);
    }

    /// @dev Number of the lane's last message.
    function _lastSequence(uint256 lane) internal view returns (uint64) {
        return _sequences[lane];
    }
}
