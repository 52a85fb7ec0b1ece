// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {
    IGatewayAdapter,
    IHyperlaneMailbox,
    IHyperlaneRecipient,
    IL2ToL2CrossDomainMessenger
} from "../../../contracts/interfaces/IMessageTransports.sol";

/// @dev Keeps what was dispatched, and hands over whatever a test says, twice too: no module verifies.
contract MockMailbox is IHyperlaneMailbox {
    uint32 public immutable localDomain;
    uint256 public fee;
    uint32 public destination;
    bytes32 public recipient;
    bytes public body;

    constructor(uint32 domain) {
        localDomain = domain;
    }

    function setFee(uint256 fee_) external {
        fee = fee_;
    }

    function dispatch(uint32 domain, bytes32 to, bytes calldata message) external payable returns (bytes32) {
        require(msg.value == fee, "fee");
        (destination, recipient, body) = (domain, to, message);
        return keccak256(message);
    }

    function quoteDispatch(uint32, bytes32, bytes calldata) external view returns (uint256) {
        return fee;
    }

    function delivered(bytes32) external pure returns (bool) {
        return false;
    }

    function process(bytes calldata, bytes calldata) external payable {}

    function hand(IHyperlaneRecipient to, uint32 origin, bytes32 sender, bytes calldata message) external payable {
        to.handle{value: msg.value}(origin, sender, message);
    }
}

/// @dev As MockMailbox, with the calls of OP Stack's messenger.
contract MockMessenger is IL2ToL2CrossDomainMessenger {
    uint256 public destination;
    address public target;
    bytes public message;
    address private _sender;
    uint256 private _source;

    function sendMessage(uint256 to, address account, bytes calldata call_) external returns (bytes32) {
        (destination, target, message) = (to, account, call_);
        return keccak256(call_);
    }

    function crossDomainMessageContext() external view returns (address, uint256) {
        return (_sender, _source);
    }

    function hand(address to, uint256 source, address sender, bytes calldata call_) external {
        (_sender, _source) = (sender, source);
        (bool passed, bytes memory answer) = to.call(call_);
        if (passed) return;
        assembly {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}

/// @dev Takes what comes, in the way a test wants.
contract MockRecipient is IERC7786Recipient {
    enum Manner {
        TAKES,
        REVERTS,
        ANSWERS_WRONGLY,
        SENDS
    }

    error NotNow();

    Manner public manner;
    uint256 public received;
    uint256 public value;
    bytes32 public receiveId;
    bytes public sender;
    bytes public payload;

    function setManner(Manner manner_) external {
        manner = manner_;
    }

    function receiveMessage(bytes32 id, bytes calldata from, bytes calldata said) external payable returns (bytes4) {
        if (manner == Manner.REVERTS) revert NotNow();
        if (manner == Manner.ANSWERS_WRONGLY) return 0xffffffff;
        if (manner == Manner.SENDS) IGatewayAdapter(msg.sender).sendMessage(from, said, new bytes[](0));
        received += 1;
        value += msg.value;
        (receiveId, sender, payload) = (id, from, said);
        return IERC7786Recipient.receiveMessage.selector;
    }
}
