// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IDefaultFund} from "../../../contracts/interfaces/IDefaultFund.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Tranches} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {ForwardingLiquidations} from "../mocks/ForwardingLiquidations.sol";
import {FundFixture} from "./FundFixture.sol";

/// @dev What nobody covered: who leaves loses a part of it, through a house that pays from a vault. Accounts hold 30,000 dollars.
contract FundSharingTest is FundFixture {
    ForwardingLiquidations private between;

    function setUp() public override {
        super.setUp();
        between = new ForwardingLiquidations(house, fund);
        seller = address(between);
        terms.setLiquidations(HELD, seller);
        setFundRules(fundRules(1e6, 1e6, 1e6));
    }

    function takeOut(uint64 handle, uint64 amount) private returns (uint256) {
        uint256 had = usd.balanceOf(WINNER);
        Collateral memory c = taking(USD_ROW, amount, WINNER);
        Transition memory t = draftTransition(table);
        t.unmargined = true;
        t = sealAdjust(handle, address(0), c, t);
        house.adjust(handle, c, t, "");
        return usd.balanceOf(WINNER) - had;
    }

    function ledger() private view returns (uint256) {
        return vault.clearedBalance(HELD, 0);
    }

    function payDebt(uint64 quanta) private {
        Transition memory t = draftTransition(table);
        t.owned = false;
        uint256 delta = uint256(USD_ROW) + uint256(quanta) * 2 ** 16;
        t = seal(t, commitmentOf(bob), COLLATERAL + periodWord(), delta);
        between.freeze(bob, true);
        between.payDebt(HELD, bob, USD_ROW, quanta, t, usd);
        between.freeze(bob, false);
    }

    // ---- sharing ----

    function test_P243_everybodyWhoLeavesLosesTheSamePart() public {
        vm.prank(seller);
        fund.draw(HELD, 0, 10_000);
        // Accounts hold 30,000, of which the ledger lacks what a debt of 10,000 was paid with: as if it had been 40,000.
        assertEq(takeOut(alice, 4_000), 3_000, "three quarters");
        assertTranches(0, 0, 9_000);
        assertEq(takeOut(bob, 20_000), 15_000, "three quarters");
        assertEq(takeOut(alice, 6_000), 4_500, "three quarters still");
        assertTranches(0, 0, 2_500);
        assertEq(ledger(), 7_500, "what the defaulter's creditors have");
    }

    function test_P243_whatIsLostTogetherIsTheShortfallWhateverTheSteps(uint64[4] memory amounts, uint64 debt)
        public
    {
        uint256 short = bound(debt, 1, 30_000);
        vm.prank(seller);
        fund.draw(HELD, 0, short);
        uint256 claims = 30_000 + short;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 1, claims);
            uint256 part = amount * ledger() / claims;
            uint256 got = share(amount);
            assertEq(got, part, "its part of the ledger, rounded down");
            claims -= amount;
            // As the house pays it.
            if (got != 0) {
                vm.prank(address(house));
                vault.payCleared(HELD, 0, got, WINNER);
            }
            assertEq(ledger() + held().shortfall, claims, "ledger and shortfall are the claims");
            if (claims == 0) break;
        }
        if (claims != 0) share(claims);
        assertEq(held().shortfall, 0, "none is left when all have left");
    }

    function test_P243_moreThanAccountsHoldLocksNobodysExit() public {
        vm.prank(seller);
        fund.draw(HELD, 0, 10_000);
        assertEq(share(50_000), 40_000, "all of the shortfall, and the house finds that the ledger lacks the rest");
        assertTranches(0, 0, 0);
        Collateral memory c = taking(USD_ROW, 30_001, WINNER);
        Transition memory t = draftTransition(table);
        t.unmargined = true;
        t = sealAdjust(alice, address(0), c, t);
        refuseAdjust(
            ALICE,
            alice,
            c,
            t,
            abi.encodeWithSelector(IVaultMessages.LedgerTooSmall.selector, HELD, 0, 30_000, 30_001)
        );
    }

    function test_P243_whereNothingIsLackingEverythingIsPaid() public {
        assertEq(takeOut(alice, 10_000), 10_000, "all");
        assertEq(share(type(uint256).max), type(uint256).max, "whatever it is");
    }

    // ---- debts through the house ----

    function test_P244_aDebtMovesFromTheFundIntoTheLedger() public {
        fillFund(100, 200);
        uint256 before = ledger();
        payDebt(350);
        assertEq(ledger() - before, 300, "what tranches paid");
        assertTranches(0, 0, 50);
        assertEq(usd.balanceOf(address(fund)), 0, "nothing is left");
    }

    // ---- cover ----

    function test_P243_aRefilledFundPaysShortfallsFirst() public {
        payDebt(1_000);
        assertEq(fund.cover(HELD, 0), 0, "nothing to cover it with");
        fillFund(300, 500);
        uint256 before = ledger();
        vm.expectEmit(address(fund));
        emit IDefaultFund.ShortfallCovered(HELD, 0, 800);
        vm.prank(STRANGER);
        assertEq(fund.cover(HELD, 0), 800, "covered");
        assertEq(ledger() - before, 800, "into the ledger");
        assertTranches(0, 0, 200);
        fillFund(300, 0);
        fund.cover(HELD, 0);
        assertTranches(100, 0, 0);
        assertEq(takeOut(alice, 10_000), 10_000, "and nobody loses any more");
        assertEq(fund.cover(HELD, 0), 0, "nothing is lacking");
    }

    /// Else a debt that is shared, and then covered, takes from the tranches whatever bounds they have.
    function test_P244_coveringIsBoundAsDrawingIs() public {
        payDebt(1_000);
        vm.warp(block.timestamp + 1 days);
        setFundRules(fundRules(500_000, 250_000, 0));
        fillFund(200, 400);
        assertEq(fund.cover(HELD, 0), 200, "half of one, a quarter of the other");
        assertEq(fund.cover(HELD, 0), 0, "once a period");
        assertTranches(100, 300, 800);
        vm.prank(seller);
        (bool ok,) = address(fund).call(abi.encodeCall(fund.draw, (HELD, 0, 1)));
        assertFalse(ok, "nor is a debt paid beside it");
        vm.warp(block.timestamp + 1 days);
        assertEq(fund.cover(HELD, 0), 125, "the next period's");
    }

    function test_P243_aPausedVaultMakesCoveringWait() public {
        payDebt(1_000);
        fillFund(300, 500);
        vm.prank(ADMIN);
        vault.setPaused(HELD, true);
        refuse(
            STRANGER,
            abi.encodeCall(fund.cover, (HELD, 0)),
            abi.encodeWithSelector(IVaultMessages.VenuePaused.selector, HELD)
        );
        assertTranches(300, 500, 1_000);
    }

    // ---- everything together ----

    /// No tranche is below 0, who paid adds up, and the fund has the tokens that its books say.
    function test_P244_theBooksOfTheFundAddUpOnEveryPath(uint256 seed) public {
        setFundRules(fundRules(uint24(400_000 + seed % 600_000), 300_000, 200_000));
        for (uint256 i = 0; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            step(seed % 7, 1 + (seed >> 8) % 3_000);
            Tranches memory got = held();
            assertTranches(got.firstLoss, got.insurance, got.shortfall);
            uint256 reward = fund.rewardOf(KEEPER, address(usd));
            assertEq(usd.balanceOf(address(fund)), got.firstLoss + got.insurance + reward, "tokens");
            (uint256 first, uint256 second, uint256 third) = fund.roomOf(HELD, 0);
            uint256 room = first + second + third;
            vm.prank(seller);
            (bool ok, bytes memory why) = address(fund).call(abi.encodeCall(fund.draw, (HELD, 0, room + 1)));
            assertFalse(ok, "more than the room");
            bytes memory reached = abi.encodeWithSelector(IDefaultFund.BoundReached.selector, HELD, 0, 1);
            assertEq(keccak256(why), keccak256(reached), "by one");
        }
    }

    function step(uint256 which, uint256 amount) private {
        (uint256 first, uint256 second, uint256 third) = fund.roomOf(HELD, 0);
        if (which == 0) fillFund(amount, 0);
        if (which == 1) fillFund(0, amount);
        if (which == 2) draw(amount > first + second + third ? first + second + third : amount);
        if (which == 3) subsidise(amount > first + second ? first + second : amount);
        if (which == 4) takePenalty(amount);
        if (which == 5) fund.cover(HELD, 0);
        if (which == 6) vm.warp(block.timestamp + amount * 20);
    }

    function takePenalty(uint256 amount) private {
        usd.mint(seller, amount);
        vm.prank(seller);
        usd.approve(address(fund), amount);
        vm.prank(seller);
        fund.takePenalty(HELD, 0, amount, KEEPER, 300_000, 300_000);
    }
}
