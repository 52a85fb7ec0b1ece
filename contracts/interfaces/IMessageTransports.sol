// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title What a Hyperlane mailbox is asked; signatures as in @hyperlane-xyz/core 12.1.0
interface IHyperlaneMailbox {
    function localDomain() external view returns (uint32);
    function delivered(bytes32 messageId) external view returns (bool);
    function quoteDispatch(uint32 destinationDomain, bytes32 recipientAddress, bytes calldata messageBody)
        external
        view
        returns (uint256 fee);
    function dispatch(uint32 destinationDomain, bytes32 recipientAddress, bytes calldata messageBody)
        external
        payable
        returns (bytes32 messageId);
    function process(bytes calldata metadata, bytes calldata message) external payable;
}

/// @title What a mailbox calls
interface IHyperlaneRecipient {
    function handle(uint32 origin, bytes32 sender, bytes calldata message) external payable;
    /// @notice The recipient's own security module: the mailbox owner's default is never asked.
    function interchainSecurityModule() external view returns (address);
}

/// @title What is asked of OP Stack's L2ToL2CrossDomainMessenger, predeploy 0x4200000000000000000000000000000000000023
interface IL2ToL2CrossDomainMessenger {
    function sendMessage(uint256 destination, address target, bytes calldata message) external returns (bytes32);
    function crossDomainMessageContext() external view returns (address sender, uint256 source);
}

/// @title Of both gateway adapters: one on each chain, each knows its counterpart there
/// @notice Says to a recipient who sent, by the chain of the counterpart and the caller of `sendMessage` there. Body that crosses:
/// abi.encode(bytes32 sendId, address sender, address recipient, bytes payload).
/// @dev sendId = keccak256(abi.encode(block.chainid, this, count)), count from 1; it is the `receiveId` there. `attributes` must be empty.
interface IGatewayAdapter is IERC7786GatewaySource {
    event Connected(uint256 indexed chainId, bytes32 transportDomain, address counterpart);

    error NotTransport(address caller);
    error NotCounterpart(uint256 chainId, bytes32 sender);
    error NotConnected(uint256 chainId);
    error ConnectedBefore(uint256 chainId);
    error NotAnEvmAddress(bytes recipient);
    error RecipientRefused(address recipient);
    error DeliveredBefore(bytes32 sendId);
    error WrongFee(uint256 got, uint256 wanted);
    /// @notice No other chain, no counterpart, or no domain of this transport.
    error InvalidConnection(uint256 chainId, uint256 transportDomain, address counterpart);
    error TransportWithoutCode(address transport);

    /// @notice Fixes the counterpart on a chain, for good. Owner only, who can renounce afterwards.
    /// @param transportDomain what the transport calls that chain: Hyperlane's domain, OP Stack's chain id
    function connect(uint256 chainId, uint256 transportDomain, address counterpart) external;

    /// @notice Wei that `sendMessage` takes for this payload.
    function quote(bytes calldata recipient, bytes calldata payload) external view returns (uint256);

    function counterpartOf(uint256 chainId) external view returns (address);

    /// @notice What the transport calls a connected chain. Reverts for another.
    function transportDomainOf(uint256 chainId) external view returns (uint256);

    /// @notice Whether what a counterpart sent under this number was delivered here.
    function isDelivered(uint256 chainId, bytes32 sendId) external view returns (bool);
}
