// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {AccountStanding, Standing, VerdictClaim} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {OddParty} from "../mocks/OddParty.sol";
import {LiquidationFixture} from "./LiquidationFixture.sol";

/// @dev Who is doubted, for how long, and whose the bond is.
contract ChallengeTest is LiquidationFixture {
    function refuseChallenge(uint256 value, uint256 table, bytes memory reason) private {
        refused(KEEPER, value, abi.encodeCall(liquidations.challenge, (ACCOUNT, table)), reason);
    }

    function refuseFreeze(uint256 table, bytes memory reason) private {
        refuse(abi.encodeCall(liquidations.freeze, (ACCOUNT, table)), reason);
    }

    function refuseAnswer(VerdictClaim memory claim, bytes memory reason) private {
        refuse(abi.encodeCall(liquidations.answer, (ACCOUNT, claim)), reason);
    }

    function notIn(Standing got) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILiquidations.NotInStanding.selector, ACCOUNT, got);
    }

    function assertBonds(uint256 ofTrader, uint256 ofKeeper, uint256 held) private view {
        assertEq(liquidations.bondsOf(TRADER), ofTrader, "the controller's");
        assertEq(liquidations.bondsOf(KEEPER), ofKeeper, "the keeper's");
        assertEq(standing().bond, held, "held");
        assertEq(address(liquidations).balance, ofTrader + ofKeeper + held, "all wei is here");
    }

    // ---- a challenge ----

    function test_P237_aChallengeHoldsExactlyOneBondAndOneAtATimeWaits() public {
        bytes memory wrong =
            abi.encodeWithSelector(ILiquidations.WrongBond.selector, CHALLENGE_BOND - 1, CHALLENGE_BOND);
        refuseChallenge(CHALLENGE_BOND - 1, keeps, wrong);
        wrong = abi.encodeWithSelector(ILiquidations.WrongBond.selector, CHALLENGE_BOND + 1, CHALLENGE_BOND);
        refuseChallenge(CHALLENGE_BOND + 1, keeps, wrong);
        vm.expectEmit(address(liquidations));
        emit ILiquidations.Challenged(ACCOUNT, KEEPER, keeps, uint64(START + 600), CHALLENGE_BOND);
        challenge();
        AccountStanding memory known = standing();
        assertEq(uint256(known.standing), uint256(Standing.CHALLENGED), "standing");
        assertEq(known.keeper, KEEPER, "keeper");
        assertEq(known.deadline, START + 600, "deadline");
        assertEq(known.tableTime, START, "time of the table");
        assertFalse(liquidations.isFrozen(ACCOUNT), "its owner can still act");
        assertBonds(0, 0, CHALLENGE_BOND);
        refuseChallenge(
            CHALLENGE_BOND, keeps, abi.encodeWithSelector(ILiquidations.AlreadyChallenged.selector, ACCOUNT)
        );
    }

    function test_P237_aChallengeIsOfAnAccountOfAVenueThatThisContractLiquidates() public {
        refused(
            KEEPER,
            CHALLENGE_BOND,
            abi.encodeCall(liquidations.challenge, (9, keeps)),
            abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 9)
        );
        house.setLiquidations(STRANGER);
        bytes memory reason = abi.encodeWithSelector(ILiquidations.NotLiquidationsOf.selector, LIQUID, STRANGER);
        refuseChallenge(CHALLENGE_BOND, keeps, reason);
        refuse(abi.encodeCall(liquidations.start, (ACCOUNT, underWater(KEEPER))), reason);
    }

    function test_P237_aChallengeNamesTheLatestMaintenanceTableWhileItIsFresh() public {
        uint256 old = keeps;
        refuseChallenge(CHALLENGE_BOND, opens, abi.encodeWithSelector(ILiquidations.WrongTableLevel.selector, opens));
        refuseChallenge(CHALLENGE_BOND, 77, abi.encodeWithSelector(ILiquidations.NotAcceptedTable.selector, 77));
        pass(MOST_AGE + 1);
        refuseChallenge(
            CHALLENGE_BOND,
            keeps,
            abi.encodeWithSelector(ILiquidations.TableTooOldToJudge.selector, MOST_AGE + 1, MOST_AGE)
        );
        vm.warp(START + MOST_AGE);
        newTables();
        refuseChallenge(
            CHALLENGE_BOND, old, abi.encodeWithSelector(ILiquidations.NotTheLatestTable.selector, old, keeps)
        );
        challenge();
    }

    function test_P237_noChallengeWhilePricesStopLiquidations() public {
        house.setStopped(true);
        refuseChallenge(CHALLENGE_BOND, keeps, abi.encodeWithSelector(ILiquidations.PricesStopped.selector, LIQUID));
    }

    function test_P237_windowsShortenWithTheGate() public {
        uint32[4] memory windows = usualRules().windows;
        for (uint256 mode = 0; mode < 4; ++mode) {
            proofs.setMode(GateMode(mode));
            // Each time another handle: a bond an answer, and no quiet.
            house.setAccount(uint64(50 + mode), 1, TRADER, uint64(LIQUID));
            vm.prank(KEEPER);
            liquidations.challenge{value: CHALLENGE_BOND}(uint64(50 + mode), keeps);
            assertEq(liquidations.standingOf(uint64(50 + mode)).deadline, START + windows[mode], "deadline");
        }
    }

    // ---- answers ----

    function test_P237_aHealthyAnswerWinsTheBondForTheController() public {
        challenge();
        VerdictClaim memory claim = healthy(keeps);
        vm.expectEmit(address(liquidations));
        emit ILiquidations.Defended(ACCOUNT, keeps, CHALLENGE_BOND);
        liquidations.answer(ACCOUNT, claim);
        assertStanding(Standing.SOUND, "defended");
        assertBonds(CHALLENGE_BOND, 0, 0);
        refuseAnswer(claim, notIn(Standing.SOUND));
        vm.prank(TRADER);
        liquidations.withdrawBonds();
        assertEq(TRADER.balance, CHALLENGE_BOND, "paid");
        assertBonds(0, 0, 0);
        refused(
            TRADER,
            0,
            abi.encodeCall(liquidations.withdrawBonds, ()),
            abi.encodeWithSelector(ILiquidations.NoBond.selector, TRADER)
        );
    }

    function test_P237_anAnswerIsUnderNoTableOfBeforeTheChallenge() public {
        uint256 before = keeps;
        pass(10);
        newTables();
        challenge();
        refuseAnswer(
            healthy(before), abi.encodeWithSelector(ILiquidations.TableBeforeChallenge.selector, START, START + 10)
        );
        pass(MOST_AGE + 1);
        refuseAnswer(
            healthy(keeps), abi.encodeWithSelector(ILiquidations.TableTooOldToJudge.selector, MOST_AGE + 1, MOST_AGE)
        );
        newTables();
        answer();
    }

    function test_P237_anAnswerNeedsNoTableOfThisLevelNorTheLatestNorPrices() public {
        challenge();
        pass(5);
        uint256 own = keeps;
        newTables();
        house.setStopped(true);
        liquidations.answer(ACCOUNT, healthy(own));
        house.setStopped(false);
        pass(QUIET);
        newTables();
        challenge();
        liquidations.answer(ACCOUNT, healthy(opens));
        assertStanding(Standing.SOUND, "healthy at initial says more");
    }

    function test_P237_anAnswerIsTakenUntilTheFreezeAndAfterIt() public {
        challenge();
        pass(601);
        newTables();
        answer();
        assertBonds(CHALLENGE_BOND, 0, 0);
        pass(QUIET);
        newTables();
        freeze();
        assertTrue(liquidations.isFrozen(ACCOUNT), "its owner can change nothing");
        assertBonds(CHALLENGE_BOND, 0, CHALLENGE_BOND);
        answer();
        assertFalse(liquidations.isFrozen(ACCOUNT), "free again");
        assertBonds(2 * CHALLENGE_BOND, 0, 0);
    }

    // ---- freezes ----

    function test_P237_aFreezeWaitsForTheDeadlineAndForPricesAndATableToAnswerUnder() public {
        refuseFreeze(keeps, notIn(Standing.SOUND));
        uint256 before = keeps;
        pass(400);
        newTables();
        challenge();
        pass(600);
        newTables();
        refuseFreeze(keeps, abi.encodeWithSelector(ILiquidations.AnswerTime.selector, START + 1_000, START + 1_000));
        pass(1);
        house.setStopped(true);
        refuseFreeze(keeps, abi.encodeWithSelector(ILiquidations.PricesStopped.selector, LIQUID));
        house.setStopped(false);
        refuseFreeze(before, abi.encodeWithSelector(ILiquidations.TableTooOldToJudge.selector, 1_001, MOST_AGE));
        vm.expectEmit(address(liquidations));
        emit ILiquidations.Frozen(ACCOUNT);
        liquidations.freeze(ACCOUNT, keeps);
        refuseFreeze(keeps, notIn(Standing.FROZEN));
        refuseChallenge(CHALLENGE_BOND, keeps, notIn(Standing.FROZEN));
    }

    // ---- quiet ----

    function test_P237_aChallengeSoonAfterAnAnswerHoldsEightBondsAndNamesNewerPrices() public {
        challenge();
        answer();
        assertEq(liquidations.challengeBond(ACCOUNT), 8 * CHALLENGE_BOND, "pressing");
        refuseChallenge(
            8 * CHALLENGE_BOND, keeps, abi.encodeWithSelector(ILiquidations.TableNotNewer.selector, START, START)
        );
        pass(1);
        newTables();
        refuseChallenge(
            CHALLENGE_BOND,
            keeps,
            abi.encodeWithSelector(ILiquidations.WrongBond.selector, CHALLENGE_BOND, 8 * CHALLENGE_BOND)
        );
        challengeBy(OTHER_KEEPER);
        assertBonds(CHALLENGE_BOND, 0, 8 * CHALLENGE_BOND);
        answer();
        assertBonds(9 * CHALLENGE_BOND, 0, 0);
        pass(QUIET - 1);
        assertEq(liquidations.challengeBond(ACCOUNT), 8 * CHALLENGE_BOND, "to its last second");
        pass(1);
        assertEq(liquidations.challengeBond(ACCOUNT), CHALLENGE_BOND, "over");
        newTables();
        challenge();
    }

    // ---- starts ----

    function test_P237_whoShowsAnAccountUnderWaterIsItsKeeperAndAChallengersBondGoesBack() public {
        vm.expectEmit(address(liquidations));
        emit ILiquidations.LiquidationStarted(ACCOUNT, 1, KEEPER, keeps);
        start();
        assertTrue(liquidations.isFrozen(ACCOUNT), "frozen");
        assertEq(liquidations.liquidating(LIQUID), 1, "counted");
        refuse(abi.encodeCall(liquidations.start, (ACCOUNT, underWater(KEEPER))), notIn(Standing.LIQUIDATING));
        refuseChallenge(CHALLENGE_BOND, keeps, notIn(Standing.LIQUIDATING));
        pass(1);
        newTables();
        vm.expectEmit(address(liquidations));
        emit ILiquidations.LiquidationEnded(ACCOUNT, 1, keeps);
        answer();
        assertEq(liquidations.liquidating(LIQUID), 0, "ended");
        pass(QUIET);
        newTables();
        challengeBy(OTHER_KEEPER);
        pass(1);
        start();
        assertEq(standing().keeper, OTHER_KEEPER, "who doubted first");
        assertEq(standing().liquidation, 2, "the second");
        assertEq(liquidations.bondsOf(OTHER_KEEPER), CHALLENGE_BOND, "back");
        assertBondsOfBoth();
    }

    function assertBondsOfBoth() private view {
        uint256 all = liquidations.bondsOf(KEEPER) + liquidations.bondsOf(OTHER_KEEPER) + liquidations.bondsOf(TRADER);
        assertEq(address(liquidations).balance, all, "all wei is here");
    }

    function test_P237_aChallengeInTheSecondOfTheProofEarnsNothing() public {
        challengeBy(OTHER_KEEPER);
        start();
        assertEq(standing().keeper, KEEPER, "who brought the proof");
        assertEq(liquidations.bondsOf(OTHER_KEEPER), CHALLENGE_BOND, "back");
    }

    function test_P237_aFrozenAccountIsLiquidatedOnceItIsShownUnderWater() public {
        freeze();
        start();
        assertStanding(Standing.LIQUIDATING, "started");
        assertEq(liquidations.bondsOf(KEEPER), CHALLENGE_BOND, "back");
    }

    function test_P237_aHealthyProofOfBeforeEndsNoLiquidation() public {
        uint256 before = keeps;
        VerdictClaim memory old = healthy(before);
        pass(20);
        newTables();
        start();
        refuseAnswer(old, abi.encodeWithSelector(ILiquidations.TableBeforeChallenge.selector, START, START + 20));
    }

    // ---- another liquidation contract ----

    function test_P237_whatAVenueLeavesBehindIsReleased() public {
        challenge();
        bytes memory call = abi.encodeCall(liquidations.release, (ACCOUNT));
        refuse(call, abi.encodeWithSelector(ILiquidations.StillLiquidationsOf.selector, LIQUID));
        house.setLiquidations(STRANGER);
        liquidations.release(ACCOUNT);
        assertStanding(Standing.SOUND, "sound here");
        assertBonds(0, CHALLENGE_BOND, 0);
        refuse(call, notIn(Standing.SOUND));
        house.setLiquidations(address(liquidations));
        start();
        house.setLiquidations(address(0));
        liquidations.release(ACCOUNT);
        assertEq(liquidations.liquidating(LIQUID), 0, "none");
        assertBonds(0, CHALLENGE_BOND, 0);
    }

    // ---- receivers ----

    function test_P237_aReceiverOfBondsCanNeitherEnterAgainNorLoseThem() public {
        OddParty party = new OddParty();
        house.setAccount(ACCOUNT, 11, address(party), uint64(LIQUID));
        challenge();
        answer();
        challengeThird();
        bytes memory withdraw = abi.encodeCall(liquidations.withdrawBonds, ());
        party.setRefuses(true);
        vm.expectRevert(abi.encodeWithSelector(ILiquidations.BondNotSent.selector, address(party)));
        party.run(address(liquidations), withdraw);
        party.setRefuses(false);
        party.setCall(address(liquidations), withdraw);
        party.run(address(liquidations), withdraw);
        assertFalse(party.entered(), "once");
        bytes memory guard = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(keccak256(party.answer()), keccak256(guard), "the guard, and not an empty balance alone");
        assertEq(address(party).balance, CHALLENGE_BOND, "no more than its own");
        assertEq(address(liquidations).balance, CHALLENGE_BOND, "the other's is here");
    }

    function challengeThird() private {
        vm.prank(KEEPER);
        liquidations.challenge{value: CHALLENGE_BOND}(THIRD, keeps);
    }
}
