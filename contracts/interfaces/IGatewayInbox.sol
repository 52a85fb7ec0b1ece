// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @param gateways distinct contracts on this chain, 1 to 16, in the order of the bits of `votesOf`
/// @param threshold how many of them have to deliver the same bytes: 1 to all
struct GatewaySet {
    address[] gateways;
    uint8 threshold;
}

/// @title Takes a message once enough gateways have delivered the same bytes
/// @notice A source is a contract on another chain, by keccak256 of its ERC-7930 address as InteroperableAddress.formatEvmV1(chainId, address)
/// writes it; another spelling is another sender, and refused.
interface IGatewayInbox is IERC7786Recipient {
    event GatewaysProposed(bytes32 indexed source, GatewaySet set, uint64 readyAt);
    event GatewayProposalCancelled(bytes32 indexed source);
    /// @param version of the source's gateway set, from 1
    event GatewaysChanged(bytes32 indexed source, GatewaySet set, uint32 version);
    event MessageDelivered(bytes32 indexed source, bytes32 indexed payloadHash, address indexed gateway, uint256 votes);
    /// @notice Enough gateways agreed, and what it said was done.
    event MessageTaken(bytes32 indexed source, bytes32 indexed payloadHash);
    /// @notice The gateway had delivered it before, or it was taken: nothing happened.
    event DuplicateDelivery(bytes32 indexed source, bytes32 indexed payloadHash, address indexed gateway);

    error InvalidGatewayDelay(uint256 got, uint256 least, uint256 most);
    error InvalidGatewaySet(uint256 gateways, uint256 threshold);
    error DuplicateGateway(address gateway);
    error GatewayWithoutCode(address gateway);
    error UnknownSource(bytes32 source);
    error NotInboxAdmin(address caller);
    error GatewaysNotProposed(bytes32 source);
    error NotTheProposedGateways(bytes32 source);
    error GatewaysNotReady(uint256 readyAt, uint256 now_);
    error GatewayProposalExpired(uint256 expiredAt, uint256 now_);
    /// @notice The envelope names another chain, origin, registry or venue than its sender's.
    error EnvelopeMismatch(bytes32 what);
    error KindRefused(uint8 kind);
    /// @notice Made later than this chain's time by more than MAX_SKEW.
    error FromTheFuture(uint256 sentAt, uint256 now_);
    error ValueRefused();

    /// @notice Seconds that another chain's clock may be ahead: 900.
    function MAX_SKEW() external view returns (uint64);

    /// @notice Seconds from a proposal to its activation.
    function GATEWAY_DELAY() external view returns (uint64);

    /// @notice Announces other gateways of a source. Admin only; replaces what is pending, and the wait starts again.
    function proposeGateways(bytes32 source, GatewaySet calldata set) external;

    /// @notice Drops what is pending. Admin only.
    function cancelGateways(bytes32 source) external;

    /// @notice Activates what was proposed, after GATEWAY_DELAY and within 14 days from then. Admin only. Votes so far count no more.
    function activateGateways(bytes32 source, GatewaySet calldata set) external;

    function gatewaysOf(bytes32 source) external view returns (GatewaySet memory set, uint32 version);

    /// @notice Bit i: the set's gateway i has delivered it. `taken` for good once it was.
    function votesOf(bytes32 source, bytes32 payloadHash) external view returns (uint256 votes, bool taken);
}
