// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {TestChainContract} from "../../contracts/demo/TestChainContract.sol";
import {TestToken} from "../../contracts/demo/TestToken.sol";
import {IReserveEscrow} from "../../contracts/interfaces/IReserveEscrow.sol";
import {IReserveSource} from "../../contracts/interfaces/IReserveSource.sol";
import {ISolvencyRegistry, SettlementAsset, VenueConfig} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {TokenIntake} from "../../contracts/libraries/TokenIntake.sol";
import {ReserveEscrow} from "../../contracts/ReserveEscrow.sol";
import {OddToken} from "./mocks/OddToken.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract ReserveEscrowTest is RegistryFixture {
    uint256 private constant ESCROWED = 9;

    ReserveEscrow private escrow;
    TestToken private usd;
    OddToken private odd;

    function setUp() public override {
        super.setUp();
        escrow = new ReserveEscrow(OWNER, registry);
        usd = new TestToken("Test USD", "tUSD", 6);
        odd = new OddToken();
        VenueConfig memory c = config();
        c.reserves = escrow;
        c.fundToken = address(usd);
        SettlementAsset[] memory list = new SettlementAsset[](2);
        list[0] = SettlementAsset(address(usd), 1);
        list[1] = SettlementAsset(address(odd), 1);
        vm.startPrank(OWNER);
        registry.registerVenue(ESCROWED, c);
        escrow.setTokenAllowed(address(usd), true);
        escrow.setTokenAllowed(address(odd), true);
        vm.stopPrank();
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(ESCROWED, list);
        usd.mint(STRANGER, 10_000);
        odd.mint(STRANGER, 10_000);
        vm.prank(STRANGER);
        usd.approve(address(escrow), type(uint256).max);
    }

    function deposit(address token, uint256 amount) private {
        vm.prank(STRANGER);
        escrow.depositReserves(ESCROWED, token, amount);
    }

    function snapshot() private returns (uint256 usdReserve, uint256 oddReserve, uint256 fund) {
        vm.prank(OPERATOR);
        registry.openSnapshot(ESCROWED);
        uint256[] memory reserves = registry.lastSnapshot(ESCROWED).reserves;
        return (reserves[0], reserves[1], registry.lastSnapshot(ESCROWED).fund);
    }

    function test_aCheckpointCountsReservesAndFundApart() public {
        deposit(address(usd), 700);
        vm.prank(STRANGER);
        escrow.depositFund(ESCROWED, address(usd), 300);
        (uint256 reserve,, uint256 fund) = snapshot();
        assertEq(reserve, 700, "reserves");
        assertEq(fund, 300, "fund");
        assertEq(usd.balanceOf(address(escrow)), 1_000, "balance");
    }

    function test_tokensSentDirectlyCountForNothing() public {
        usd.mint(address(escrow), 5_000);
        (uint256 reserve,, uint256 fund) = snapshot();
        assertEq(reserve + fund, 0, "internal accounting only");
    }

    function test_venuesHaveSeparateLedgers() public {
        deposit(address(usd), 700);
        assertEq(escrow.reservesOf(VENUE, address(usd)), 0, "other venue");
        assertEq(escrow.reservesOf(ESCROWED, address(usd)), 700, "this venue");
    }

    function test_theAdminWithdrawsAndLaterCheckpointsFall() public {
        deposit(address(usd), 700);
        vm.prank(STRANGER);
        escrow.depositFund(ESCROWED, address(usd), 300);
        snapshot();
        vm.roll(block.number + 1);
        vm.startPrank(ADMIN);
        escrow.withdrawReserves(ESCROWED, address(usd), 200, ADMIN);
        escrow.withdrawFund(ESCROWED, address(usd), 50, ADMIN);
        vm.stopPrank();
        assertEq(registry.lastSnapshot(ESCROWED).reserves[0], 700, "a checkpoint taken stays");
        (uint256 reserve,, uint256 fund) = snapshot();
        assertEq(reserve, 500, "reserves");
        assertEq(fund, 250, "fund");
        assertEq(usd.balanceOf(ADMIN), 250, "paid out");
    }

    function test_whatACheckpointCountedOutlivesItsBlock() public {
        deposit(address(usd), 700);
        vm.prank(STRANGER);
        escrow.depositFund(ESCROWED, address(usd), 300);
        snapshot();
        bytes memory tooSoon = abi.encodeWithSelector(IReserveEscrow.CheckpointInThisBlock.selector, ESCROWED, block.number);
        vm.startPrank(ADMIN);
        vm.expectRevert(tooSoon);
        escrow.withdrawReserves(ESCROWED, address(usd), 1, ADMIN);
        vm.expectRevert(tooSoon);
        escrow.withdrawFund(ESCROWED, address(usd), 1, ADMIN);
        vm.roll(block.number + 1);
        escrow.withdrawReserves(ESCROWED, address(usd), 700, ADMIN);
        vm.stopPrank();
    }

    function test_noLedgerIsOverdrawn() public {
        deposit(address(usd), 700);
        bytes4 small = IReserveEscrow.LedgerTooSmall.selector;
        vm.startPrank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(small, ESCROWED, address(usd), 700, 701));
        escrow.withdrawReserves(ESCROWED, address(usd), 701, ADMIN);
        vm.expectRevert(abi.encodeWithSelector(small, ESCROWED, address(usd), 0, 1));
        escrow.withdrawFund(ESCROWED, address(usd), 1, ADMIN);
        vm.expectRevert(abi.encodeWithSelector(small, VENUE, address(usd), 0, 1));
        escrow.withdrawReserves(VENUE, address(usd), 1, ADMIN);
        vm.stopPrank();
    }

    function test_rolesMatrix() public {
        address[4] memory callers = [OWNER, OPERATOR, PARAMETERS, STRANGER];
        address[] memory none = new address[](0);
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IReserveEscrow.NotVenueAdmin.selector, ESCROWED, callers[i]);
            vm.startPrank(callers[i]);
            vm.expectRevert(reason);
            escrow.withdrawReserves(ESCROWED, address(usd), 1, callers[i]);
            vm.expectRevert(reason);
            escrow.withdrawFund(ESCROWED, address(usd), 1, callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IReserveSource.CallerIsNotRegistry.selector, callers[i], address(registry))
            );
            escrow.checkpoint(ESCROWED, 1, none, address(usd));
            vm.stopPrank();
        }
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, ADMIN));
        escrow.setTokenAllowed(address(usd), false);
    }

    function test_onlyListedTokensAreTaken() public {
        OddToken other = new OddToken();
        other.mint(STRANGER, 10);
        vm.startPrank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IReserveEscrow.TokenNotAllowed.selector, address(other)));
        escrow.depositReserves(ESCROWED, address(other), 10);
        vm.expectRevert(abi.encodeWithSelector(IReserveEscrow.TokenNotAllowed.selector, address(other)));
        escrow.depositFund(ESCROWED, address(other), 10);
        vm.stopPrank();
    }

    function test_aDelistedTokenCountsForNothingAndCanStillLeave() public {
        deposit(address(usd), 700);
        vm.prank(STRANGER);
        escrow.depositFund(ESCROWED, address(usd), 300);
        vm.prank(OWNER);
        escrow.setTokenAllowed(address(usd), false);
        assertFalse(escrow.isTokenAllowed(address(usd)), "delisted");
        (uint256 reserve,, uint256 fund) = snapshot();
        assertEq(reserve + fund, 0, "nothing counts");
        vm.roll(block.number + 1);
        vm.prank(ADMIN);
        escrow.withdrawReserves(ESCROWED, address(usd), 700, ADMIN);
        assertEq(escrow.fundOf(ESCROWED, address(usd)), 300, "the fund stays until withdrawn");
    }

    function test_nobodyDepositsForAVenueThatDoesNotExist() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 77));
        escrow.depositReserves(77, address(usd), 1);
    }

    function test_K31_aFeeOnTransferTokenIsCreditedWithWhatArrived() public {
        odd.setOddity(OddToken.Oddity.FEE);
        deposit(address(odd), 1_000);
        (, uint256 reserve,) = snapshot();
        assertEq(reserve, 990, "less the fee");
    }

    function test_K31_aFalseReturningTokenIsRefused() public {
        odd.setOddity(OddToken.Oddity.RETURNS_FALSE);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(odd)));
        escrow.depositReserves(ESCROWED, address(odd), 1_000);
    }

    function test_K31_aTokenThatReturnsNothingWorksBothWays() public {
        odd.setOddity(OddToken.Oddity.RETURNS_NOTHING);
        deposit(address(odd), 1_000);
        vm.prank(ADMIN);
        escrow.withdrawReserves(ESCROWED, address(odd), 400, ADMIN);
        (, uint256 reserve,) = snapshot();
        assertEq(reserve, 600, "ledger");
        assertEq(odd.balanceOf(address(escrow)), 600, "balance");
    }

    function test_K31_aTokenThatMovesNothingOrTheWrongWayIsRefused() public {
        odd.mint(address(escrow), 5);
        odd.setOddity(OddToken.Oddity.MOVES_NOTHING);
        vm.startPrank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(TokenIntake.NothingReceived.selector, address(odd), 1_000));
        escrow.depositReserves(ESCROWED, address(odd), 1_000);
        odd.setOddity(OddToken.Oddity.TAKES_FROM_RECEIVER);
        vm.expectRevert(abi.encodeWithSelector(TokenIntake.BalanceFell.selector, address(odd), 5, 4));
        escrow.depositReserves(ESCROWED, address(odd), 1_000);
        vm.stopPrank();
    }

    function test_K19_aReenteringTokenIsRefusedOnEveryEntry() public {
        deposit(address(odd), 1_000);
        address[] memory none = new address[](0);
        bytes[] memory calls = new bytes[](5);
        calls[0] = abi.encodeCall(escrow.depositReserves, (ESCROWED, address(odd), 1));
        calls[1] = abi.encodeCall(escrow.depositFund, (ESCROWED, address(odd), 1));
        calls[2] = abi.encodeCall(escrow.withdrawReserves, (ESCROWED, address(odd), 1, STRANGER));
        calls[3] = abi.encodeCall(escrow.withdrawFund, (ESCROWED, address(odd), 1, STRANGER));
        calls[4] = abi.encodeCall(escrow.checkpoint, (ESCROWED, 1, none, address(usd)));
        odd.setOddity(OddToken.Oddity.REENTERS);
        bytes4 reentrant = ReentrancyGuard.ReentrancyGuardReentrantCall.selector;
        for (uint256 i = 0; i < calls.length; ++i) {
            odd.setCall(address(escrow), calls[i]);
            vm.prank(STRANGER);
            vm.expectRevert(reentrant);
            escrow.depositReserves(ESCROWED, address(odd), 10);
            vm.prank(ADMIN);
            vm.expectRevert(reentrant);
            escrow.withdrawReserves(ESCROWED, address(odd), 10, ADMIN);
        }
        assertEq(escrow.reservesOf(ESCROWED, address(odd)), 1_000, "nothing moved");
    }

    function testFuzz_ledgersNeverExceedBalances(uint64[6] memory amounts, bool[6] memory toFund) public {
        usd.mint(STRANGER, 6 * uint256(type(uint64).max));
        for (uint256 i = 0; i < 6; ++i) {
            if (amounts[i] == 0) continue;
            vm.prank(STRANGER);
            if (toFund[i]) escrow.depositFund(ESCROWED, address(usd), amounts[i]);
            else escrow.depositReserves(ESCROWED, address(usd), amounts[i]);
            vm.prank(ADMIN);
            if (toFund[i]) escrow.withdrawFund(ESCROWED, address(usd), amounts[i] / 3, ADMIN);
            else escrow.withdrawReserves(ESCROWED, address(usd), amounts[i] / 2, ADMIN);
        }
        uint256 ledgers = escrow.reservesOf(ESCROWED, address(usd)) + escrow.fundOf(ESCROWED, address(usd));
        assertEq(ledgers, usd.balanceOf(address(escrow)), "ledgers are the balance");
    }

    function test_theTestTokenRefusesRealChains() public {
        assertEq(usd.decimals(), 6, "decimals");
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(TestChainContract.TestChainsOnly.selector, 1));
        new TestToken("Test USD", "tUSD", 6);
    }
}
