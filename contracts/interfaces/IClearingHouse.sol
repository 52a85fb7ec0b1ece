// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClearedAccount, Collateral, Settlement, Trade, Transfer, Transition} from "./ClearingTypes.sol";
import {IClearedCredits} from "./IClearedCredits.sol";
import {IClearingTerms} from "./IClearingTerms.sol";
import {IProofBatch} from "./IProofBatch.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @title Accounts that settle on chain: one commitment each, changed by proofs alone
/// @notice Statement and rules: docs/decisions/0009-clearing-house.md. Every check reverts with its reason.
/// @dev Receipts are the operator's signature over EIP-712 Openings(uint256 venueId,bytes32 openings), domain "Clearproof ClearingHouse",
/// version "1", openings = keccak256 of handle and new commitment, 32 bytes each, of every side in order that is owned and not unmargined;
/// empty where there is none.
interface IClearingHouse is IClearedCredits {
    event AccountOpened(uint256 indexed venueId, uint64 indexed handle, address controller);
    event ControllerChanged(uint64 indexed handle, address controller);
    /// @notice All public signals but the frame, which follows from the table: with them an owner opens what others changed.
    event AccountChanged(
        uint64 indexed handle,
        uint256 oldCommitment,
        uint256 newCommitment,
        uint256 marketCommitment,
        uint256 terms,
        uint256 delta
    );
    event CollateralIn(uint64 indexed handle, uint256 indexed asset, uint256 amount);
    event CollateralOut(uint64 indexed handle, uint256 indexed asset, uint256 amount, address recipient);
    event CollateralMoved(uint64 indexed from, uint64 indexed to, uint256 indexed asset, uint256 amount);
    /// @notice The cleared ledger got what it lacked, and no account.
    event LedgerCovered(uint256 indexed venueId, uint256 indexed asset, uint256 amount, address from);
    event TradeSettled(uint256 indexed venueId, uint64 indexed buyer, uint64 indexed seller, uint256 tradeCommitment);
    event FrameRecorded(uint256 indexed venueId, uint256 indexed marketCommitment, uint256 circuitId, uint256 frame);

    error UnknownHandle(uint64 handle);
    error NotController(uint64 handle, address caller);
    error VenueOutOfRange(uint256 venueId);
    error OtherVenue(uint64 handle, uint256 got, uint256 expected);
    error NotATransitionCircuit(uint256 circuitId);
    error TableNotAccepted(uint256 venueId, uint256 marketCommitment);
    error TableNotInitialLevel(uint256 marketCommitment);
    error ClearingTableTooOld(uint256 age, uint256 maxAge);
    error TransitionRejected();
    error SelfMatch(uint64 handle);
    error SidesUnderTwoTables(uint256 buyer, uint256 seller);
    error ExpiryOutOfRange(uint64 expiry);
    error TradeExpired(uint64 expiry, uint256 now_);
    error TradeFilled(uint256 tradeCommitment);
    error NewRiskStopped(uint256 venueId);
    error VenueHalted(uint256 venueId);
    error NotLiquidations(uint256 venueId, address caller);
    error AccountFrozen(uint64 handle);
    error AccountNotFrozen(uint64 handle);
    error CoveredTooMuch(uint256 covered, uint256 worth);
    error OwnerMissing(uint64 handle);
    error OpeningsNotSigned(uint256 venueId);
    error NothingMoves();
    error NothingToTakeOut();
    error ZeroController();
    error DeadlineMissed(uint64 deadline, uint256 now_);
    error NotInWholeQuanta(uint256 asset, uint256 received, uint256 wanted);
    error NotTheVault(address caller);
    error NoCode(bytes32 what, address account);
    error PartOfAnotherRegistry(address part);

    // ---- Accounts ----

    /// @notice Opens an account with collateral, which may be nothing. The caller pays, and is the payer the proof was made for.
    /// @dev What it holds is what comes in, so the proof says `unmargined`, and no receipt is needed.
    /// @param collateral only the in side; `recipient` and `beneficiary` mean nothing
    /// @return handle the number the account goes by
    function open(uint256 venueId, address controller, Collateral calldata collateral, Transition calldata transition)
        external
        returns (uint64 handle);

