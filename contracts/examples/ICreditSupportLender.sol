// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MarginClaim} from "../interfaces/ISolvencyGate.sol";

/// @notice What a lender offers to one borrower. Times in seconds.
/// @param principal token base units
/// @param yearlyRate ppm of the principal for 365 days, simple interest by the second
/// @param offerUntil Unix seconds; last second in which it can be taken
/// @param duration after which the loan can be called whatever was proven
struct LoanOffer {
    address lender;
    address borrower;
    IERC20 token;
    uint128 principal;
    uint32 yearlyRate;
    uint64 offerUntil;
    uint32 duration;
}

enum LoanStatus {
    NONE,
    OFFERED,
    WITHDRAWN,
    OPEN,
    CALLED,
    DEFAULTED,
    REPAID
}

/// @param epoch of the last proof
/// @param nextAccount what the same account must be called in the epoch after
struct Loan {
    LoanOffer offer;
    LoanStatus status;
    uint64 startedAt;
    uint64 calledAt;
    uint64 epoch;
    uint256 account;
    uint256 nextAccount;
}

/// @title Loans whose support is that the borrower's account at a venue keeps meeting its margin, proven anew each epoch
/// @notice What a proof shows: the account was healthy in the venue's latest snapshot, and was the same one epoch by epoch. What
/// it does not: trades the account made since; that anything is in it, for an empty account meets every margin; what the same
/// account backs at other lenders, who see it under other numbers. Nobody here can seize anything of it: without an agreement
/// between lender, borrower and venue outside this contract, a default is a record and no more.
interface ICreditSupportLender {
    event LoanOffered(uint256 indexed loanId, LoanOffer offer);
    event OfferWithdrawn(uint256 indexed loanId);
    event LoanTaken(uint256 indexed loanId, uint256 indexed account, uint64 epoch);
    event SupportRefreshed(uint256 indexed loanId, uint256 indexed account, uint64 epoch);
    event LoanCalled(uint256 indexed loanId, uint64 repayUntil);
    event LoanRepaid(uint256 indexed loanId, address indexed from, uint256 amount);
    event BorrowerDefaulted(uint256 indexed loanId, address indexed borrower, uint256 indexed account, uint256 owed);

    error NotLender(address caller);
    error NotBorrower(address caller);
    error InvalidOffer(bytes32 what);
    error WrongStatus(uint256 loanId, LoanStatus status);
    error OfferEnded(uint256 offerUntil, uint256 now_);
    error AccountSupportsLoan(uint256 account, uint256 loanId);
    error NothingToRefresh(uint256 loanId, uint256 epoch);
    error EpochMissed(uint256 loanId, uint256 provenIn, uint256 latest);
    error AnotherAccount(uint256 got, uint256 expected);
    error SupportIsFresh(uint256 loanId);
    error NotDueYet(uint256 dueAt, uint256 now_);

    /// @notice Offers a loan, and puts the principal down. Anybody, for themselves.
    function offerLoan(LoanOffer calldata terms) external returns (uint256 loanId);

    /// @notice Returns the principal of an offer nobody took. The lender only, in every mode.
    function withdrawOffer(uint256 loanId) external;

    /// @notice Takes an offered loan: the borrower proves initial margin under `borrowAction`. The borrower only, while the gate
    /// is OPEN; an account that supports a loan in an epoch supports no other in that epoch or the next.
    function borrow(uint256 loanId, MarginClaim calldata claim) external;

    /// @notice Proves maintenance margin of the same account in the epoch after the last proof, under `refreshAction`. Anybody who
    /// can, in every mode: a proof is worth having when the gate is shut.
    /// @dev Each epoch: nullifiers link an account to the next epoch only. A loan whose epoch was missed can only be repaid.
    function refresh(uint256 loanId, MarginClaim calldata claim) external;

    /// @notice Asks for the money back: the loan's time is over, or an epoch has stood for `GRACE` without a proof. Anybody, in every mode.
    function callLoan(uint256 loanId) external;

    /// @notice Pays back principal and interest; anybody may, in every mode, and after a default too.
    function repay(uint256 loanId) external returns (uint256 amount);

    /// @notice Records that a called loan was not paid back in `REPAY_WINDOW`. Anybody, in every mode.
    function declareDefault(uint256 loanId) external;

    /// @notice Principal and interest as of now, rounded up; 0 for a loan that is not owed.
    function owedOf(uint256 loanId) external view returns (uint256);

    function loanAt(uint256 loanId) external view returns (Loan memory);

    /// @notice What the proof that takes the loan is made for.
    function borrowAction(uint256 loanId) external pure returns (bytes32);

    /// @notice What the proof that refreshes the loan in an epoch is made for.
    function refreshAction(uint256 loanId, uint64 epoch) external pure returns (bytes32);
}
