// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    ClearedAccount,
    ClearingRules,
    Collateral,
    ExpirySettlement,
    ExpiryTerms,
    PerpetualTerms,
    Settlement,
    Trade,
    Transition
} from "./ClearingTypes.sol";
import {IClearedCredits} from "./IClearedCredits.sol";
import {ParameterSet, PriceRound} from "./IMarketBoard.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";

/// @title Accounts that settle on chain: one commitment each, changed by proofs alone
/// @notice Statement and rules: docs/decisions/0009-clearing-house.md. Every check reverts with its reason.
/// @dev Receipts are the operator's signature over EIP-712 Openings(uint256 venueId,bytes32 openings), domain "Clearproof ClearingHouse",
/// version "1", openings = keccak256 of handle and new commitment, 32 bytes each, of every owned side in order; empty where none is needed.
interface IClearingHouse is IVenueTimelock, IClearedCredits {
    event AccountOpened(uint256 indexed venueId, uint64 indexed handle, address controller);
    event ControllerChanged(uint64 indexed handle, address controller);
    event AccountChanged(uint64 indexed handle, uint256 oldCommitment, uint256 newCommitment, uint256 marketCommitment);
    event CollateralIn(uint64 indexed handle, uint256 indexed asset, uint256 amount);
    event CollateralOut(uint64 indexed handle, uint256 indexed asset, uint256 amount, address recipient);
    event CollateralMoved(uint64 indexed from, uint64 indexed to, uint256 indexed asset, uint256 amount);
    event TradeSettled(uint256 indexed venueId, uint64 indexed buyer, uint64 indexed seller, uint256 tradeCommitment);
    event FrameRecorded(uint256 indexed venueId, uint256 indexed marketCommitment, uint256 circuitId, uint256 frame);
    event ClearingRulesActivated(uint256 indexed venueId, ClearingRules rules);
    event LiquidationsActivated(uint256 indexed venueId, address liquidations);
    event ExpiryListed(uint256 indexed venueId, uint16 indexed row, ExpiryTerms terms);
    event ExpiryRecorded(uint256 indexed venueId, uint16 indexed row, ExpirySettlement settlement);
    event PerpetualListed(uint256 indexed venueId, uint16 indexed row, uint16 group, PerpetualTerms terms);
    event FundingAccrued(uint256 indexed venueId, uint32 indexed period, uint64 round, int64[] rates);

    error UnknownHandle(uint64 handle);
    error NotController(uint64 handle, address caller);
    error OtherVenue(uint64 handle, uint256 got, uint256 expected);
    error NotATransitionCircuit(uint256 circuitId);
    error TableNotAccepted(uint256 venueId, uint256 marketCommitment);
    error TableNotInitialLevel(uint256 marketCommitment);
    error ClearingTableTooOld(uint256 age, uint256 maxAge);
    error TransitionRejected();
    error SelfMatch(uint64 handle);
    error TradeExpired(uint64 expiry, uint256 now_);
    error TradeFilled(uint256 tradeCommitment);
    error NewRiskStopped(uint256 venueId);
    error VenueHalted(uint256 venueId);
    error NotLiquidated(uint64 handle);
    error OwnerMissing(uint64 handle);
    error OpeningsNotSigned(uint256 venueId);
    error NothingMoves();
    error DeadlineMissed(uint64 deadline, uint256 now_);
    error TransferUnbalanced();
    error NotInWholeQuanta(uint256 asset, uint256 received, uint256 wanted);
    error NotTheVault(address caller);
    error ExpiryNotListed(uint256 venueId, uint16 row);
    error ExpiryListedBefore(uint256 venueId, uint16 row);
    error NotADatedRow(uint256 venueId, uint16 row);
    error NotYetExpired(uint64 expiry, uint64 roundTime);
    error NotTheFirstRound(uint64 round, uint64 time);
    error SettlementRecorded(uint256 venueId, uint16 row);
    error SettlementNotRecorded(uint256 venueId, uint16 row);
    error NotAPerpetual(uint256 venueId, uint16 row);
    error TooManyPerpetuals(uint256 venueId);
    error RoundNotLater(uint64 round, uint64 last);
    error FundingPeriodUnknown(uint32 period, uint32 current);
    error RateOutOfRange(int256 rate);

