// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {BalanceReceipt} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {Payout, VaultRules} from "../../../contracts/interfaces/VaultTypes.sol";
import {OmissionFixture} from "./OmissionFixture.sol";

/// @dev What open and lost challenges do to a venue's vault: which epochs stand, which rules it may have, when the hatch opens.
contract DisputedVaultTest is OmissionFixture {
    // ---- standing ----

    function test_anEpochWhoseChallengesWereAnsweredStands() public {
        (uint256 challengeId,, uint64 epoch) = opened(4242);
        answer(challengeId, 4242);
        letStand();
        assertTrue(vault.stands(HELD, epoch), "stands");
    }

    function test_aContestedEpochNeverStandsSettledOrNotNorAfterACure() public {
        (uint256 challengeId,, uint64 epoch) = opened(4242);
        letStand();
        assertFalse(vault.stands(HELD, epoch), "not settled");
        omissions.settle(challengeId);
        assertFalse(vault.stands(HELD, epoch), "lost");
        answer(challengeId, 4242);
        assertFalse(vault.stands(HELD, epoch), "cured");
        uint64 next = nextEpoch();
        assertEq(vault.newestStanding(HELD), 0, "and is skipped");
        letStand();
        assertEq(vault.newestStanding(HELD), next, "by the next");
    }

    function test_nobodyIsPaidFromAContestedEpoch() public {
        uint64 standing = standingEpoch();
        (,, uint64 epoch) = opened(4242);
        letStand();
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 1);
        refuseWithdraw(p, abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, epoch));
        withdraw(ALICE, standing, USD_ROW, 1);
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_whetherAnEpochStandsNeverChangesOnceItsWindowsAreOver(uint256 at, uint256 for_, bool answers)
        public
    {
        (BalanceReceipt memory receipt, uint64 epoch) = promised(4242);
        uint256 accepted = block.timestamp;
        vm.warp(accepted + bound(at, 0, CHALLENGE_WINDOW - 1));
        uint256 challengeId = challengeAs(ALICE, epoch, receipt);
        assertFalse(vault.stands(HELD, epoch), "not yet");
        if (answers) {
            vm.warp(block.timestamp + bound(for_, 0, ANSWER_WINDOW - 1));
            answer(challengeId, 4242);
        }
        vm.warp(accepted + CHALLENGE_WINDOW + ANSWER_WINDOW);
        assertTrue(vault.stands(HELD, epoch) == answers, "decided");
        receipt.balance = 4243;
        refuseChallenge(
            epoch,
            receipt,
            signedReceipt(receipt),
            abi.encodeWithSignature("ChallengeTooLate(uint256,uint256)", HELD, epoch)
        );
        if (!answers) {
            omissions.settle(challengeId);
            answer(challengeId, 4242);
        }
        vm.warp(block.timestamp + bound(for_, 0, 365 days));
        assertTrue(vault.stands(HELD, epoch) == answers, "for good");
    }

    // ---- rules ----

    function test_rulesLeaveTimeForChallengesAndTheirAnswers() public {
        VaultRules memory rules = vaultRules();
        assertEq(rules.demandWindow + rules.answerWindow, omissions.settlementWindow(), "the least");
        rules.demandWindow -= 1;
        bytes memory reason = abi.encodeWithSelector(
            IVenueTimelock.InvalidRules.selector, bytes32("settlementWindow"), omissions.settlementWindow() - 1
        );
        vm.startPrank(PARAMETERS);
        vm.expectRevert(reason);
        vault.proposeRules(HELD, rules);
        rules.demandWindow += 1;
        vault.proposeRules(HELD, rules);
        vm.stopPrank();
        vm.prank(OWNER);
        registry.registerVenue(21, vaultConfig());
        rules.demandWindow -= 1;
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(21, heldAssets());
        vm.expectRevert(reason);
        vault.setRules(21, rules, vaultLimits());
        vm.stopPrank();
    }

    // ---- hatch ----

    function test_aDisputeThatIsNotCuredOpensTheHatchThoughEpochsStand() public {
        lost(4242);
        uint256 dueAt = block.timestamp + vaultRules().hatchAfter;
        uint64 standing;
        while (block.timestamp + 12 hours < dueAt) {
            pass(12 hours);
            standing = standingEpoch();
            assertTrue(registry.mode(HELD) == GateMode.WITHDRAW_ONLY, "later epochs do not lift it");
        }
        vm.warp(dueAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, dueAt, dueAt - 1));
        vault.openHatch(HELD, standing);
        vm.warp(dueAt);
        vault.openHatch(HELD, standing);
        assertEq(vault.hatchOf(HELD).baseEpoch, standing, "base");
        assertTrue(registry.mode(HELD) == GateMode.HALT, "closed");
    }

    function test_aCureInTimeKeepsTheHatchShut() public {
        (uint256 challengeId,,) = lost(4242);
        uint256 dueAt = block.timestamp + vaultRules().hatchAfter;
        vm.warp(dueAt - 4 hours);
        uint64 standing = standingEpoch();
        answer(challengeId, 4242);
        vm.warp(dueAt);
        uint256 byAge = registry.epochAt(HELD, standing).acceptedAt + vaultRules().hatchAfter;
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, byAge, dueAt));
        vault.openHatch(HELD, standing);
    }

    function test_aContestedEpochIsNoBase() public {
        uint64 standing = standingEpoch();
        (,, uint64 epoch) = lost(4242);
        pass(vaultRules().hatchAfter);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, epoch));
        vault.openHatch(HELD, epoch);
        vault.openHatch(HELD, standing);
    }

    /// Rules that give the venue more time are for epochs after them.
    function test_theDisputesTimeIsWhatTheBasesAccountsWerePromised() public {
        uint64 standing = standingEpoch();
        VaultRules memory rules = vaultRules();
        rules.hatchAfter = 365 days;
        vm.startPrank(PARAMETERS);
        vault.proposeRules(HELD, rules);
        pass(rules.timelock);
        vault.activateRules(HELD, rules);
        vm.stopPrank();
        assertEq(vault.termsOf(HELD, standing).hatchAfter, vaultRules().hatchAfter, "as it was");
        lost(4242);
        pass(vaultRules().hatchAfter);
        vault.openHatch(HELD, standing);
    }

    /// Before any epoch stood there is the first deposit's time, and no other.
    function test_aDisputeBeforeAnyEpochStoodWaitsForTheFirstDepositsTime() public {
        uint256 dueAt = block.timestamp + vaultRules().hatchAfter;
        lost(4242);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, dueAt, block.timestamp));
        vault.openHatch(HELD, 0);
        vm.warp(dueAt);
        vault.openHatch(HELD, 0);
    }
}
