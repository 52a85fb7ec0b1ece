// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {CreditSupportLender} from "../../../contracts/examples/CreditSupportLender.sol";
import {ICreditSupportLender, LoanOffer, LoanStatus} from "../../../contracts/examples/ICreditSupportLender.sol";
import {TokenCredits} from "../../../contracts/examples/TokenCredits.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {SolvencyGated} from "../../../contracts/SolvencyGated.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {GateFixture} from "./GateFixture.sol";

contract CreditSupportTest is GateFixture {
    address private constant LENDER = address(0xD0);
    address private constant BORROWER = address(0xD1);
    uint128 private constant PRINCIPAL = 100_000e6;
    uint256 private constant GRACE = 10 minutes;
    uint256 private constant REPAY_WINDOW = 1 days;
    uint32 private constant DURATION = 90 days;

    TestToken private token;
    CreditSupportLender private lender;

    function setUp() public override {
        super.setUp();
        token = new TestToken("US dollar", "USD", 6);
        lender = new CreditSupportLender(gate, registry, VENUE, TABLE_AGE, GRACE, REPAY_WINDOW);
        address[3] memory parties = [LENDER, BORROWER, STRANGER];
        for (uint256 i = 0; i < 3; ++i) {
            token.mint(parties[i], 1_000_000e6);
            vm.prank(parties[i]);
            token.approve(address(lender), type(uint256).max);
        }
    }

    function terms() private view returns (LoanOffer memory) {
        return
            LoanOffer(
                LENDER, BORROWER, IERC20(address(token)), PRINCIPAL, 100_000, uint64(START) + 30 minutes, DURATION
            );
    }

    function offered() private returns (uint256 id) {
        vm.prank(LENDER);
        id = lender.offerLoan(terms());
    }

    function nameAt(uint256 account, uint256 epoch) private pure returns (uint256) {
        return account * 1000 + epoch;
    }

    /// @dev A claim of the latest epoch by the account, whose names follow from epoch to epoch.
    function claimOf(uint256 account, bytes32 action, uint256 table) private view returns (MarginClaim memory claim) {
        claim = draftMargin(table);
        claim.nullifier = nameAt(account, claim.epoch);
        claim.nullifierNext = nameAt(account, claim.epoch + 1);
        claim = sealMargin(claim, frameHere(MARGIN, claim.epoch, table), healthyWord(address(lender), action));
    }

    function borrowed(uint256 account) private returns (uint256 id) {
        id = offered();
        MarginClaim memory claim = claimOf(account, lender.borrowAction(id), INITIAL_TABLE);
        vm.prank(BORROWER);
        lender.borrow(id, claim);
    }

    function refreshClaim(uint256 id, uint256 account) private view returns (MarginClaim memory) {
        return claimOf(account, lender.refreshAction(id, registry.latestEpoch(VENUE)), MARKET);
    }

    function refuseBorrow(uint256 id, MarginClaim memory claim, bytes memory reason) private {
        vm.prank(BORROWER);
        vm.expectRevert(reason);
        lender.borrow(id, claim);
    }

    function refuseRefresh(uint256 id, MarginClaim memory claim, bytes memory reason) private {
        vm.expectRevert(reason);
        lender.refresh(id, claim);
    }

    function requireStatus(uint256 id, LoanStatus status) private view {
        assertEq(uint256(lender.loanAt(id).status), uint256(status), "status");
    }

    function wrong(uint256 id, LoanStatus status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICreditSupportLender.WrongStatus.selector, id, status);
    }

    function test_aLoanIsTakenRefreshedAndRepaid() public {
        uint256 id = borrowed(5);
        assertEq(lender.creditOf(address(token), BORROWER), PRINCIPAL, "the borrower's");
        vm.prank(BORROWER);
        lender.withdraw(IERC20(address(token)), BORROWER);
        for (uint256 epoch = 2; epoch < 5; ++epoch) {
            nextEpoch();
            lender.refresh(id, refreshClaim(id, 5));
            assertEq(lender.loanAt(id).account, nameAt(5, epoch), "its name of the epoch");
        }
        vm.warp(START + 73 days);
        // A fifth of a year at ten per cent.
        assertEq(lender.owedOf(id), uint256(PRINCIPAL) * 102 / 100, "owed");
        vm.prank(STRANGER);
        lender.repay(id);
        requireStatus(id, LoanStatus.REPAID);
        assertEq(lender.owedOf(id), 0, "owed");
        vm.prank(LENDER);
        assertEq(lender.withdraw(IERC20(address(token)), LENDER), uint256(PRINCIPAL) * 102 / 100, "the lender's");
        assertEq(token.balanceOf(address(lender)), 0, "nothing stays");
        vm.expectRevert(wrong(id, LoanStatus.REPAID));
        lender.repay(id);
    }

    function test_interestIsRoundedForTheLender() public {
        uint256 id = borrowed(5);
        vm.warp(START + 1);
        uint256 exact = uint256(PRINCIPAL) * 100_000;
        assertEq(lender.owedOf(id), PRINCIPAL + exact / (1e6 * 365 days) + 1, "up");
    }

    function test_anAccountSupportsOneLoanAtATime() public {
        uint256 first = borrowed(5);
        uint256 second = offered();
        bytes4 reason = ICreditSupportLender.AccountSupportsLoan.selector;
        MarginClaim memory claim = claimOf(5, lender.borrowAction(second), INITIAL_TABLE);
        refuseBorrow(second, claim, abi.encodeWithSelector(reason, nameAt(5, 1), first));
        nextEpoch();
        claim = claimOf(5, lender.borrowAction(second), INITIAL_TABLE);
        refuseBorrow(second, claim, abi.encodeWithSelector(reason, nameAt(5, 2), first));
        lender.refresh(first, refreshClaim(first, 5));
        nextEpoch();
        claim = claimOf(5, lender.borrowAction(second), INITIAL_TABLE);
        refuseBorrow(second, claim, abi.encodeWithSelector(reason, nameAt(5, 3), first));
        claim = claimOf(6, lender.borrowAction(second), INITIAL_TABLE);
        vm.prank(BORROWER);
        lender.borrow(second, claim);
    }

    function test_anotherAccountDoesNotRefresh() public {
        uint256 id = borrowed(5);
        nextEpoch();
        refuseRefresh(
            id,
            refreshClaim(id, 6),
            abi.encodeWithSelector(ICreditSupportLender.AnotherAccount.selector, nameAt(6, 2), nameAt(5, 2))
        );
    }

    function test_refreshingNeedsMaintenanceMarginForThisLoanAndEpoch() public {
        uint256 id = borrowed(5);
        MarginClaim memory early = refreshClaim(id, 5);
        refuseRefresh(id, early, abi.encodeWithSelector(ICreditSupportLender.NothingToRefresh.selector, id, 1));
        nextEpoch();
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        refuseRefresh(id, claimOf(5, lender.refreshAction(id + 1, 2), MARKET), rejected);
        refuseRefresh(id, claimOf(5, lender.refreshAction(id, 1), MARKET), rejected);
        refuseRefresh(id, claimOf(5, lender.borrowAction(id), MARKET), rejected);
        refuseRefresh(
            id,
            claimOf(5, lender.refreshAction(id, 2), INITIAL_TABLE),
            abi.encodeWithSelector(
                ISolvencyGate.WrongMarginLevel.selector, MarginLevel.INITIAL, MarginLevel.MAINTENANCE
            )
        );
        lender.refresh(id, refreshClaim(id, 5));
        refuseRefresh(
            id, refreshClaim(id, 5), abi.encodeWithSelector(ICreditSupportLender.NothingToRefresh.selector, id, 2)
        );
    }

    /// What links an account to its next name reaches one epoch: a loan that misses one is called and repaid.
    function test_aMissedEpochCannotBeMadeUpFor() public {
        uint256 id = borrowed(5);
        nextEpoch();
        nextEpoch();
        refuseRefresh(
            id, refreshClaim(id, 5), abi.encodeWithSelector(ICreditSupportLender.EpochMissed.selector, id, 1, 3)
        );
        MarginClaim memory old = refreshClaim(id, 5);
        old.epoch = 2;
        refuseRefresh(id, old, abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE, 2, 3));
        vm.warp(START + GRACE + 1);
        lender.callLoan(id);
    }

    function test_aLoanWithoutItsProofIsCalledAfterTheGracePeriodByAnybody() public {
        uint256 id = borrowed(5);
        vm.warp(START + 5 minutes);
        bytes memory fresh = abi.encodeWithSelector(ICreditSupportLender.SupportIsFresh.selector, id);
        vm.expectRevert(fresh);
        lender.callLoan(id);
        nextEpoch();
        vm.warp(START + 5 minutes + GRACE);
        vm.expectRevert(fresh);
        lender.callLoan(id);
        vm.warp(START + 5 minutes + GRACE + 1);
        vm.prank(STRANGER);
        lender.callLoan(id);
        requireStatus(id, LoanStatus.CALLED);
        refuseRefresh(id, refreshClaim(id, 5), wrong(id, LoanStatus.CALLED));
        uint256 dueAt = block.timestamp + REPAY_WINDOW;
        vm.warp(dueAt);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.NotDueYet.selector, dueAt, dueAt));
        lender.declareDefault(id);
        vm.warp(dueAt + 1);
        vm.recordLogs();
        lender.declareDefault(id);
        assertEq(vm.getRecordedLogs()[0].topics[3], bytes32(nameAt(5, 1)), "names the account of the last proof");
        requireStatus(id, LoanStatus.DEFAULTED);
        vm.prank(BORROWER);
        lender.repay(id);
        requireStatus(id, LoanStatus.REPAID);
    }

    function test_aRefreshedLoanIsNotCalledBeforeItsTime() public {
        uint256 id = borrowed(5);
        nextEpoch();
        lender.refresh(id, refreshClaim(id, 5));
        vm.warp(START + DURATION);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.SupportIsFresh.selector, id));
        lender.callLoan(id);
        vm.warp(START + DURATION + 1);
        lender.callLoan(id);
        requireStatus(id, LoanStatus.CALLED);
    }

    function test_newLoansNeedAnOpenGateAndEverythingElseDoesNot() public {
        uint256 id = borrowed(5);
        uint256 second = offered();
        uint256 third = offered();
        nextEpoch();
        source.setState(ReserveState.PAUSED);
        MarginClaim memory claim = claimOf(6, lender.borrowAction(second), INITIAL_TABLE);
        refuseBorrow(second, claim, abi.encodeWithSelector(SolvencyGated.GateClosed.selector, GateMode.REDUCE_ONLY));
        source.setState(ReserveState.CLOSED);
        refuseBorrow(second, claim, abi.encodeWithSelector(SolvencyGated.GateClosed.selector, GateMode.HALT));
        lender.refresh(id, refreshClaim(id, 5));
        vm.prank(BORROWER);
        lender.repay(id);
        vm.startPrank(LENDER);
        lender.withdrawOffer(second);
        lender.withdrawOffer(third);
        assertEq(lender.withdraw(IERC20(address(token)), LENDER), 3 * uint256(PRINCIPAL), "halted, and paid");
        vm.stopPrank();
    }

    function test_repayingWorksAtEveryAgeOfTheVenue() public {
        uint256 id = borrowed(5);
        vm.warp(START + 10 * 365 days);
        assertEq(uint256(gate.mode(VENUE)), uint256(GateMode.HALT), "long silent");
        vm.prank(BORROWER);
        assertEq(lender.repay(id), 2 * uint256(PRINCIPAL), "ten years at ten per cent");
    }

    function test_borrowingNeedsAProofOfInitialMarginForThisLoan() public {
        uint256 id = offered();
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        refuseBorrow(id, claimOf(5, lender.borrowAction(id + 1), INITIAL_TABLE), rejected);
        refuseBorrow(id, claimOf(5, lender.refreshAction(id, 1), INITIAL_TABLE), rejected);
        refuseBorrow(
            id,
            claimOf(5, lender.borrowAction(id), MARKET),
            abi.encodeWithSelector(
                ISolvencyGate.WrongMarginLevel.selector, MarginLevel.MAINTENANCE, MarginLevel.INITIAL
            )
        );
        vm.warp(START + TABLE_AGE + 1);
        refuseBorrow(
            id,
            claimOf(5, lender.borrowAction(id), INITIAL_TABLE),
            abi.encodeWithSelector(ISolvencyGate.TableTooOld.selector, TABLE_AGE + 1, TABLE_AGE)
        );
    }

    function test_onlyTheNamedPartiesActAndInTime() public {
        LoanOffer memory t = terms();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.NotLender.selector, STRANGER));
        lender.offerLoan(t);
        uint256 id = offered();
        MarginClaim memory claim = claimOf(5, lender.borrowAction(id), INITIAL_TABLE);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.NotBorrower.selector, STRANGER));
        lender.borrow(id, claim);
        vm.prank(BORROWER);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.NotLender.selector, BORROWER));
        lender.withdrawOffer(id);
        vm.warp(START + 30 minutes + 1);
        refuseBorrow(
            id,
            claim,
            abi.encodeWithSelector(ICreditSupportLender.OfferEnded.selector, START + 30 minutes, START + 30 minutes + 1)
        );
        vm.prank(LENDER);
        lender.withdrawOffer(id);
        assertEq(lender.creditOf(address(token), LENDER), PRINCIPAL, "returned");
        refuseBorrow(id, claim, wrong(id, LoanStatus.WITHDRAWN));
        (t.lender, t.borrower) = (LENDER, address(0));
        vm.prank(LENDER);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.InvalidOffer.selector, bytes32("borrower")));
        lender.offerLoan(t);
        (t.borrower, t.principal) = (BORROWER, 0);
        vm.prank(LENDER);
        vm.expectRevert(abi.encodeWithSelector(ICreditSupportLender.InvalidOffer.selector, bytes32("principal")));
        lender.offerLoan(t);
    }

    function test_aTakenLoanIsNeitherTakenAgainNorWithdrawn() public {
        uint256 id = borrowed(5);
        refuseBorrow(id, claimOf(6, lender.borrowAction(id), INITIAL_TABLE), wrong(id, LoanStatus.OPEN));
        vm.prank(LENDER);
        vm.expectRevert(wrong(id, LoanStatus.OPEN));
        lender.withdrawOffer(id);
        vm.expectRevert(wrong(id, LoanStatus.OPEN));
        lender.declareDefault(id);
        vm.expectRevert(wrong(99, LoanStatus.NONE));
        lender.repay(99);
    }

    function test_K19_K31_oddTokensAreRefused() public {
        OddToken strange = new OddToken();
        strange.mint(LENDER, PRINCIPAL);
        LoanOffer memory t = terms();
        t.token = IERC20(address(strange));
        strange.setOddity(OddToken.Oddity.FEE);
        vm.prank(LENDER);
        vm.expectRevert(
            abi.encodeWithSelector(
                TokenCredits.WrongAmountReceived.selector, address(strange), PRINCIPAL - PRINCIPAL / 100, PRINCIPAL
            )
        );
        lender.offerLoan(t);
        strange.setOddity(OddToken.Oddity.REENTERS);
        strange.setCall(address(lender), abi.encodeCall(lender.withdraw, (t.token, LENDER)));
        vm.prank(LENDER);
        vm.expectRevert(ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
        lender.offerLoan(t);
    }
}
