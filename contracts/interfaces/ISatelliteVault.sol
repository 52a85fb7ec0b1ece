// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SatelliteTotals} from "../libraries/CrossChainMessages.sol";
import {IGatewayInbox} from "./IGatewayInbox.sol";
import {IMessageOrigin} from "./ISolvencyBeacon.sol";
import {MarginClaim} from "./ISolvencyGate.sol";
import {ISolvencyMirror} from "./ISolvencyMirror.sol";

/// @notice Fixed when the satellite is made.
/// @param token of this chain
/// @param row cash or spot row of the venue's tables whose quanta are its claim token's, `unitsPerQuantum` base units each
/// @param asset its index among the venue's settlement assets at home
/// @param payoutLimit base units that can be collected per limit window
/// @param minDeposit least base units of a deposit, a quantum or more: each is a message that somebody has to deliver
struct SatelliteToken {
    address token;
    uint16 row;
    uint16 asset;
    uint128 unitsPerQuantum;
    uint128 payoutLimit;
    uint128 minDeposit;
}

/// @param hatchAfter seconds after the newest home message was sent, at which the hatch can be opened
/// @param claimWindow length of the hatch's round
/// @param limitWindow in which `payoutLimit` fills up again
/// @param tableAge seconds an initial table may be older than the newest home message, in the hatch
struct SatelliteRules {
    uint64 hatchAfter;
    uint64 claimWindow;
    uint64 limitWindow;
    uint64 tableAge;
}

/// @notice What a hatch exit is: a withdrawal of the token's row, proven on the base epoch for this satellite.
/// @param unmargined the proof shows it: then the epoch's own table will do
struct SatelliteExit {
    MarginClaim claim;
    bool unmargined;
    uint16 token;
    uint64 quanta;
    address recipient;
}

/// @notice One deposit.
struct SatelliteDeposit {
    address depositor;
    uint16 token;
    bool refunded;
    uint64 madeAt;
    uint256 amount;
}

/// @title Holds collateral on another chain than the venue's, and pays it on orders from home
/// @notice Nobody can take from it but by an order or, once the home chain has been silent for `hatchAfter`, by proof.
interface ISatelliteVault is IGatewayInbox, IMessageOrigin {
    event SatelliteDeposited(
        uint64 indexed number, uint16 indexed token, address indexed depositor, uint256 amount, address homeOwner
    );
    event OrderTaken(uint64 indexed number, uint16 indexed token, address indexed recipient, uint256 amount);
    event Collected(uint16 indexed token, address indexed recipient, uint256 amount);
    event NullifierUsedAtHome(uint256 indexed nullifier, uint16 asset, uint64 quanta);
    event HomeHeard(uint64 sequence, uint64 sentAt, uint64 standsEpoch, uint64 depositsSeen);
    event HatchOpened(uint64 baseEpoch, uint64 roundClosesAt);
    event HatchExitRegistered(uint256 indexed nullifier, uint16 indexed token, uint256 amount, address recipient);
    event HatchSettled(uint16 indexed token, uint256 pool, uint256 claims);
    event HatchExitPaid(uint256 indexed nullifier, uint16 indexed token, uint256 amount, address recipient);
    event SatelliteDepositRefunded(uint64 indexed number, uint256 amount);

    error SatelliteClosed();
    error SatelliteNotClosed();
    error UnknownToken(uint16 token);
    error OrderTakenBefore(uint64 number);
    error NotForThisSatellite(uint256 chainId, address satellite);
    error MoreThanHeld(uint16 token, uint256 held, uint256 asked);
    error CollectLimitReached(uint16 token, uint256 left, uint256 asked);
    error NothingOwed(uint16 token, address recipient);
    error HatchNotDue(uint256 dueAt, uint256 now_);
    error NoBase();
    error NotTheBase(uint64 got, uint64 base);
    error TableNotInitial(uint256 marketCommitment);
    error TableTooOld(uint256 tableTime, uint256 homeSentAt);
    error ExitRegisteredBefore(uint256 nullifier, uint16 token);
    error UsedAtHome(uint256 nullifier);
    error HomeEpochUnknown(uint64 epoch);
    error RoundOpen(uint256 closesAt);
    error NotDepositor(uint64 number);
    error DepositSeenAtHome(uint64 number);
    error RefundedBefore(uint64 number);
    error ZeroHomeOwner();
    error BelowLeastDeposit(uint16 token, uint256 amount, uint256 least);
    error InvalidSatellite(bytes32 what);
    error SettledBefore(uint16 token);
    /// @notice Home heard of other deposits than were made here.
    error DepositsDiffer(uint64 number);

    function HOME_CHAIN_ID() external view returns (uint256);
    function HUB() external view returns (address);
    function MIRROR() external view returns (ISolvencyMirror);
    function VENUE_ID() external view returns (uint256);
    function rules() external view returns (SatelliteRules memory);
    function tokens() external view returns (SatelliteToken[] memory);

    /// @notice Takes what arrives, and makes the DEPOSIT message of it. Anybody; not in a closed satellite.
    /// @param homeOwner gets the claim tokens on the home chain: an address that the depositor controls there
    function deposit(uint16 token, uint256 amount, address homeOwner)
        external
        returns (uint64 number, bytes memory payload);

    /// @notice Makes a CHECKPOINT message of now. Anybody.
    function makeCheckpoint() external returns (bytes memory payload);

    /// @notice Sends what orders credited to the recipient, as far as the limit lets. Anybody. In a closed satellite too.
    function collect(uint16 token, address recipient) external returns (uint256 amount);

    /// @notice Closes the satellite for good, `hatchAfter` after the newest home message was sent; where none ever came, after it was made.
    function openHatch() external;

    /// @notice Registers a withdrawal that is proven on the base epoch. Anybody; after the round for what is left of the pool, in full.
    /// One a nullifier, of an unmargined account one a token.
    /// @dev Scope 0, so nullifiers are those of the home vault; context: MIRROR.contextOf(this, exitAction(token, recipient)).
    function registerExit(SatelliteExit calldata exit) external;

    /// @notice Fixes the pool and the factor of a token, when the round is over. Anybody, once.
    function settleHatch(uint16 token) external;

    /// @notice Pays a registered exit its share. Anybody.
    function collectExit(uint256 nullifier, uint16 token) external;

    /// @notice Returns a deposit that home had not heard of by its newest message in the round, when that is over. Its depositor only.
    function refundDeposit(uint64 number, address to) external;

    function exitAction(uint16 token, address recipient) external pure returns (bytes32);
    function totalsOf(uint16 token) external view returns (SatelliteTotals memory);
    function owedTo(uint16 token, address recipient) external view returns (uint256);
    function depositAt(uint64 number) external view returns (SatelliteDeposit memory);
    function isOrderTaken(uint64 number) external view returns (bool);
    /// @notice Newest `sentAt` and sequence of the hub's messages, and what it said.
    function home()
        external
        view
        returns (uint64 sentAt, uint64 sequence, uint64 standsEpoch, uint64 depositsSeen, uint64 closedAt);
}
