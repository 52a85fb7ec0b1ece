// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Transition} from "./ClearingTypes.sol";
import {IAccountProofs, MarkClaim} from "./IAccountProofs.sol";
import {IClearingHouse} from "./IClearingHouse.sol";
import {IDefaultFund} from "./IDefaultFund.sol";
import {ILiquidationSource} from "./ILiquidationSource.sol";
import {IPoseidon6} from "./IPoseidon6.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";
import {AccountStanding, Auction, Bid, LiquidationRules, Lot, Standing, VerdictClaim} from "./LiquidationTypes.sol";

/// @title Challenges of cleared accounts, and the sale of those under water
/// @notice docs/decisions/0010-liquidation.md. Every check reverts with its reason. Roles are those of the registry's venue record.
interface ILiquidations is ILiquidationSource, IVenueTimelock {
    event LiquidationRulesProposed(uint256 indexed venueId, LiquidationRules rules);
    event LiquidationRulesActivated(uint256 indexed venueId, LiquidationRules rules);
    event Challenged(
        uint64 indexed handle, address indexed keeper, uint256 marketCommitment, uint64 deadline, uint256 bond
    );
    event Defended(uint64 indexed handle, uint256 marketCommitment, uint256 bond);
    event Frozen(uint64 indexed handle);
    event LiquidationStarted(uint64 indexed handle, uint32 liquidation, address indexed keeper, uint256 marketCommitment);
    event LiquidationEnded(uint64 indexed handle, uint32 liquidation, uint256 marketCommitment);
    event AuctionMarked(
        uint64 indexed handle,
        uint16 indexed row,
        uint16 indexed payRow,
        bool accountSells,
        uint32 liquidation,
        Auction auction
    );
    /// @notice Terms of the trade in the clear: with `AccountChanged` of the house the owner opens what is left.
    event SliceSold(
        uint64 indexed handle,
        uint64 indexed bidder,
        uint16 row,
        uint16 payRow,
        bool accountSells,
        uint64 quantity,
        uint64 payment,
        uint256 nonce,
        uint256 penalty,
        uint256 subsidy
    );
    event DebtPaid(uint64 indexed handle, uint16 indexed row, uint64 quanta, uint256 amount, uint256 covered);
    event Released(uint64 indexed handle, address indexed keeper, uint256 bond);
    event BondWithdrawn(address indexed account, uint256 amount);

    error PartOfAnotherRegistry(address part);
    error NotLiquidationsOf(uint256 venueId, address liquidations);
    error StillLiquidationsOf(uint256 venueId);
    error NotTheHouse(address caller);
    error AlreadyChallenged(uint64 handle);
    error NotInStanding(uint64 handle, Standing got);
    error WrongBond(uint256 sent, uint256 wanted);
    error AnswerTime(uint64 deadline, uint256 now_);
    error PricesStopped(uint256 venueId);
    error NotAcceptedTable(uint256 marketCommitment);
    error WrongTableLevel(uint256 marketCommitment);
    error TableTooOldToJudge(uint256 age, uint256 maxAge);
    error TableBeforeChallenge(uint64 tableTime, uint64 challengeTime);
    error TableNotNewer(uint64 tableTime, uint64 answeredTime);
    error NotTheLatestTable(uint256 got, uint256 latest);
    error NotAMarginCircuit(uint256 circuitId);
    error VerdictRejected();
    error NoMarketBoard(uint256 venueId);
    error NotForSale(uint16 row, uint16 payRow);
    error RowExpired(uint16 row, uint64 expiry);
    error WrongRow(uint16 got, uint16 wanted);
    error NoPayMark(uint16 row);
    error NoAuction(uint64 handle, uint16 row, uint16 payRow);
    error OtherTable(uint256 got, uint256 wanted);
    error NotTheTrade(bytes32 what);
    error PriceTooLow(uint256 offered, uint256 asked);
    error PriceTooHigh(uint256 asked, uint256 most);
    error SubsidyTooLarge(uint256 asked, uint256 most);
    error TooMuchDust(uint64 handle);
    error NothingToPay();
    error NoBond(address account);
    error BondNotSent(address account);

    // ---- Challenges ----

