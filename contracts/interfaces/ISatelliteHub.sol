// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SatelliteTotals} from "../libraries/CrossChainMessages.sol";
import {GatewaySet, IGatewayInbox} from "./IGatewayInbox.sol";
import {IMessageOrigin} from "./ISolvencyBeacon.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @param token on the satellite's chain, in the satellite's order
/// @param decimals of it, and of the claim token; `name` and `symbol` the claim token's
/// @param mintLimit base units that can be credited per limit window
struct HubToken {
    address token;
    uint8 decimals;
    uint128 mintLimit;
    string name;
    string symbol;
}

/// @notice A satellite as a venue enrols it; chain id and address once for good.
/// @param hatchAfter of the satellite's rules: at least `haltAfter` of the venue, `maxCheckpointAge`, `freezeAfter` and twice MAX_SKEW together
/// @param maxCheckpointAge seconds after which what its last checkpoint said does not count
/// @param freezeAfter seconds since the newest home message it is known to have, after which its claim tokens do not leave the vault and
/// orders are refused; below `answerWindow` of the vault's rules
/// @param limitWindow in which `mintLimit` fills up again
struct SatelliteTerms {
    uint256 venueId;
    uint256 chainId;
    address satellite;
    uint64 hatchAfter;
    uint64 maxCheckpointAge;
    uint64 freezeAfter;
    uint64 limitWindow;
    HubToken[] tokens;
    GatewaySet gateways;
}

/// @notice What of its terms a satellite goes on with; gateways are the source's, mint limits the tokens'.
/// @param tokens how many
struct EnrolledSatellite {
    uint256 venueId;
    uint256 chainId;
    address satellite;
    uint64 hatchAfter;
    uint64 maxCheckpointAge;
    uint64 freezeAfter;
    uint64 limitWindow;
    uint64 enrolledAt;
    uint16 tokens;
}

/// @notice What the hub knows of a satellite.
/// @param checkpointAt `sentAt` of the newest checkpoint; `homeSentAt` as it says
/// @param depositsSeen the messages of all deposits up to it have arrived; `depositsSure`: the satellite knows, so they are credited
/// @param suits rows, assets and quanta of the newest checkpoint are those of the registry and the market source
/// @param broken a checkpoint said what no honest satellite says: nothing counts any more
struct SatelliteState {
    uint64 checkpointAt;
    uint64 checkpointSequence;
    uint64 homeSentAt;
    uint64 sequence;
    uint64 depositsSeen;
    uint64 depositsSure;
    uint64 orders;
    bool closed;
    bool suits;
    bool broken;
}

/// @notice Base units of one claim token, since the beginning. Supply is `minted - burnt`.
/// @param treeFloor of a closed satellite: while the vault's tree sub-ledger is below it, no claim leaves the vault
/// @param last the newest checkpoint's
struct ClaimTotals {
    uint256 minted;
    uint256 burnt;
    uint256 treeFloor;
    SatelliteTotals last;
}

/// @title What a base unit in a satellite is at home: minted once both sides know of the deposit, burnt for an order
/// @notice A settlement asset of the venue, in a row of its own. It moves into the vault and out of it only while the satellite is known to
/// hear from home; into it, when that is closed, only up to the floor.
interface ISatelliteClaim is IERC20 {
    error NotHub(address caller);
    error SatelliteNotLive(uint256 satelliteId);
    error TreeBelowFloor(uint256 tree, uint256 floor);

    function HUB() external view returns (ISatelliteHub);
    function SATELLITE_ID() external view returns (uint256);

    function mint(address to, uint256 amount) external;
    function burn(address from, uint256 amount) external;
}

/// @title A vault that counts of claims what a hub says
interface ISatelliteCollateralVault {
    function HUB() external view returns (ISatelliteHub);
}

/// @title The home end of all satellites: credits deposits, sends orders, and says what counts
/// @notice Holds nothing. Satellites are numbered from 1; those of a venue are its parameter admin's to enrol, by timelock.
interface ISatelliteHub is IGatewayInbox, IMessageOrigin {
    /// @param digest keccak256(abi.encode(terms))
    event SatelliteProposed(uint256 indexed venueId, bytes32 indexed digest, uint64 readyAt);
    event SatelliteEnrolled(uint256 indexed satelliteId, bytes32 indexed digest, address[] claims);
    event DepositHeard(
        uint256 indexed satelliteId, uint64 indexed number, address indexed homeOwner, uint16 token, uint256 amount
    );
    event DepositCredited(
        uint256 indexed satelliteId, uint64 indexed number, address indexed homeOwner, uint16 token, uint256 amount
    );
    event OrderMade(
        uint256 indexed satelliteId, uint64 indexed number, address indexed recipient, uint16 token, uint256 amount
    );
    event SatelliteCheckpointed(
        uint256 indexed satelliteId, uint64 sequence, uint64 homeSentAt, SatelliteTotals[] totals
    );
    event SatelliteBroken(uint256 indexed satelliteId, bytes32 what);

