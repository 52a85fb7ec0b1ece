// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Circuit, CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {TestBase} from "../TestBase.sol";
import {RotationHandler} from "./RotationHandler.sol";

/// @dev [P-199] to [P-202] after any sequence of proposals, additions, retirements and epochs.
contract RotationInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    RotationHandler private handler;
    bytes32[] private _first;

    function setUp() public {
        handler = new RotationHandler();
        uint256[] memory ids = handler.ids();
        for (uint256 i = 0; i < ids.length; ++i) {
            _first.push(handler.factsOf(ids[i]));
        }
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory a = new bytes4[](10);
        (a[0], a[1], a[2]) = (handler.passTime.selector, handler.passTime.selector, handler.proposeOne.selector);
        (a[3], a[4], a[5]) = (handler.proposeOne.selector, handler.addOne.selector, handler.addOne.selector);
        (a[6], a[7], a[8]) = (handler.retireOne.selector, handler.submitEpoch.selector, handler.cancelOne.selector);
        a[9] = handler.changeVerifier.selector;
        targets[0].selectors = a;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: additions, retirements and epochs are within its reach.
    function test_theHandlerReachesAdditionsRetirementsAndEpochs() public {
        handler.proposeOne(0, 1, true);
        handler.proposeOne(2, 1, true);
        handler.passTime(CIRCUIT_DELAY);
        handler.addOne(0);
        handler.addOne(2);
        assertEq(handler.added(), 2, "added");
        handler.retireOne(0, true, true);
        handler.retireOne(2, true, true);
        handler.retireOne(2, false, true);
        assertEq(handler.retirements(), 2, "a batch circuit and a margin circuit with a successor, not the successor");
        assertFalse(handler.isOpen(), "halted");
        uint256 places = handler.ids().length;
        handler.submitEpoch(places - 2, 2);
        assertEq(handler.epochs(), 1, "an epoch in the new batch circuit");
        assertEq(handler.latestBatch(), handler.idAt(0), "circuit");
        assertTrue(handler.isOpen(), "open again");
    }

    function invariant_P199_P202_rotationKeepsItsWord() public view {
        assertEq(handler.strangersHeard(), 0, "strangers");
        assertEq(handler.addedOutOfTime(), 0, "added out of time");
        assertEq(handler.addedChanged(), 0, "added after a change");
        assertEq(handler.acceptedInRetired(), 0, "accepted in a retired circuit");
        assertEq(handler.shutIn(), 0, "an honest epoch refused");
        circuitsStayWhatTheyWere();
        everyWayOutLeadsToACircuitInForce();
        theGateIsClosedWhereTheLatestEpochRestsOnARetiredCircuit();
    }

    function circuitsStayWhatTheyWere() private view {
        uint256[] memory ids = handler.ids();
        for (uint256 i = 0; i < ids.length; ++i) {
            bytes32 expected = i < _first.length ? _first[i] : handler.fixedFacts(ids[i]);
            assertEq(handler.factsOf(ids[i]), expected, "facts of a circuit");
        }
    }

    function everyWayOutLeadsToACircuitInForce() private view {
        uint256[] memory ids = handler.ids();
        for (uint256 i = 0; i < ids.length; ++i) {
            Circuit memory known = handler.circuitOf(ids[i]);
            if (known.kind < CircuitKind.ACCOUNT_MARGIN) continue;
            uint256 circuitId = ids[i];
            for (uint256 steps = 0; handler.circuitOf(circuitId).retiredAt != 0; ++steps) {
                circuitId = handler.successorOf(circuitId);
                assertTrue(circuitId != 0 && steps < ids.length, "a way out");
            }
            assertTrue(handler.circuitOf(circuitId).kind == known.kind, "of the same kind");
        }
    }

    function theGateIsClosedWhereTheLatestEpochRestsOnARetiredCircuit() private view {
        bool broken = handler.circuitOf(handler.latestBatch()).retiredAt != 0
            || handler.circuitOf(handler.latestClose()).retiredAt != 0;
        // The first epoch's other batches are of a circuit that the handler leaves alone.
        if (broken) assertFalse(handler.isOpen(), "open over a retired circuit");
    }
}