    // ---- Accounts ----

    /// @notice Opens an account with collateral, which may be nothing. The caller pays.
    /// @param collateral only the in side; `recipient` and `beneficiary` mean nothing
    /// @return handle the number the account goes by
    function open(
        uint256 venueId,
        address controller,
        Collateral calldata collateral,
        Transition calldata transition,
        bytes calldata receipt
    ) external returns (uint64 handle);

    /// @notice Collateral in, out, or one for another. Anybody can submit what the owner proved.
    function adjust(uint64 handle, Collateral calldata collateral, Transition calldata transition, bytes calldata receipt)
        external;

    /// @notice Moves collateral between two accounts: out of one is in of the other. No token moves.
    /// @param collateral of `from`: only the out side
    function transfer(
        uint64 from,
        uint64 to,
        Collateral calldata collateral,
        Transition calldata fromSide,
        Transition calldata toSide,
        bytes calldata receipt
    ) external;

    function setController(uint64 handle, address controller) external;

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

    /// @notice Fixes what an expired row is worth. Anybody.
    /// @param round the first one at or after the expiry
    /// @param before the round before it; its id is 0 where there is none
    /// @param parameters the active set of the market board
    function recordExpiry(
        uint256 venueId,
        uint16 row,
        PriceRound calldata round,
        PriceRound calldata before,
        ParameterSet calldata parameters
    ) external;

    /// @notice Adds what perpetuals pay since the last time; the period goes up by one. Anybody.
    function accrueFunding(uint256 venueId, PriceRound calldata round, ParameterSet calldata parameters) external;

    // ---- Set-up: parameter admin, after the timelock; the very first rules are active at once ----

    function proposeRules(uint256 venueId, ClearingRules calldata rules) external;
    function activateRules(uint256 venueId, ClearingRules calldata rules) external;
    function proposeLiquidations(uint256 venueId, address liquidations) external;
    function activateLiquidations(uint256 venueId, address liquidations) external;
    function proposeExpiry(uint256 venueId, ExpiryTerms calldata terms) external;
    function activateExpiry(uint256 venueId, ExpiryTerms calldata terms) external;
    /// @param payRow cash row that funding is paid in: one for all perpetuals of the venue, the first listing's
    function proposePerpetual(uint256 venueId, PerpetualTerms calldata terms, uint16 payRow) external;
    function activatePerpetual(uint256 venueId, PerpetualTerms calldata terms, uint16 payRow) external;

    // ---- Views ----

    function accountOf(uint64 handle) external view returns (ClearedAccount memory);
    /// @notice Handles opened so far; they are 1, 2, …
    function handles() external view returns (uint64);
    function isFilled(uint256 tradeCommitment) external view returns (bool);
    /// @notice Token base units moved from the tree for a handle and not yet taken in.
    function creditOf(uint64 handle, uint256 asset) external view returns (uint256);
    function rulesOf(uint256 venueId) external view returns (ClearingRules memory);
    function liquidationsOf(uint256 venueId) external view returns (address);
    function expiryOf(uint256 venueId, uint16 row)
        external
        view
        returns (ExpiryTerms memory terms, ExpirySettlement memory settlement);
    /// @notice Funded perpetuals with their groups in the tables, and the cash row all are paid in.
    function perpetualsOf(uint256 venueId)
        external
        view
        returns (PerpetualTerms[] memory terms, uint16[] memory groups, uint16 payRow);
    /// @notice Funding period now, from 0.
    function periodOf(uint256 venueId) external view returns (uint32);
    /// @notice Sum of rates up to a period, of each perpetual: 10^-6 value units a quantum, paid by longs.
    function cumulativeRates(uint256 venueId, uint32 period) external view returns (int64[] memory);
    function frameOf(uint256 venueId, uint256 circuitId, uint256 marketCommitment) external view returns (uint256);
    /// @notice Context of a collateral transition: the low 128 bits of
    /// keccak256(abi.encode(address(this), handle, controller, payer, collateral)).
    /// @param handle 0 of an opening
    /// @param controller of an opening; else zero
    /// @param payer who sends what comes in; zero where nothing does
    function collateralContext(uint64 handle, address controller, address payer, Collateral calldata collateral)
        external
        view
        returns (uint128);
}
