// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {SolvencyGated} from "../SolvencyGated.sol";
import {ICreditSupportLender, Loan, LoanOffer, LoanStatus} from "./ICreditSupportLender.sol";
import {TokenCredits} from "./TokenCredits.sol";

/// @title Loans whose support is that the borrower's account at a venue keeps meeting its margin, proven anew each epoch
/// @dev Only `borrow` adds risk, and only it asks the gate's mode. No role.
contract CreditSupportLender is ICreditSupportLender, SolvencyGated, TokenCredits {
    uint256 private constant YEAR = 365 days;
    uint256 private constant PPM = 1e6;

    /// @notice The registry behind the gate: it knows when epochs were accepted.
    ISolvencyRegistry public immutable REGISTRY;
    /// @notice Seconds the prices behind a proof may be old.
    uint256 public immutable MAX_TABLE_AGE;
    /// @notice Seconds after an epoch's acceptance in which its proof is awaited.
    uint256 public immutable GRACE;
    /// @notice Seconds after a call in which a loan can be paid back without a default.
    uint256 public immutable REPAY_WINDOW;

    uint256 private _count;
    mapping(uint256 loanId => Loan) private _loans;
    mapping(uint256 account => uint256 loanId) private _supported;

    constructor(
        ISolvencyGate gate,
        ISolvencyRegistry registry,
        uint256 venueId,
        uint256 maxTableAge,
        uint256 grace,
        uint256 repayWindow
    ) SolvencyGated(gate, venueId) {
        REGISTRY = registry;
        (MAX_TABLE_AGE, GRACE, REPAY_WINDOW) = (maxTableAge, grace, repayWindow);
    }

    /// @inheritdoc ICreditSupportLender
    function offerLoan(LoanOffer calldata terms) external nonReentrant returns (uint256 loanId) {
        if (msg.sender != terms.lender) revert NotLender(msg.sender);
        if (terms.borrower == address(0)) revert InvalidOffer("borrower");
        if (terms.principal == 0) revert InvalidOffer("principal");
        loanId = ++_count;
        _loans[loanId].offer = terms;
        _loans[loanId].status = LoanStatus.OFFERED;
        emit LoanOffered(loanId, terms);
        _pull(terms.token, terms.principal);
    }

    /// @inheritdoc ICreditSupportLender
    function withdrawOffer(uint256 loanId) external nonReentrant {
        Loan storage loan = _requireStatus(loanId, LoanStatus.OFFERED);
        if (msg.sender != loan.offer.lender) revert NotLender(msg.sender);
        loan.status = LoanStatus.WITHDRAWN;
        emit OfferWithdrawn(loanId);
        _credit(loan.offer.token, msg.sender, loan.offer.principal);
    }

    /// @inheritdoc ICreditSupportLender
    function borrow(uint256 loanId, MarginClaim calldata claim) external nonReentrant whenOpen {
        Loan storage loan = _requireStatus(loanId, LoanStatus.OFFERED);
        LoanOffer storage terms = loan.offer;
        if (msg.sender != terms.borrower) revert NotBorrower(msg.sender);
        if (block.timestamp > terms.offerUntil) revert OfferEnded(terms.offerUntil, block.timestamp);
        uint256 account = _requireMargin(claim, MarginLevel.INITIAL, MAX_TABLE_AGE, borrowAction(loanId));
        if (_supported[account] != 0) revert AccountSupportsLoan(account, _supported[account]);
        _supported[account] = loanId;
        loan.status = LoanStatus.OPEN;
        loan.startedAt = uint64(block.timestamp);
        _support(loanId, account, claim);
        emit LoanTaken(loanId, account, claim.epoch);
        _credit(terms.token, msg.sender, terms.principal);
    }

    /// @inheritdoc ICreditSupportLender
    function refresh(uint256 loanId, MarginClaim calldata claim) external nonReentrant {
        Loan storage loan = _requireStatus(loanId, LoanStatus.OPEN);
        if (claim.epoch <= loan.epoch) revert NothingToRefresh(loanId, loan.epoch);
        if (claim.epoch != loan.epoch + 1) revert EpochMissed(loanId, loan.epoch, claim.epoch);
        bytes32 action = refreshAction(loanId, claim.epoch);
        uint256 account = _requireMargin(claim, MarginLevel.MAINTENANCE, MAX_TABLE_AGE, action);
        if (account != loan.nextAccount) revert AnotherAccount(account, loan.nextAccount);
        _support(loanId, account, claim);
        emit SupportRefreshed(loanId, account, claim.epoch);
    }

    /// @inheritdoc ICreditSupportLender
    function callLoan(uint256 loanId) external {
        Loan storage loan = _requireStatus(loanId, LoanStatus.OPEN);
        bool over = block.timestamp > uint256(loan.startedAt) + loan.offer.duration;
        if (!over && !_isSupportLate(loan.epoch)) revert SupportIsFresh(loanId);
        loan.status = LoanStatus.CALLED;
        loan.calledAt = uint64(block.timestamp);
        emit LoanCalled(loanId, uint64(block.timestamp + REPAY_WINDOW));
    }

    /// @inheritdoc ICreditSupportLender
    function repay(uint256 loanId) external nonReentrant returns (uint256 amount) {
        amount = owedOf(loanId);
        Loan storage loan = _loans[loanId];
        if (amount == 0) revert WrongStatus(loanId, loan.status);
        loan.status = LoanStatus.REPAID;
        emit LoanRepaid(loanId, msg.sender, amount);
        _pull(loan.offer.token, amount);
        _credit(loan.offer.token, loan.offer.lender, amount);
    }

    /// @inheritdoc ICreditSupportLender
    function declareDefault(uint256 loanId) external {
        Loan storage loan = _requireStatus(loanId, LoanStatus.CALLED);
        uint256 dueAt = uint256(loan.calledAt) + REPAY_WINDOW;
        if (block.timestamp <= dueAt) revert NotDueYet(dueAt, block.timestamp);
        loan.status = LoanStatus.DEFAULTED;
        emit BorrowerDefaulted(loanId, loan.offer.borrower, loan.account, owedOf(loanId));
    }

    /// @inheritdoc ICreditSupportLender
    function loanAt(uint256 loanId) external view returns (Loan memory) {
        return _loans[loanId];
    }

    /// @inheritdoc ICreditSupportLender
    function owedOf(uint256 loanId) public view returns (uint256) {
        Loan storage loan = _loans[loanId];
        LoanStatus status = loan.status;
        if (status != LoanStatus.OPEN && status != LoanStatus.CALLED && status != LoanStatus.DEFAULTED) return 0;
        uint256 age = block.timestamp - loan.startedAt;
        return
            loan.offer.principal + Math.ceilDiv(uint256(loan.offer.principal) * loan.offer.yearlyRate * age, PPM * YEAR);
    }

    /// @inheritdoc ICreditSupportLender
    function borrowAction(uint256 loanId) public pure returns (bytes32) {
        // A loan's number stands for its terms: they do not change, and name the borrower and the last second.
        return keccak256(abi.encode("CreditSupportLender.borrow", loanId));
    }

    /// @inheritdoc ICreditSupportLender
    function refreshAction(uint256 loanId, uint64 epoch) public pure returns (bytes32) {
        return keccak256(abi.encode("CreditSupportLender.refresh", loanId, epoch));
    }

    /// @dev The account is taken in the epoch after too, under the name it will have there.
    function _support(uint256 loanId, uint256 account, MarginClaim calldata claim) private {
        Loan storage loan = _loans[loanId];
        loan.epoch = claim.epoch;
        loan.account = account;
        loan.nextAccount = claim.nullifierNext;
        _supported[claim.nullifierNext] = loanId;
    }

    /// @dev The epoch after the last proof was accepted, and longer ago than the grace period.
    function _isSupportLate(uint64 epoch) private view returns (bool) {
        if (REGISTRY.latestEpoch(VENUE_ID) <= epoch) return false;
        return block.timestamp > uint256(REGISTRY.epochAt(VENUE_ID, epoch + 1).acceptedAt) + GRACE;
    }

    function _requireStatus(uint256 loanId, LoanStatus expected) private view returns (Loan storage loan) {
        loan = _loans[loanId];
        if (loan.status != expected) revert WrongStatus(loanId, loan.status);
    }
}
