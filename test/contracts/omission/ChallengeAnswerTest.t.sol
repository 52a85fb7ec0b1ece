// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    AccountOrder,
    BalanceReceipt,
    ChallengeStatus,
    InclusionClaim,
    IOmissionChallenges
} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {CircuitKind, ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ContractSigner} from "../mocks/ContractSigner.sol";
import {OmissionFixture} from "./OmissionFixture.sol";

/// @dev What answers a challenge, by proof and by order, and what does not.
contract ChallengeAnswerTest is OmissionFixture {
    // ---- by proof ----

    function test_aProofForTheEpochsRootAnswersAndTakesTheBond() public {
        (uint256 challengeId,, uint64 epoch) = opened(4242);
        uint256 before = venueOperator.balance;
        InclusionClaim memory claim = inclusionOf(4242);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.ChallengeAnswered(HELD, challengeId, "inclusion");
        vm.prank(venueOperator);
        omissions.answerWithInclusion(challengeId, claim);
        assertEq(venueOperator.balance, before + STAKE, "bond");
        assertTrue(statusOf(challengeId) == ChallengeStatus.ANSWERED, "answered");
        assertFalse(omissions.isContested(HELD, epoch), "free");
        refuseInclusion(venueOperator, challengeId, claim, wrongStatus(challengeId, ChallengeStatus.ANSWERED));
    }

    function test_aProofOfAnythingElseIsRejected() public {
        (uint256 challengeId,,) = opened(4242);
        bytes memory rejected = abi.encodeWithSelector(IOmissionChallenges.InclusionProofRejected.selector);
        refuseInclusion(venueOperator, challengeId, claimOf(HELD, INCLUSION, ROOT + 1, 4242), rejected);
        refuseInclusion(venueOperator, challengeId, inclusionOf(4243), rejected);
        refuseInclusion(venueOperator, challengeId, claimOf(VENUE, INCLUSION, ROOT, 4242), rejected);
        refuseInclusion(venueOperator, challengeId, claimOf(HELD, NO_INCLUSION, ROOT, 4242), wrongCircuit(NO_INCLUSION, CircuitKind.ACCOUNT_SIGNER));
        refuseInclusion(venueOperator, challengeId, claimOf(HELD, 999, ROOT, 4242), wrongCircuit(999, CircuitKind.NONE));
        // Made in another circuit and handed in as this one's.
        InclusionClaim memory relabelled = claimOf(HELD, NO_INCLUSION, ROOT, 4242);
        relabelled.circuitId = INCLUSION;
        refuseInclusion(venueOperator, challengeId, relabelled, rejected);
    }

    function wrongCircuit(uint256 circuitId, CircuitKind got) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            ISolvencyRegistry.WrongCircuit.selector, circuitId, got, CircuitKind.ACCOUNT_INCLUSION
        );
    }

    function test_onlyTheOperatorAnswersAndOnlyWhatWasOpened() public {
        (uint256 challengeId,,) = opened(4242);
        address[4] memory others = [ADMIN, PARAMETERS, ALICE, OPERATOR];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory notOperator =
                abi.encodeWithSelector(IOmissionChallenges.NotOperator.selector, HELD, others[i]);
            refuseInclusion(others[i], challengeId, inclusionOf(4242), notOperator);
        }
        refuseInclusion(
            venueOperator, challengeId + 1, inclusionOf(4242), wrongStatus(challengeId + 1, ChallengeStatus.NONE)
        );
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_answersAreInTimeBeforeTheSecondAndSettlementsFromIt(uint256 later) public {
        (uint256 challengeId,,) = opened(4242);
        uint256 answerBy = block.timestamp + ANSWER_WINDOW;
        later = bound(later, answerBy - 2, answerBy + 2);
        vm.warp(later);
        if (later < answerBy) {
            vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.AnswerStillDue.selector, answerBy, later));
            omissions.settle(challengeId);
            answer(challengeId, 4242);
            return;
        }
        refuseInclusion(
            venueOperator,
            challengeId,
            inclusionOf(4242),
            abi.encodeWithSelector(IOmissionChallenges.AnswerTooLate.selector, answerBy, later)
        );
        omissions.settle(challengeId);
    }

    /// Whoever sees an answer coming cannot settle before it, nor the venue answer what anybody could settle.
    function test_noSecondIsBothForAnswersAndForSettlements() public {
        (uint256 challengeId,,) = opened(4242);
        uint256 answerBy = block.timestamp + ANSWER_WINDOW;
        vm.warp(answerBy - 1);
        vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.AnswerStillDue.selector, answerBy, answerBy - 1));
        omissions.settle(challengeId);
        vm.warp(answerBy);
        bytes memory tooLate =
            abi.encodeWithSelector(IOmissionChallenges.AnswerTooLate.selector, answerBy, block.timestamp);
        refuseInclusion(venueOperator, challengeId, inclusionOf(4242), tooLate);
        omissions.settle(challengeId);
    }

    // ---- by order ----

    function test_aLaterOrderOfTheAccountAnswers() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        pass(30);
        AccountOrder memory order = orderAfter(receipt);
        pass(30);
        uint64 epoch = nextEpoch();
        uint256 challengeId = challengeAs(ALICE, epoch, receipt);
        bytes memory signature = signedOrder(order);
        uint256 before = venueOperator.balance;
        vm.prank(venueOperator);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.ChallengeAnswered(HELD, challengeId, "order");
        omissions.answerWithOrder(challengeId, order, signature);
        assertEq(venueOperator.balance, before + STAKE, "bond");
        assertFalse(omissions.isContested(HELD, epoch), "free");
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_anOrderIsLaterByNumberAndByTime(uint64 sequence, uint64 orderedAt) public {
        (uint256 challengeId, BalanceReceipt memory receipt, uint64 epoch) = opened(4242);
        uint64 at = registry.epochAt(HELD, epoch).snapshotTime;
        AccountOrder memory order = orderAfter(receipt);
        order.sequence = uint64(bound(sequence, 3, 7));
        order.orderedAt = uint64(bound(orderedAt, receipt.issuedAt - 2, at + 2));
        bytes memory reason;
        if (order.sequence <= 5) {
            reason = abi.encodeWithSelector(IOmissionChallenges.OrderNotLater.selector, order.sequence, 5);
        } else if (order.orderedAt < receipt.issuedAt || order.orderedAt > at) {
            reason = abi.encodeWithSelector(
                IOmissionChallenges.OrderOutsideTime.selector, order.orderedAt, receipt.issuedAt, at
            );
        }
        refuseOrder(challengeId, order, signedOrder(order), reason);
    }

    function test_anOrderThatTheReceiptCountsIsNoAnswer() public {
        (uint256 challengeId, BalanceReceipt memory receipt,) = opened(4242);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        for (uint64 sequence = 4; sequence <= 5; ++sequence) {
            order.sequence = sequence;
            refuseOrder(
                challengeId,
                order,
                signedOrder(order),
                abi.encodeWithSelector(IOmissionChallenges.OrderNotLater.selector, sequence, 5)
            );
        }
        order.sequence = 6;
        refuseOrder(challengeId, order, signedOrder(order), "");
    }

    function test_anOrderOfAnotherAccountVenueChainOrContractIsNoAnswer() public {
        (uint256 challengeId, BalanceReceipt memory receipt,) = opened(4242);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        bytes32 hash = laterOrderHash(order);
        bytes memory notSigned =
            abi.encodeWithSelector(IOmissionChallenges.OrderNotSignedBy.selector, vm.addr(USER_KEY));
        bytes memory elsewhere = signedFor(USER_KEY, domainOf(block.chainid + 1, address(omissions)), hash);
        refuseOrder(challengeId, order, elsewhere, notSigned);
        refuseOrder(challengeId, order, signedFor(USER_KEY, domainOf(block.chainid, address(registry)), hash), notSigned);
        refuseOrder(challengeId, order, signed(USER_KEY, hash), notSigned);
        order.account = keccak256("another account");
        refuseOrder(
            challengeId,
            order,
            signedOrder(order),
            abi.encodeWithSelector(IOmissionChallenges.OrderOfAnotherAccount.selector, order.account, ACCOUNT)
        );
        (order.account, order.venueId) = (ACCOUNT, VENUE);
        refuseOrder(
            challengeId,
            order,
            signedOrder(order),
            abi.encodeWithSelector(IOmissionChallenges.OrderOfAnotherVenue.selector, VENUE, HELD)
        );
    }

    function test_anOrderThatTheReceiptsSignerDidNotSignIsNoAnswer() public {
        (uint256 challengeId, BalanceReceipt memory receipt,) = opened(4242);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        bytes32 hash = laterOrderHash(order);
        bytes memory notSigned =
            abi.encodeWithSelector(IOmissionChallenges.OrderNotSignedBy.selector, vm.addr(USER_KEY));
        refuseOrder(challengeId, order, signedHere(OPERATOR_KEY, hash), notSigned);
        refuseOrder(challengeId, order, signedHere(RECEIPT_KEY, hash), notSigned);
        refuseOrder(challengeId, order, malleated(signedOrder(order)), notSigned);
        refuseOrder(challengeId, order, "", notSigned);
        bytes memory signature = signedOrder(order);
        order.orderDigest = keccak256("another order");
        refuseOrder(challengeId, order, signature, notSigned);
        // A receipt is no order, whatever it is signed by.
        refuseOrder(challengeId, order, signedHere(USER_KEY, receiptHash(receipt)), notSigned);
    }

    function malleated(bytes memory signature) private pure returns (bytes memory) {
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        (bytes32 r, uint256 s) = (0, 0);
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        return abi.encodePacked(r, order - s, uint8(signature[64]) == 27 ? uint8(28) : 27);
    }

    /// Nobody signs for an account without a signing key: not even whoever finds what recovers to nothing.
    function test_noOrderIsAnAnswerWhereTheReceiptNamesNoSigner() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        receipt.signer = address(0);
        pass(60);
        uint64 epoch = nextEpoch();
        uint256 challengeId = challengeAs(ALICE, epoch, receipt);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        bytes memory notSigned = abi.encodeWithSelector(IOmissionChallenges.OrderNotSignedBy.selector, address(0));
        refuseOrder(challengeId, order, signedOrder(order), notSigned);
        refuseOrder(challengeId, order, new bytes(65), notSigned);
        refuseOrder(challengeId, order, "", notSigned);
        answer(challengeId, 4242);
    }

    function test_aWalletContractsOrderAnswersWhileItSaysSo() public {
        BalanceReceipt memory receipt = receiptOf(4242);
        receipt.signer = address(new ContractSigner(vm.addr(USER_KEY)));
        pass(60);
        uint256 challengeId = challengeAs(ALICE, nextEpoch(), receipt);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        bytes memory byAnother = signedHere(OPERATOR_KEY, laterOrderHash(order));
        vm.prank(venueOperator);
        vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.OrderNotSignedBy.selector, receipt.signer));
        omissions.answerWithOrder(challengeId, order, byAnother);
        refuseOrder(challengeId, order, signedOrder(order), "");
    }

    /// EIP-7702: the user gives their address code that knows nothing of the order.
    function test_codeThatTheUsersAddressHasSinceTakesNoOrderBack() public {
        (uint256 challengeId, BalanceReceipt memory receipt,) = opened(4242);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        bytes memory signature = signedOrder(order);
        vm.etch(vm.addr(USER_KEY), address(new ContractSigner(STRANGER)).code);
        refuseOrder(challengeId, order, signature, "");
    }

    function test_onlyTheOperatorShowsAnOrderAndInTime() public {
        (uint256 challengeId, BalanceReceipt memory receipt,) = opened(4242);
        AccountOrder memory order = orderAfter(receipt);
        order.orderedAt = receipt.issuedAt;
        bytes memory signature = signedOrder(order);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.NotOperator.selector, HELD, ALICE));
        omissions.answerWithOrder(challengeId, order, signature);
        uint256 answerBy = block.timestamp + ANSWER_WINDOW;
        vm.warp(answerBy);
        refuseOrder(
            challengeId,
            order,
            signature,
            abi.encodeWithSelector(IOmissionChallenges.AnswerTooLate.selector, answerBy, answerBy)
        );
    }

    /// @dev Without a reason the order answers.
    function refuseOrder(uint256 challengeId, AccountOrder memory order, bytes memory signature, bytes memory reason)
        private
    {
        vm.prank(venueOperator);
        if (reason.length != 0) vm.expectRevert(reason);
        omissions.answerWithOrder(challengeId, order, signature);
        ChallengeStatus status = reason.length == 0 ? ChallengeStatus.ANSWERED : ChallengeStatus.OPEN;
        assertTrue(statusOf(challengeId) == status, "status");
    }
}
