// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GatewayInbox} from "../crosschain/GatewayInbox.sol";
import {MessageOrigin} from "../crosschain/MessageOrigin.sol";
import {
    ClaimTotals,
    EnrolledSatellite,
    ISatelliteClaim,
    ISatelliteHub,
    SatelliteState
} from "../interfaces/ISatelliteHub.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {DepositMessage} from "../libraries/CrossChainMessages.sol";
import {Spent} from "../libraries/WindowedLimit.sol";
import {SatelliteVenues} from "./SatelliteVenues.sol";

/// @param credited base units of it that were minted
struct HeardDeposit {
    uint16 token;
    address homeOwner;
    uint256 amount;
    uint256 credited;
}

/// @param asset settlement asset of the claim plus 1, for good, once the satellite named it; 0 before
struct ClaimBook {
    ISatelliteClaim claim;
    uint16 asset;
    uint128 mintLimit;
    ClaimTotals totals;
    Spent minted;
}

/// @param depositsDigest rolling hash of the deposits up to `state.depositsSeen`
struct Satellite {
    EnrolledSatellite terms;
    SatelliteState state;
    bytes32 depositsDigest;
    ClaimBook[16] books;
    mapping(uint64 number => HeardDeposit) heard;
}

/// @param satelliteId 0 for a token that is no claim
struct ClaimPlace {
    uint256 satelliteId;
    uint16 token;
}

/// @title All state of the hub, and whether a satellite is known to hear from home
abstract contract HubState is MessageOrigin, GatewayInbox, ISatelliteHub {
    /// @inheritdoc ISatelliteHub
    ISolvencyRegistry public immutable REGISTRY;

    SatelliteVenues internal immutable _venues;

    uint256 internal _satelliteCount;
    mapping(uint256 satelliteId => Satellite) internal _satellites;
    mapping(bytes32 source => uint256 satelliteId) internal _bySource;
    mapping(address claim => ClaimPlace) internal _places;

    constructor(ISolvencyRegistry registry) {
        REGISTRY = registry;
        _venues = new SatelliteVenues(registry);
    }

    /// @inheritdoc ISatelliteHub
    function isLive(uint256 satelliteId) public view returns (bool) {
        Satellite storage satellite = _satellite(satelliteId);
        uint64 freezeAfter = satellite.terms.freezeAfter;
        uint64 homeSentAt = satellite.state.homeSentAt;
        if (homeSentAt == 0 || block.timestamp > uint256(homeSentAt) + freezeAfter) return false;
        return _venues.isShort(satellite.terms.venueId, freezeAfter);
    }

    /// @inheritdoc ISatelliteHub
    function treeOf(uint256 satelliteId, uint16 token) external view returns (uint256 tree, uint256 floor) {
        Satellite storage satellite = _satellite(satelliteId);
        ClaimBook storage book = satellite.books[token];
        uint256 venueId = satellite.terms.venueId;
        // Nothing of it was ever told as free before its asset was known: there is no floor either.
        if (book.asset != 0) tree = _venues.vaultOf(venueId).treeBalance(venueId, book.asset - 1);
        floor = book.totals.treeFloor;
    }

    function _satellite(uint256 satelliteId) internal view returns (Satellite storage satellite) {
        if (satelliteId == 0 || satelliteId > _satelliteCount) revert UnknownSatellite(satelliteId);
        return _satellites[satelliteId];
    }

    /// @dev Reverts for a token that the satellite does not have.
    function _book(uint256 satelliteId, uint16 token) internal view returns (ClaimBook storage book) {
        Satellite storage satellite = _satellite(satelliteId);
        if (token >= satellite.terms.tokens) revert InvalidTerms("token");
        return satellite.books[token];
    }

    function _digestAfter(bytes32 digest, DepositMessage memory deposit) internal pure returns (bytes32) {
        return keccak256(abi.encode(digest, deposit));
    }
}