    error UnknownSatellite(uint256 satelliteId);
    error EnrolledBefore(uint256 chainId, address satellite);
    error InvalidTerms(bytes32 what);
    error SatelliteNotProposed(uint256 venueId);
    error SatelliteNotReady(uint256 readyAt, uint256 now_);
    error DepositCreditedBefore(uint256 satelliteId, uint64 number);
    error DepositNotSure(uint256 satelliteId, uint64 number, uint64 sure);
    error MintLimitReached(uint256 satelliteId, uint16 token, uint256 left, uint256 asked);
    error NothingToOrder(uint256 satelliteId, uint16 token, address recipient);
    error NullifierNotUsed(uint256 nullifier);
    error TooManyNullifiers(uint256 count, uint256 most);
    /// @notice No checkpoint for too long, or the vault's windows are no longer than the freeze: no message is made.
    error SatelliteSilent(uint256 satelliteId, uint256 heardAt);

    function REGISTRY() external view returns (ISolvencyRegistry);

    /// @notice Announces a satellite of a venue whose vault asks this hub; waits for GATEWAY_DELAY. Parameter admin only.
    function proposeSatellite(SatelliteTerms calldata terms) external;
    /// @notice Enrols what was proposed, within 14 days of its time, and makes its claim tokens. Parameter admin only.
    function activateSatellite(SatelliteTerms calldata terms) external returns (uint256 satelliteId);

    /// @notice Mints the claim tokens of deposits, in any order, each once. Anybody.
    /// @dev Only up to `depositsSure`: what the satellite could still refund is not minted. What the limit leaves over is for another call.
    function creditDeposits(uint256 satelliteId, uint64[] calldata numbers) external;

    /// @notice Burns the caller's claim tokens and orders as much on the satellite. Reverts unless the satellite is live.
    function order(uint256 satelliteId, uint16 token, uint256 amount, address recipient)
        external
        returns (uint64 number, bytes memory payload);

    /// @notice Burns all claim tokens at `outboxOf(satelliteId, recipient)` and orders as much. Anybody.
    /// @dev So a payout of the vault, whose proof names the recipient, needs no second step of its owner.
    function orderFromOutbox(uint256 satelliteId, uint16 token, address recipient)
        external
        returns (uint64 number, bytes memory payload);

    /// @notice Makes a LEASE message. Anybody; relayers do it all the time. Reverts with SatelliteSilent, as all messages do.
    function makeLease(uint256 satelliteId) external returns (bytes memory payload);

    /// @notice Makes a USED message of nullifiers that the venue's vault used up, at most 64. Anybody.
    function makeUsed(uint256 satelliteId, uint256[] calldata nullifiers) external returns (bytes memory payload);

    /// @notice What of `held` counts for a snapshot: all of it for a token that is no claim; of a claim nothing unless its satellite's
    /// checkpoint is fresh and its hatch cannot open while the epoch keeps a gate open, and then `held` less what the satellite lost.
    function countable(uint256 venueId, address token, uint256 held) external view returns (uint256);

    /// @notice Whether claim tokens may leave the vault, and orders be made.
    function isLive(uint256 satelliteId) external view returns (bool);

    /// @notice Address without a key at which claim tokens wait for an order: low 160 bits of
    /// keccak256(abi.encode("clearproof.outbox", block.chainid, this hub, satelliteId, recipient)).
    function outboxOf(uint256 satelliteId, address recipient) external view returns (address);

    function satelliteCount() external view returns (uint256);
    function termsOf(uint256 satelliteId) external view returns (EnrolledSatellite memory);
    function stateOf(uint256 satelliteId) external view returns (SatelliteState memory);
    /// @notice Base units of the claim in the vault's tree sub-ledger, and the floor below which nothing of it leaves the vault.
    function treeOf(uint256 satelliteId, uint16 token) external view returns (uint256 tree, uint256 floor);
    function claimOf(uint256 satelliteId, uint16 token) external view returns (ISatelliteClaim);
    function totalsOf(uint256 satelliteId, uint16 token) external view returns (ClaimTotals memory);
    function isDepositCredited(uint256 satelliteId, uint64 number) external view returns (bool);
}
