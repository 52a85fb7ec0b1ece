// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC7786GatewaySource, IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {IGatewayAdapter} from "../interfaces/IMessageTransports.sol";

/// @title An ERC-7786 gateway over a transport that has its own way of sending
/// @notice Says who sent: the recipient need not know the transport. What arrives twice, or is refused, reverts, and the transport keeps it.
/// @dev The owner connects chains and then renounces: there is nothing else that he could do.
abstract contract GatewayAdapter is IGatewayAdapter, Ownable, ReentrancyGuardTransient {
    /// @dev `domain` is what the transport calls the chain.
    struct Counterpart {
        address gateway;
        uint256 domain;
    }

    mapping(uint256 chainId => Counterpart) private _counterparts;
    mapping(uint256 domain => uint256 chainId) private _chains;
    /// @dev By chain too: a broken counterpart on one chain cannot take the numbers of another's.
    mapping(uint256 chainId => mapping(bytes32 sendId => bool)) private _delivered;
    uint256 private _sent;

    constructor(address owner, address transport) Ownable(owner) {
        if (transport.code.length == 0) revert TransportWithoutCode(transport);
    }

    /// @inheritdoc IGatewayAdapter
    function connect(uint256 chainId, uint256 transportDomain, address counterpart) external onlyOwner {
        bool sound = chainId != 0 && chainId != block.chainid && counterpart != address(0);
        if (!sound || !_isDomain(chainId, transportDomain)) {
            revert InvalidConnection(chainId, transportDomain, counterpart);
        }
        if (_counterparts[chainId].gateway != address(0) || _chains[transportDomain] != 0) {
            revert ConnectedBefore(chainId);
        }
        _counterparts[chainId] = Counterpart(counterpart, transportDomain);
        _chains[transportDomain] = chainId;
        emit Connected(chainId, bytes32(transportDomain), counterpart);
    }

    /// @inheritdoc IERC7786GatewaySource
    /// @dev The value sent is the transport's fee, exactly: none reaches the recipient.
    function sendMessage(bytes calldata recipient, bytes calldata payload, bytes[] calldata attributes)
        external
        payable
        nonReentrant
        returns (bytes32 sendId)
    {
        // forge-lint: disable-next-line(unsafe-typecast)
        if (attributes.length != 0) revert UnsupportedAttribute(bytes4(attributes[0]));
        (Counterpart memory to, address account) = _parse(recipient);
        sendId = _sendId(++_sent);
        bytes memory body = abi.encode(sendId, msg.sender, account, payload);
        uint256 fee = _fee(to.domain, to.gateway, body);
        if (msg.value != fee) revert WrongFee(msg.value, fee);
        bytes memory sender = InteroperableAddress.formatEvmV1(block.chainid, msg.sender);
        emit MessageSent(sendId, sender, recipient, payload, 0, attributes);
        _dispatch(to.domain, to.gateway, body, fee);
    }

    /// @inheritdoc IGatewayAdapter
    function quote(bytes calldata recipient, bytes calldata payload) external view returns (uint256) {
        (Counterpart memory to, address account) = _parse(recipient);
        return _fee(to.domain, to.gateway, abi.encode(_sendId(_sent + 1), msg.sender, account, payload));
    }

    /// @inheritdoc IGatewayAdapter
    function counterpartOf(uint256 chainId) external view returns (address) {
        return _connected(chainId).gateway;
    }

    /// @inheritdoc IGatewayAdapter
    function transportDomainOf(uint256 chainId) external view returns (uint256) {
        return _connected(chainId).domain;
    }

    /// @inheritdoc IGatewayAdapter
    function isDelivered(uint256 chainId, bytes32 sendId) external view returns (bool) {
        return _delivered[chainId][sendId];
    }

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4) external pure returns (bool) {
        return false;
    }

    /// @dev To be called with what the transport vouches for. `sender` is the contract there that handed it over.
    function _deliver(uint256 domain, bytes32 sender, bytes calldata body) internal nonReentrant {
        uint256 chainId = _chains[domain];
        if (chainId == 0 || sender != bytes32(uint256(uint160(_counterparts[chainId].gateway)))) {
            revert NotCounterpart(chainId, sender);
        }
        (bytes32 sendId, address from, address recipient, bytes memory payload) =
            abi.decode(body, (bytes32, address, address, bytes));
        if (_delivered[chainId][sendId]) revert DeliveredBefore(sendId);
        _delivered[chainId][sendId] = true;
        bytes memory account = InteroperableAddress.formatEvmV1(chainId, from);
        bytes4 answer = IERC7786Recipient(recipient).receiveMessage(sendId, account, payload);
        if (answer != IERC7786Recipient.receiveMessage.selector) revert RecipientRefused(recipient);
    }

    /// @dev Whether the transport can call that chain so.
    function _isDomain(uint256 chainId, uint256 transportDomain) internal view virtual returns (bool);

    /// @dev Wei that the transport takes.
    function _fee(uint256 domain, address counterpart, bytes memory body) internal view virtual returns (uint256);

    function _dispatch(uint256 domain, address counterpart, bytes memory body, uint256 fee) internal virtual;

    function _sendId(uint256 count) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), count));
    }

    function _connected(uint256 chainId) private view returns (Counterpart memory counterpart) {
        counterpart = _counterparts[chainId];
        if (counterpart.gateway == address(0)) revert NotConnected(chainId);
    }

    /// @dev One spelling: a parser ignores what follows an address.
    function _parse(bytes calldata recipient) private view returns (Counterpart memory to, address account) {
        bool parsed;
        uint256 chainId;
        (parsed, chainId, account) = InteroperableAddress.tryParseEvmV1Calldata(recipient);
        if (!parsed || keccak256(recipient) != keccak256(InteroperableAddress.formatEvmV1(chainId, account))) {
            revert NotAnEvmAddress(recipient);
        }
        to = _connected(chainId);
    }
}
