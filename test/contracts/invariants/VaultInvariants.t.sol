// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Deposit} from "../../../contracts/interfaces/VaultTypes.sol";
import {TestBase} from "../TestBase.sol";
import {VaultHandler} from "./VaultHandler.sol";
import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev [K33] What holds of a vault of two venues after any sequence of calls by anybody.
contract VaultInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    VaultHandler private handler;
    CollateralVault private vault;

    function setUp() public {
        handler = new VaultHandler();
        vault = handler.vault();
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory a = new bytes4[](28);
        (a[0], a[1], a[2]) = (handler.deposit.selector, handler.deposit.selector, handler.depositFund.selector);
        (a[3], a[4], a[5]) = (handler.sendDirectly.selector, handler.passTime.selector, handler.openSnapshot.selector);
        (a[6], a[7], a[8]) =
        (handler.acceptEpoch.selector, handler.standNextEpoch.selector, handler.standNextEpoch.selector);
        (a[9], a[10], a[11]) =
        (handler.withdraw.selector, handler.requestWithdrawal.selector, handler.deferRequest.selector);
        (a[12], a[13], a[14]) =
        (handler.payRequest.selector, handler.confirmRequest.selector, handler.cancelRequest.selector);
        (a[15], a[16], a[17]) =
        (handler.useCleared.selector, handler.demandReceipt.selector, handler.answerDemand.selector);
        (a[18], a[19], a[20]) = (handler.reclaimBond.selector, handler.setPaused.selector, handler.changeFund.selector);
        (a[21], a[22], a[23]) =
        (handler.withoutTheRole.selector, handler.windUp.selector, handler.registerExit.selector);
        (a[24], a[25], a[26]) =
        (handler.settleRound.selector, handler.collectExit.selector, handler.refundDeposit.selector);
        a[27] = handler.bringCleared.selector;
        targets[0].selectors = a;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: every kind of payment is within its reach.
    function test_theHandlerReachesPayoutsRequestsMovesExitsAndRefunds() public {
        for (uint256 u = 0; u < 3; ++u) {
            handler.deposit(0, u, 0, 1e9);
            handler.deposit(0, u, 1, 1e9);
        }
        handler.depositFund(0, 1e6);
        handler.standNextEpoch(0);
        handler.withdraw(0, 0, 0, 1e6, false);
        handler.requestWithdrawal(0, 1, 1, 1e4);
        handler.withdraw(0, 2, 1, 1e4, true);
        handler.bringCleared(0, 1, 1, 20);
        handler.useCleared(0, 2, 1, 10, true);
        handler.useCleared(0, 2, 1, 10, false);
        handler.deferRequest(0);
        handler.standNextEpoch(0);
        handler.confirmRequest(0);
        handler.requestWithdrawal(0, 0, 0, 5);
        handler.cancelRequest(1, true);
        handler.cancelRequest(1, false);
        handler.changeFund(0, 7, false);
        handler.changeFund(0, 4, true);
        handler.deposit(0, 1, 0, 77);
        assertEq(handler.count(3), 4, "nullifiers used");
        assertEq(handler.tokensOut(1), 1e6 + 10, "a request and what was cleared");
        handler.openSnapshot(0);
        handler.acceptEpoch(0);
        handler.demandReceipt(8);
        assertEq(handler.count(2), 1, "demands");
        handler.windUp(0, 2 * 1e22);
        assertTrue(handler.closed(0) && handler.exitsPaid() == 8, "exits");
        handler.refundDeposit(8);
        handler.reclaimBond(0);
        assertEq(handler.bonds(), 0, "bonds");
        invariant_K33_theLedgersAreTheTokens();
        invariant_K33_nobodyIsPaidTwice();
        invariant_K33_nothingIsLostOrStopped();
    }

    // forge runs the same calls again for each invariant: three campaigns hold seventeen properties, and a failure names its own.

    function invariant_K33_theLedgersAreTheTokens() public view {
        for (uint256 t = 0; t < 2; ++t) {
            uint256 sum = 0;
            for (uint256 v = 0; v < 2; ++v) {
                sum += ledgers(handler.idOf(v), t);
                if (t == 0) sum += vault.fundOf(handler.idOf(v));
            }
            assertEq(sum, handler.tokensIn(t) - handler.tokensOut(t), "in less out");
            address token = handler.registryToken(t);
            assertTrue(sum <= IERC20(token).balanceOf(address(vault)), "ledgers are there");
        }
        for (uint256 t = 0; t < 2; ++t) {
            assertEq(handler.heardOf(t), handler.movedToCleared(t), "the house heard of every move");
            for (uint256 v = 0; v < 2; ++v) {
                assertEq(vault.clearedBalance(handler.idOf(v), t), handler.clearedSum(v, t), "cleared");
            }
        }
        for (uint256 v = 0; v < 2; ++v) {
            assertEq(vault.fundOf(handler.idOf(v)), handler.funds(v), "the fund falls by timelock or settlement only");
        }
        assertEq(address(vault).balance, handler.bonds(), "bonds");
        assertEq(handler.timelocksCut(), 0, "timelocks");
    }

    function ledgers(uint256 id, uint256 asset) private view returns (uint256) {
        return vault.treeBalance(id, asset) + vault.clearedBalance(id, asset) + vault.pendingBalance(id, asset)
            + vault.exitBalance(id, asset);
    }

    function invariant_K33_nobodyIsPaidTwice() public view {
        assertEq(handler.doublePayments(), 0, "a nullifier pays once");
        for (uint256 i = 0; i < handler.count(3); ++i) {
            assertTrue(vault.isNullifierUsed(handler.nullifiers(i)), "nullifiers only grow");
        }
        assertEq(handler.doubleExits(), 0, "an exit once a leaf and an asset");
        assertEq(handler.overpaidExits(), 0, "an exit gets its claim at most");
        for (uint256 u = 0; u < 3; ++u) {
            assertTrue(handler.valueOut(u) <= handler.valueIn(u), "nobody takes out more than they brought");
        }
    }

    function invariant_K33_nothingIsLostOrStopped() public view {
        assertEq(handler.standingLost(), 0, "what stands stands, and the newest only moves on");
        assertEq(handler.reopened(), 0, "a closed venue never opens");
        assertEq(handler.strangersHeard(), 0, "strangers");
        assertEq(handler.honestRefused(), 0, "granted and refused as the rules say, paused or not");
        assertEq(handler.refundsRefused(), 0, "refunds are always there");
        for (uint256 v = 0; v < 2; ++v) {
            for (uint256 asset = 0; asset < 2; ++asset) {
                uint256 late = depositedSince(v, asset);
                assertTrue(vault.treeBalance(handler.idOf(v), asset) >= late, "no payout from later deposits");
            }
        }
    }

    /// @dev Deposits that no standing epoch counts, by their own records.
    function depositedSince(uint256 v, uint256 asset) private view returns (uint256 sum) {
        uint256 id = handler.idOf(v);
        uint64 base = handler.closed(v) ? handler.baseOf(v) : handler.newest(v);
        uint64 number = vault.termsOf(id, base).checkpoint;
        for (uint256 i = 0; i < handler.count(0); ++i) {
            Deposit memory d = vault.depositAt(handler.depositIds(i));
            if (d.venueId == id && d.asset == asset && d.checkpoint >= number && !d.refunded) sum += d.amount;
        }
    }
}
