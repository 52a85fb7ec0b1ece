// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {IMarketSource} from "../../../contracts/interfaces/IMarketSource.sol";
import {Standing} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {LiquidationFixture} from "./LiquidationFixture.sol";

/// @dev What others pay of a debt, and of payouts where losses are shared.
contract DebtTest is LiquidationFixture {
    function setUp() public override {
        super.setUp();
        start();
    }

    function to(uint256 commitment) private pure returns (Transition memory t) {
        t.newCommitment = commitment;
    }

    function payDebt(uint16 row, uint64 quanta) private {
        liquidations.payDebt(ACCOUNT, row, quanta, to(commitmentOf(ACCOUNT) + 1));
    }

    function refusePayment(uint16 row, uint64 quanta, bytes memory reason) private {
        refuse(abi.encodeCall(liquidations.payDebt, (ACCOUNT, row, quanta, to(12))), reason);
    }

    function test_P241_theFundPaysADebtThroughTheHouse() public {
        vm.expectEmit(address(liquidations));
        emit ILiquidations.DebtPaid(ACCOUNT, USD_ROW, 7, 7 * USD_UNITS, 7 * USD_UNITS);
        payDebt(USD_ROW, 7);
        assertEq(usd.balanceOf(address(house)), 7 * USD_UNITS, "in the house");
        assertEq(usd.balanceOf(address(liquidations)), 0, "nothing stays here");
        assertEq(usd.allowance(address(liquidations), address(house)), 0, "nor an allowance");
        assertEq(commitmentOf(ACCOUNT), 12, "changed");
    }

    function test_P241_whatTheFundDoesNotCoverTheLedgerLacks() public {
        fund.setCoverage(250_000);
        vm.expectEmit(address(liquidations));
        emit ILiquidations.DebtPaid(ACCOUNT, USD_ROW, 8, 8 * USD_UNITS, 2 * USD_UNITS);
        payDebt(USD_ROW, 8);
        assertEq(usd.balanceOf(address(house)), 2 * USD_UNITS, "the covered part");
        fund.setCoverage(0);
        vm.expectEmit(address(liquidations));
        emit ILiquidations.DebtPaid(ACCOUNT, USD_ROW, 1, USD_UNITS, 0);
        payDebt(USD_ROW, 1);
        assertEq(commitmentOf(ACCOUNT), 13, "paid all the same");
    }

    function test_P241_debtsOfAccountsInLiquidationArePaidAlone() public {
        refusePayment(USD_ROW, 0, abi.encodeWithSelector(ILiquidations.NothingToPay.selector));
        refusePayment(PERP_ROW, 1, abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, LIQUID, PERP_ROW));
        answer();
        refusePayment(USD_ROW, 1, abi.encodeWithSelector(ILiquidations.NotInStanding.selector, ACCOUNT, Standing.SOUND));
        pass(QUIET);
        newTables();
        freeze();
        refusePayment(
            USD_ROW, 1, abi.encodeWithSelector(ILiquidations.NotInStanding.selector, ACCOUNT, Standing.FROZEN)
        );
    }

    function test_P241_nothingEntersAgainWhileADebtIsPaid() public {
        house.setToken(IERC20(address(eur)));
        bytes memory again = abi.encodeCall(liquidations.payDebt, (ACCOUNT, EUR_ROW, 1, to(12)));
        eur.setOddity(OddToken.Oddity.REENTERS);
        eur.setCall(address(liquidations), again);
        bytes memory reason = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        refusePayment(EUR_ROW, 1, reason);
        eur.setOddity(OddToken.Oddity.NONE);
        payDebt(EUR_ROW, 1);
    }

    function test_P241_payoutsAreSharedForTheHouseAlone() public {
        fund.setPaidShare(750_000);
        vm.prank(address(house));
        assertEq(liquidations.sharePayout(LIQUID, 0, 1_000), 750, "by the fund");
        refuse(
            abi.encodeCall(liquidations.sharePayout, (LIQUID, 0, 1_000)),
            abi.encodeWithSelector(ILiquidations.NotTheHouse.selector, KEEPER)
        );
    }
}
