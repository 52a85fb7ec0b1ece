// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingHouse} from "../../../contracts/ClearingHouse.sol";
import {
    ClearingRules,
    Collateral,
    Settlement,
    Trade,
    Transfer,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {MockClearingTerms} from "../mocks/MockClearingTerms.sol";
import {MockLiquidations} from "../mocks/MockLiquidations.sol";
import {MockProofBatch} from "../mocks/MockProofBatch.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {HouseProofs} from "./HouseProofs.sol";

/// @dev A clearing house for the vault's venue, whose gate is open, with two accounts.
abstract contract HouseFixture is HouseProofs {
    uint64 internal alice;
    uint64 internal bob;

    function setUp() public virtual override {
        verifierA = new MockVerifierAny("transition key A", true);
        verifierB = new MockVerifierAny("transition key B", true);
        super.setUp();
        terms = new MockClearingTerms(registry);
        batch = new MockProofBatch();
        batch.setKnown("transition key A");
        batch.setKnown("transition key B");
        liquidations = new MockLiquidations();
        house = new ClearingHouse(registry, clearingTerms(), proofBatch());
        terms.setRules(HELD, ClearingRules(3 days, TABLE_AGE, BAND));
        terms.setPeriod(HELD, PERIOD);
        setHouse(address(house));
        openGate();
        vm.prank(ALICE);
        usd.approve(address(house), type(uint256).max);
        vm.prank(BOB);
        usd.approve(address(house), type(uint256).max);
        table = initialTable();
        alice = opened(ALICE, 10_000);
        bob = opened(BOB, 20_000);
    }

    // ---- what a test that costs gas has in earnest ----

    function clearingTerms() internal virtual returns (IClearingTerms) {
        return IClearingTerms(address(terms));
    }

    function proofBatch() internal virtual returns (IProofBatch) {
        return IProofBatch(address(batch));
    }

    function verifierOfA() internal view virtual returns (address) {
        return address(verifierA);
    }

    function circuits() internal view virtual override returns (CircuitConfig[] memory list) {
        CircuitConfig[] memory before = super.circuits();
        list = new CircuitConfig[](before.length + 2);
        for (uint256 i = 0; i < before.length; ++i) {
            list[i] = before[i];
        }
        list[before.length] = CircuitConfig(TRANSITION_A, CircuitKind.ACCOUNT_TRANSITION, verifierOfA());
        list[before.length + 1] = CircuitConfig(TRANSITION_B, CircuitKind.ACCOUNT_TRANSITION, address(verifierB));
    }

    /// @dev An epoch that is covered and fresh.
    function openGate() internal {
        deposit(ALICE, 0, 1_000);
        deposit(ALICE, 1, 500 * BTC_UNITS);
        vm.startPrank(ALICE);
        vault.depositFund(HELD, 10);
        vm.stopPrank();
        nextEpoch();
    }

    function rulesWith(uint32 tableMaxAge, uint24 band) internal pure returns (ClearingRules memory) {
        return ClearingRules(3 days, tableMaxAge, band);
    }

    function noRules() internal pure returns (ClearingRules memory rules) {}

    function maintenanceTable() internal returns (uint256 commitment) {
        commitment = 9_100 + block.timestamp % 100;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
    }

    // ---- whole steps ----

    function opened(address who, uint64 amount) internal returns (uint64) {
        Collateral memory c = bringing(USD_ROW, amount);
        Transition memory t = opening(who, who, c);
        vm.prank(who);
        return house.open(HELD, who, c, t);
    }

    /// @dev At a venue that accepts the present table too. Without collateral.
    function openedEmptyAt(uint256 venueId, address who) internal returns (uint64) {
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(venueId, heldAssets());
        markets.stateMarket(venueId, table, Market(MarginLevel.INITIAL, uint64(block.timestamp), 2), 12);
        vm.stopPrank();
        Collateral memory c = bringing(USD_ROW, 0);
        Transition memory t = openingAt(venueId, who, who, c);
        vm.prank(who);
        return house.open(venueId, who, c, t);
    }

    function settle(Settlement memory s) internal {
        bytes memory receipt = receiptOf(s);
        house.settle(s, receipt);
    }

    function adjust(address who, uint64 handle, Collateral memory c, Transition memory t) internal {
        bytes memory receipt = receiptFor(handle, t);
        vm.prank(who);
        house.adjust(handle, c, t, receipt);
    }

    // ---- refusals ----

    function refuseSettle(Settlement memory s, bytes memory reason) internal {
        bytes memory receipt = receiptOf(s);
        refusedBy(address(this), abi.encodeCall(house.settle, (s, receipt)), reason);
    }

    function refuseAdjust(address who, uint64 handle, Collateral memory c, Transition memory t, bytes memory reason)
        internal
    {
        refusedBy(who, abi.encodeCall(house.adjust, (handle, c, t, receiptFor(handle, t))), reason);
    }

    function refuseTransfer(Transfer memory m, Transition memory from, Transition memory to, bytes memory reason)
        internal
    {
        refusedBy(
            address(this), abi.encodeCall(house.transfer, (m, from, to, receiptOfTwo(m.from, from, m.to, to))), reason
        );
    }

    function refuseSide(Trade memory trade, bool seller, Transition memory side, bytes memory reason) internal {
        refusedBy(address(this), abi.encodeCall(house.checkSide, (trade, seller, side)), reason);
    }

    /// @dev For this reason, and no account changed.
    function refusedBy(address who, bytes memory call, bytes memory reason) internal {
        (uint256 ofAlice, uint256 ofBob) = (commitmentOf(alice), commitmentOf(bob));
        vm.prank(who);
        (bool ok, bytes memory got) = address(house).call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
        assertEq(commitmentOf(alice), ofAlice, "alice's commitment");
        assertEq(commitmentOf(bob), ofBob, "bob's commitment");
    }
}
