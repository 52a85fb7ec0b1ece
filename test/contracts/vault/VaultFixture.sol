// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {IDisputeSource} from "../../../contracts/interfaces/IDisputeSource.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {EpochSubmission, SettlementAsset, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {Payout, VaultLimit, VaultRules} from "../../../contracts/interfaces/VaultTypes.sol";
import {VaultPayouts} from "../../../contracts/vault/VaultPayouts.sol";
import {VaultWindUp} from "../../../contracts/vault/VaultWindUp.sol";
import {MockAccountProofs} from "../mocks/MockAccountProofs.sol";
import {OddHouse} from "../mocks/OddHouse.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {VaultProofs} from "./VaultProofs.sol";

/// @dev A venue of the fixture's registry whose collateral a vault holds.
abstract contract VaultFixture is VaultProofs {
    uint256 private _initialTables;

    function setUp() public virtual override {
        super.setUp();
        venueOperator = vm.addr(OPERATOR_KEY);
        gate = new MockAccountProofs(registry);
        vault = newVault();
        disputes = newDisputes();
        usd = new TestToken("Test USD", "tUSD", 6);
        btc = new OddToken();
        unlisted = new OddToken();
        vm.startPrank(OWNER);
        registry.registerVenue(HELD, vaultConfig());
        vault.setTokenAllowed(address(usd), true);
        vault.setTokenAllowed(address(btc), true);
        vault.setTokenAllowed(address(unlisted), true);
        vm.stopPrank();
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(HELD, heldAssets());
        markets.stateSettlementRows(HELD, heldRows(), rowAssets());
        vault.setRules(HELD, vaultRules(), vaultLimits());
        vm.stopPrank();
        fill(ALICE);
        fill(BOB);
        vm.etch(HOUSE, address(new OddHouse()).code);
    }

    // ---- what the venue set up ----

    function newVault() internal virtual returns (CollateralVault) {
        VaultPayouts payouts = new VaultPayouts(registry, gate);
        VaultWindUp windUp = new VaultWindUp(registry, gate);
        return new CollateralVault(OWNER, registry, gate, MIN_TIMELOCK, payouts, windUp);
    }

    /// @dev None, unless a test is about them.
    function newDisputes() internal virtual returns (IDisputeSource) {
        return IDisputeSource(address(0));
    }

    function vaultConfig() internal view returns (VenueConfig memory c) {
        c = config();
        c.reserves = vault;
        c.operator = venueOperator;
        c.fundToken = address(usd);
    }

    /// The third is in no table.
    function heldAssets() internal view returns (SettlementAsset[] memory list) {
        list = new SettlementAsset[](3);
        list[0] = SettlementAsset(address(usd), 1);
        list[1] = SettlementAsset(address(btc), BTC_UNITS);
        list[2] = SettlementAsset(address(unlisted), 1);
    }

    function heldRows() internal pure returns (uint256[] memory rows) {
        rows = new uint256[](4);
        (rows[0], rows[1], rows[2], rows[3]) = (USD_ROW, BTC_ROW, BTC_TIER, UNLISTED_ROW);
    }

    function rowAssets() internal pure returns (uint256[] memory assets_) {
        assets_ = new uint256[](4);
        (assets_[0], assets_[1], assets_[2], assets_[3]) = (0, 1, 1, 2);
    }

    function vaultRules() internal pure returns (VaultRules memory) {
        return VaultRules({
            timelock: 3 days,
            payoutTableAge: 10 minutes,
            demandWindow: 1 hours,
            answerWindow: 2 hours,
            requestDelay: 1 days,
            hatchAfter: 2 days,
            claimWindow: 7 days,
            limitWindow: 1 hours,
            demandBond: BOND
        });
    }

    function vaultLimits() internal pure returns (VaultLimit[] memory list) {
        list = new VaultLimit[](3);
        for (uint256 i = 0; i < 3; ++i) {
            list[i] = VaultLimit(i, AssetLimit(1e24, 1e24), 1e30);
        }
    }

    function fill(address who) internal {
        usd.mint(who, 1e15);
        btc.mint(who, 1e15);
        unlisted.mint(who, 1e15);
        vm.deal(who, 1 ether);
        vm.prank(who);
        usd.approve(address(vault), type(uint256).max);
    }

    // ---- deposits, time, epochs ----

    function deposit(address who, uint256 asset, uint256 amount) internal returns (uint256 depositId) {
        vm.prank(who);
        return vault.deposit(HELD, asset, amount, bytes32(uint256(uint160(who))));
    }

    function pass(uint256 duration) internal {
        vm.warp(block.timestamp + duration);
        vm.roll(block.number + duration / 12 + 1);
    }

    function openSnapshot() internal {
        vm.prank(venueOperator);
        registry.openSnapshot(HELD);
    }

    /// @dev The epoch that was opened, over a table of its own.
    function acceptEpoch() internal returns (uint64 epoch) {
        epoch = registry.latestEpoch(HELD) + 1;
        uint256 commitment = EPOCH_TABLES + epoch;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = commitment;
        s = seal(s, block.chainid, address(registry), HELD);
        vm.prank(venueOperator);
        registry.submitEpoch(HELD, s);
    }

    function nextEpoch() internal returns (uint64) {
        openSnapshot();
        return acceptEpoch();
    }

    function letStand() internal {
        pass(vaultRules().demandWindow + vaultRules().answerWindow);
    }

    function standingEpoch() internal returns (uint64 epoch) {
        epoch = nextEpoch();
        letStand();
    }

    /// @dev A new table of initial level, with prices of now.
    function initialTable() internal returns (uint256 commitment) {
        commitment = INITIAL_TABLES + ++_initialTables;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, Market(MarginLevel.INITIAL, uint64(block.timestamp), 2), 12);
    }

    // ---- whole steps ----

    function withdraw(address account, uint64 epoch, uint16 row, uint64 amount) internal {
        Payout memory p = payoutOf(account, epoch, row, amount);
        vault.withdraw(HELD, p, approved(p));
    }

    function refuseWithdraw(Payout memory p, bytes memory reason) internal {
        bytes memory approval = approved(p);
        vm.expectRevert(reason);
        vault.withdraw(HELD, p, approval);
    }

    function request(address account, uint64 epoch, uint16 row, uint64 amount) internal virtual returns (uint256) {
        return vault.requestWithdrawal(HELD, requestOf(account, epoch, row, amount), signerOf(account, epoch, epoch));
    }

    function defer(uint256 requestId, uint256 nullifier) internal {
        bytes memory signature = signed(USER_KEY, orderHash(nullifier, 1, "order"));
        vm.prank(venueOperator);
        vault.deferRequest(requestId, 1, "order", signature);
    }

    function setHouse(address house) internal {
        vm.startPrank(PARAMETERS);
        vault.proposeClearingHouse(HELD, house);
        pass(vault.rulesOf(HELD).timelock);
        vault.activateClearingHouse(HELD, house);
        vm.stopPrank();
    }

    /// @dev The venue falls silent after the epoch that stands.
    function openHatch() internal returns (uint64 base) {
        base = vault.newestStanding(HELD);
        uint256 dueAt = registry.epochAt(HELD, base).acceptedAt + vaultRules().hatchAfter;
        if (block.timestamp < dueAt) pass(dueAt - block.timestamp);
        vault.openHatch(HELD, base);
    }

    function reportMarks(uint64 base) internal {
        vault.reportMark(HELD, 0, markOf(base, USD_ROW, USD_MARK));
        vault.reportMark(HELD, 1, markOf(base, BTC_ROW, BTC_MARK));
    }

    function settle() internal {
        pass(vaultRules().claimWindow);
        vault.settleRound(HELD);
    }

    function collect(address account, uint64 base) internal {
        uint256[] memory both = new uint256[](2);
        both[1] = 1;
        vault.collectExit(HELD, nf(account, base), both);
    }

    function refused(address who, bytes memory call, bytes memory reason) internal {
        vm.prank(who);
        (bool ok, bytes memory got) = address(vault).call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
    }
}