    /// @notice Doubts an account under the latest maintenance table, with a bond: `challengeBond(handle)` exactly.
    function challenge(uint64 handle, uint256 marketCommitment) external payable;

    /// @notice Shows the account healthy: answers a challenge, ends a freeze or a liquidation. Anybody with the opening. Under a fresh table of
    /// either level, not older than what it was last doubted by.
    function answer(uint64 handle, VerdictClaim calldata healthy) external;

    /// @notice Shows the account under water: liquidation starts at once. Anybody with the opening, challenge or not.
    function start(uint64 handle, VerdictClaim calldata underWater) external;

    /// @notice Nobody answered in time. Anybody.
    /// @param marketCommitment a table as an answer would have needed
    function freeze(uint64 handle, uint256 marketCommitment) external;

    /// @notice Where the venue named another liquidation contract: gives a challenge's bond back, and the handle is sound here. Anybody.
    function release(uint64 handle) external;

    /// @notice Takes the bonds that are the caller's: won as a controller, or got back as a challenger.
    function withdrawBonds() external;

    // ---- Sale ----

    /// @notice Opens an auction, or marks it again under a newer table: its clock goes on where the last one's table was still fresh. Anybody
    /// who shows that the account is under water now: no clock runs down while it is not.
    /// @param marketCommitment the latest table of initial level
    /// @param feeMark of the rules' fee row; not looked at where that is the pay row
    function markAuction(
        Lot calldata lot,
        uint256 marketCommitment,
        MarkClaim calldata mark,
        MarkClaim calldata payMark,
        MarkClaim calldata feeMark,
        VerdictClaim calldata underWater
    ) external;

    /// @notice Buys a slice, or takes one over. Controller of the bidder's handle only: this contract pulls the penalty from the caller, who gets the
    /// subsidy from the default fund: nobody else gains by sending a bid that he saw. The auction's table is the latest of its level.
    /// @param receipt the operator's, for the bidder's opening
    function take(Bid calldata bid, bytes calldata receipt) external;

    /// @notice Pays what an account owes in a row, when nothing is left to sell. Anybody.
    /// @param quanta of the row, at least 1
    function payDebt(uint64 handle, uint16 row, uint64 quanta, Transition calldata transition) external;

    // ---- Set-up: parameter admin, after the timelock; the very first rules are active at once ----

    function proposeRules(uint256 venueId, LiquidationRules calldata rules) external;
    function activateRules(uint256 venueId, LiquidationRules calldata rules) external;

    // ---- Views ----

    function rulesOf(uint256 venueId) external view returns (LiquidationRules memory);
    function standingOf(uint64 handle) external view returns (AccountStanding memory);
    /// @notice Wei that a challenge of the handle holds now.
    function challengeBond(uint64 handle) external view returns (uint256);
    /// @notice Auction of a lot in the account's present liquidation; zeros where there is none.
    function auctionOf(Lot calldata lot) external view returns (Auction memory);
    /// @notice Discount and subsidy of the lot's clock now, ppm. Reverts with NoAuction.
    function clockOf(Lot calldata lot) external view returns (uint24 discount, uint24 subsidy);
    /// @notice What verdict proofs of a handle are made for: the low 128 bits of keccak256(abi.encode(address(this), handle, sender)).
    /// @param sender of `start`, who may become the keeper: nobody else can send what he proved; zero for all other verdicts
    function verdictContext(uint64 handle, address sender) external view returns (uint128);
    /// @notice Accounts of a venue that are being liquidated now.
    function liquidating(uint256 venueId) external view returns (uint256);
    /// @notice Wei the account can take out.
    function bondsOf(address account) external view returns (uint256);

    /// @notice Bonds that a challenge within `quiet` of a healthy answer holds.
    function PRESSING() external view returns (uint96);
    /// @notice Shortest window to answer in, seconds.
    function MIN_WINDOW() external view returns (uint32);
    /// @notice Slices below `minLot` that are sold in a liquidation without a second verdict.
    function MOST_DUST() external view returns (uint8);
    function HOUSE() external view returns (IClearingHouse);
    function PROOFS() external view returns (IAccountProofs);
    function FUND() external view returns (IDefaultFund);
    function POSEIDON6() external view returns (IPoseidon6);
}
