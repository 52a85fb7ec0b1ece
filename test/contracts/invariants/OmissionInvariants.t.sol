// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestBase} from "../TestBase.sol";
import {OmissionHandler} from "./OmissionHandler.sol";

/// @dev What holds of omission challenges after any sequence of calls by anybody.
contract OmissionInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    OmissionHandler private handler;

    function setUp() public {
        handler = new OmissionHandler();
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory a = new bytes4[](10);
        (a[0], a[1], a[2]) = (handler.passTime.selector, handler.newEpoch.selector, handler.challenge.selector);
        (a[3], a[4], a[5]) = (handler.challenge.selector, handler.challenge.selector, handler.answer.selector);
        (a[6], a[7], a[8]) = (handler.answer.selector, handler.settle.selector, handler.settleInTime.selector);
        a[9] = handler.reclaim.selector;
        targets[0].selectors = a;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: answers, losses, cures and bonds are within its reach.
    function test_theHandlerReachesAnswersLossesCuresAndBonds() public {
        for (uint256 i = 0; i < 4; ++i) {
            handler.challenge(i, false);
        }
        handler.challenge(0, true);
        assertEq(handler.count(), 4, "a receipt challenges an epoch once");
        handler.answer(0, false, true);
        handler.answer(0, false, false);
        handler.answer(1, true, false);
        assertEq(handler.bondsHeld(), 0.02 ether, "two answered");
        handler.settle(2);
        handler.settleInTime(2);
        handler.settle(3);
        handler.reclaim(2);
        handler.reclaim(2);
        assertTrue(handler.lostUncured() == 2 && handler.disputedSince() != 0, "two lost");
        assertEq(handler.bondsHeld(), 0.01 ether, "one reclaimed");
        handler.newEpoch();
        handler.challenge(0, true);
        assertEq(handler.count(), 5, "another epoch");
        handler.answer(2, false, false);
        handler.answer(3, true, false);
        assertTrue(handler.lostUncured() == 0 && handler.disputedSince() == 0, "cured");
        invariant_bondsDisputesAndStatusesAreThoseOfTheChallenges();
    }

    // forge runs the same calls again for each invariant: one campaign holds all of them, and a failure names its own.

    function invariant_bondsDisputesAndStatusesAreThoseOfTheChallenges() public view {
        assertEq(handler.held(), handler.bondsHeld(), "bonds of what is open, and of what is lost and not reclaimed");
        assertEq(handler.misplaced(), 0, "bonds are whose they are");
        assertTrue((handler.disputedSince() != 0) == (handler.lostUncured() != 0), "disputed while one is not cured");
        assertEq(handler.contestsWrong(), 0, "an epoch is contested by what was not answered in time");
        assertEq(handler.statusesWrong(), 0, "statuses");
        assertEq(handler.wentBack(), 0, "a status only moves forward");
        assertEq(handler.otherwiseThanTheRules(), 0, "granted and refused as the rules say");
        assertEq(handler.strangersHeard(), 0, "strangers");
        assertEq(handler.standingChanged(), 0, "what stands stands");
    }
}
