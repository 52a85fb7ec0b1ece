// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICircuitRotation} from "../../../contracts/interfaces/ICircuitRotation.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {VerdictClaim} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {LiquidationFixture} from "./LiquidationFixture.sol";

/// @dev What passes for "the account on chain does, or does not, meet this table".
contract VerdictTest is LiquidationFixture {
    bytes private constant REJECTED = abi.encodeWithSelector(ILiquidations.VerdictRejected.selector);

    function refuseStart(VerdictClaim memory claim, bytes memory reason) private {
        refuse(abi.encodeCall(liquidations.start, (ACCOUNT, claim)), reason);
    }

    function refuseAnswer(VerdictClaim memory claim, bytes memory reason) private {
        refuse(abi.encodeCall(liquidations.answer, (ACCOUNT, claim)), reason);
    }

    function test_P238_aHealthyProofSaysThatItWasWatchedAndNothingElse() public {
        challenge();
        uint256 context = 2 ** 96 * contextFor(ACCOUNT, address(0));
        // Not watched; not healthy; held; with a withdrawal; unmargined; a payload; bits nobody uses.
        uint256[7] memory words =
            [uint256(1), 2 ** 84, 3 + 2 ** 84, 5 + 2 ** 84, 9 + 2 ** 84, 17 + 2 ** 84, 1 + 2 ** 84 + 2 ** 85];
        for (uint256 i = 0; i < words.length; ++i) {
            refuseAnswer(verdict(MARGIN, 11, keeps, words[i] + context), REJECTED);
        }
        refuseAnswer(verdict(MARGIN, 11, keeps, context), REJECTED);
        answer();
    }

    function test_P238_aVerdictIsOfThisHandleAsItIsNow() public {
        challenge();
        // Of the handle of somebody who is healthy, and of what this one was.
        refuseAnswer(verdict(MARGIN, 31, keeps, healthyWord(THIRD)), REJECTED);
        refuseAnswer(verdict(MARGIN, 31, keeps, healthyWord(ACCOUNT)), REJECTED);
        refuseAnswer(verdict(MARGIN, 11, keeps, healthyWord(THIRD)), REJECTED);
        VerdictClaim memory before = healthy(keeps);
        house.setAccount(ACCOUNT, 12, TRADER, uint64(LIQUID));
        refuseAnswer(before, REJECTED);
        answer();
    }

    function test_P238_aVerdictIsUnderTheTableItNames() public {
        VerdictClaim memory claim = underWater(KEEPER);
        newTables();
        claim.marketCommitment = keeps;
        refuseStart(claim, REJECTED);
        challenge();
        claim = healthy(opens);
        claim.marketCommitment = keeps;
        refuseAnswer(claim, REJECTED);
    }

    function test_P238_underWaterIsShownUnderTheLatestMaintenanceTableAlone() public {
        VerdictClaim memory old = underWater(KEEPER);
        uint256 before = keeps;
        // A table of one moment more, and the old one is no ground to sell.
        pass(1);
        newTables();
        refuseStart(old, abi.encodeWithSelector(ILiquidations.NotTheLatestTable.selector, before, keeps));
        VerdictClaim memory initial = verdict(MARGIN, 11, opens, unhealthyWord(ACCOUNT, KEEPER));
        refuseStart(initial, abi.encodeWithSelector(ILiquidations.WrongTableLevel.selector, opens));
        VerdictClaim memory unknown = verdict(MARGIN, 11, 4, unhealthyWord(ACCOUNT, KEEPER));
        refuseStart(unknown, abi.encodeWithSelector(ILiquidations.NotAcceptedTable.selector, 4));
        pass(MOST_AGE + 1);
        refuseStart(
            underWater(KEEPER),
            abi.encodeWithSelector(ILiquidations.TableTooOldToJudge.selector, MOST_AGE + 1, MOST_AGE)
        );
        newTables();
        house.setStopped(true);
        refuseStart(underWater(KEEPER), abi.encodeWithSelector(ILiquidations.PricesStopped.selector, LIQUID));
        house.setStopped(false);
        start();
    }

    function test_P238_underWaterIsShownByWhomTheProofNames() public {
        VerdictClaim memory seen = underWater(OTHER_KEEPER);
        refuseStart(seen, REJECTED);
        // One for anybody starts nothing either, or it would be everybody's.
        refuseStart(underWater(address(0)), REJECTED);
        vm.prank(OTHER_KEEPER);
        liquidations.start(ACCOUNT, seen);
    }

    function test_P238_healthyIsNotUnderWaterAndTheOtherWayRound() public {
        refuseStart(verdict(MARGIN, 11, keeps, 1 + 2 ** 84 + unhealthyWord(ACCOUNT, KEEPER)), REJECTED);
        challenge();
        refuseAnswer(underWater(address(0)), REJECTED);
    }

    function test_P238_aVerdictIsProvenInAMarginCircuitThatIsInForce() public {
        VerdictClaim memory claim = verdict(EXIT, 11, keeps, unhealthyWord(ACCOUNT, KEEPER));
        refuseStart(claim, abi.encodeWithSelector(ILiquidations.NotAMarginCircuit.selector, EXIT));
        claim.circuitId = 799;
        refuseStart(claim, abi.encodeWithSelector(ILiquidations.NotAMarginCircuit.selector, 799));
        vm.prank(OWNER);
        registry.retireCircuit(MARGIN);
        refuseStart(underWater(KEEPER), abi.encodeWithSelector(ICircuitRotation.CircuitIsRetired.selector, MARGIN));
    }

    function test_P238_aTableHasOneNumber() public {
        VerdictClaim memory claim = underWater(KEEPER);
        claim.marketCommitment += P;
        refuseStart(
            claim, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), keeps + P)
        );
    }

    function test_P238_verdictsOfOneContractAreNoneOfAnother() public {
        assertEq(
            liquidations.verdictContext(ACCOUNT, KEEPER),
            uint128(uint256(keccak256(abi.encode(address(liquidations), ACCOUNT, KEEPER)))),
            "context"
        );
        VerdictClaim memory elsewhere = underWater(KEEPER);
        liquidations = newLiquidations();
        house.setLiquidations(address(liquidations));
        vm.prank(PARAMETERS);
        liquidations.proposeRules(LIQUID, usualRules());
        refuseStart(elsewhere, REJECTED);
        start();
    }

    /// @dev Any one bit of what is said, and the proof says something else.
    function testFuzz_P238_noOtherWordPasses(uint8 bit) public {
        VerdictClaim memory claim = verdict(MARGIN, 11, keeps, unhealthyWord(ACCOUNT, KEEPER) ^ 2 ** (bit % 253));
        refuseStart(claim, REJECTED);
    }
}