    /// @notice Collateral in, out, or one for another. Anybody can submit what the owner proved.
    function adjust(
        uint64 handle,
        Collateral calldata collateral,
        Transition calldata transition,
        bytes calldata receipt
    ) external;

    /// @notice Moves collateral between two accounts of a venue: out of one is in of the other. No token moves.
    /// @dev Both proofs are made for `transferContext`.
    function transfer(
        Transfer calldata moved,
        Transition calldata fromSide,
        Transition calldata toSide,
        bytes calldata receipt
    ) external;

    function setController(uint64 handle, address controller) external;

    /// @notice Collateral that others pay into an account that is being liquidated, without its owner. The venue's liquidation contract only.
    /// @dev The proof's context is 0. What is not covered the cleared ledger lacks.
    /// @param row a cash or spot row that the account owes
    /// @param quanta at least 1
    /// @param covered token base units that come in, taken from the caller; at most what the quanta are worth
    function payIn(uint64 handle, uint16 row, uint64 quanta, Transition calldata transition, uint256 covered) external;

    /// @notice Adds to a venue's cleared ledger what it lacks: no account gets it. Anybody, from the caller.
    /// @param amount token base units
    function coverLedger(uint256 venueId, uint256 asset, uint256 amount) external;

    // ---- Trades ----

    /// @notice Settles a trade by its two proofs. Anybody.
    function settle(Settlement calldata settlement, bytes calldata receipt) external;

    /// @notice Settles many in order: all or none. A handle can be in several.
    function settleBatch(Settlement[] calldata settlements, bytes calldata receipt) external;

    /// @notice Whether a side's proof holds now, alone: what stands in the way reverts with its reason.
    /// @param seller which side
    function checkSide(Trade calldata trade, bool seller, Transition calldata side) external view;

    // ---- What is owed ----

    /// @notice An expired row leaves an account. Owned, or by anybody who knows the opening.
    function settleExpiry(uint64 handle, uint16 row, Transition calldata transition, bytes calldata receipt) external;

    /// @notice An account pays or gets what its perpetuals owe since `fromPeriod`. Owned, or by anybody who knows the opening.
    function settleFunding(uint64 handle, uint32 fromPeriod, Transition calldata transition, bytes calldata receipt)
        external;

    // ---- Frames ----

    /// @notice Computes a frame once for everybody, as the first transition in this circuit under this table otherwise does. Anybody.
    function recordFrame(uint256 venueId, uint256 circuitId, uint256 marketCommitment) external returns (uint256 frame);

    // ---- Views ----

    function accountOf(uint64 handle) external view returns (ClearedAccount memory);
    /// @notice Handles opened so far; they are 1, 2, …
    function handles() external view returns (uint64);
    function isFilled(uint256 tradeCommitment) external view returns (bool);
    /// @notice Token base units moved from the tree for a handle and not yet taken in.
    function creditOf(uint64 handle, uint256 asset) external view returns (uint256);
    /// @notice First public signal of transitions in this circuit under this table: H(tag, domain, market commitment).
    function frameOf(uint256 venueId, uint256 circuitId, uint256 marketCommitment) external view returns (uint256);
    /// @notice Context of a collateral transition: the low 128 bits of
    /// keccak256(abi.encode(address(this), handle, controller, payer, collateral)).
    /// @param handle 0 of an opening
    /// @param controller of an opening; else zero
    /// @param payer who sends what comes in; zero where nothing does, but of an opening the caller in any case
    function collateralContext(uint64 handle, address controller, address payer, Collateral calldata collateral)
        external
        view
        returns (uint128);

    /// @notice Context of both sides of a transfer: the low 128 bits of keccak256(abi.encode(address(this), moved)).
    function transferContext(Transfer calldata moved) external view returns (uint128);

    function REGISTRY() external view returns (ISolvencyRegistry);
    function TERMS() external view returns (IClearingTerms);
    function BATCH() external view returns (IProofBatch);
}
