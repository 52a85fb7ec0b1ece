// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EnrolledSatellite, HubToken, ISatelliteClaim, ISatelliteHub, SatelliteTerms} from "../interfaces/ISatelliteHub.sol";
import {ClaimPlace, HubState, Satellite} from "./HubState.sol";
import {SatelliteClaimMaker} from "./SatelliteClaimMaker.sol";

/// @title Satellites are enrolled by a venue's parameter admin, after a delay, each once
abstract contract HubEnrolment is HubState {
    uint256 private constant MOST_TOKENS = 16;
    uint256 private constant ACTIVATION_WINDOW = 14 days;

    struct PendingSatellite {
        bytes32 digest;
        uint64 readyAt;
    }

    /// @dev Its own contract: the claims' code has no room here.
    SatelliteClaimMaker private immutable _maker = new SatelliteClaimMaker();

    mapping(uint256 venueId => PendingSatellite) private _pendingSatellites;

    /// @inheritdoc ISatelliteHub
    function proposeSatellite(SatelliteTerms calldata terms) external {
        _venues.requireParameterAdmin(terms.venueId, msg.sender);
        _venues.vaultWithHub(terms.venueId);
        _requireTerms(terms, _venues.haltAfterOf(terms.venueId));
        bytes32 digest = _digestOfTerms();
        uint64 readyAt = uint64(block.timestamp) + GATEWAY_DELAY;
        _pendingSatellites[terms.venueId] = PendingSatellite(digest, readyAt);
        emit SatelliteProposed(terms.venueId, digest, readyAt);
    }

    /// @inheritdoc ISatelliteHub
    function activateSatellite(SatelliteTerms calldata terms) external returns (uint256 satelliteId) {
        _venues.requireParameterAdmin(terms.venueId, msg.sender);
        PendingSatellite memory pending = _pendingSatellites[terms.venueId];
        bool waits = block.timestamp < uint256(pending.readyAt) + ACTIVATION_WINDOW;
        if (!waits || pending.digest != _digestOfTerms()) revert SatelliteNotProposed(terms.venueId);
        if (block.timestamp < pending.readyAt) revert SatelliteNotReady(pending.readyAt, block.timestamp);
        delete _pendingSatellites[terms.venueId];
        bytes32 source = _sourceOf(terms.chainId, terms.satellite);
        if (_bySource[source] != 0) revert EnrolledBefore(terms.chainId, terms.satellite);
        satelliteId = ++_satelliteCount;
        _bySource[source] = satelliteId;
        Satellite storage satellite = _satellites[satelliteId];
        satellite.terms = EnrolledSatellite({
            venueId: terms.venueId,
            chainId: terms.chainId,
            satellite: terms.satellite,
            hatchAfter: terms.hatchAfter,
            maxCheckpointAge: terms.maxCheckpointAge,
            freezeAfter: terms.freezeAfter,
            limitWindow: terms.limitWindow,
            enrolledAt: uint64(block.timestamp),
            tokens: uint16(terms.tokens.length)
        });
        _setGateways(source, terms.gateways);
        address[] memory claims = _makeClaims(satelliteId, _venues.vaultWithHub(terms.venueId), terms.tokens);
        emit SatelliteEnrolled(satelliteId, pending.digest, claims);
    }

    function _makeClaims(uint256 satelliteId, address vault, HubToken[] calldata tokens)
        private
        returns (address[] memory claims)
    {
        claims = new address[](tokens.length);
        for (uint16 i = 0; i < tokens.length; ++i) {
            HubToken calldata token = tokens[i];
            ISatelliteClaim claim = _maker.make(satelliteId, i, vault, token.name, token.symbol, token.decimals);
            (_satellites[satelliteId].books[i].claim, _satellites[satelliteId].books[i].mintLimit) =
                (claim, token.mintLimit);
            _places[address(claim)] = ClaimPlace(satelliteId, i);
            claims[i] = address(claim);
        }
    }

    /// @dev keccak256(abi.encode(terms)): they are the call's only argument.
    function _digestOfTerms() private pure returns (bytes32) {
        return keccak256(msg.data[4:]);
    }

    function _requireTerms(SatelliteTerms calldata terms, uint64 haltAfter) private pure {
        if (terms.chainId == 0 || terms.satellite == address(0)) revert InvalidTerms("satellite");
        uint256 count = terms.tokens.length;
        if (count == 0 || count > MOST_TOKENS) revert InvalidTerms("tokens");
        for (uint256 i = 0; i < count; ++i) {
            if (terms.tokens[i].mintLimit == 0) revert InvalidTerms("mintLimit");
        }
        bool waits = terms.maxCheckpointAge != 0 && terms.freezeAfter != 0 && terms.limitWindow != 0;
        if (!waits) revert InvalidTerms("times");
        // Or the lease would never be long enough for anything to count.
        uint256 least = uint256(haltAfter) + terms.maxCheckpointAge + terms.freezeAfter + 2 * uint256(MAX_SKEW);
        if (terms.hatchAfter < least) revert InvalidTerms("hatchAfter");
    }
}
