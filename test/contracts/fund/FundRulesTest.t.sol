// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {DefaultFund} from "../../../contracts/DefaultFund.sol";
import {IDefaultFund, Tranche} from "../../../contracts/interfaces/IDefaultFund.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ChangeKind, IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {FundRules} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {FundFixture} from "./FundFixture.sol";

/// @dev Rules, roles, and how a tranche is taken from.
contract FundRulesTest is FundFixture {
    function refuseRules(FundRules memory rules, bytes32 what, uint256 value) private {
        refuse(
            PARAMETERS,
            abi.encodeCall(fund.proposeRules, (HELD, rules)),
            abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, what, value)
        );
    }

    function test_P244_rulesOutOfBoundsAreRefused() public {
        refuseRules(FundRules(uint32(MIN_TIMELOCK - 1), 3, 2, 1), "timelock", MIN_TIMELOCK - 1);
        refuseRules(fundRules(0, 0, 0), "firstLossBound", 0);
        refuseRules(fundRules(1e6 + 1, 2, 1), "firstLossBound", 1e6 + 1);
        // Nobody who pays later is held back less.
        refuseRules(fundRules(10, 11, 1), "insuranceBound", 11);
        refuseRules(fundRules(10, 9, 10), "sharedBound", 10);
    }

    function test_P244_rulesAtTheirBoundsAreTaken() public {
        FundRules[2] memory taken = [FundRules(uint32(MIN_TIMELOCK), 1, 0, 0), fundRules(1e6, 1e6, 1e6)];
        for (uint256 i = 0; i < 2; ++i) {
            fund = new DefaultFund(house, MIN_TIMELOCK);
            vm.expectEmit(address(fund));
            emit IDefaultFund.FundRulesActivated(HELD, taken[i]);
            vm.prank(PARAMETERS);
            fund.proposeRules(HELD, taken[i]);
            assertEq(keccak256(abi.encode(fund.rulesOf(HELD))), keccak256(abi.encode(taken[i])), "rules");
        }
    }

    function test_P244_laterRulesWaitForTheTimelock() public {
        FundRules memory next = fundRules(9, 8, 7);
        bytes memory activate = abi.encodeCall(fund.activateRules, (HELD, next));
        refuse(
            PARAMETERS,
            activate,
            abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, HELD, ChangeKind.FUND_RULES)
        );
        vm.prank(PARAMETERS);
        fund.proposeRules(HELD, next);
        assertEq(fund.rulesOf(HELD).firstLossBound, 500_000, "the old ones");
        uint256 readyAt = block.timestamp + FUND_TIMELOCK;
        vm.warp(readyAt - 1);
        refuse(
            PARAMETERS, activate, abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, readyAt, readyAt - 1)
        );
        vm.warp(readyAt);
        vm.prank(PARAMETERS);
        fund.activateRules(HELD, next);
        assertEq(keccak256(abi.encode(fund.rulesOf(HELD))), keccak256(abi.encode(next)), "the new ones");
    }

    function test_P244_onlyTheParameterAdminMakesRulesAndOnlyTheVenueAdminTakesOut() public {
        address[4] memory others = [OWNER, ADMIN, venueOperator, STRANGER];
        FundRules memory rules = fundRules(9, 8, 7);
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, HELD, others[i]);
            refuse(others[i], abi.encodeCall(fund.proposeRules, (HELD, rules)), reason);
            refuse(others[i], abi.encodeCall(fund.activateRules, (HELD, rules)), reason);
        }
        others[1] = PARAMETERS;
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotVenueAdmin.selector, HELD, others[i]);
            refuse(others[i], abi.encodeCall(fund.proposeWithdrawal, (HELD, 0, Tranche.INSURANCE, 1, ADMIN)), reason);
            refuse(others[i], abi.encodeCall(fund.activateWithdrawal, (HELD, 0, Tranche.INSURANCE, 1, ADMIN)), reason);
        }
    }

    // ---- out ----

    function proposeOut(Tranche tranche, uint256 amount) private {
        vm.prank(ADMIN);
        fund.proposeWithdrawal(HELD, 0, tranche, amount, WINNER);
        vm.warp(block.timestamp + FUND_TIMELOCK);
    }

    function takeOut(Tranche tranche, uint256 amount) private {
        vm.prank(ADMIN);
        fund.activateWithdrawal(HELD, 0, tranche, amount, WINNER);
    }

    function refuseOut(Tranche tranche, uint256 amount, bytes memory reason) private {
        refuse(ADMIN, abi.encodeCall(fund.activateWithdrawal, (HELD, 0, tranche, amount, WINNER)), reason);
    }

    function test_P244_aTrancheIsTakenFromAfterTheTimelock() public {
        fillFund(100, 200);
        vm.expectEmit(address(fund));
        emit IDefaultFund.WithdrawalProposed(HELD, 0, Tranche.INSURANCE, 150, WINNER);
        vm.prank(ADMIN);
        fund.proposeWithdrawal(HELD, 0, Tranche.INSURANCE, 150, WINNER);
        uint256 readyAt = block.timestamp + FUND_TIMELOCK;
        vm.warp(readyAt - 1);
        refuseOut(
            Tranche.INSURANCE,
            150,
            abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, readyAt, readyAt - 1)
        );
        vm.warp(readyAt);
        bytes32 proposed = keccak256(abi.encode(0, Tranche.INSURANCE, 150, WINNER));
        bytes32 other = keccak256(abi.encode(0, Tranche.FIRST_LOSS, 150, WINNER));
        refuseOut(
            Tranche.FIRST_LOSS,
            150,
            abi.encodeWithSelector(
                IVenueTimelock.NotWhatWasProposed.selector, ChangeKind.DEFAULT_FUND_WITHDRAWAL, other, proposed
            )
        );
        takeOut(Tranche.INSURANCE, 150);
        assertEq(usd.balanceOf(WINNER), 150, "paid");
        assertTranches(100, 50, 0);
        proposeOut(Tranche.FIRST_LOSS, 101);
        refuseOut(
            Tranche.FIRST_LOSS, 101, abi.encodeWithSelector(IDefaultFund.TrancheTooSmall.selector, 100, 101)
        );
        proposeOut(Tranche.FIRST_LOSS, 100);
        takeOut(Tranche.FIRST_LOSS, 100);
        assertTranches(0, 50, 0);
    }

    function test_P244_aWithdrawalIsOfSomethingToSomebody() public {
        refuse(
            ADMIN,
            abi.encodeCall(fund.proposeWithdrawal, (HELD, 0, Tranche.INSURANCE, 0, WINNER)),
            abi.encodeWithSelector(IDefaultFund.NothingSent.selector)
        );
        refuse(
            ADMIN,
            abi.encodeCall(fund.proposeWithdrawal, (HELD, 0, Tranche.INSURANCE, 1, address(0))),
            abi.encodeWithSelector(IDefaultFund.NoRecipient.selector)
        );
    }

    /// One that is kept ready would take out what a crash is about to need.
    function test_P244_nothingIsTakenOutWhileAnAccountIsForSale() public {
        fillFund(100, 0);
        proposeOut(Tranche.FIRST_LOSS, 100);
        liquidations.sell(HELD, 2);
        refuseOut(
            Tranche.FIRST_LOSS, 100, abi.encodeWithSelector(IDefaultFund.AccountsForSale.selector, HELD, 2)
        );
        liquidations.sell(HELD, 0);
        takeOut(Tranche.FIRST_LOSS, 100);
    }

    function test_P244_nothingIsTakenOutWhileTheLedgerIsShortNorInThatPeriod() public {
        draw(1_000);
        fillFund(400, 0);
        proposeOut(Tranche.FIRST_LOSS, 10);
        refuseOut(
            Tranche.FIRST_LOSS, 10, abi.encodeWithSelector(IDefaultFund.ShortfallStands.selector, HELD, 0, 1_000)
        );
        // Paid by who left.
        uint256 lost = 0;
        while (held().shortfall != 0) {
            lost += 15_000 - share(15_000);
        }
        assertEq(lost, 1_000, "all of it");
        takeOut(Tranche.FIRST_LOSS, 10);
        // Again, and gone within the period.
        setFundRules(fundRules(1e6, 1e6, 100_000));
        proposeOut(Tranche.FIRST_LOSS, 10);
        draw(1_000);
        fillFund(2_000, 0);
        fund.cover(HELD, 0);
        refuseOut(Tranche.FIRST_LOSS, 10, abi.encodeWithSelector(IDefaultFund.ShortfallStands.selector, HELD, 0, 0));
        vm.warp(block.timestamp + 1 days);
        takeOut(Tranche.FIRST_LOSS, 10);
    }
}
