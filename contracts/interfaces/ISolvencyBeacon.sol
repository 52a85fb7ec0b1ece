// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ISolvencyGate} from "./ISolvencyGate.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @title Makes messages that anybody can send on, through any gateway, to anybody
/// @notice Of beacons, hubs and satellites. It has no list of gateways or recipients: the recipient decides whom it believes.
interface IMessageOrigin {
    /// @param payload abi.encode(Envelope), whose hash is remembered for good
    event MessageMade(uint256 indexed venueId, uint64 indexed sequence, bytes32 indexed payloadHash, bytes payload);
    event MessageRelayed(bytes32 indexed payloadHash, address indexed gateway, bytes recipient, bytes32 sendId);

    error NotMadeHere(bytes32 payloadHash);

    /// @notice Hands a message that was made here to a gateway, with the value sent. Anybody, as often as they like.
    /// @param recipient ERC-7930 address
    /// @return sendId as the gateway has it
    function relay(bytes calldata payload, IERC7786GatewaySource gateway, bytes calldata recipient)
        external
        payable
        returns (bytes32 sendId);

    function isMade(bytes32 payloadHash) external view returns (bool);
}

/// @title Says to other chains what the registry says here
/// @notice It reads, and nothing here depends on it: no broken gateway holds up an epoch. Nobody has a role.
interface ISolvencyBeacon is IMessageOrigin {
    error NothingAccepted(uint256 venueId);
    error GateOfAnotherRegistry(address gate, address registry);
    error TableNotAccepted(uint256 venueId, uint256 marketCommitment);

    function REGISTRY() external view returns (ISolvencyRegistry);
    /// @notice Of the same registry; its mode is what is sent.
    function GATE() external view returns (ISolvencyGate);

    /// @notice Makes a message of the latest accepted epoch, with the venue's standing now. Anybody.
    /// @dev The checkpoint is in it only while the next snapshot is not open: make it in the transaction after acceptance.
    function makeEpoch(uint256 venueId) external returns (bytes memory payload);

    /// @notice Makes a message of the venue's standing now: before the first epoch too. Anybody.
    function makeStanding(uint256 venueId) external returns (bytes memory payload);

    /// @notice Makes a message of an accepted market table. Anybody.
    function makeTable(uint256 venueId, uint256 marketCommitment) external returns (bytes memory payload);

    /// @notice Number of the last message of the venue.
    function sequenceOf(uint256 venueId) external view returns (uint64);
}
