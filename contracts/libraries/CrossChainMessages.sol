// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetLimit} from "../interfaces/IReserveSource.sol";
import {GateMode} from "../interfaces/ISolvencyGate.sol";
import {EpochRecord} from "../interfaces/ISolvencyRegistry.sol";
import {Market} from "../interfaces/IMarketSource.sol";
import {Paid} from "../interfaces/VaultTypes.sol";

/// @notice What a message says. Beacons send the first three, hubs the next three, satellites the last two.
enum MessageKind {
    NONE,
    EPOCH,
    STANDING,
    TABLE,
    LEASE,
    ORDER,
    USED,
    DEPOSIT,
    CHECKPOINT
}

/// @notice Everything that crosses a chain is abi.encode of this. The same bytes go through every gateway and to every recipient.
/// @dev Newer is a later `sentAt`, of one block the larger `sequence`.
/// @param version 1
/// @param chainId of the chain it was made on, `origin` the beacon, hub or satellite there
/// @param registry of the venue, on the home chain; zero in what a satellite sends
/// @param sequence from 1, without gaps, counted by the origin: a beacon's and a satellite's for each venue, a hub's for each satellite
/// @param sentAt Unix seconds of the block it was made in
/// @param body abi.encode of the kind's struct
struct Envelope {
    uint16 version;
    MessageKind kind;
    uint256 chainId;
    address origin;
    address registry;
    uint256 venueId;
    uint64 sequence;
    uint64 sentAt;
    bytes body;
}

/// @notice How the venue stands on the home chain when the message is made.
/// @param epoch latest accepted; 0 before the first
/// @param mode the home gate's
/// @param retired bit a circuit, by its place in the registry's list
/// @param staleAfter seconds, as haltAfter, of the venue's record
struct StandingMessage {
    uint64 epoch;
    GateMode mode;
    uint256 retired;
    uint64 staleAfter;
    uint64 haltAfter;
}

/// @notice What coverage was decided by. No arrays where the next snapshot was open already when the message was made.
/// @param fund fund token base units
/// @param reserves token base units, in the order of the venue's settlement assets, as the other two
struct CoverageFacts {
    uint256 fund;
    uint128 valueUnitsPerFundUnit;
    uint256[] reserves;
    uint128[] unitsPerQuantum;
    AssetLimit[] limits;
}

/// @notice An accepted epoch, as the registry has it, and the venue's standing.
/// @param table that the epoch closed over, `record.marketCommitment`
struct EpochMessage {
    EpochRecord record;
    Market table;
    CoverageFacts facts;
    StandingMessage standing;
}

/// @notice A market table that the venue's source accepted.
struct TableMessage {
    uint256 marketCommitment;
    Market table;
}

/// @notice What a hub tells a satellite of its home with every message.
/// @param satellite chain id and address this is for: no other takes it
/// @param standsEpoch newest standing epoch of the venue's vault: base of the satellite's hatch; 0 for none
/// @param depositsSeen the messages of all deposits up to this number have arrived at home
/// @param depositsDigest d of them: d(0) = 0, d(n) = keccak256(abi.encode(d(n - 1), DepositMessage n))
/// @param tree claim token base units in the vault's tree sub-ledger, in the order of the satellite's tokens; zeros without a standing
/// epoch, or where the satellite's rows do not suit
struct HubFacts {
    uint256 satelliteChainId;
    address satellite;
    uint64 standsEpoch;
    uint64 depositsSeen;
    bytes32 depositsDigest;
    uint256[] tree;
}

/// @notice Renews the lease and nothing else.
struct LeaseMessage {
    HubFacts facts;
}

/// @notice Pays on the satellite what was burnt at home.
/// @param number from 1, without gaps, for each satellite
/// @param token index into the satellite's tokens
/// @param amount token base units
struct OrderMessage {
    HubFacts facts;
    uint64 number;
    uint16 token;
    address recipient;
    uint256 amount;
}

/// @notice Nullifiers that the home vault used up, with what it has under them.
struct UsedMessage {
    HubFacts facts;
    uint256[] nullifiers;
    Paid[] paid;
}

/// @param number from 1, without gaps, for each satellite
/// @param token index into the satellite's tokens
/// @param amount token base units that arrived
/// @param homeOwner who gets the claim tokens on the home chain
struct DepositMessage {
    uint64 number;
    uint16 token;
    uint256 amount;
    address homeOwner;
}

/// @notice Token base units of one token, since the beginning.
/// @param held the smaller of `deposited - paid` and the balance less what is credited and not collected, or set aside
/// @param paid what orders credited to recipients, collected or not; after the hatch also what it set aside and refunded
struct SatelliteTotals {
    uint256 deposited;
    uint256 paid;
    uint256 held;
}

/// @notice What a satellite takes a token for: the hub compares it with the registry and the market source.
struct TokenTerms {
    uint16 row;
    uint16 asset;
    uint128 unitsPerQuantum;
}

/// @param homeSentAt newest `sentAt` of the hub's messages that the satellite took; its hatch opens `hatchAfter` later, not before
/// @param hatchAfter of its rules, seconds
/// @param depositsSeen newest of the hub's that it took: those deposits it will never refund
/// @param closed its hatch is open, for good
/// @param tree what the newest of the hub's messages said, of a closed one before it closed; zeros before the first
struct CheckpointMessage {
    uint64 homeSentAt;
    uint64 hatchAfter;
    uint64 depositsSeen;
    bool closed;
    TokenTerms[] terms;
    SatelliteTotals[] totals;
    uint256[] tree;
}

/// @title Layout of everything that crosses a chain
library CrossChainMessages {
    uint16 internal constant VERSION = 1;

    error UnknownVersion(uint16 version);
    error NotCanonical(bytes32 payloadHash);

    function encode(Envelope memory envelope) internal pure returns (bytes memory) {
        return abi.encode(envelope);
    }

    /// @notice Reverts for another version, and for bytes that are not what `encode` gives: one message has one hash.
    function decode(bytes calldata payload) internal pure returns (Envelope memory envelope) {
        envelope = abi.decode(payload, (Envelope));
        if (envelope.version != VERSION) revert UnknownVersion(envelope.version);
        bytes32 hash = keccak256(payload);
        if (keccak256(abi.encode(envelope)) != hash) revert NotCanonical(hash);
    }
}
