// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Circuit, CircuitConfig, CircuitKind} from "./CircuitTypes.sol";
import {Groth16Proof} from "./Groth16Proof.sol";
import {ICircuitRotation} from "./ICircuitRotation.sol";
import {IDisputeSource} from "./IDisputeSource.sol";
import {IMarketSource, MarginLevel} from "./IMarketSource.sol";
import {IPoseidon3} from "./IPoseidon3.sol";
import {IPoseidon5} from "./IPoseidon5.sol";
import {IReserveSource} from "./IReserveSource.sol";
import {GateMode} from "./ISolvencyGate.sol";

/// @notice What a venue is registered with. Only the three roles can change afterwards.
/// @param admin names the operator and the parameter admin; withdraws from the escrow
/// @param operator opens snapshots and submits epochs
/// @param parameterAdmin registers settlement assets; what else it may do is up to `markets`
/// @param reserves counts what is held for the venue
/// @param markets accepts the tables that epochs may close over
/// @param disputes where users make the venue answer for accounts it left out; zero where they cannot
/// @param fundToken token of the insurance fund
/// @param valueUnitsPerFundUnit value units in one base unit of `fundToken`: 10^6 for 10^-12 USD values and a fund in 6-decimal USD
/// @param valueScale one value unit is 10^-valueScale of the settlement currency; every market table of the venue has this scale
/// @param staleAfter seconds after which the gate is REDUCE_ONLY, counted from the snapshot
/// @param haltAfter seconds after which the gate is HALT, counted from the snapshot; at least `staleAfter`
/// @param maxSubmissionAge seconds a snapshot may be old when its epoch is submitted
/// @param marketTolerance seconds a market table's time may differ from the snapshot's, either way
struct VenueConfig {
    address admin;
    address operator;
    address parameterAdmin;
    IReserveSource reserves;
    IMarketSource markets;
    IDisputeSource disputes;
    address fundToken;
    uint128 valueUnitsPerFundUnit;
    uint8 valueScale;
    uint64 staleAfter;
    uint64 haltAfter;
    uint64 maxSubmissionAge;
    uint64 marketTolerance;
}

/// @param token what the asset's reserves are held in
/// @param unitsPerQuantum token base units that one quantum of the asset's row is worth, at least 1
struct SettlementAsset {
    address token;
    uint128 unitsPerQuantum;
}

/// @notice A checkpoint of reserves that an epoch can be submitted against.
/// @param reserves token base units per registered asset
/// @param fund fund token base units
struct ReserveSnapshot {
    uint64 epoch;
    uint64 openedAt;
    uint256 fund;
    uint256[] reserves;
}

struct BatchSubmission {
    uint256 circuitId;
    Groth16Proof proof;
    uint256 accumulatorAfter;
}

/// @param tableAfter state of the table after the part's rows
struct PartSubmission {
    uint256 circuitId;
    Groth16Proof proof;
    uint256 tableAfter;
}

/// @param circuitId of a whole close when there are no parts, else of the end over them
/// @param shortfall value units
/// @param tableStart state of the table before its first row; 0 without parts
/// @param parts in row order: part i starts from what part i-1 ended with, the first from `tableStart`; none for a whole close
struct CloseSubmission {
    uint256 circuitId;
    Groth16Proof proof;
    uint256 accountsRoot;
    uint256 accountsBound;
    uint256 unhealthyBound;
    uint256 shortfall;
    uint256 tableStart;
    PartSubmission[] parts;
}

/// @param batches in chain order: batch i starts from what batch i-1 ended with, the first from `genesisAccumulator`
/// @param words deposits and loans in quanta: A_0, L_0, A_1, L_1, …
struct EpochSubmission {
    uint64 epoch;
    uint256 marketCommitment;
    uint256 genesisAccumulator;
    BatchSubmission[] batches;
    CloseSubmission close;
    uint256[] words;
}

