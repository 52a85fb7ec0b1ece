// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BoardFixture} from "../BoardFixture.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {ICircuitRotation} from "../../../contracts/interfaces/ICircuitRotation.sol";
import {MarketSubmission} from "../../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";

/// @dev [P-200] Tables of a market board over a rotation of their circuit.
contract TableRotationTest is BoardFixture {
    uint256 private constant NEXT_TABLE = 511;

    function test_P200_noTableIsAcceptedInARetiredCircuitAndAcceptedOnesStay() public {
        openRound();
        accept(sealedTable(71));
        assertEq(board.circuitOf(VENUE, 71), TABLE, "circuit of the table");
        assertEq(board.circuitOf(VENUE, 72), 0, "of one that was not accepted");
        assertEq(board.circuitOf(VENUE + 1, 71), 0, "of another venue");
        bring();
        vm.prank(OWNER);
        registry.retireCircuit(TABLE);
        refresh();
        openRound();
        MarketSubmission memory s = sealedTable(72);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(ICircuitRotation.CircuitIsRetired.selector, TABLE));
        board.acceptMarket(VENUE, s);
        s.circuitId = NEXT_TABLE;
        accept(sealTable(s, block.chainid, address(registry), VENUE));
        assertEq(board.circuitOf(VENUE, 72), NEXT_TABLE, "in the successor");
        assertEq(board.circuitOf(VENUE, 71), TABLE, "still");
        assertTrue(board.market(VENUE, 71).level == MarginLevel.MAINTENANCE, "epochs were closed over it");
    }

    function bring() private {
        MockVerifierAny verifier = new MockVerifierAny("next table", true);
        vm.prank(OWNER);
        registry.proposeCircuit(CircuitConfig(NEXT_TABLE, CircuitKind.MARKET_TABLE, address(verifier)), TABLE);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        registry.addCircuit(NEXT_TABLE);
    }
}
