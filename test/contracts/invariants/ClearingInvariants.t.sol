// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ClearedAccount} from "../../../contracts/interfaces/ClearingTypes.sol";
import {TestBase} from "../TestBase.sol";
import {ClearingForger} from "./ClearingForger.sol";
import {Opening} from "./ClearingStatement.sol";

/// @dev What holds of a clearing house and its vault after any sequence of calls by anybody.
contract ClearingInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    uint16 private constant ENTRY_ROW = 2;
    uint16 private constant CASH_OPTION = 4;
    uint16 private constant MODEL_ROWS = 6;

    ClearingForger private handler;

    function setUp() public {
        handler = new ClearingForger();
        handler.open(0, 0, 1e6);
        handler.open(1, 1, 1e6);
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory a = new bytes4[](28);
        (a[0], a[1], a[2]) = (handler.open.selector, handler.bring.selector, handler.take.selector);
        (a[3], a[4], a[5]) = (handler.exchange.selector, handler.transfer.selector, handler.moveFromTree.selector);
        (a[6], a[7], a[8]) = (handler.trade.selector, handler.trade.selector, handler.trade.selector);
        (a[9], a[10], a[11]) = (handler.tradeBatch.selector, handler.tradeBatch.selector, handler.liquidate.selector);
        (a[12], a[13], a[14]) = (handler.recordExpiry.selector, handler.expire.selector, handler.expire.selector);
        (a[15], a[16], a[17]) = (handler.accrue.selector, handler.fund.selector, handler.passTime.selector);
        (a[18], a[19], a[20]) =
        (handler.refreshVenue.selector, handler.tradeAgain.selector, handler.tradeWithItself.selector);
        (a[21], a[22], a[23]) =
        (handler.tradeSwapped.selector, handler.tradeForMore.selector, handler.tradeOtherwise.selector);
        (a[24], a[25], a[26]) =
        (handler.takeMore.selector, handler.transferMore.selector, handler.expireForMore.selector);
        a[27] = handler.fundForLess.selector;
        targets[0].selectors = a;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: it reaches all of a position's life, and the way out.
    function test_theHandlerReachesTradesExpiriesFundingMovesAndLiquidations() public {
        handler.open(2, 0, 1e6);
        handler.moveFromTree(0, 1, 0, 500);
        handler.bring(0, 0, 0, 700);
        assertEq(handler.credit(1, 0), 0, "what was moved is taken in first");
        handler.trade(0, 0, 0, 1_000, 900);
        handler.trade(0, 1, 1, 300, 50);
        handler.tradeBatch(0, 2, 200, 10);
        assertEq(openingOf(1, 3), 800, "a perpetual");
        assertTrue(openingOf(1, 4) > 0 && openingOf(1, 5) != 0, "options");
        handler.accrue(777);
        handler.fund(0, false);
        handler.liquidate(0, 0, 400);
        assertEq(openingOf(1, 3), 400, "liquidated in part");
        handler.recordExpiry(0, 12_345, 1_000);
        handler.recordExpiry(1, -5, 1);
        for (uint256 i = 0; i < 6; ++i) {
            handler.expire(i % 3, i / 3, i % 2 == 0);
            handler.fund(i % 3, true);
            invariant_P220_booksBalanceAndOnlyProofsChangeThem();
        }
        assertEq(openingOf(1, 4), 0, "expired");
        handler.take(0, 0, 300, true);
        handler.take(0, 0, 300, false);
        handler.exchange(1, 1, 10, 20);
        handler.transfer(0, 0, 0, 40);
        assertEq(handler.wentOut(0), 600, "to the tree and to an address");
        assertEq(handler.wentOut(1), 1_000, "one for another");
        assertTrue(handler.roundings() >= 10, "what was due");
        invariant_P220_booksBalanceAndOnlyProofsChangeThem();
        assertEq(handler.honestRefused(), 0, "nothing refused");
    }

    /// @dev Each is refused for what it is: the honest one beside it is taken.
    function test_P220_theHandlerTriesEveryForgery() public {
        handler.tradeAgain(0, 0, 0, 10);
        assertEq(handler.trades(), 1, "the first time it is taken");
        handler.tradeWithItself(0, 0, 5, 5);
        handler.tradeSwapped(0, 0, 0, 5, 5);
        handler.tradeForMore(0, 0, 0, 5, 1, true);
        handler.tradeForMore(0, 0, 0, 5, 1, false);
        for (uint256 how = 0; how < 5; ++how) {
            handler.tradeOtherwise(0, 0, 0, 5, how);
            handler.takeMore(0, 0, 5, how);
        }
        handler.transferMore(0, 0, 0, 5);
        handler.recordExpiry(0, 5, 1);
        handler.trade(0, 0, 1, 5, 0);
        handler.expireForMore(0, 0);
        handler.accrue(5e6);
        handler.fundForLess(0, 1);
        assertEq(handler.forgeriesTried(), 31, "tried");
        assertEq(handler.forgeriesTaken(), 0, "taken");
        handler.trade(0, 0, 0, 5, 5);
        assertEq(handler.honestRefused(), 0, "honest ones are taken");
        invariant_P220_booksBalanceAndOnlyProofsChangeThem();
    }

    function openingOf(uint64 handle, uint256 row) private view returns (uint256) {
        Opening memory o = handler.openingOf(handle);
        return uint256(o.q[row]);
    }

    // forge runs the same calls again for each invariant: one campaign holds all properties, and a failure names its own. Longer ones than
    // elsewhere: an expiry is of interest where trades went before.

    /// forge-config: default.invariant.runs = 32
    /// forge-config: default.invariant.depth = 48
    /// forge-config: ci.invariant.runs = 256
    /// forge-config: deep.invariant.runs = 1024
    function invariant_P220_booksBalanceAndOnlyProofsChangeThem() public view {
        positionsSumToZero();
        cashIsWhatCameInLessWhatWentOut();
        accountsChangeOnlyByWhatIsProven();
    }

    function positionsSumToZero() private view {
        for (uint16 row = ENTRY_ROW; row < MODEL_ROWS; ++row) {
            int256 sum = row >= CASH_OPTION ? handler.expired(row) : int256(0);
            for (uint64 handle = 1; handle <= handler.accounts(); ++handle) {
                sum += handler.openingOf(handle).q[row];
            }
            assertEq(uint256(sum), 0, "longs equal shorts");
        }
    }

    /// @dev Once all that is due is settled: before that, who settled first has what others still owe.
    function cashIsWhatCameInLessWhatWentOut() private view {
        int256[2] memory sums;
        uint256 rounds = handler.roundings();
        for (uint64 handle = 1; handle <= handler.accounts(); ++handle) {
            (int256 cash, int256 coin, uint256 more) = handler.projected(handle);
            (sums[0], sums[1], rounds) = (sums[0] + cash, sums[1] + coin, rounds + more);
        }
        for (uint256 asset = 0; asset < 2; ++asset) {
            int256 held = sums[asset] * int256(handler.unitsOf(asset)) + int256(credits(asset));
            uint256 cleared = handler.vaultsCleared(asset);
            assertEq(cleared, handler.cameIn(asset) - handler.wentOut(asset), "in less out");
            int256 spare = int256(cleared) - held;
            assertTrue(spare >= 0, "the vault has what accounts hold");
            // Coin is delivered whole; cash is rounded down, by less than a quantum each time.
            uint256 most = asset == 0 && rounds != 0 ? rounds - 1 : 0;
            assertTrue(uint256(spare) <= most, "and no more than rounding left");
            assertEq(IERC20(handler.tokenOf(asset)).balanceOf(address(handler.house())), 0, "the house has none");
        }
    }

    function credits(uint256 asset) private view returns (uint256 sum) {
        for (uint64 handle = 1; handle <= handler.accounts(); ++handle) {
            assertEq(handler.house().creditOf(handle, asset), handler.credit(handle, asset), "credit");
            sum += handler.credit(handle, asset);
        }
    }

    function accountsChangeOnlyByWhatIsProven() private view {
        assertEq(handler.house().handles(), handler.accounts(), "handles");
        for (uint64 handle = 1; handle <= handler.accounts(); ++handle) {
            ClearedAccount memory account = handler.house().accountOf(handle);
            assertEq(account.commitment, handler.current(handle), "commitment");
        }
        for (uint256 i = 0; i < handler.trades(); ++i) {
            uint256 commitment = handler.filled(i);
            assertTrue(handler.house().isFilled(commitment), "filled for good");
            assertEq(handler.fills(commitment), 1, "once");
        }
        assertEq(handler.forgeriesTaken(), 0, "forgeries");
        assertEq(handler.honestRefused(), 0, "taken and refused as the rules say");
    }
}