/// @notice What an epoch was proven in.
/// @param batches circuit id of each batch, in chain order
/// @param parts of each part of the close, in row order; empty for a whole close
/// @param close of the close, or of the end over the parts
struct EpochCircuits {
    uint256[] batches;
    uint256[] parts;
    uint256 close;
}

/// @param shortfall value units
/// @param detailHash keccak256(abi.encode(words, circuits)): binds what only the event carries
/// @param snapshotTime Unix seconds at which the snapshot was opened
/// @param acceptedAt Unix seconds of acceptance; `acceptedInBlock` is that block's number
struct EpochRecord {
    uint256 marketCommitment;
    uint256 genesisAccumulator;
    uint256 finalAccumulator;
    uint256 accountsRoot;
    uint256 accountsBound;
    uint256 unhealthyBound;
    uint256 shortfall;
    bytes32 detailHash;
    uint64 snapshotTime;
    uint64 acceptedAt;
    uint64 acceptedInBlock;
    bool covered;
}

/// @title Append-only record of what venues have proven, epoch by epoch
/// @notice Statements and the order of their public signals: docs/statement.md.
interface ISolvencyRegistry is ICircuitRotation {
    event CircuitAdded(
        uint256 indexed circuitId, CircuitKind kind, address verifier, bytes32 verificationKeyHash, bool developmentKey
    );
    event VenueRegistered(uint256 indexed venueId, uint256 base, VenueConfig config);
    event VenueAdminTransferStarted(uint256 indexed venueId, address indexed from, address indexed to);
    event VenueAdminTransferred(uint256 indexed venueId, address indexed from, address indexed to);
    event OperatorChanged(uint256 indexed venueId, address indexed from, address indexed to);
    event ParameterAdminChanged(uint256 indexed venueId, address indexed from, address indexed to);
    event SettlementAssetRegistered(
        uint256 indexed venueId, uint256 indexed index, address token, uint128 unitsPerQuantum
    );
    event SnapshotOpened(uint256 indexed venueId, uint64 indexed epoch, ReserveSnapshot snapshot);
    event EpochAccepted(
        uint256 indexed venueId,
        uint64 indexed epoch,
        uint256 base,
        EpochRecord record,
        uint256[] words,
        EpochCircuits circuits
    );

    error ZeroAddress(bytes32 what);
    error NoCode(bytes32 what, address account);
    error PoseidonMismatch(address poseidon, uint256 got, uint256 expected);
    error InvalidCircuitKind(uint256 circuitId);
    error DuplicateCircuit(uint256 circuitId);
    error DevelopmentKeyRefused(uint256 circuitId, uint256 chainId);
    error WrongCircuit(uint256 circuitId, CircuitKind got, CircuitKind expected);

    error VenueExists(uint256 venueId);
    error UnknownVenue(uint256 venueId);
    error InvalidWindow(bytes32 what, uint256 value);
    error ZeroFundConversion();
    error NotVenueAdmin(uint256 venueId, address caller);
    error NotPendingVenueAdmin(uint256 venueId, address caller);
    error NotOperator(uint256 venueId, address caller);
    error NotParameterAdmin(uint256 venueId, address caller);

    error InvalidUnitsPerQuantum(address token);
    error DuplicateToken(uint256 venueId, address token);
    error TooManyAssets(uint256 venueId, uint256 count, uint256 most);
    error UnknownAsset(uint256 venueId, uint256 asset);

    error CheckpointLengthMismatch(uint256 got, uint256 expected);
    error LimitsLengthMismatch(uint256 got, uint256 expected);
    error WrongEpoch(uint256 got, uint256 expected);
    error SnapshotNotOpened(uint256 venueId, uint256 epoch);
    error SnapshotTooOld(uint256 age, uint256 maxAge);
    error UnknownMarket(uint256 venueId, uint256 commitment);
    error MarketNotAtMaintenanceLevel(uint256 commitment, MarginLevel level);
    error MarketOutsideTolerance(uint256 marketTime, uint256 snapshotTime, uint256 tolerance);
    error SnapshotMissesAssets(uint256 inSnapshot, uint256 needed);
    error NoBatches();
    error BatchProofRejected(uint256 index);
    error ClosePartRejected(uint256 index);
    error CloseProofRejected();
    error TableStartWithoutParts(uint256 tableStart);
    error UnknownEpoch(uint256 venueId, uint256 epoch);

