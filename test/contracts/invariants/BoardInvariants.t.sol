// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestBase} from "../TestBase.sol";
import {BoardHandler} from "./BoardHandler.sol";

/// @dev [K33] What holds of both boards after any sequence of calls by anybody.
contract BoardInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    BoardHandler private handler;

    function setUp() public {
        handler = new BoardHandler();
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory actions = new bytes4[](13);
        actions[0] = handler.passTime.selector;
        actions[1] = handler.waitForTheTimelock.selector;
        actions[2] = handler.movePrices.selector;
        actions[3] = handler.openRoundAs.selector;
        actions[4] = handler.proposeRow.selector;
        actions[5] = handler.activateRow.selector;
        actions[6] = handler.proposeSet.selector;
        actions[7] = handler.activateSet.selector;
        actions[8] = handler.cancel.selector;
        actions[9] = handler.acceptTable.selector;
        actions[10] = handler.forgeTable.selector;
        actions[11] = handler.withoutTheRole.selector;
        actions[12] = handler.roundAndTable.selector;
        targets[0].selectors = actions;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: tables over changed lists and sets are within its reach.
    function test_theHandlerReachesTablesOverChangedLists() public {
        handler.openRoundAs(1, 0, 2e8);
        handler.acceptTable(false);
        handler.acceptTable(true);
        assertEq(handler.accepted(), 2, "both levels");
        handler.proposeRow(0);
        handler.activateRow();
        assertEq(handler.rows(), 8, "not before the timelock");
        handler.waitForTheTimelock();
        handler.activateRow();
        assertEq(handler.rows(), 9, "listed");
        handler.proposeSet(3, 10);
        handler.waitForTheTimelock();
        handler.activateSet();
        handler.movePrices(60_000e8, 60);
        handler.openRoundAs(1, 0, 2e8);
        handler.acceptTable(false);
        assertEq(handler.accepted(), 3, "over the longer list");
        handler.forgeTable(0);
        handler.withoutTheRole(3);
        assertEq(handler.rounds(), 2, "rounds");
    }

    function invariant_K33_theBoardsOnlyAppendAndWaitForTheTimelock() public view {
        instrumentsOnlyGrowAndNeverChange();
        acceptedTablesNeverChange();
        parametersChangeOnlyAfterTheTimelock();
        timesAndRoundsNeverGoBack();
        nothingIsAcceptedWithoutTheVerifiersTrueOrTheRole();
    }

    function instrumentsOnlyGrowAndNeverChange() private view {
        assertEq(handler.rowCount(), handler.rows(), "rows");
        for (uint256 i = 0; i < handler.rows(); ++i) {
            assertEq(handler.identityOf(i), handler.rowIdentity(i), "row");
        }
    }

    function acceptedTablesNeverChange() private view {
        for (uint256 i = 0; i < handler.accepted(); ++i) {
            assertEq(handler.marketHash(i), handler.acceptedHash(i), "table");
        }
    }

    function parametersChangeOnlyAfterTheTimelock() private view {
        assertEq(handler.boardDigest(), handler.activeDigest(), "active set");
        assertEq(handler.activatedEarly(), 0, "early");
        assertEq(handler.boundsBroken(), 0, "bounds");
    }

    function timesAndRoundsNeverGoBack() private view {
        assertEq(handler.boardRound(), handler.rounds(), "one by one");
        assertEq(handler.timesWentBack(), 0, "times");
    }

    function nothingIsAcceptedWithoutTheVerifiersTrueOrTheRole() private view {
        assertEq(handler.forgeriesAccepted(), 0, "forgeries");
        assertEq(handler.strangersHeard(), 0, "strangers");
        assertEq(handler.honestRefused(), 0, "honest tables refused");
    }
}
