// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {
    BalanceReceipt,
    ChallengeStatus,
    IOmissionChallenges
} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {Market, MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {EpochSubmission, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {OmissionChallenges} from "../../../contracts/OmissionChallenges.sol";
import {OmissionFixture} from "./OmissionFixture.sol";

/// @dev Which withdrawals that a user requested from the vault answer a challenge.
contract RequestAnswerTest is OmissionFixture {
    uint64 private first;

    function setUp() public override {
        super.setUp();
        first = standingEpoch();
    }

    function test_aRequestBetweenReceiptAndSnapshotAnswersPendingDeferredOrPaid() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        pass(60);
        uint64 epoch = nextEpoch();
        for (uint256 i = 0; i < 3; ++i) {
            receipt.balance = 4242 + i;
            uint256 challengeId = challengeAs(ALICE, epoch, receipt);
            if (i == 1) defer(requestId, nf(ALICE, first));
            uint256 before = venueOperator.balance;
            refuseRequest(challengeId, requestId, false);
            assertEq(venueOperator.balance, before + STAKE, "bond");
        }
        assertFalse(omissions.isContested(HELD, epoch), "free");
    }

    function test_aPaidRequestAnswersStill() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        pass(1 days);
        vault.payRequest(requestId);
        refuseRequest(challengeAs(ALICE, nextEpoch(), receipt), requestId, false);
    }

    function test_aRequestFromBeforeTheReceiptIsNoAnswer() public {
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        pass(1);
        (uint256 challengeId, BalanceReceipt memory receipt, uint64 epoch) = opened(4242);
        refuseRequest(challengeId, requestId, true);
        // At the receipt's own second it counts, as an order does.
        receipt.issuedAt -= 1;
        refuseRequest(challengeAs(ALICE, epoch, receipt), requestId, false);
    }

    /// The amount was in the leaf still, in the same block too.
    function test_aRequestFromAfterTheSnapshotIsNoAnswer() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        openSnapshot();
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        uint256 challengeId = challengeAs(ALICE, acceptEpoch(), receipt);
        assertTrue(vault.requestAt(requestId).madeAt == registry.epochAt(HELD, first + 1).snapshotTime, "one second");
        refuseRequest(challengeId, requestId, true);
    }

    function test_aRequestByAnotherSignerIsNoAnswer() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        receipt.signer = vm.addr(OPERATOR_KEY);
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        uint64 epoch = nextEpoch();
        refuseRequest(challengeAs(ALICE, epoch, receipt), requestId, true);
        // Nor does a request that nobody made stand for the account of nobody.
        receipt.signer = address(0);
        uint256 challengeId = challengeAs(ALICE, epoch, receipt);
        refuseRequest(challengeId, requestId, true);
        refuseRequest(challengeId, requestId + 1, true);
        refuseRequest(challengeId, 0, true);
    }

    /// Whoever makes an account chooses which key its owner names: the venue could name a user's, and answer for leaving that user out.
    function test_nobodyRequestsInTheNameOfAnothersKey() public {
        Payout memory p = requestOf(BOB, first, USD_ROW, 1);
        SignerClaim memory signer = signerOf(BOB, first, first);
        assertEq(signer.signer, receiptOf(4242).signer, "the user's key");
        vm.prank(venueOperator);
        vm.expectRevert(
            abi.encodeWithSelector(IVaultMessages.RequestNotOfSigner.selector, signer.signer, venueOperator)
        );
        vault.requestWithdrawal(HELD, p, signer);
    }

    /// Nor does a request by the address zero, should the proof of one ever be found.
    function test_aRequestByTheAddressZeroIsNoAnswer() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        receipt.signer = address(0);
        Payout memory p = requestOf(ALICE, first, USD_ROW, 300);
        SignerClaim memory signer = signerOf(ALICE, first, first);
        signer.signer = address(0);
        signer.proof.a[0] = gate.sealOfSigner(HELD, signer);
        vm.prank(address(0));
        uint256 requestId = vault.requestWithdrawal(HELD, p, signer);
        assertEq(vault.requestAt(requestId).signer, address(0), "signer");
        refuseRequest(challengeAs(ALICE, nextEpoch(), receipt), requestId, true);
    }

    /// Cancelled before the snapshot, the amount was a deposit again that the leaf has.
    function test_aRequestCancelledBeforeTheSnapshotIsNoAnswer() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        defer(requestId, nf(ALICE, first));
        vm.prank(ALICE);
        vault.cancelRequest(requestId);
        assertEq(vault.requestAt(requestId).cancelCheckpoint, vault.termsOf(HELD, first).checkpoint, "cancelled");
        refuseRequest(challengeAs(ALICE, nextEpoch(), receipt), requestId, true);
    }

    /// Cancelled after it, the leaf was right to lack the amount: nobody gets a venue disputed by cancelling.
    function test_aRequestCancelledAfterTheSnapshotAnswers() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        uint64 epoch = nextEpoch();
        defer(requestId, nf(ALICE, first));
        vm.prank(ALICE);
        vault.cancelRequest(requestId);
        refuseRequest(challengeAs(ALICE, epoch, receipt), requestId, false);
    }

    /// A venue whose reserves are its own contract could have it tell of any request.
    function test_requestsOfVenuesWhoseReservesAreNotTheVaultAnswerNothing() public {
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        (uint256 challengeId,,) = challengedElsewhere(omissions, 21);
        refuseRequestBy(OPERATOR, omissions, challengeId, requestId, true);
        OmissionChallenges without =
            new OmissionChallenges(registry, ICollateralVault(address(0)), CHALLENGE_WINDOW, ANSWER_WINDOW, STAKE);
        disputes = without;
        (challengeId,,) = challengedElsewhere(without, 22);
        refuseRequestBy(OPERATOR, without, challengeId, requestId, true);
    }

    /// @dev Of a venue whose reserves are the fixture's source.
    function challengedElsewhere(OmissionChallenges place, uint256 venueId)
        private
        returns (uint256 challengeId, BalanceReceipt memory receipt, uint64 epoch)
    {
        VenueConfig memory c = config();
        assertEq(address(c.disputes), address(place), "disputes");
        vm.prank(OWNER);
        registry.registerVenue(venueId, c);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(venueId, assets());
        markets.stateMarket(venueId, MARKET, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        vm.stopPrank();
        vm.prank(ADMIN);
        place.nameReceiptSigner(venueId, receiptSigner);
        epoch = 1;
        EpochSubmission memory s = seal(draft(1), block.chainid, address(registry), venueId);
        vm.startPrank(OPERATOR);
        registry.openSnapshot(venueId);
        registry.submitEpoch(venueId, s);
        vm.stopPrank();
        receipt = receiptOf(4242);
        receipt.venueId = venueId;
        bytes memory signature = signedFor(RECEIPT_KEY, domainOf(block.chainid, address(place)), receiptHash(receipt));
        vm.prank(ALICE);
        challengeId = place.challenge{value: STAKE}(1, receipt, receiptSigner, signature);
    }

    function test_aRequestOfAnotherVenueOfTheVaultIsNoAnswer() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        uint256 requestId = request(ALICE, first, USD_ROW, 300);
        vm.prank(OWNER);
        registry.registerVenue(23, vaultConfig());
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(23, heldAssets());
        vault.setRules(23, vaultRules(), vaultLimits());
        markets.stateMarket(23, MARKET, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        vm.stopPrank();
        vm.prank(ADMIN);
        omissions.nameReceiptSigner(23, receiptSigner);
        receipt = receiptOf(4242);
        receipt.venueId = 23;
        EpochSubmission memory s = seal(draft(1), block.chainid, address(registry), 23);
        vm.startPrank(venueOperator);
        registry.openSnapshot(23);
        registry.submitEpoch(23, s);
        vm.stopPrank();
        refuseRequest(challengeAs(ALICE, 1, receipt), requestId, true);
    }

    function refuseRequest(uint256 challengeId, uint256 requestId, bool refused_) private {
        refuseRequestBy(venueOperator, omissions, challengeId, requestId, refused_);
    }

    function refuseRequestBy(
        address operator,
        OmissionChallenges place,
        uint256 challengeId,
        uint256 requestId,
        bool refused_
    ) private {
        vm.prank(operator);
        if (refused_) {
            vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.RequestDoesNotAnswer.selector, requestId));
        }
        place.answerWithRequest(challengeId, requestId);
        ChallengeStatus status = place.challengeAt(challengeId).status;
        assertTrue(status == (refused_ ? ChallengeStatus.OPEN : ChallengeStatus.ANSWERED), "status");
    }
}