    /// @notice Adds a venue for good. Registry owner only.
    /// @param venueId any unused number below p; it enters the venue's base
    function registerVenue(uint256 venueId, VenueConfig calldata config) external;

    /// @notice Names the next admin, who has to accept. Venue admin only.
    function transferVenueAdmin(uint256 venueId, address to) external;

    /// @notice Makes the caller the venue's admin, if the current one named them.
    function acceptVenueAdmin(uint256 venueId) external;

    /// @notice Venue admin only.
    function setOperator(uint256 venueId, address to) external;

    /// @notice Venue admin only.
    function setParameterAdmin(uint256 venueId, address to) external;

    /// @notice Appends settlement assets in the order of the cash and spot rows. Parameter admin only.
    /// @dev No token twice: one reserve must not cover two rows. 128 at most, so that whoever goes through all of them can.
    function registerSettlementAssets(uint256 venueId, SettlementAsset[] calldata assets) external;

    /// @notice Takes a checkpoint of the reserves for the next epoch. Operator only.
    /// @dev Opening again before acceptance replaces the checkpoint by a newer one; there is none to replace afterwards.
    function openSnapshot(uint256 venueId) external;

    /// @notice Verifies an epoch over a table that the venue's market source accepted, and records it. Operator only.
    /// @dev A valid epoch that is not covered is recorded, not refused: a venue in trouble must be able to say so.
    /// Replay protection is the epoch number, never a proof's hash: proofs can be re-randomised.
    function submitEpoch(uint256 venueId, EpochSubmission calldata submission) external;

    /// @notice H(tag, chain id, this registry, venue id, protocol version), for the chain id of this block.
    function baseOf(uint256 venueId) external view returns (uint256);

    /// @notice H(tag, base, circuit id): first public signal of every circuit.
    function domainOf(uint256 venueId, uint256 circuitId) external view returns (uint256);

    /// @notice The hash of three elements that domains are made with, for contracts that hash alike.
    function POSEIDON3() external view returns (IPoseidon3);

    /// @notice The hash of five elements that bases are made with, for contracts that hash alike.
    function POSEIDON5() external view returns (IPoseidon5);

    /// @notice All circuits ever added, the retired ones too, in order of `place`.
    function circuitIds() external view returns (uint256[] memory);

    /// @notice One of them, by its place; reverts beyond the last.
    function circuitAt(uint256 place) external view returns (uint256 circuitId);

    /// @notice Kind NONE for a circuit this registry does not know.
    function circuit(uint256 circuitId) external view returns (Circuit memory);

    function venue(uint256 venueId) external view returns (VenueConfig memory);

    /// @notice The venue's dispute source by itself; zero where it has none.
    function disputesOf(uint256 venueId) external view returns (IDisputeSource);

    /// @notice Zero address when no transfer is under way.
    function pendingVenueAdmin(uint256 venueId) external view returns (address);

    function settlementAssets(uint256 venueId) external view returns (SettlementAsset[] memory);

    /// @notice One of them, by its index in the list.
    function settlementAsset(uint256 venueId, uint256 asset) external view returns (SettlementAsset memory);

    /// @notice The last checkpoint taken. Its epoch is the next one, or the latest where nothing was opened since.
    function lastSnapshot(uint256 venueId) external view returns (ReserveSnapshot memory);

    /// @notice The venue's mode at this block's time, as ISolvencyGate has it. A venue nobody registered is HALT.
    /// @dev Reverts only where the venue's reserve or dispute source does.
    function mode(uint256 venueId) external view returns (GateMode);

    /// @notice Number of the latest accepted epoch; 0 before the first.
    function latestEpoch(uint256 venueId) external view returns (uint64);

    function epochAt(uint256 venueId, uint64 epoch) external view returns (EpochRecord memory);
}
