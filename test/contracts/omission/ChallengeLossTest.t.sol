// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    AccountOrder,
    BalanceReceipt,
    ChallengeStatus,
    InclusionClaim,
    IOmissionChallenges
} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {Market, MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {OddParty} from "../mocks/OddParty.sol";
import {OmissionFixture} from "./OmissionFixture.sol";

/// @dev What a challenge that nobody answered does, who gets its bond, and what cures it.
contract ChallengeLossTest is OmissionFixture {
    function test_anybodySettlesAndTheEpochIsDisputedForGood() public {
        (uint256 challengeId,, uint64 epoch) = opened(4242);
        pass(ANSWER_WINDOW);
        vm.prank(STRANGER);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.EpochDisputed(HELD, challengeId, epoch);
        omissions.settle(challengeId);
        assertTrue(statusOf(challengeId) == ChallengeStatus.LOST, "lost");
        assertEq(omissions.disputedSince(HELD), block.timestamp, "since");
        vm.expectRevert(wrongStatus(challengeId, ChallengeStatus.LOST));
        omissions.settle(challengeId);
        letStand();
        nextEpoch();
        answer(challengeId, 4242);
        assertEq(omissions.disputedSince(HELD), 0, "cured");
        assertTrue(omissions.isContested(HELD, epoch), "contested for ever");
    }

    function test_nothingIsSettledThatIsNotOpen() public {
        vm.expectRevert(wrongStatus(1, ChallengeStatus.NONE));
        omissions.settle(1);
        (uint256 challengeId,,) = opened(4242);
        answer(challengeId, 4242);
        pass(ANSWER_WINDOW);
        vm.expectRevert(wrongStatus(challengeId, ChallengeStatus.ANSWERED));
        omissions.settle(challengeId);
    }

    // ---- bonds ----

    function test_theChallengerTakesTheBondOfALostChallengeBackOnce() public {
        (uint256 challengeId,,) = opened(4242);
        bytes memory notYet = abi.encodeWithSelector(IOmissionChallenges.BondNotReclaimable.selector, challengeId);
        vm.expectRevert(notYet);
        omissions.reclaimBond(challengeId);
        pass(ANSWER_WINDOW);
        vm.expectRevert(notYet);
        omissions.reclaimBond(challengeId);
        omissions.settle(challengeId);
        uint256 before = ALICE.balance;
        vm.prank(STRANGER);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.ChallengeBondReclaimed(challengeId, ALICE, STAKE);
        omissions.reclaimBond(challengeId);
        assertEq(ALICE.balance, before + STAKE, "back");
        vm.expectRevert(notYet);
        omissions.reclaimBond(challengeId);
        answer(challengeId, 4242);
        vm.expectRevert(notYet);
        omissions.reclaimBond(challengeId);
        assertEq(address(omissions).balance, 0, "nothing left");
    }

    function test_aCureLeavesTheBondToTheChallengerAndAnAnswerDoesNot() public {
        (uint256 challengeId, BalanceReceipt memory receipt, uint64 epoch) = opened(4242);
        receipt.balance = 4243;
        uint256 answered = challengeAs(BOB, epoch, receipt);
        answer(answered, 4243);
        pass(ANSWER_WINDOW);
        omissions.settle(challengeId);
        uint256 operators = venueOperator.balance;
        answer(challengeId, 4242);
        assertEq(venueOperator.balance, operators, "a cure pays nobody");
        omissions.reclaimBond(challengeId);
        vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.BondNotReclaimable.selector, answered));
        omissions.reclaimBond(answered);
        assertEq(ALICE.balance, 1 ether, "whole again");
    }

    function test_aChallengerThatRefusesEtherKeepsNobodyFromTheirs() public {
        OddParty odd = new OddParty();
        (BalanceReceipt memory receipt, uint64 epoch) = promised(4242);
        uint256 challengeId = challengeAs(ALICE, epoch, receipt);
        receipt.balance = 4243;
        bytes memory signature = signedReceipt(receipt);
        vm.deal(address(this), STAKE);
        odd.run{value: STAKE}(
            address(omissions), abi.encodeCall(omissions.challenge, (epoch, receipt, receiptSigner, signature))
        );
        uint256 odds = omissions.challengeIdOf(epoch, receipt);
        pass(ANSWER_WINDOW);
        omissions.settle(challengeId);
        omissions.settle(odds);
        odd.setRefuses(true);
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "no ether here"));
        omissions.reclaimBond(odds);
        omissions.reclaimBond(challengeId);
        assertEq(ALICE.balance, 1 ether, "back");
        odd.setRefuses(false);
        omissions.reclaimBond(odds);
        assertEq(address(odd).balance, STAKE, "once it takes it");
    }

    /// Whatever the challenger's contract calls while it is paid: nothing runs twice.
    function test_aChallengerIsPaidOnceHoweverItReenters() public {
        OddParty odd = new OddParty();
        (BalanceReceipt memory receipt, uint64 epoch) = promised(4242);
        bytes memory signature = signedReceipt(receipt);
        vm.deal(address(this), STAKE);
        odd.run{value: STAKE}(
            address(omissions), abi.encodeCall(omissions.challenge, (epoch, receipt, receiptSigner, signature))
        );
        uint256 challengeId = omissions.challengeIdOf(epoch, receipt);
        receipt.balance = 4243;
        challengeAs(ALICE, epoch, receipt);
        pass(ANSWER_WINDOW);
        omissions.settle(challengeId);
        odd.setCall(address(omissions), abi.encodeCall(omissions.reclaimBond, (challengeId)));
        omissions.reclaimBond(challengeId);
        requireRefused(odd);
        assertTrue(address(odd).balance == STAKE && address(omissions).balance == STAKE, "once");
    }

    function test_anOperatorIsPaidOnceHoweverItReenters() public {
        OddParty odd = new OddParty();
        (BalanceReceipt memory receipt, uint64 epoch) = promised(4242);
        uint256 challengeId = challengeAs(ALICE, epoch, receipt);
        receipt.balance = 4243;
        uint256 second = challengeAs(BOB, epoch, receipt);
        vm.prank(ADMIN);
        registry.setOperator(HELD, address(odd));
        InclusionClaim memory claim = inclusionOf(4242);
        bytes[4] memory calls = [
            abi.encodeCall(omissions.answerWithInclusion, (challengeId, claim)),
            abi.encodeCall(omissions.answerWithInclusion, (second, inclusionOf(4243))),
            abi.encodeCall(omissions.settle, (second)),
            abi.encodeCall(omissions.reclaimBond, (second))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            odd.setCall(address(omissions), calls[i]);
            receipt.balance = 5000 + i;
            uint256 next = challengeAs(BOB, epoch, receipt);
            odd.run(
                address(omissions), abi.encodeCall(omissions.answerWithInclusion, (next, inclusionOf(5000 + i)))
            );
            requireRefused(odd);
        }
        assertEq(address(odd).balance, 4 * STAKE, "one bond an answer");
        assertEq(address(omissions).balance, 2 * STAKE, "the others wait");
    }

    function requireRefused(OddParty odd) private view {
        bytes memory reason = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertFalse(odd.entered(), "entered");
        assertEq(keccak256(odd.answer()), keccak256(reason), "the reason");
    }

    // ---- cures ----

    function test_onlyAProofForTheLatestEpochCures() public {
        (uint256 challengeId,, uint64 epoch) = lost(4242);
        letStand();
        acceptWithRoot(epoch + 1, 78);
        letStand();
        acceptWithRoot(epoch + 2, 79);
        bytes memory rejected = abi.encodeWithSelector(IOmissionChallenges.InclusionProofRejected.selector);
        refuseInclusion(venueOperator, challengeId, inclusionOf(4242), rejected);
        refuseInclusion(venueOperator, challengeId, claimOf(HELD, INCLUSION, 78, 4242), rejected);
        refuseInclusion(venueOperator, challengeId, claimOf(HELD, INCLUSION, 79, 4243), rejected);
        InclusionClaim memory claim = claimOf(HELD, INCLUSION, 79, 4242);
        bytes memory notOperator = abi.encodeWithSelector(IOmissionChallenges.NotOperator.selector, HELD, ALICE);
        refuseInclusion(ALICE, challengeId, claim, notOperator);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.ChallengeCured(HELD, challengeId, "inclusion");
        vm.prank(venueOperator);
        omissions.answerWithInclusion(challengeId, claim);
        refuseInclusion(venueOperator, challengeId, claim, wrongStatus(challengeId, ChallengeStatus.CURED));
    }

    function acceptWithRoot(uint64 epoch, uint256 root) private {
        openSnapshot();
        uint256 commitment = EPOCH_TABLES + epoch;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = commitment;
        s.close.accountsRoot = root;
        s = seal(s, block.chainid, address(registry), HELD);
        vm.prank(venueOperator);
        registry.submitEpoch(HELD, s);
    }

    /// Why the account need not be in the latest epoch: an order up to its snapshot, which answered nothing in the challenged one.
    function test_anOrderUpToTheLatestSnapshotCuresAndALaterOneDoesNot() public {
        (uint256 challengeId, BalanceReceipt memory receipt,) = lost(4242);
        AccountOrder memory order = orderAfter(receipt);
        bytes memory signature = signedOrder(order);
        letStand();
        uint64 at = registry.epochAt(HELD, registry.latestEpoch(HELD)).snapshotTime;
        vm.prank(venueOperator);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOmissionChallenges.OrderOutsideTime.selector, order.orderedAt, receipt.issuedAt, at
            )
        );
        omissions.answerWithOrder(challengeId, order, signature);
        nextEpoch();
        vm.prank(venueOperator);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.ChallengeCured(HELD, challengeId, "order");
        omissions.answerWithOrder(challengeId, order, signature);
        assertEq(omissions.disputedSince(HELD), 0, "cured");
    }

    function test_aRequestUpToTheLatestSnapshotCures() public {
        uint64 standing = standingEpoch();
        (uint256 challengeId,,) = lost(4242);
        letStand();
        uint256 requestId = request(ALICE, standing, USD_ROW, 300);
        vm.prank(venueOperator);
        vm.expectRevert(abi.encodeWithSelector(IOmissionChallenges.RequestDoesNotAnswer.selector, requestId));
        omissions.answerWithRequest(challengeId, requestId);
        nextEpoch();
        vm.prank(venueOperator);
        vm.expectEmit(address(omissions));
        emit IOmissionChallenges.ChallengeCured(HELD, challengeId, "request");
        omissions.answerWithRequest(challengeId, requestId);
    }

    /// forge-config: default.fuzz.runs = 32
    function testFuzz_theDisputeLastsUntilTheLastOfManyIsCured(uint256 seed) public {
        (BalanceReceipt memory receipt, uint64 epoch) = promised(1);
        uint256[] memory ids = new uint256[](6);
        for (uint256 i = 0; i < ids.length; ++i) {
            receipt.balance = i + 1;
            ids[i] = challengeAs(ALICE, epoch, receipt);
        }
        answer(ids[5], 6);
        pass(ANSWER_WINDOW);
        uint256 since = block.timestamp;
        for (uint256 i = 0; i < 5; ++i) {
            omissions.settle(ids[i]);
            pass(1);
            assertEq(omissions.disputedSince(HELD), since, "since the first");
        }
        for (uint256 left = 5; left > 0; --left) {
            assertEq(omissions.disputedSince(HELD), since, "while one is left");
            uint256 i = seed % left;
            answer(ids[i], omissions.challengeAt(ids[i]).receipt.balance);
            ids[i] = ids[left - 1];
            seed /= 7;
        }
        assertEq(omissions.disputedSince(HELD), 0, "all cured");
        assertTrue(omissions.isContested(HELD, epoch), "contested for ever");
    }

    /// A dispute after a cure begins anew.
    function test_aVenueIsDisputedAgainFromTheNextLoss() public {
        (uint256 challengeId,,) = lost(4242);
        answer(challengeId, 4242);
        letStand();
        lost(4243);
        assertEq(omissions.disputedSince(HELD), block.timestamp, "anew");
    }
}
