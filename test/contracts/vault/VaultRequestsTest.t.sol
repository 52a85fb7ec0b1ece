// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {
    Deposit,
    Paid,
    Payout,
    RequestStatus,
    VaultRules,
    WithdrawalRequest
} from "../../../contracts/interfaces/VaultTypes.sol";
import {ContractSigner} from "../mocks/ContractSigner.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev Withdrawals the venue did not sign.
contract VaultRequestsTest is VaultFixture {
    uint64 private epoch;

    function setUp() public override {
        super.setUp();
        deposit(ALICE, 0, 1_000_000);
        deposit(BOB, 1, 500_000);
        epoch = standingEpoch();
    }

    function status(uint256 requestId) private view returns (RequestStatus) {
        return vault.requestAt(requestId).status;
    }

    function wrongStatus(uint256 requestId) private view returns (bytes memory) {
        return abi.encodeWithSelector(IVaultMessages.WrongRequestStatus.selector, requestId, status(requestId));
    }

    function notDue(uint256 requestId) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVaultMessages.RequestNotDue.selector, requestId);
    }

    function test_aRequestTakesItsAmountOutOfTheTreeAtOnce() public {
        Payout memory p = requestOf(ALICE, epoch, USD_ROW, 300);
        SignerClaim memory s = signerOf(ALICE, epoch, epoch);
        WithdrawalRequest memory expected = WithdrawalRequest({
            venueId: HELD,
            asset: 0,
            amount: 300,
            recipient: ALICE,
            answerBy: uint64(block.timestamp + 2 hours),
            cancelCheckpoint: 0,
            signer: vm.addr(USER_KEY),
            dueAt: uint64(block.timestamp + 1 days),
            status: RequestStatus.PENDING,
            epoch: epoch,
            latestEpoch: epoch,
            checkpoint: 1,
            madeAt: uint64(block.timestamp),
            nullifier: nf(ALICE, epoch),
            nullifierNext: 0
        });
        vm.expectEmit(address(vault));
        emit IVaultMessages.NullifierUsed(HELD, nf(ALICE, epoch), 0, 300);
        vm.expectEmit(address(vault));
        emit IVaultMessages.WithdrawalRequested(HELD, 1, expected);
        uint256 requestId = vault.requestWithdrawal(HELD, p, s);
        assertEq(requestId, 1, "first");
        assertEq(keccak256(abi.encode(vault.requestAt(1))), keccak256(abi.encode(expected)), "stored");
        assertEq(vault.treeBalance(HELD, 0), 999_700, "tree");
        assertEq(vault.pendingBalance(HELD, 0), 300, "pending");
        Paid memory paid = vault.paidUnder(nf(ALICE, epoch));
        assertTrue(paid.quanta == 300 && paid.requestId == 1, "counted under the nullifier");
        openSnapshot();
        assertEq(registry.lastSnapshot(HELD).reserves[0], 999_700, "covers no deposits any more");
    }

    function test_aRequestIsPaidAfterAnEpochOrAfterItsDelay() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        uint256 second = request(BOB, epoch, BTC_ROW, 5);
        vm.expectRevert(notDue(first));
        vault.payRequest(first);
        pass(2 hours);
        // The time for an answer is over, but no epoch came.
        vm.expectRevert(notDue(first));
        vault.payRequest(first);
        nextEpoch();
        uint256 before = usd.balanceOf(ALICE);
        vm.expectEmit(address(vault));
        emit IVaultMessages.RequestPaid(first);
        vm.prank(STRANGER);
        vault.payRequest(first);
        assertEq(usd.balanceOf(ALICE), before + 300, "paid");
        assertEq(vault.pendingBalance(HELD, 0), 0, "pending");
        bytes memory wrong = wrongStatus(first);
        vm.expectRevert(wrong);
        vault.payRequest(first);
        vault.payRequest(second);
    }

    function test_anEpochAloneDoesNotMakeARequestDueNorDoesTheNextOneBeforeAnAnswer() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        nextEpoch();
        pass(2 hours - 1);
        vm.expectRevert(notDue(first));
        vault.payRequest(first);
        pass(1);
        vault.payRequest(first);
    }

    function test_aSilentVenueDelaysARequestByTheDelay() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        pass(1 days - 1);
        vm.expectRevert(notDue(first));
        vault.payRequest(first);
        pass(1);
        vault.payRequest(first);
        assertTrue(status(first) == RequestStatus.PAID, "paid");
    }

    function test_laterRulesDoNotMakeARequestWaitLonger() public {
        VaultRules memory r = vaultRules();
        r.requestDelay = 100 days;
        r.timelock = 200 days;
        vm.startPrank(PARAMETERS);
        vault.proposeRules(HELD, r);
        pass(3 days);
        vm.stopPrank();
        epoch = standingEpoch();
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        vm.prank(PARAMETERS);
        vault.activateRules(HELD, r);
        pass(1 days);
        vault.payRequest(first);
    }

    function test_requestsAndPayoutsShareNullifiers() public {
        request(ALICE, epoch, USD_ROW, 300);
        refuseWithdraw(
            payoutOf(ALICE, epoch, USD_ROW, 1),
            abi.encodeWithSelector(IVaultMessages.NullifierUsedBefore.selector, nf(ALICE, epoch))
        );
        withdraw(BOB, epoch, BTC_ROW, 1);
        Payout memory p = requestOf(BOB, epoch, BTC_ROW, 1);
        SignerClaim memory s = signerOf(BOB, epoch, epoch);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.NullifierUsedBefore.selector, nf(BOB, epoch)));
        vault.requestWithdrawal(HELD, p, s);
    }

    function test_theSignerIsShownToBeTheAccounts() public {
        Payout memory p = requestOf(ALICE, epoch, USD_ROW, 300);
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.SignerIsNotTheAccounts.selector, nf(ALICE, epoch));
        SignerClaim memory s = signerOf(BOB, epoch, epoch);
        vm.expectRevert(reason);
        vault.requestWithdrawal(HELD, p, s);
        s = signerOf(ALICE, epoch, epoch + 1);
        vm.expectRevert(reason);
        vault.requestWithdrawal(HELD, p, s);
        s = signerOf(ALICE, epoch - 1, epoch);
        vm.expectRevert(reason);
        vault.requestWithdrawal(HELD, p, s);
        s = signerOf(ALICE, epoch, epoch);
        s.laterNullifier = nf(BOB, epoch);
        vm.expectRevert(reason);
        vault.requestWithdrawal(HELD, p, s);
        s = signerOf(ALICE, epoch, epoch);
        s.signer = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(IAccountProofs.SignerProofRejected.selector));
        vault.requestWithdrawal(HELD, p, s);
        p = payoutOf(ALICE, epoch, USD_ROW, 300);
        s = signerOf(ALICE, epoch, epoch);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        vault.requestWithdrawal(HELD, p, s);
    }

    // ---- a later order ----

    function test_aLaterOrderDefersUntilAnEpochAfterTheRequest() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        bytes memory signature = signed(USER_KEY, orderHash(nf(ALICE, epoch), 9, "digest"));
        vm.expectEmit(address(vault));
        emit IVaultMessages.RequestDeferred(first, 9, "digest");
        vm.prank(venueOperator);
        vault.deferRequest(first, 9, "digest", signature);
        uint64 next = standingEpoch();
        pass(2 days);
        bytes memory wrong = wrongStatus(first);
        vm.expectRevert(wrong);
        vault.payRequest(first);
        uint256 before = usd.balanceOf(ALICE);
        MarginClaim memory claim = confirmationOf(ALICE, next, first);
        SignerClaim memory link = signerOf(ALICE, epoch, next);
        vm.expectEmit(address(vault));
        emit IVaultMessages.RequestPaid(first);
        vault.confirmRequest(first, claim, link);
        assertEq(usd.balanceOf(ALICE), before + 300, "paid");
        assertFalse(vault.isNullifierUsed(nf(ALICE, next)), "the new leaf is free");
        wrong = wrongStatus(first);
        vm.expectRevert(wrong);
        vault.confirmRequest(first, claim, link);
    }

    function test_onlyAnOrderOfTheRequestsSignerDefersAndOnlyInTime() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        bytes memory good = signed(USER_KEY, orderHash(nf(ALICE, epoch), 1, "order"));
        refused(
            STRANGER,
            abi.encodeCall(vault.deferRequest, (first, 1, "order", good)),
            abi.encodeWithSelector(ISolvencyRegistry.NotOperator.selector, HELD, STRANGER)
        );
        bytes memory unsigned = abi.encodeWithSelector(IVaultMessages.OrderNotSigned.selector, vm.addr(USER_KEY));
        refused(venueOperator, abi.encodeCall(vault.deferRequest, (first, 2, "order", good)), unsigned);
        refused(venueOperator, abi.encodeCall(vault.deferRequest, (first, 1, "other", good)), unsigned);
        bytes memory forged = signed(OPERATOR_KEY, orderHash(nf(ALICE, epoch), 1, "order"));
        refused(venueOperator, abi.encodeCall(vault.deferRequest, (first, 1, "order", forged)), unsigned);
        forged = signed(USER_KEY, orderHash(nf(ALICE, epoch - 1), 1, "order"));
        refused(venueOperator, abi.encodeCall(vault.deferRequest, (first, 1, "order", forged)), unsigned);
        bytes memory defersIt = abi.encodeCall(vault.deferRequest, (first, 1, "order", good));
        uint256 answerBy = vault.requestAt(first).answerBy;
        vm.warp(answerBy);
        refused(
            venueOperator,
            defersIt,
            abi.encodeWithSelector(IVaultMessages.DeadlinePassed.selector, answerBy, block.timestamp)
        );
        vm.warp(answerBy - 1);
        vm.prank(venueOperator);
        vault.deferRequest(first, 1, "order", good);
        refused(venueOperator, defersIt, wrongStatus(first));
        refused(venueOperator, abi.encodeCall(vault.deferRequest, (99, 1, "order", good)), wrongStatus(99));
    }

    function test_aSignerThatIsAContractSignsByItsAnswer() public {
        ContractSigner wallet = new ContractSigner(vm.addr(0x77));
        Payout memory p = requestOf(ALICE, epoch, USD_ROW, 300);
        SignerClaim memory s = signerOf(ALICE, epoch, epoch);
        s.signer = address(wallet);
        s.proof.a[0] = gate.sealOfSigner(HELD, s);
        uint256 first = vault.requestWithdrawal(HELD, p, s);
        bytes memory signature = signed(0x77, orderHash(nf(ALICE, epoch), 1, "order"));
        vm.prank(venueOperator);
        vault.deferRequest(first, 1, "order", signature);
        assertTrue(status(first) == RequestStatus.DEFERRED, "deferred");
    }

    /// EIP-7702: a key's owner gives its account code, whenever they like. What the key signed before stays signed.
    function test_anOrderDefersWhateverCodeItsSignersAccountGotSince() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        bytes memory signature = signed(USER_KEY, orderHash(nf(ALICE, epoch), 1, "order"));
        vm.etch(vm.addr(USER_KEY), hex"60006000fd");
        bytes memory forged = signed(OPERATOR_KEY, orderHash(nf(ALICE, epoch), 1, "order"));
        refused(
            venueOperator,
            abi.encodeCall(vault.deferRequest, (first, 1, "order", forged)),
            abi.encodeWithSelector(IVaultMessages.OrderNotSigned.selector, vm.addr(USER_KEY))
        );
        vm.prank(venueOperator);
        vault.deferRequest(first, 1, "order", signature);
        assertTrue(status(first) == RequestStatus.DEFERRED, "deferred");
    }

    function test_aDeferredRequestIsConfirmedByTheSameHealthyAccountOnly() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        defer(first, nf(ALICE, epoch));
        uint64 next = nextEpoch();
        MarginClaim memory claim = confirmationOf(ALICE, next, first);
        SignerClaim memory link = signerOf(ALICE, epoch, next);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, next));
        vault.confirmRequest(first, claim, link);
        letStand();
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.SignerIsNotTheAccounts.selector, nf(ALICE, epoch));
        SignerClaim memory other = signerOf(BOB, epoch, next);
        vm.expectRevert(reason);
        vault.confirmRequest(first, claim, other);
        MarginClaim memory bobs = confirmationOf(BOB, next, first);
        vm.expectRevert(reason);
        vault.confirmRequest(first, bobs, link);
        MarginClaim memory ofAnother = confirmationOf(ALICE, next, first + 1);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        vault.confirmRequest(first, ofAnother, link);
        link.proof.a[0] += 1;
        vm.expectRevert(abi.encodeWithSelector(IAccountProofs.SignerProofRejected.selector));
        vault.confirmRequest(first, claim, link);
    }

    function test_anEpochWhoseSnapshotPrecedesTheRequestConfirmsNothing() public {
        openSnapshot();
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        defer(first, nf(ALICE, epoch));
        uint64 next = acceptEpoch();
        letStand();
        MarginClaim memory claim = confirmationOf(ALICE, next, first);
        SignerClaim memory link = signerOf(ALICE, epoch, next);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochPrecedesRequest.selector, first, next));
        vault.confirmRequest(first, claim, link);
        next = standingEpoch();
        vault.confirmRequest(first, confirmationOf(ALICE, next, first), signerOf(ALICE, epoch, next));
    }

    function test_aMarginedAccountConfirmsUnderANewInitialTable() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        defer(first, nf(ALICE, epoch));
        uint64 next = standingEpoch();
        SignerClaim memory link = signerOf(ALICE, epoch, next);
        MarginClaim memory claim = confirmationOf(ALICE, next, first);
        // Under the epoch's own table a margined account says too little.
        claim = sealConfirmation(claim, first, false);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        vault.confirmRequest(first, claim, link);
        claim.marketCommitment = initialTable();
        claim = sealConfirmation(claim, first, false);
        pass(10 minutes + 1);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.PayoutTableTooOld.selector, 10 minutes + 1, 10 minutes));
        vault.confirmRequest(first, claim, link);
        claim.marketCommitment = EPOCH_TABLES + epoch;
        claim = sealConfirmation(claim, first, false);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.TableNotInitial.selector, EPOCH_TABLES + epoch));
        vault.confirmRequest(first, claim, link);
        claim.marketCommitment = initialTable();
        vault.confirmRequest(first, sealConfirmation(claim, first, false), link);
    }

    function test_aRequestThatWasNotDeferredIsNotConfirmed() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        uint64 next = standingEpoch();
        MarginClaim memory claim = confirmationOf(ALICE, next, first);
        SignerClaim memory link = signerOf(ALICE, epoch, next);
        bytes memory wrong = wrongStatus(first);
        vm.expectRevert(wrong);
        vault.confirmRequest(first, claim, link);
    }

    // ---- cancelling ----

    function test_onlyTheRecipientCancelsAndWhatReturnsIsADeposit() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        address[5] memory callers = [OWNER, ADMIN, venueOperator, PARAMETERS, BOB];
        for (uint256 i = 0; i < callers.length; ++i) {
            refused(
                callers[i],
                abi.encodeCall(vault.cancelRequest, (first)),
                abi.encodeWithSelector(IVaultMessages.NotRecipient.selector, first, callers[i])
            );
        }
        vm.expectEmit(address(vault));
        emit IVaultMessages.RequestCancelled(first);
        vm.expectEmit(address(vault));
        emit IVaultMessages.Deposited(HELD, 3, 0, ALICE, 300, bytes32(nf(ALICE, epoch)));
        vm.prank(ALICE);
        vault.cancelRequest(first);
        assertEq(vault.treeBalance(HELD, 0), 1_000_000, "tree");
        assertEq(vault.pendingBalance(HELD, 0), 0, "pending");
        assertEq(vault.freeBalance(HELD, 0, epoch), 999_700, "pays nobody yet");
        Deposit memory made = vault.depositAt(3);
        assertTrue(made.depositor == ALICE && made.amount == 300 && made.checkpoint == 1, "a deposit");
        assertTrue(vault.isNullifierUsed(nf(ALICE, epoch)), "stays used");
        bytes memory wrong = wrongStatus(first);
        refused(ALICE, abi.encodeCall(vault.cancelRequest, (first)), wrong);
        pass(1 days);
        vm.expectRevert(wrong);
        vault.payRequest(first);
    }

    /// An account that lost since the leaf cannot confirm; what it keeps pending covers whoever won.
    function test_aDeferredRequestThatNobodyConfirmsReturnsForWhomItMayCover() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        defer(first, nf(ALICE, epoch));
        bytes memory cancel = abi.encodeCall(vault.cancelRequest, (first));
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.NotRecipient.selector, first, venueOperator);
        pass(10 days);
        // No epoch came after it, so it could not be confirmed either.
        refused(venueOperator, cancel, reason);
        nextEpoch();
        letStand();
        pass(2 hours - 1);
        refused(venueOperator, cancel, reason);
        pass(1);
        vm.expectEmit(address(vault));
        emit IVaultMessages.Deposited(HELD, 3, 0, ALICE, 300, bytes32(nf(ALICE, epoch)));
        vm.prank(venueOperator);
        vault.cancelRequest(first);
        assertEq(vault.pendingBalance(HELD, 0), 0, "nothing waits");
        assertEq(vault.treeBalance(HELD, 0), 1_000_000, "it covers accounts again");
    }

    /// However long: only what an order of the owner's deferred can return against the recipient's will.
    function test_aRequestThatWasNotDeferredIsNobodyElsesToCancel() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        standingEpoch();
        pass(10 days);
        refused(
            venueOperator,
            abi.encodeCall(vault.cancelRequest, (first)),
            abi.encodeWithSelector(IVaultMessages.NotRecipient.selector, first, venueOperator)
        );
    }

    function test_aDeferredRequestCanBeCancelledAPaidOneCannot() public {
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        defer(first, nf(ALICE, epoch));
        vm.prank(ALICE);
        vault.cancelRequest(first);
        assertTrue(status(first) == RequestStatus.CANCELLED, "cancelled");
        uint256 second = request(BOB, epoch, BTC_ROW, 1);
        pass(1 days);
        vault.payRequest(second);
        refused(BOB, abi.encodeCall(vault.cancelRequest, (second)), wrongStatus(second));
    }

    function test_K32_aPauseStopsNoRequest() public {
        vm.prank(venueOperator);
        vault.setPaused(HELD, true);
        uint256 first = request(ALICE, epoch, USD_ROW, 300);
        withdraw(BOB, epoch, BTC_ROW, 1);
        pass(1 days);
        vault.payRequest(first);
    }
}
