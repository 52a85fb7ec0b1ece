// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {DefaultFund} from "../../../contracts/DefaultFund.sol";
import {Tranche} from "../../../contracts/interfaces/IDefaultFund.sol";
import {FundRules, Tranches} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {HouseFixture} from "../clearing/HouseFixture.sol";

/// @dev A default fund beside the clearing house, drawn on by a stand-in for the venue's liquidation contract.
abstract contract FundFixture is HouseFixture {
    address internal constant KEEPER = address(0xCEE9);
    address internal constant WINNER = address(0xB1DDE2);
    uint256 internal constant FUND_TIMELOCK = 2 days;

    DefaultFund internal fund;
    /// The venue's liquidation contract.
    address internal seller;

    function setUp() public virtual override {
        super.setUp();
        fund = new DefaultFund(house, MIN_TIMELOCK);
        seller = address(liquidations);
        terms.setLiquidations(HELD, seller);
        setFundRules(fundRules(500_000, 250_000, 100_000));
        address[3] memory payers = [ALICE, BOB, seller];
        for (uint256 i = 0; i < payers.length; ++i) {
            fill(payers[i]);
            vm.prank(payers[i]);
            usd.approve(address(fund), type(uint256).max);
        }
    }

    function fundRules(uint24 firstLoss, uint24 insurance, uint24 shared) internal pure returns (FundRules memory) {
        return FundRules(uint32(FUND_TIMELOCK), firstLoss, insurance, shared);
    }

    /// @dev The first at once, later ones after the timelock.
    function setFundRules(FundRules memory rules) internal {
        bool first = fund.rulesOf(HELD).timelock == 0;
        vm.startPrank(PARAMETERS);
        fund.proposeRules(HELD, rules);
        if (!first) {
            vm.warp(block.timestamp + FUND_TIMELOCK);
            fund.activateRules(HELD, rules);
        }
        vm.stopPrank();
    }

    function contribute(Tranche tranche, uint256 amount) internal {
        vm.prank(ALICE);
        fund.contribute(HELD, 0, tranche, amount);
    }

    /// @dev Both tranches of the dollar.
    function fillFund(uint256 firstLoss, uint256 insurance) internal {
        if (firstLoss != 0) contribute(Tranche.FIRST_LOSS, firstLoss);
        if (insurance != 0) contribute(Tranche.INSURANCE, insurance);
    }

    function draw(uint256 amount) internal returns (uint256) {
        vm.prank(seller);
        return fund.draw(HELD, 0, amount);
    }

    function subsidise(uint256 amount) internal {
        vm.prank(seller);
        fund.subsidise(HELD, 0, amount, WINNER);
    }

    function share(uint256 amount) internal returns (uint256) {
        vm.prank(seller);
        return fund.sharePayout(HELD, 0, amount);
    }

    function held() internal view returns (Tranches memory) {
        return fund.tranchesOf(HELD, 0);
    }

    function assertTranches(uint256 firstLoss, uint256 insurance, uint256 shortfall) internal view {
        Tranches memory got = held();
        assertEq(got.firstLoss, firstLoss, "first loss");
        assertEq(got.insurance, insurance, "insurance");
        assertEq(got.shortfall, shortfall, "shortfall");
        assertEq(got.debts + got.subsidies, got.paidFirstLoss + got.paidInsurance + got.shared, "who paid");
    }

    function assertRoom(uint256 firstLoss, uint256 insurance, uint256 shared) internal view {
        (uint256 first, uint256 second, uint256 third) = fund.roomOf(HELD, 0);
        assertEq(first, firstLoss, "room of first loss");
        assertEq(second, insurance, "room of insurance");
        assertEq(third, shared, "room of sharing");
    }

    /// @dev Another epoch of the registry: of this vault's venue none can follow so soon, of one with an escrow it can.
    function anotherEpoch() internal {
        uint64 next = registry.latestEpoch(HELD) + 1;
        vm.mockCall(address(registry), abi.encodeCall(registry.latestEpoch, (HELD)), abi.encode(next));
    }

    /// @dev For this reason.
    function refuse(address who, bytes memory call, bytes memory reason) internal {
        vm.prank(who);
        (bool ok, bytes memory got) = address(fund).call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
    }
}
