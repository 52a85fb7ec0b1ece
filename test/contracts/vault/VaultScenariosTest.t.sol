// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochSubmission, SettlementAsset} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Payout, VaultLimit} from "../../../contracts/interfaces/VaultTypes.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev Whole stories: re-entering tokens, a run on a silent venue, the largest venue.
contract VaultScenariosTest is VaultFixture {
    /// Every function that moves tokens, entered again from a transfer that came in and from one that went out.
    function test_K19_aReenteringTokenIsRefusedOnEveryEntry() public {
        deposit(ALICE, 1, 10_000);
        setHouse(HOUSE);
        uint64 epoch = standingEpoch();
        Payout memory p = payoutOf(BOB, epoch, BTC_ROW, 1);
        Payout memory out = payoutOf(ALICE, epoch, BTC_ROW, 1);
        bytes memory approval = approved(out);
        uint256[] memory assets_ = new uint256[](1);
        MarginClaim memory claim = confirmationOf(BOB, epoch, 1);
        bytes[] memory calls = new bytes[](18);
        calls[0] = abi.encodeCall(vault.deposit, (HELD, 1, 1, ""));
        calls[1] = abi.encodeCall(vault.depositFund, (HELD, 1));
        calls[2] = abi.encodeCall(vault.withdraw, (HELD, p, ""));
        calls[3] = abi.encodeCall(vault.requestWithdrawal, (HELD, p, signerOf(BOB, epoch, epoch)));
        calls[4] = abi.encodeCall(vault.payRequest, (1));
        calls[5] = abi.encodeCall(vault.confirmRequest, (1, claim, signerOf(BOB, epoch, epoch)));
        calls[6] = abi.encodeCall(vault.cancelRequest, (1));
        calls[7] = abi.encodeCall(vault.moveToCleared, (HELD, p, "", ""));
        calls[8] = abi.encodeCall(vault.moveToTree, (HELD, 1, 1, BOB, ""));
        calls[9] = abi.encodeCall(vault.payCleared, (HELD, 1, 1, BOB));
        calls[10] = abi.encodeCall(vault.answerDemand, (1, ""));
        calls[11] = abi.encodeCall(vault.reclaimBond, (1));
        calls[12] = abi.encodeCall(vault.openHatch, (HELD, epoch));
        calls[13] = abi.encodeCall(vault.settleRound, (HELD));
        calls[14] = abi.encodeCall(vault.collectExit, (HELD, 1, assets_));
        calls[15] = abi.encodeCall(vault.refundDeposit, (1, ALICE));
        calls[16] = abi.encodeCall(vault.checkpoint, (HELD, epoch + 1, new address[](0), address(usd)));
        calls[17] = abi.encodeCall(vault.depositCleared, (HELD, 1, 1));
        btc.setOddity(OddToken.Oddity.REENTERS);
        bytes memory reason = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        for (uint256 i = 0; i < calls.length; ++i) {
            btc.setCall(address(vault), calls[i]);
            refused(ALICE, abi.encodeCall(vault.deposit, (HELD, 1, 1, "")), reason);
            refused(ALICE, abi.encodeCall(vault.withdraw, (HELD, out, approval)), reason);
            refused(HOUSE, abi.encodeCall(vault.depositCleared, (HELD, 1, 1)), reason);
        }
        // Nor does the operator open a snapshot between a token's arrival and its record.
        btc.setCall(address(registry), abi.encodeCall(registry.openSnapshot, (HELD)));
        vm.prank(ADMIN);
        registry.setOperator(HELD, address(btc));
        refused(ALICE, abi.encodeCall(vault.deposit, (HELD, 1, 1, "")), reason);
        assertEq(vault.treeBalance(HELD, 1), 10_000, "nothing moved");
    }

    /// clearing.md: the hatch run. A payout at once, a request, a deferred one, a late deposit, a late claim: all add up.
    function test_aRunOnASilentVenuePaysEverybodyOnceAndLeavesOnlyDust() public {
        deposit(ALICE, 0, 1_000e6);
        deposit(BOB, 0, 500e6);
        deposit(address(HOUSED), 1, 10_000 * BTC_UNITS);
        vm.prank(ALICE);
        vault.depositFund(HELD, 90e6);
        uint64 base = standingEpoch();
        withdraw(ALICE, base, USD_ROW, 100e6);
        uint256 requestId = request(BOB, base, USD_ROW, 50e6);
        uint256 deferred = request(HOUSED, base, BTC_ROW, 1_000);
        defer(deferred, nf(HOUSED, base));
        uint256 late = deposit(BOB, 0, 33e6);
        openHatch();
        vault.payRequest(requestId);
        vault.cancelRequest(deferred);
        vm.prank(BOB);
        vault.refundDeposit(late, BOB);
        reportMarks(base);
        // The venue had promised ALICE more than it holds.
        vault.registerExit(HELD, exitOf(ALICE, base, 2_000e12));
        vault.registerExit(HELD, exitOf(BOB, base, 500e12));
        settle();
        collect(ALICE, base);
        collect(BOB, base);
        vault.registerExit(HELD, exitOf(HOUSED, base, 600e12));
        settle();
        collect(HOUSED, base);
        uint256 dust = vault.exitBalance(HELD, 0) + vault.treeBalance(HELD, 0);
        assertTrue(dust <= 3, "USD");
        assertEq(usd.balanceOf(address(vault)), dust, "and that is all that is here");
        assertEq(vault.pendingBalance(HELD, 0) + vault.pendingBalance(HELD, 1) + vault.fundOf(HELD), 0, "ledgers");
        assertTrue(registry.mode(HELD) == GateMode.HALT, "gate");
    }

    address private constant HOUSED = address(0xC7);

    function setUp() public override {
        super.setUp();
        fill(HOUSED);
    }

    /// K27: with as many assets as a venue can have, all with balances, every call fits a block.
    function test_K27_theLargestVenueIsWoundUpWithinABlock() public {
        uint64 base = largestVenue();
        uint256 gas = gasleft();
        openHatch();
        gas -= gasleft();
        assertTrue(gas < 3_000_000, "opening");
        for (uint16 row = 0; row < 128; ++row) {
            vault.reportMark(HELD, row, largeMark(base, row));
        }
        vault.registerExit(HELD, exitOf(ALICE, base, 1e12));
        vault.registerExit(HELD, exitOf(BOB, base, 1e12));
        pass(7 days);
        gas = gasleft();
        vault.settleRound(HELD);
        gas -= gasleft();
        assertTrue(gas < 15_000_000, "settling");
        uint256[] memory all = new uint256[](128);
        for (uint256 i = 0; i < 128; ++i) {
            all[i] = i;
        }
        gas = gasleft();
        vault.collectExit(HELD, nf(ALICE, base), all);
        gas -= gasleft();
        assertTrue(gas < 15_000_000, "collecting all at once");
    }

    function largestVenue() private returns (uint64 base) {
        SettlementAsset[] memory list = new SettlementAsset[](125);
        VaultLimit[] memory limits_ = new VaultLimit[](125);
        uint256[] memory rows = new uint256[](124);
        uint256[] memory assets_ = new uint256[](124);
        for (uint256 i = 0; i < 125; ++i) {
            list[i] = SettlementAsset(address(new OddToken()), 1);
            limits_[i] = VaultLimit(i + 3, AssetLimit(1e24, 0), 0);
            // Rows 0, 1, 5 and 6 are stated.
            if (i < 124) (rows[i], assets_[i]) = (i < 3 ? i + 2 : i + 4, i < 3 ? i + 2 : i + 4);
        }
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(HELD, list);
        vault.proposeLimits(HELD, limits_);
        pass(3 days);
        vault.activateLimits(HELD, limits_);
        markets.stateSettlementRows(HELD, rows, assets_);
        vm.stopPrank();
        deposit(ALICE, 0, 1e6);
        deposit(ALICE, 1, 1e6);
        deposit(ALICE, 2, 1e6);
        for (uint256 i = 0; i < 125; ++i) {
            vm.prank(OWNER);
            vault.setTokenAllowed(list[i].token, true);
            OddToken(list[i].token).mint(ALICE, 1e6);
            deposit(ALICE, i + 3, 1e6);
        }
        openSnapshot();
        return acceptLargeEpoch();
    }

    function acceptLargeEpoch() private returns (uint64 epoch) {
        epoch = 1;
        vm.prank(PARAMETERS);
        markets.stateMarket(
            HELD, EPOCH_TABLES + epoch, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 128), 12
        );
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = EPOCH_TABLES + epoch;
        s.words = new uint256[](256);
        s = seal(s, block.chainid, address(registry), HELD);
        vm.prank(venueOperator);
        registry.submitEpoch(HELD, s);
        letStand();
    }

    /// Rows 5 and 6 of the fixture are of assets 1 and 2; assets 5 and 6 have no other row here.
    function largeMark(uint64 base, uint16 asset) private returns (MarkClaim memory) {
        if (asset != 5 && asset != 6) return markOf(base, asset, USD_MARK);
        uint256[] memory rows = new uint256[](1);
        uint256[] memory assets_ = new uint256[](1);
        (rows[0], assets_[0]) = (1_000 + asset, asset);
        vm.prank(PARAMETERS);
        markets.stateSettlementRows(HELD, rows, assets_);
        return markOf(base, 1_000 + asset, USD_MARK);
    }
}
