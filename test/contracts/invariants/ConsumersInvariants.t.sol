// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Loan, LoanStatus} from "../../../contracts/examples/ICreditSupportLender.sol";
import {OptionStatus, OptionTerms} from "../../../contracts/examples/IOtcOptionSettlement.sol";
import {TestBase} from "../TestBase.sol";
import {ConsumersHandler} from "./ConsumersHandler.sol";

/// @dev [K33] What holds of both consumers of the gate after any sequence of calls by their parties and strangers.
contract ConsumersInvariantsTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    ConsumersHandler private handler;

    function setUp() public {
        handler = new ConsumersHandler();
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory actions = new bytes4[](11);
        actions[0] = handler.passTime.selector;
        actions[1] = handler.closeEpoch.selector;
        actions[2] = handler.changeReserves.selector;
        actions[3] = handler.offerOption.selector;
        actions[4] = handler.writeOption.selector;
        actions[5] = handler.settleOption.selector;
        actions[6] = handler.offerLoan.selector;
        actions[7] = handler.borrow.selector;
        actions[8] = handler.refresh.selector;
        actions[9] = handler.endLoan.selector;
        actions[10] = handler.fetch.selector;
        targets[0].selectors = actions;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The invariants would hold of a handler that does nothing.
    function test_theHandlerReachesPayoffsDefaultsAndRefreshedLoans() public {
        handler.closeEpoch();
        handler.offerOption(100, 1_000e6, 0, false);
        handler.writeOption(0, 0);
        handler.offerLoan(500e6, 100_000, 1 days);
        handler.borrow(0, 0);
        assertEq(handler.risks(), 2, "an option and a loan");
        handler.closeEpoch();
        handler.refresh(0, 0);
        assertEq(handler.lender().loanAt(1).epoch, 3, "refreshed");
        handler.passTime(12 hours - 1);
        handler.passTime(12 hours - 1);
        handler.passTime(3);
        handler.settleOption(0, 1, 0, 61_500e8);
        assertTrue(statusOf(0) == OptionStatus.UNPAID, "beyond the bond");
        handler.fetch(true, 0);
        assertEq(handler.fetched(), 1_000e6, "the bond");
        handler.offerOption(100, 1, 0, false);
        handler.writeOption(1, 1);
        assertEq(handler.risks(), 2, "not while the snapshot is stale");
        handler.endLoan(0, 2);
        assertTrue(handler.lender().loanAt(1).status == LoanStatus.REPAID, "repaid all the same");
    }

    function invariant_K33_whatConsumersHoldIsWhatTheyOweAndWhatIsStaked() public view {
        uint256 owed = handler.otc().creditOf(address(handler.token()), handler.FIRST())
            + handler.otc().creditOf(address(handler.token()), handler.SECOND());
        for (uint256 i = 0; i < handler.optionCount(); ++i) {
            OptionTerms memory t = handler.optionOf(i);
            if (statusOf(i) == OptionStatus.OFFERED) owed += t.premium;
            if (statusOf(i) == OptionStatus.WRITTEN) owed += t.bond;
        }
        assertEq(handler.token().balanceOf(address(handler.otc())), owed, "options");
        owed = handler.lender().creditOf(address(handler.token()), handler.FIRST())
            + handler.lender().creditOf(address(handler.token()), handler.SECOND());
        for (uint256 id = 1; id <= handler.loans(); ++id) {
            Loan memory loan = handler.lender().loanAt(id);
            if (loan.status == LoanStatus.OFFERED) owed += loan.offer.principal;
        }
        assertEq(handler.token().balanceOf(address(handler.lender())), owed, "loans");
    }

    function invariant_K33_riskIsTakenWhileTheGateIsOpenAndByAnAccountOnce() public view {
        assertEq(handler.risksWhileShut(), 0, "while the gate was shut");
        for (uint256 i = 0; i < handler.optionCount(); ++i) {
            uint256 account = handler.otc().optionAt(handler.otc().optionIdOf(handler.optionOf(i))).account;
            for (uint256 j = 0; account != 0 && j < i; ++j) {
                uint256 other = handler.otc().optionAt(handler.otc().optionIdOf(handler.optionOf(j))).account;
                assertTrue(other != account, "two options on one snapshot of an account");
            }
        }
        for (uint256 id = 1; id <= handler.loans(); ++id) {
            Loan memory loan = handler.lender().loanAt(id);
            for (uint256 other = 1; loan.account != 0 && other < id; ++other) {
                assertTrue(handler.lender().loanAt(other).account != loan.account, "two loans on one account at a time");
            }
        }
    }

    function statusOf(uint256 i) private view returns (OptionStatus) {
        return handler.otc().optionAt(handler.otc().optionIdOf(handler.optionOf(i))).status;
    }
}
