// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochRecord} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {TestBase} from "../TestBase.sol";
import {RegistryHandler} from "./RegistryHandler.sol";

/// @dev [K33] What holds of registry and escrow after any sequence of calls by anybody, over two venues.
contract RegistryInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    RegistryHandler private handler;

    function setUp() public {
        handler = new RegistryHandler();
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory actions = new bytes4[](11);
        actions[0] = handler.depositReserves.selector;
        actions[1] = handler.depositFund.selector;
        actions[2] = handler.withdrawReserves.selector;
        actions[3] = handler.withdrawFund.selector;
        actions[4] = handler.sendDirectly.selector;
        actions[5] = handler.passTime.selector;
        actions[6] = handler.openSnapshot.selector;
        actions[7] = handler.submitEpoch.selector;
        actions[8] = handler.replay.selector;
        actions[9] = handler.forge.selector;
        actions[10] = handler.withoutTheRole.selector;
        targets[0].selectors = actions;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: both outcomes of coverage are within its reach.
    function test_theHandlerReachesCoveredAndUncoveredEpochs() public {
        handler.depositReserves(0, 0, 1_000);
        handler.depositReserves(0, 1, 5_000);
        handler.depositFund(0, 10);
        uint64[4] memory words = [uint64(1_500), 500, 50, 0];
        handler.submitEpoch(0, words, 10_000_000, 1);
        assertTrue(handler.acceptedBy(0) == 1 && handler.wasCovered(0, 1), "covered");
        assertTrue(handler.registryMode(0) == GateMode.OPEN, "open");
        handler.submitEpoch(0, words, 10_000_001, 1);
        assertTrue(handler.acceptedBy(0) == 2 && !handler.wasCovered(0, 2), "shortfall above the fund");
        handler.withdrawReserves(0, 1, 1);
        handler.submitEpoch(0, words, 0, 1);
        assertTrue(handler.acceptedBy(0) == 3 && !handler.wasCovered(0, 3), "reserves too small");
        assertEq(handler.acceptedBy(1), 0, "the other venue");
        assertTrue(handler.registryMode(0) == GateMode.WITHDRAW_ONLY, "exits only");
    }

    // forge runs the same calls again for each invariant: two campaigns hold seven properties, and a failure names its own.

    function invariant_K33_theEscrowsLedgersAreTrue() public view {
        ledgersOfAllVenuesAddUpToTheTokensHeld();
        everyLedgerIsDepositsMinusWithdrawalsAndNeverOverdrawn();
    }

    function invariant_K33_theRegistryOnlyAppendsWhatTheOperatorProved() public view {
        epochsGoUpOneByOne();
        noAcceptedEpochIsEverAlteredAndItsCoverageIsThatOfItsSnapshot();
        noStatementIsAcceptedTwiceAndNoForgeryOnce();
        onlyTheOperatorIsHeard();
        theGateIsOpenOnlyAfterAFreshCoveredEpoch();
    }

    function ledgersOfAllVenuesAddUpToTheTokensHeld() private view {
        for (uint256 t = 0; t < 2; ++t) {
            address token = address(handler.tokens(t));
            uint256 sum = handler.donated(t);
            for (uint256 v = 0; v < 2; ++v) {
                sum += handler.escrow().reservesOf(handler.idOf(v), token);
                sum += handler.escrow().fundOf(handler.idOf(v), token);
            }
            assertEq(handler.tokens(t).balanceOf(address(handler.escrow())), sum, "tokens held");
        }
    }

    function everyLedgerIsDepositsMinusWithdrawalsAndNeverOverdrawn() private view {
        for (uint256 v = 0; v < 2; ++v) {
            uint256 id = handler.idOf(v);
            for (uint256 t = 0; t < 2; ++t) {
                address token = address(handler.tokens(t));
                assertEq(handler.escrow().reservesOf(id, token), handler.reserves(v, t), "reserves");
                assertEq(handler.escrow().fundOf(id, token), t == 0 ? handler.funds(v) : 0, "fund");
            }
        }
        assertEq(handler.overdrafts(), 0, "overdrafts");
    }

    function epochsGoUpOneByOne() private view {
        for (uint256 v = 0; v < 2; ++v) {
            assertEq(handler.latestEpoch(v), handler.acceptedBy(v), "latest epoch");
            uint64 opened = handler.snapshotEpoch(v);
            assertTrue(opened <= handler.acceptedBy(v) + 1 && opened >= handler.acceptedBy(v), "snapshot's epoch");
        }
        assertEq(handler.epochsSkipped(), 0, "skipped");
        assertEq(handler.honestRefused(), 0, "honest epochs refused");
    }

    function noAcceptedEpochIsEverAlteredAndItsCoverageIsThatOfItsSnapshot() private view {
        for (uint256 v = 0; v < 2; ++v) {
            for (uint64 epoch = 1; epoch <= handler.acceptedBy(v); ++epoch) {
                EpochRecord memory record = handler.epochAt(v, epoch);
                assertEq(keccak256(abi.encode(record)), handler.recordHash(v, epoch), "record");
                assertTrue(record.covered == handler.wasCovered(v, epoch), "coverage");
            }
        }
    }

    function noStatementIsAcceptedTwiceAndNoForgeryOnce() private view {
        for (uint256 v = 0; v < 2; ++v) {
            for (uint256 epoch = 1; epoch <= handler.acceptedBy(v); ++epoch) {
                assertEq(handler.timesAccepted(handler.statementOf(v, epoch)), 1, "times accepted");
            }
        }
        assertEq(handler.replaysAccepted(), 0, "replays");
        assertEq(handler.forgeriesAccepted(), 0, "forgeries");
    }

    function onlyTheOperatorIsHeard() private view {
        assertEq(handler.strangersHeard(), 0, "strangers");
    }

    function theGateIsOpenOnlyAfterAFreshCoveredEpoch() private view {
        for (uint256 v = 0; v < 2; ++v) {
            GateMode mode = handler.registryMode(v);
            uint64 latest = uint64(handler.acceptedBy(v));
            if (latest == 0) {
                assertTrue(mode == GateMode.HALT, "no epoch");
                continue;
            }
            uint256 age = block.timestamp - handler.epochAt(v, latest).snapshotTime;
            bool covered = handler.wasCovered(v, latest);
            assertTrue((mode == GateMode.HALT) == (age > 6 hours), "halt");
            assertTrue((mode == GateMode.OPEN) == (covered && age <= 1 hours), "open");
            if (age <= 6 hours) assertTrue((mode == GateMode.WITHDRAW_ONLY) == !covered, "exits only");
        }
    }
}
