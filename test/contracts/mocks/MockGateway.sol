// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC7786GatewaySource, IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

/// @dev Both ends of a gateway in one contract: keeps what was sent, and delivers it when and as often as a test says, or lies.
contract MockGateway is IERC7786GatewaySource {
    struct Sent {
        bytes sender;
        bytes recipient;
        bytes payload;
    }

    error Refused(address recipient);
    error Broken();

    Sent[] private _sent;
    bool public broken;

    /// @dev From now on nothing can be sent through it.
    function setBroken(bool is_) external {
        broken = is_;
    }

    function supportsAttribute(bytes4) external pure returns (bool) {
        return false;
    }

    function sendMessage(bytes calldata recipient, bytes calldata payload, bytes[] calldata attributes)
        external
        payable
        returns (bytes32 sendId)
    {
        if (broken) revert Broken();
        if (attributes.length != 0) revert UnsupportedAttribute(bytes4(attributes[0]));
        bytes memory sender = InteroperableAddress.formatEvmV1(block.chainid, msg.sender);
        _sent.push(Sent(sender, recipient, payload));
        sendId = bytes32(_sent.length);
        emit MessageSent(sendId, sender, recipient, payload, msg.value, attributes);
    }

    /// @dev On whatever chain it is now: tests set the chain id as they go to and fro.
    function deliver(uint256 index) external {
        Sent memory message = _sent[index];
        (, address recipient) = InteroperableAddress.parseEvmV1(message.recipient);
        deliverAs(recipient, message.sender, message.payload);
    }

    function deliverLast() external {
        Sent memory message = _sent[_sent.length - 1];
        (, address recipient) = InteroperableAddress.parseEvmV1(message.recipient);
        deliverAs(recipient, message.sender, message.payload);
    }

    function deliverFrom(uint256 chainId, address origin, address recipient, bytes calldata payload) external {
        deliverAs(recipient, InteroperableAddress.formatEvmV1(chainId, origin), payload);
    }

    /// @dev Says whatever it likes.
    function deliverAs(address recipient, bytes memory sender, bytes memory payload) public payable {
        bytes4 answer = IERC7786Recipient(recipient).receiveMessage{value: msg.value}(
            keccak256(abi.encode(sender, payload)), sender, payload
        );
        if (answer != IERC7786Recipient.receiveMessage.selector) revert Refused(recipient);
    }

    function sent(uint256 index) external view returns (Sent memory) {
        return _sent[index];
    }

    function sentCount() external view returns (uint256) {
        return _sent.length;
    }
}
