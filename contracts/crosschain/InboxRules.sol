// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GatewaySet, IGatewayInbox} from "../interfaces/IGatewayInbox.sol";

/// @title Which gateways speak for a source, and how they are replaced
abstract contract InboxRules is IGatewayInbox {
    uint256 private constant MOST_GATEWAYS = 16;
    uint256 private constant ACTIVATION_WINDOW = 14 days;
    /// @dev Shorter is no time to leave; longer than anybody can wait while gateways are gone.
    uint256 private constant LEAST_DELAY = 1 days;
    uint256 private constant MOST_DELAY = 90 days;

    /// @dev Chain ids of local test chains: the only ones that take any delay.
    uint256 private constant FOUNDRY_CHAIN = 31337;
    uint256 private constant GANACHE_CHAIN = 1337;

    /// @param version 0 for a source that nobody set
    struct SourceGateways {
        uint32 version;
        uint8 threshold;
        address[] gateways;
    }

    /// @param digest of the proposed set; 0 when nothing is pending
    struct GatewayProposal {
        bytes32 digest;
        uint64 readyAt;
    }

    /// @inheritdoc IGatewayInbox
    uint64 public immutable GATEWAY_DELAY;

    mapping(bytes32 source => SourceGateways) private _sources;
    mapping(bytes32 source => GatewayProposal) private _proposals;
    /// @dev 1 more than the place in the set of that version; 0 for others.
    mapping(bytes32 source => mapping(uint32 version => mapping(address gateway => uint256))) private _places;

    constructor(uint64 gatewayDelay) {
        uint256 least = block.chainid == FOUNDRY_CHAIN || block.chainid == GANACHE_CHAIN ? 1 : LEAST_DELAY;
        if (gatewayDelay < least || gatewayDelay > MOST_DELAY) {
            revert InvalidGatewayDelay(gatewayDelay, least, MOST_DELAY);
        }
        GATEWAY_DELAY = gatewayDelay;
    }

    /// @inheritdoc IGatewayInbox
    function proposeGateways(bytes32 source, GatewaySet memory set) external {
        _requireInboxAdmin(source);
        _requireSource(source);
        _requireGateways(set);
        uint64 readyAt = uint64(block.timestamp) + GATEWAY_DELAY;
        _proposals[source] = GatewayProposal(_digestOf(set), readyAt);
        emit GatewaysProposed(source, set, readyAt);
    }

    /// @inheritdoc IGatewayInbox
    function cancelGateways(bytes32 source) external {
        _requireInboxAdmin(source);
        if (_proposals[source].digest == 0) revert GatewaysNotProposed(source);
        delete _proposals[source];
        emit GatewayProposalCancelled(source);
    }

    /// @inheritdoc IGatewayInbox
    function activateGateways(bytes32 source, GatewaySet memory set) external {
        _requireInboxAdmin(source);
        GatewayProposal memory proposal = _proposals[source];
        if (proposal.digest == 0) revert GatewaysNotProposed(source);
        if (_digestOf(set) != proposal.digest) revert NotTheProposedGateways(source);
        if (block.timestamp < proposal.readyAt) revert GatewaysNotReady(proposal.readyAt, block.timestamp);
        uint256 expiredAt = proposal.readyAt + ACTIVATION_WINDOW;
        if (block.timestamp >= expiredAt) revert GatewayProposalExpired(expiredAt, block.timestamp);
        delete _proposals[source];
        _setGateways(source, set);
    }

    /// @inheritdoc IGatewayInbox
    function gatewaysOf(bytes32 source) external view returns (GatewaySet memory set, uint32 version) {
        SourceGateways storage known = _sources[source];
        return (GatewaySet(known.gateways, known.threshold), known.version);
    }

    /// @dev Puts a set in force at once: of a new source, or one that waited. Reverts for what is no set.
    function _setGateways(bytes32 source, GatewaySet memory set) internal {
        _requireGateways(set);
        SourceGateways storage known = _sources[source];
        uint32 version = ++known.version;
        known.threshold = set.threshold;
        known.gateways = set.gateways;
        for (uint256 i = 0; i < set.gateways.length; ++i) {
            _places[source][version][set.gateways[i]] = i + 1;
        }
        emit GatewaysChanged(source, set, version);
    }

    /// @dev Reverts unless the caller may change the source's gateways.
    function _requireInboxAdmin(bytes32 source) internal view virtual;

    /// @return version of the source's set
    /// @return threshold of it
    /// @return place of the gateway plus 1; 0 for one that is not in it
    function _seatOf(bytes32 source, address gateway)
        internal
        view
        returns (uint32 version, uint8 threshold, uint256 place)
    {
        SourceGateways storage known = _sources[source];
        (version, threshold) = (known.version, known.threshold);
        place = _places[source][version][gateway];
    }

    function _requireSource(bytes32 source) private view {
        if (_sources[source].version == 0) revert UnknownSource(source);
    }

    function _requireGateways(GatewaySet memory set) private view {
        uint256 count = set.gateways.length;
        if (count == 0 || count > MOST_GATEWAYS || set.threshold == 0 || set.threshold > count) {
            revert InvalidGatewaySet(count, set.threshold);
        }
        for (uint256 i = 0; i < count; ++i) {
            address gateway = set.gateways[i];
            if (gateway.code.length == 0) revert GatewayWithoutCode(gateway);
            for (uint256 j = 0; j < i; ++j) {
                if (set.gateways[j] == gateway) revert DuplicateGateway(gateway);
            }
        }
    }

    function _digestOf(GatewaySet memory set) private pure returns (bytes32) {
        return keccak256(abi.encode(set));
    }
}
