// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SatelliteExit} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {SatelliteVault} from "../../../contracts/satellite/SatelliteVault.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {ReenteringGateway} from "../mocks/ReenteringGateway.sol";
import {HatchFixture} from "./HatchFixture.sol";

/// @dev [P-304] While a token moves or a gateway is called, nothing of a satellite or hub can be called again.
contract CrossChainReentrancyTest is HatchFixture {
    bytes private constant GUARDED = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);

    function testATokenReentersNothing() public {
        bytes[] memory calls = guardedCalls();
        for (uint256 i = 0; i < calls.length; ++i) {
            reenter(calls[i]);
            vm.prank(ALICE);
            vm.expectRevert(GUARDED);
            satellites[0].deposit(1, MUCH, ALICE);
        }
        odd.setOddity(OddToken.Oddity.NONE);
        bring(0, 1, BOB, MUCH);
        vm.prank(BOB);
        (, bytes memory payload) = hub.order(1, 1, MUCH, BOB);
        toSatellite(0, payload);
        for (uint256 i = 0; i < calls.length; ++i) {
            reenter(calls[i]);
            vm.expectRevert(GUARDED);
            satellites[0].collect(1, BOB);
        }
        assertEq(satellites[0].owedTo(1, BOB), MUCH, "still owed");
    }

    function testATokenReentersNothingInTheHatch() public {
        (uint64 number,) = depositFar(0, 1, BOB, MUCH);
        bytes[] memory calls = guardedCalls();
        openFarHatch();
        registerFor(ALICE, 1, QUANTA);
        pass(CLAIM_WINDOW);
        for (uint256 i = 0; i < calls.length; ++i) {
            reenter(calls[i]);
            vm.expectRevert(GUARDED);
            satellites[0].collectExit(nf(ALICE, farBase), 1);
            vm.prank(BOB);
            vm.expectRevert(GUARDED);
            satellites[0].refundDeposit(number, BOB);
        }
        odd.setOddity(OddToken.Oddity.NONE);
        collectFor(ALICE, 1);
        vm.prank(BOB);
        satellites[0].refundDeposit(number, BOB);
        assertEq(odd.balanceOf(address(satellites[0])), 0, "each once");
    }

    function testAGatewayReentersNothing() public {
        ReenteringGateway hostile = new ReenteringGateway();
        bytes memory payload = hub.makeLease(1);
        bytes memory recipient = InteroperableAddress.formatEvmV1(AWAY, address(satellites[0]));
        hostile.setCall(abi.encodeCall(hub.relay, (payload, hostile, recipient)));
        vm.expectRevert(GUARDED);
        hub.relay(payload, hostile, recipient);
        // It is no gateway of the satellite's: what it delivers in between is refused, and the message is still there.
        hostile.setCall("");
        vm.expectRevert();
        hub.relay(payload, hostile, recipient);
        hub.relay(payload, gateway, recipient);
        away(0);
        gateway.deliverLast();
    }

    function reenter(bytes memory call_) private {
        odd.setCall(address(satellites[0]), call_);
        odd.setOddity(OddToken.Oddity.REENTERS);
    }

    function guardedCalls() private returns (bytes[] memory calls) {
        SatelliteVault v = satellites[0];
        SatelliteExit memory e = draftExit(ALICE, 1, 1);
        bytes memory sender = InteroperableAddress.formatEvmV1(HOME, address(hub));
        bytes memory payload = hub.makeLease(1);
        give(0, 1, ALICE, MUCH);
        calls = new bytes[](8);
        calls[0] = abi.encodeCall(v.deposit, (1, MUCH, ALICE));
        calls[1] = abi.encodeCall(v.makeCheckpoint, ());
        calls[2] = abi.encodeCall(v.collect, (1, BOB));
        calls[3] = abi.encodeCall(v.registerExit, (e));
        calls[4] = abi.encodeCall(v.settleHatch, (1));
        calls[5] = abi.encodeCall(v.collectExit, (nf(ALICE, farBase), 1));
        calls[6] = abi.encodeCall(v.refundDeposit, (1, ALICE));
        calls[7] = abi.encodeCall(v.relay, (payload, gateway, sender));
    }
}
