// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AssetLimit, IReserveSource, ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {ISolvencyRegistry, SettlementAsset, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {Deposit, Payout, VaultLimit} from "../../../contracts/interfaces/VaultTypes.sol";
import {TokenIntake} from "../../../contracts/libraries/TokenIntake.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev What comes in, and what a snapshot counts.
contract VaultLedgerTest is VaultFixture {
    uint256 private constant OTHER = 10;

    function registerOther() private {
        vm.prank(OWNER);
        registry.registerVenue(OTHER, vaultConfig());
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(OTHER, heldAssets());
        vault.setRules(OTHER, vaultRules(), vaultLimits());
        vm.stopPrank();
    }

    function test_aDepositIsRecordedWithWhatArrived() public {
        vm.expectEmit(address(vault));
        emit IVaultMessages.Deposited(HELD, 1, 0, ALICE, 700, "reference");
        vm.prank(ALICE);
        assertEq(vault.deposit(HELD, 0, 700, "reference"), 1, "id");
        openSnapshot();
        uint256 second = deposit(BOB, 0, 50);
        assertEq(vault.treeBalance(HELD, 0), 750, "tree");
        assertEq(usd.balanceOf(address(vault)), 750, "tokens");
        Deposit memory made = vault.depositAt(second);
        assertTrue(made.venueId == HELD && made.depositor == BOB && made.asset == 0, "whose");
        assertTrue(made.amount == 50 && made.checkpoint == 1 && !made.refunded, "what and when");
    }

    function test_aSnapshotCountsTreeAndFundApart() public {
        deposit(ALICE, 0, 700);
        deposit(ALICE, 1, 900);
        vm.expectEmit(address(vault));
        emit IVaultMessages.FundDeposited(HELD, ALICE, 300);
        vm.prank(ALICE);
        vault.depositFund(HELD, 300);
        usd.mint(address(vault), 5_000);
        address[] memory tokens = new address[](3);
        (tokens[0], tokens[1], tokens[2]) = (address(usd), address(btc), address(unlisted));
        uint256[] memory reserves = new uint256[](3);
        (reserves[0], reserves[1]) = (700, 900);
        vm.expectEmit(address(vault));
        emit IReserveSource.ReservesCheckpointed(HELD, 1, tokens, reserves, 300);
        openSnapshot();
        assertEq(registry.lastSnapshot(HELD).reserves[0], 700, "reserves of USD");
        assertEq(registry.lastSnapshot(HELD).reserves[1], 900, "reserves of BTC");
        assertEq(registry.lastSnapshot(HELD).fund, 300, "fund");
        assertEq(vault.fundOf(HELD), 300, "fund ledger");
        assertEq(vault.termsOf(HELD, 1).checkpoint, 1, "numbered");
    }

    /// A withdrawal proposed long before, of more than there is, would let a flash loan stand for the fund.
    function test_theFundThatASnapshotCountedOutlivesItsBlock() public {
        vm.prank(PARAMETERS);
        vault.proposeFundWithdrawal(HELD, 300);
        pass(3 days);
        vm.prank(ALICE);
        vault.depositFund(HELD, 300);
        openSnapshot();
        assertEq(registry.lastSnapshot(HELD).fund, 300, "counted");
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.CheckpointInThisBlock.selector, HELD, block.number);
        refused(PARAMETERS, abi.encodeCall(vault.activateFundWithdrawal, (HELD, 300)), reason);
        vm.roll(block.number + 1);
        vm.prank(PARAMETERS);
        vault.activateFundWithdrawal(HELD, 300);
        assertEq(vault.fundOf(HELD), 0, "in the next block it is as proposed");
    }

    function test_K30_venuesThatShareATokenHaveTheirOwnLedgers() public {
        registerOther();
        deposit(ALICE, 0, 700);
        vm.prank(ALICE);
        vault.deposit(OTHER, 0, 50, "");
        assertEq(vault.treeBalance(HELD, 0), 700, "this");
        assertEq(vault.treeBalance(OTHER, 0), 50, "that");
        vm.prank(venueOperator);
        registry.openSnapshot(OTHER);
        assertEq(registry.lastSnapshot(OTHER).reserves[0], 50, "counts its own only");
    }

    function test_K30_aVenueWhoseReservesAreElsewhereGetsNoRules() public {
        vm.prank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.ReservesElsewhere.selector, VENUE, address(source)));
        vault.setRules(VENUE, vaultRules(), vaultLimits());
    }

    function test_withoutRulesNothingComesInAndNothingIsCounted() public {
        vm.prank(OWNER);
        registry.registerVenue(OTHER, vaultConfig());
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(OTHER, heldAssets());
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.NoRules.selector, OTHER);
        refused(ALICE, abi.encodeCall(vault.deposit, (OTHER, 0, 1, "")), reason);
        refused(ALICE, abi.encodeCall(vault.depositFund, (OTHER, 1)), reason);
        vm.prank(venueOperator);
        vm.expectRevert(reason);
        registry.openSnapshot(OTHER);
    }

    function test_onlyTheRegistryTakesCheckpoints() public {
        address[5] memory callers = [OWNER, ADMIN, venueOperator, PARAMETERS, STRANGER];
        for (uint256 i = 0; i < callers.length; ++i) {
            refused(
                callers[i],
                abi.encodeCall(vault.checkpoint, (HELD, 1, new address[](0), address(usd))),
                abi.encodeWithSelector(IReserveSource.CallerIsNotRegistry.selector, callers[i], address(registry))
            );
        }
    }

    function test_unknownAssetsAndUnlistedTokensAreRefused() public {
        refused(
            ALICE,
            abi.encodeCall(vault.deposit, (HELD, 3, 1, "")),
            abi.encodeWithSelector(ISolvencyRegistry.UnknownAsset.selector, HELD, 3)
        );
        vm.expectEmit(address(vault));
        emit IVaultMessages.TokenAllowed(address(usd), false);
        vm.prank(OWNER);
        vault.setTokenAllowed(address(usd), false);
        assertFalse(vault.isTokenAllowed(address(usd)), "off the list");
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.TokenNotAllowed.selector, address(usd));
        refused(ALICE, abi.encodeCall(vault.deposit, (HELD, 0, 1, "")), reason);
        refused(ALICE, abi.encodeCall(vault.depositFund, (HELD, 1)), reason);
    }

    function test_whatIsHereOfATokenOffTheListCountsAndIsPaid() public {
        deposit(ALICE, 1, 50_000);
        vm.prank(OWNER);
        vault.setTokenAllowed(address(btc), false);
        uint64 epoch = standingEpoch();
        assertEq(registry.lastSnapshot(HELD).reserves[1], 50_000, "counts");
        withdraw(ALICE, epoch, BTC_ROW, 5);
    }

    function test_aDepositCannotMakeEpochsUncovered() public {
        limitBtc(10);
        deposit(ALICE, 1, 600);
        refused(
            BOB,
            abi.encodeCall(vault.deposit, (HELD, 1, 401, "")),
            abi.encodeWithSelector(IVaultMessages.DepositLimitReached.selector, HELD, 1, 1_000, 1_001)
        );
        deposit(BOB, 1, 400);
    }

    /// What is out of the tree and can come back, by a cancellation or from the clearing house, leaves nobody room.
    function test_aDepositTakesNoRoomOfWhatMayReturn() public {
        setHouse(HOUSE);
        deposit(ALICE, 1, 1_000);
        deposit(BOB, 1, 1_000);
        uint64 epoch = standingEpoch();
        limitBtc(20);
        uint256 requestId = request(ALICE, epoch, BTC_ROW, 4);
        Payout memory p = sealPayout(draftPayout(BOB, epoch, BTC_ROW, 3), vault.moveAction("", deadline()));
        vault.moveToCleared(HELD, p, "", signed(OPERATOR_KEY, moveHash(p, "")));
        refused(
            BOB,
            abi.encodeCall(vault.deposit, (HELD, 1, 1, "")),
            abi.encodeWithSelector(IVaultMessages.DepositLimitReached.selector, HELD, 1, 2_000, 2_001)
        );
        vm.prank(HOUSE);
        vault.payCleared(HELD, 1, 100, BOB);
        deposit(BOB, 1, 100);
        vm.prank(ALICE);
        vault.cancelRequest(requestId);
        vm.prank(HOUSE);
        vault.moveToTree(HELD, 1, 200, BOB, "");
        assertEq(vault.treeBalance(HELD, 1), 2_000, "all of it is back, and within the limit");
    }

    function deadline() private view returns (uint64) {
        return uint64(block.timestamp + 1 hours);
    }

    function limitBtc(uint128 maxDeposits) private {
        VaultLimit[] memory list = new VaultLimit[](1);
        list[0] = VaultLimit(1, AssetLimit(maxDeposits, 0), 0);
        vm.startPrank(PARAMETERS);
        vault.proposeLimits(HELD, list);
        pass(3 days);
        vault.activateLimits(HELD, list);
        vm.stopPrank();
    }

    function test_limitsAreListedInTheOrderOfAssetsAndZeroWhereNoneWereSet() public view {
        AssetLimit[] memory list = vault.limits(HELD, 4);
        assertEq(list.length, 4, "as many as asked for");
        assertTrue(list[2].maxDeposits == 1e24 && list[2].maxLoans == 1e24, "set");
        assertTrue(list[3].maxDeposits == 0 && list[3].maxLoans == 0, "not set");
    }

    // ---- K31: tokens ----

    function test_K31_aFeeOnTransferTokenIsCreditedWithWhatArrived() public {
        btc.setOddity(OddToken.Oddity.FEE);
        uint256 depositId = deposit(ALICE, 1, 1_000);
        assertEq(vault.treeBalance(HELD, 1), 990, "ledger");
        assertEq(vault.depositAt(depositId).amount, 990, "deposit");
    }

    function test_K31_tokensThatFailMoveNothingOrMoveBackwardsAreRefused() public {
        bytes memory call = abi.encodeCall(vault.deposit, (HELD, 1, 1_000, ""));
        btc.setOddity(OddToken.Oddity.RETURNS_FALSE);
        refused(ALICE, call, abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(btc)));
        btc.setOddity(OddToken.Oddity.MOVES_NOTHING);
        refused(ALICE, call, abi.encodeWithSelector(TokenIntake.NothingReceived.selector, address(btc), 1_000));
        btc.mint(address(vault), 5);
        btc.setOddity(OddToken.Oddity.TAKES_FROM_RECEIVER);
        refused(ALICE, call, abi.encodeWithSelector(TokenIntake.BalanceFell.selector, address(btc), 5, 4));
        btc.setOddity(OddToken.Oddity.NONE);
        call = abi.encodeCall(vault.deposit, (HELD, 1, 0, ""));
        refused(ALICE, call, abi.encodeWithSelector(TokenIntake.NothingReceived.selector, address(btc), 0));
    }

    function test_K31_aTokenThatReturnsNothingWorksBothWays() public {
        btc.setOddity(OddToken.Oddity.RETURNS_NOTHING);
        deposit(ALICE, 1, 1_000);
        withdraw(ALICE, standingEpoch(), BTC_ROW, 4);
        assertEq(btc.balanceOf(address(vault)), 600, "tokens");
        assertEq(vault.treeBalance(HELD, 1), 600, "ledger");
    }

    function test_K31_aBlacklistedRecipientHoldsUpNobodyElse() public {
        deposit(ALICE, 1, 1_000);
        uint64 epoch = standingEpoch();
        uint256 first = request(ALICE, epoch, BTC_ROW, 4);
        uint256 second = request(BOB, epoch, BTC_ROW, 4);
        btc.setBlacklisted(ALICE, true);
        pass(1 days);
        vm.expectRevert(abi.encodeWithSelector(OddToken.Blacklisted.selector, ALICE));
        vault.payRequest(first);
        vault.payRequest(second);
        vm.prank(ALICE);
        vault.cancelRequest(first);
        assertEq(vault.treeBalance(HELD, 1), 600, "back in the tree");
    }

    /// Sums of values in the hatch cannot overflow, because no ledger gets so far.
    function test_depositsBeyond160BitsAreRefused() public {
        uint256 limit = uint256(1e24) * 100;
        btc.mint(ALICE, limit);
        deposit(ALICE, 1, limit);
        SettlementAsset[] memory list = new SettlementAsset[](1);
        OddToken huge = new OddToken();
        list[0] = SettlementAsset(address(huge), type(uint128).max);
        VaultLimit[] memory limits_ = new VaultLimit[](1);
        limits_[0] = VaultLimit(3, AssetLimit(type(uint128).max, 0), 0);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(HELD, list);
        vault.proposeLimits(HELD, limits_);
        pass(3 days);
        vault.activateLimits(HELD, limits_);
        vm.stopPrank();
        vm.prank(OWNER);
        vault.setTokenAllowed(address(huge), true);
        huge.mint(ALICE, 2 ** 160);
        deposit(ALICE, 3, 2 ** 160 - 1);
        refused(
            ALICE,
            abi.encodeCall(vault.deposit, (HELD, 3, 1, "")),
            abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 160, 2 ** 160)
        );
    }

    function test_aFundBeyond160BitsIsRefused() public {
        VenueConfig memory c = vaultConfig();
        OddToken huge = new OddToken();
        c.fundToken = address(huge);
        vm.startPrank(OWNER);
        registry.registerVenue(OTHER, c);
        vault.setTokenAllowed(address(huge), true);
        vm.stopPrank();
        vm.prank(PARAMETERS);
        vault.setRules(OTHER, vaultRules(), new VaultLimit[](0));
        huge.mint(ALICE, 2 ** 160);
        refused(
            ALICE,
            abi.encodeCall(vault.depositFund, (OTHER, 2 ** 160)),
            abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 160, 2 ** 160)
        );
    }

    // ---- pause ----

    function test_K32_aPauseStopsDepositsAndMovesAndClosesTheGateAStep() public {
        assertTrue(vault.state(HELD) == ReserveState.OPEN, "open");
        vm.expectEmit(address(vault));
        emit IVaultMessages.PauseChanged(HELD, true);
        vm.prank(venueOperator);
        vault.setPaused(HELD, true);
        assertTrue(vault.state(HELD) == ReserveState.PAUSED, "paused");
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.VenuePaused.selector, HELD);
        refused(ALICE, abi.encodeCall(vault.deposit, (HELD, 0, 1, "")), reason);
        refused(ALICE, abi.encodeCall(vault.moveToCleared, (HELD, draftPayout(ALICE, 1, 0, 1), "", "")), reason);
        vm.prank(ADMIN);
        vault.setPaused(HELD, false);
        deposit(ALICE, 0, 1);
    }

    function testFuzz_freeBalancesAreTheTreeWithoutLaterDeposits(uint64[6] memory amounts, uint8 snapshots) public {
        uint256 before = 0;
        uint256 since = 0;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 amount = bound(amounts[i], 1, 1e14);
            if (snapshots >> i & 1 == 1) {
                openSnapshot();
                (before, since) = (before + since, 0);
            }
            deposit(ALICE, 0, amount);
            since += amount;
        }
        if (vault.termsOf(HELD, 1).checkpoint == 0) before = 0;
        assertEq(vault.freeBalance(HELD, 0, 1), before, "free");
        assertEq(vault.treeBalance(HELD, 0), before + since, "tree");
    }
}
