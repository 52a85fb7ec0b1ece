// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {SolvencyGate} from "../../../contracts/SolvencyGate.sol";
import {OddDisputes} from "../mocks/OddDisputes.sol";
import {RegistryFixture} from "../RegistryFixture.sol";

/// @dev What a dispute does to the mode of the venue, whose source of disputes may be anything.
contract DisputedModeTest is RegistryFixture {
    OddDisputes private odd;
    SolvencyGate private gate;

    function setUp() public override {
        odd = new OddDisputes();
        disputes = odd;
        super.setUp();
        gate = new SolvencyGate(registry);
        open();
        submit(sealed_(1));
    }

    function test_aDisputeTakesTheGateToWithdrawOnlyHoweverFreshTheEpoch() public {
        requireMode(GateMode.OPEN);
        odd.set(OddDisputes.Oddity.NONE, uint64(START));
        requireMode(GateMode.WITHDRAW_ONLY);
        open();
        submit(sealed_(2));
        requireMode(GateMode.WITHDRAW_ONLY);
        odd.set(OddDisputes.Oddity.NONE, 0);
        requireMode(GateMode.OPEN);
    }

    /// HALT goes before it, and it before what is milder.
    function test_aDisputeHidesNoReasonToHalt() public {
        odd.set(OddDisputes.Oddity.NONE, uint64(START));
        source.setState(ReserveState.PAUSED);
        requireMode(GateMode.WITHDRAW_ONLY);
        vm.warp(START + STALE_AFTER + 1);
        requireMode(GateMode.WITHDRAW_ONLY);
        source.setState(ReserveState.CLOSED);
        requireMode(GateMode.HALT);
        source.setState(ReserveState.OPEN);
        vm.warp(START + HALT_AFTER);
        requireMode(GateMode.WITHDRAW_ONLY);
        vm.warp(START + HALT_AFTER + 1);
        requireMode(GateMode.HALT);
    }

    function test_aDisputeBeforeTheFirstEpochIsHaltAsEver() public {
        VenueConfig memory c = config();
        vm.prank(OWNER);
        registry.registerVenue(8, c);
        odd.set(OddDisputes.Oddity.NONE, 1);
        assertTrue(registry.mode(8) == GateMode.HALT, "mode");
    }

    function test_disputesThatDoNotAnswerHaltTheGate() public {
        odd.set(OddDisputes.Oddity.REVERTS, 0);
        assertTrue(gate.mode(VENUE) == GateMode.HALT, "gate");
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "no answer"));
        registry.mode(VENUE);
    }

    /// The gate cannot tell it from a caller who gave too little, and says nothing then: consumers of it are refused.
    function test_disputesThatEatAllGasNeverOpenTheGate() public {
        odd.set(OddDisputes.Oddity.EATS_GAS, 0);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.OutOfGas.selector));
        gate.mode{gas: 10_000_000}(VENUE);
    }

    /// However little gas a caller gives: never a milder mode than the true one.
    function test_noAmountOfGasHidesADispute() public {
        odd.set(OddDisputes.Oddity.NONE, uint64(START));
        uint256 answers;
        for (uint256 gas_ = 1_000; gas_ < 150_000; gas_ += 331) {
            (bool ok, bytes memory got) = address(gate).staticcall{gas: gas_}(abi.encodeCall(gate.mode, (VENUE)));
            if (!ok) continue;
            assertEq(abi.decode(got, (uint256)), uint256(GateMode.WITHDRAW_ONLY), "mode");
            ++answers;
        }
        assertTrue(answers > 100, "most gas is enough");
    }

    function requireMode(GateMode wanted) private view {
        assertEq(uint256(registry.mode(VENUE)), uint256(wanted), "registry");
        assertEq(uint256(gate.mode(VENUE)), uint256(wanted), "gate");
    }
}
