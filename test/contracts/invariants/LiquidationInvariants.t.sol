// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccountStanding, Standing, Tranches} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {TestBase} from "../TestBase.sol";
import {LiquidationForger} from "./LiquidationForger.sol";
import {Holding} from "./LiquidationStatement.sol";

/// @dev What holds of liquidations, the default fund and the clearing house after any sequence of calls by anybody.
contract LiquidationInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    uint256 private constant VENUE_HELD = 9;
    uint256 private constant ROWS = 5;
    address[4] private keepers = [address(0xC0), address(0xC1), address(0xC3), address(0xA4)];

    LiquidationForger private handler;

    function setUp() public {
        handler = new LiquidationForger();
        handler.open(0, 2e9);
        handler.open(1, 1e11);
        handler.open(2, 5e9);
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory a = new bytes4[](29);
        (a[0], a[1], a[2]) = (handler.open.selector, handler.bring.selector, handler.take.selector);
        (a[3], a[4], a[5]) = (handler.trade.selector, handler.trade.selector, handler.trade.selector);
        (a[6], a[7], a[8]) = (handler.movePrice.selector, handler.movePrice.selector, handler.passTime.selector);
        (a[9], a[10], a[11]) = (handler.stopPrices.selector, handler.refreshVenue.selector, handler.accrue.selector);
        (a[12], a[13], a[14]) = (handler.fundAccount.selector, handler.challenge.selector, handler.answer.selector);
        (a[15], a[16], a[17]) = (handler.start.selector, handler.start.selector, handler.freeze.selector);
        (a[18], a[19], a[20]) = (handler.withdrawBonds.selector, handler.mark.selector, handler.buySlice.selector);
        (a[21], a[22], a[23]) = (handler.buySlice.selector, handler.payDebt.selector, handler.cover.selector);
        (a[24], a[25]) = (handler.contribute.selector, handler.withdrawReward.selector);
        (a[26], a[27], a[28]) = (handler.forge.selector, handler.forge.selector, handler.ruin.selector);
        targets[0].selectors = a;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing: it reaches all of a life under water.
    function test_P247_theHandlerReachesDefenceSaleDebtsAndSharedLosses() public {
        handler.trade(0, 0, 0, 300_000, 10);
        assertEq(positionOf(1, 3), 300_000, "long a perpetual");
        defendedAndFrozen();
        // Below maintenance margin, and above it again after a slice.
        handler.movePrice(35);
        handler.start(0, 2);
        assertTrue(handler.standing(1) == Standing.LIQUIDATING, "under water");
        handler.buySlice(0, 0, 0, 300_000, 1);
        assertEq(handler.slices(), 1, "a slice at the mark");
        uint256 left = positionOf(1, 3);
        assertTrue(left > 100_000 && left < 300_000, "and no more than needed");
        handler.answer(0);
        assertTrue(handler.standing(1) == Standing.SOUND, "sound again");
        // Worth nothing.
        handler.ruin(15, false);
        handler.start(0, 2);
        handler.buySlice(0, 0, 0, 50_000, 6);
        handler.buySlice(0, 0, 0, positionOf(1, 3), 30);
        assertEq(positionOf(1, 3), 0, "all sold");
        handler.buySlice(0, 0, 3, uint256(-handler.holdingOf(1).q[2]), 1);
        assertEq(positionOf(1, 2), 0, "entries became cash");
        debtsPaidAndShared();
        handler.withdrawReward(2);
        invariant_P247_nobodyHealthyLosesAndBooksBalance();
    }

    function defendedAndFrozen() private {
        handler.challenge(0, 2);
        assertTrue(handler.standing(1) == Standing.CHALLENGED, "doubted");
        handler.answer(0);
        assertTrue(handler.standing(1) == Standing.SOUND, "defended");
        handler.withdrawBonds(0);
        handler.challenge(0, 2);
        handler.passTime(11 minutes);
        handler.freeze(0);
        assertTrue(handler.standing(1) == Standing.FROZEN, "silent");
        handler.answer(0);
        assertTrue(handler.standing(1) == Standing.SOUND, "late");
    }

    function debtsPaidAndShared() private {
        uint256 debt = uint256(-handler.holdingOf(1).q[0]);
        assertTrue(debt > 3e8, "more than the fund has");
        handler.payDebt(0, 0, debt);
        assertEq(handler.debtsPaid(0), 0, "and more than bounds let it pay at once");
        handler.payDebt(0, 0, 1e8);
        handler.payDebt(0, 0, 1e8);
        assertEq(handler.debtsPaid(0), 2e8, "what they let");
        for (uint256 i = 0; i < 24; ++i) {
            handler.refreshVenue();
            handler.drain(0);
        }
        Tranches memory t = handler.fund().tranchesOf(VENUE_HELD, 0);
        assertEq(t.firstLoss + t.insurance, 0, "empty");
        assertTrue(t.shared != 0 && t.shortfall != 0, "and the rest shared");
        handler.take(1, 0, 1e8, false);
        assertTrue(handler.paidOut(0) < handler.wentOut(0), "who leaves pays a part");
        handler.take(2, 0, 1e8, true);
        handler.contribute(0, 1e9, true);
        handler.cover(0);
        assertTrue(handler.fund().tranchesOf(VENUE_HELD, 0).shortfall < t.shortfall, "refilled");
    }

    function test_P248_theHandlerTriesEveryForgery() public {
        forgeAll();
        handler.trade(0, 0, 0, 300_000, 10);
        handler.challenge(0, 1);
        forgeAll();
        handler.movePrice(35);
        handler.start(0, 2);
        forgeAll();
        handler.movePrice(95);
        forgeAll();
        assertTrue(handler.forgeriesTried() > 90, "tried");
        assertEq(handler.forgeriesTaken(), 0, "taken");
        handler.buySlice(0, 0, 0, 300_000, 6);
        assertEq(handler.slices(), 1, "the honest one beside them is taken");
        assertEq(handler.honestRefused(), 0, "nothing honest was refused");
        invariant_P247_nobodyHealthyLosesAndBooksBalance();
    }

    function forgeAll() private {
        for (uint256 how = 0; how < 26; ++how) {
            handler.forge(0, 0, how);
        }
    }

    function positionOf(uint64 handle, uint256 row) private view returns (uint256) {
        return uint256(handler.holdingOf(handle).q[row]);
    }

    // forge runs the same calls again for each invariant: one campaign holds all properties, and a failure names its own.

    /// forge-config: default.invariant.runs = 24
    /// forge-config: default.invariant.depth = 64
    /// forge-config: ci.invariant.runs = 192
    /// forge-config: deep.invariant.runs = 1024
    function invariant_P247_nobodyHealthyLosesAndBooksBalance() public view {
        nobodyLosesMoreThanTheRulesTake();
        claimsAreCovered();
        theWaterfallPaidWhatWasOwed();
        bondsAreTheBalance();
        accountsAreWhatWasProven();
    }

    function nobodyLosesMoreThanTheRulesTake() private view {
        assertEq(handler.healthyHurt(), 0, "healthy accounts that were sold");
        assertEq(handler.overcharged(), 0, "slices that took more than discount and penalty");
        assertEq(handler.soldTooMuch(), 0, "slices beyond initial margin");
        assertEq(handler.penaltyWrong(), 0, "penalties");
        assertEq(handler.fundPoorer(), 0, "slices that left the tranches poorer");
        assertEq(handler.boundsBroken(), 0, "draws beyond their bound, or out of order");
        assertEq(handler.forgeriesTaken(), 0, "forgeries");
        assertEq(handler.honestRefused(), 0, "taken and refused as the rules say");
    }

    /// @dev What accounts hold, debts off, is in the ledger or a known shortfall of it; rounding of funding alone is over.
    function claimsAreCovered() private view {
        for (uint256 asset = 0; asset < 2; ++asset) {
            int256 sum = 0;
            for (uint64 handle = 1; handle <= handler.count(); ++handle) {
                sum += handler.holdingOf(handle).q[asset];
            }
            int256 owed = asset == 0 ? unsettledFunding() : int256(0);
            Tranches memory t = handler.fund().tranchesOf(VENUE_HELD, asset);
            int256 there = int256(handler.clearedOf(asset) + t.shortfall);
            int256 spare = there - (sum + owed) * int256(handler.unitsOf(asset));
            assertTrue(spare >= 0, "claims beyond ledger and shortfall");
            assertTrue(spare <= int256(handler.roundings() + handler.count()), "and no more than rounding over");
        }
        for (uint256 row = 2; row < ROWS; ++row) {
            int256 sum = 0;
            for (uint64 handle = 1; handle <= handler.count(); ++handle) {
                sum += handler.holdingOf(handle).q[row];
            }
            assertEq(uint256(sum), 0, "longs equal shorts");
        }
    }

    /// @dev Rounded down as what each account will be given.
    function unsettledFunding() private view returns (int256 sum) {
        for (uint64 handle = 1; handle <= handler.count(); ++handle) {
            Holding memory o = handler.holdingOf(handle);
            int256 due = -o.q[3] * int256(handler.terms().rateSince(o.period));
            if (o.q[3] != 0) sum += due >= 0 || due % 1e6 == 0 ? due / 1e6 : due / 1e6 - 1;
        }
    }

    function theWaterfallPaidWhatWasOwed() private view {
        for (uint256 asset = 0; asset < 2; ++asset) {
            Tranches memory t = handler.fund().tranchesOf(VENUE_HELD, asset);
            assertEq(t.debts, handler.debtsPaid(asset), "debts of the accounts");
            assertEq(t.debts + t.subsidies, t.paidFirstLoss + t.paidInsurance + t.shared, "and who paid them");
            address token = handler.tokenOf(asset);
            uint256 owed = t.firstLoss + t.insurance;
            for (uint256 i = 0; i < keepers.length; ++i) {
                owed += handler.fund().rewardOf(keepers[i], token);
            }
            assertEq(IERC20(token).balanceOf(address(handler.fund())), owed, "the fund has its tranches and rewards");
            assertEq(IERC20(token).balanceOf(address(handler.liquidations())), 0, "nothing stays on the way");
            assertEq(IERC20(token).balanceOf(address(handler.house())), 0, "nor at the house");
            assertTrue(handler.paidOut(asset) <= handler.wentOut(asset), "no payout is more than what left");
        }
    }

    function bondsAreTheBalance() private view {
        uint256 sum = 0;
        uint256 liquidating = 0;
        for (uint64 handle = 1; handle <= handler.count(); ++handle) {
            AccountStanding memory known = handler.liquidations().standingOf(handle);
            sum += known.bond;
            bool waits = known.standing == Standing.CHALLENGED || known.standing == Standing.FROZEN;
            assertEq(known.bond != 0 ? 1 : 0, waits ? 1 : 0, "a bond is held while a challenge waits");
            if (known.standing == Standing.LIQUIDATING) ++liquidating;
        }
        for (uint256 i = 0; i < keepers.length; ++i) {
            sum += handler.liquidations().bondsOf(keepers[i]);
        }
        assertEq(address(handler.liquidations()).balance, sum, "wei");
        assertEq(handler.liquidations().liquidating(VENUE_HELD), liquidating, "accounts being liquidated");
    }

    function accountsAreWhatWasProven() private view {
        for (uint64 handle = 1; handle <= handler.count(); ++handle) {
            uint256 commitment = handler.house().accountOf(handle).commitment;
            assertEq(commitment, handler.current(handle), "changed by what was proven, and nothing else");
        }
    }
}
