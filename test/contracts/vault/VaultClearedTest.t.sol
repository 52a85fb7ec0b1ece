// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {SettlementAsset, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {Payout, VaultLimit} from "../../../contracts/interfaces/VaultTypes.sol";
import {TokenIntake} from "../../../contracts/libraries/TokenIntake.sol";
import {OddHouse} from "../mocks/OddHouse.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev What a clearing house brings into the vault, hears from it and sends back.
contract VaultClearedTest is VaultFixture {
    uint256 private constant OTHER = 10;

    uint64 private epoch;

    function setUp() public override {
        super.setUp();
        deposit(ALICE, 0, 1_000_000);
        deposit(ALICE, 1, 5_000 * BTC_UNITS);
        epoch = standingEpoch();
        setHouse(HOUSE);
        epoch = standingEpoch();
        fill(HOUSE);
    }

    function bring(uint256 asset, uint256 amount) private returns (uint256) {
        vm.prank(HOUSE);
        return vault.depositCleared(HELD, asset, amount);
    }

    function moveOf(uint64 amount, bytes32 handle) private view returns (Payout memory p, bytes memory approval) {
        p = draftPayout(ALICE, epoch, BTC_ROW, amount);
        p = sealPayout(p, vault.moveAction(handle, p.deadline));
        approval = signed(OPERATOR_KEY, moveHash(p, handle));
    }

    // ---- in ----

    function test_P223_whatTheHouseBringsIsClearedAndNoTreesAccount() public {
        uint256 before = usd.balanceOf(HOUSE);
        vm.expectEmit(address(vault));
        emit IVaultMessages.ClearedDeposited(HELD, 0, 700);
        assertEq(bring(0, 700), 700, "received");
        assertEq(vault.clearedBalance(HELD, 0), 700, "cleared");
        assertEq(before - usd.balanceOf(HOUSE), 700, "taken from the house");
        assertEq(vault.treeBalance(HELD, 0), 1_000_000, "the tree has none of it");
        openSnapshot();
        assertEq(registry.lastSnapshot(HELD).reserves[0], 1_000_000, "no epoch counts it");
        vm.prank(HOUSE);
        vault.payCleared(HELD, 0, 700, BOB);
        assertEq(vault.clearedBalance(HELD, 0), 0, "and it goes again");
    }

    function test_P223_whatTheHouseBringsIsWhatArrives() public {
        btc.setOddity(OddToken.Oddity.FEE);
        assertEq(bring(1, 1_000), 990, "less the token's fee");
        assertEq(vault.clearedBalance(HELD, 1), 990, "cleared");
        btc.setOddity(OddToken.Oddity.MOVES_NOTHING);
        refused(
            HOUSE,
            abi.encodeCall(vault.depositCleared, (HELD, 1, 1_000)),
            abi.encodeWithSelector(TokenIntake.NothingReceived.selector, address(btc), 1_000)
        );
    }

    function test_P223_nobodyElseBringsClearedTokensNorForAnotherVenue() public {
        vm.startPrank(OWNER);
        registry.registerVenue(OTHER, vaultConfig());
        vm.stopPrank();
        bytes4 not = IVaultMessages.NotClearingHouse.selector;
        refused(HOUSE, abi.encodeCall(vault.depositCleared, (OTHER, 0, 1)), abi.encodeWithSelector(not, OTHER, HOUSE));
        address[6] memory callers = [OWNER, ADMIN, venueOperator, PARAMETERS, ALICE, address(0)];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(not, HELD, callers[i]);
            refused(callers[i], abi.encodeCall(vault.depositCleared, (HELD, 0, 1)), reason);
        }
    }

    function test_P223_whatTheHouseBringsCountsAgainstTheLimitOfDeposits() public {
        uint256 here = vault.treeBalance(HELD, 0);
        setLimit(0, uint128(here + 1_000));
        bring(0, 400);
        bytes4 reached = IVaultMessages.DepositLimitReached.selector;
        bytes memory reason = abi.encodeWithSelector(reached, HELD, 0, here + 1_000, here + 1_001);
        refused(HOUSE, abi.encodeCall(vault.depositCleared, (HELD, 0, 601)), reason);
        refused(BOB, abi.encodeCall(vault.deposit, (HELD, 0, 601, "")), reason);
        bring(0, 600);
        // All of it can return: no return is refused.
        vm.prank(HOUSE);
        vault.moveToTree(HELD, 0, 1_000, ALICE, "ref");
        assertEq(vault.treeBalance(HELD, 0), here + 1_000, "within the limit");
    }

    function setLimit(uint256 asset, uint128 maxDeposits) private {
        VaultLimit[] memory list = new VaultLimit[](1);
        list[0] = VaultLimit(asset, AssetLimit(maxDeposits, 0), 1e30);
        vm.startPrank(PARAMETERS);
        vault.proposeLimits(HELD, list);
        pass(3 days);
        vault.activateLimits(HELD, list);
        vm.stopPrank();
    }

    function test_P223_aPauseOrAListStopsWhatComesInAndNotWhatGoesOut() public {
        bring(0, 700);
        vm.prank(venueOperator);
        vault.setPaused(HELD, true);
        bytes memory call = abi.encodeCall(vault.depositCleared, (HELD, 0, 1));
        refused(HOUSE, call, abi.encodeWithSelector(IVaultMessages.VenuePaused.selector, HELD));
        vm.startPrank(HOUSE);
        vault.payCleared(HELD, 0, 300, BOB);
        vault.moveToTree(HELD, 0, 300, ALICE, "ref");
        vm.stopPrank();
        vm.prank(ADMIN);
        vault.setPaused(HELD, false);
        vm.prank(OWNER);
        vault.setTokenAllowed(address(usd), false);
        refused(HOUSE, call, abi.encodeWithSelector(IVaultMessages.TokenNotAllowed.selector, address(usd)));
        vm.prank(HOUSE);
        vault.payCleared(HELD, 0, 100, BOB);
    }

    function testFuzz_P223_theClearedLedgerIsWhatCameLessWhatWent(uint64[6] memory amounts, uint8 kinds) public {
        uint256 here = 0;
        uint256 tree = vault.treeBalance(HELD, 0);
        for (uint256 i = 0; i < 6; ++i) {
            uint256 amount = bound(amounts[i], 1, 1e14);
            uint256 kind = (kinds >> i) & 1;
            if (here == 0 || kind == 0) {
                bring(0, amount);
                here += amount;
                continue;
            }
            amount = bound(amount, 1, here);
            vm.startPrank(HOUSE);
            if (i % 2 == 0) {
                vault.payCleared(HELD, 0, amount, BOB);
            } else {
                vault.moveToTree(HELD, 0, amount, BOB, "");
                tree += amount;
            }
            vm.stopPrank();
            here -= amount;
        }
        assertEq(vault.clearedBalance(HELD, 0), here, "cleared");
        assertEq(vault.treeBalance(HELD, 0), tree, "tree");
        assertEq(usd.balanceOf(address(vault)), here + tree, "tokens");
    }

    // ---- back ----

    /// The account that moved, and not the clearing house, which has no use for it, answers for the deposit.
    function test_P223_whatReturnsIsADepositOfWhoseItIs() public {
        bring(0, 700);
        vm.prank(HOUSE);
        uint256 depositId = vault.moveToTree(HELD, 0, 700, BOB, "ref");
        assertEq(vault.depositAt(depositId).depositor, BOB, "depositor");
        openHatch();
        bytes memory refund = abi.encodeCall(vault.refundDeposit, (depositId, HOUSE));
        refused(HOUSE, refund, abi.encodeWithSelector(IVaultMessages.NotDepositor.selector, depositId, HOUSE));
        uint256 before = usd.balanceOf(BOB);
        vm.prank(BOB);
        vault.refundDeposit(depositId, BOB);
        assertEq(usd.balanceOf(BOB) - before, 700, "refunded");
    }

    function test_P223_whoseItIsDemandsTheReceiptOfWhatReturned() public {
        bring(0, 700);
        vm.prank(HOUSE);
        uint256 depositId = vault.moveToTree(HELD, 0, 700, BOB, "ref");
        uint64 later = nextEpoch();
        vm.deal(HOUSE, BOND);
        vm.prank(HOUSE);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.NotDepositor.selector, depositId, HOUSE));
        vault.demandReceiptOfDeposit{value: BOND}(later, depositId, "key");
        vm.prank(BOB);
        vault.demandReceiptOfDeposit{value: BOND}(later, depositId, "key");
        letStand();
        assertFalse(vault.stands(HELD, later), "which the venue owes");
    }

    /// A venue without epochs has its whole tree refunded, also what came by way of the clearing house alone.
    function test_P223_whatReturnedStartsTheClockOfAVenueWithoutEpochs() public {
        VenueConfig memory config_ = vaultConfig();
        vm.prank(OWNER);
        registry.registerVenue(OTHER, config_);
        SettlementAsset[] memory list = heldAssets();
        VaultLimit[] memory limits_ = vaultLimits();
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(OTHER, list);
        vault.setRules(OTHER, vaultRules(), limits_);
        vault.proposeClearingHouse(OTHER, HOUSE);
        pass(3 days);
        vault.activateClearingHouse(OTHER, HOUSE);
        vm.stopPrank();
        vm.startPrank(HOUSE);
        vault.depositCleared(OTHER, 0, 700);
        pass(10 days);
        uint256 depositId = vault.moveToTree(OTHER, 0, 700, BOB, "ref");
        vm.stopPrank();
        uint256 due = block.timestamp + vaultRules().hatchAfter;
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.HatchNotDue.selector, due, block.timestamp));
        vault.openHatch(OTHER, 0);
        pass(vaultRules().hatchAfter);
        vault.openHatch(OTHER, 0);
        vm.prank(BOB);
        vault.refundDeposit(depositId, BOB);
    }

    // ---- moves from the tree ----

    function test_P224_theHouseHearsOfAMoveForWhomAndHowMuch() public {
        (Payout memory p, bytes memory approval) = moveOf(40, "handle");
        vm.expectCall(HOUSE, abi.encodeCall(OddHouse.creditCleared, (HELD, "handle", 1, 4_000)));
        vault.moveToCleared(HELD, p, "handle", approval);
        assertEq(OddHouse(HOUSE).creditOf("handle", 1), 4_000, "credit");
        assertEq(OddHouse(HOUSE).venue(), HELD, "venue");
        assertEq(vault.clearedBalance(HELD, 1), 4_000, "cleared");
    }

    function test_P224_aHouseThatDoesNotKnowTheHandleStopsTheMove() public {
        (Payout memory p, bytes memory approval) = moveOf(40, "nobody");
        OddHouse(HOUSE).setRefuses(true);
        vm.expectRevert(abi.encodeWithSelector(OddHouse.HandleUnknown.selector, bytes32("nobody")));
        vault.moveToCleared(HELD, p, "nobody", approval);
        assertFalse(vault.isNullifierUsed(nf(ALICE, epoch)), "not used up");
        assertEq(vault.treeBalance(HELD, 1), 500_000, "still in the tree");
        OddHouse(HOUSE).setRefuses(false);
        vault.moveToCleared(HELD, p, "nobody", approval);
    }

    function test_P224_aHouseWithoutCodeIsNoneToMoveTo() public {
        (Payout memory p, bytes memory approval) = moveOf(40, "handle");
        vm.etch(HOUSE, "");
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("clearingHouse"), HOUSE));
        vault.moveToCleared(HELD, p, "handle", approval);
    }

    /// The house is asked last: it finds the move written, and no way back in.
    function test_P224_aHouseCannotEnterTheVaultWhileItHearsOfAMove() public {
        (Payout memory p, bytes memory approval) = moveOf(40, "handle");
        bytes[] memory calls = new bytes[](5);
        calls[0] = abi.encodeCall(vault.payCleared, (HELD, 1, 4_000, HOUSE));
        calls[1] = abi.encodeCall(vault.moveToTree, (HELD, 1, 4_000, BOB, ""));
        calls[2] = abi.encodeCall(vault.depositCleared, (HELD, 0, 1));
        calls[3] = abi.encodeCall(vault.moveToCleared, (HELD, p, "handle", approval));
        calls[4] = abi.encodeCall(vault.deposit, (HELD, 0, 1, ""));
        for (uint256 i = 0; i < calls.length; ++i) {
            OddHouse(HOUSE).setCall(address(vault), calls[i]);
            vm.expectRevert(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
            vault.moveToCleared(HELD, p, "handle", approval);
        }
        SeesTheLedger seer = new SeesTheLedger();
        OddHouse(HOUSE).setCall(address(seer), abi.encodeCall(seer.look, (vault.clearedBalance, HELD, 1)));
        vault.moveToCleared(HELD, p, "handle", approval);
        assertEq(seer.seen(), 4_000, "written before it was asked");
    }
}

/// @dev Reads a balance when it is called.
contract SeesTheLedger {
    uint256 public seen;

    function look(function(uint256, uint256) external view returns (uint256) balance, uint256 venueId, uint256 asset)
        external
    {
        seen = balance(venueId, asset);
    }
}
