// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ISatelliteClaim} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {
    CheckpointMessage,
    CrossChainMessages,
    Envelope
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SatelliteFixture} from "./SatelliteFixture.sol";

/// @dev One lie of the gateways, and then silence: claims at home must freeze before the satellite's hatch can open.
contract HubLieAttackTest is SatelliteFixture {
    uint256 private constant MUCH = 1_000_000;

    function open_(bytes calldata payload) external pure returns (Envelope memory) {
        return CrossChainMessages.decode(payload);
    }

    function lie(uint64 homeSentAt) private returns (bytes memory) {
        Envelope memory envelope = this.open_(checkpointOf(0));
        CheckpointMessage memory said = abi.decode(envelope.body, (CheckpointMessage));
        said.homeSentAt = homeSentAt;
        envelope.body = abi.encode(said);
        return CrossChainMessages.encode(envelope);
    }

    /// What breaks a satellite renews no lease: else claims left the vault for ever, and the hatch paid the same leaves.
    function testALeaseFromTheFutureKeepsNoClaimMoving() public {
        bringToTree(0, 0, ALICE, MUCH);
        standClaims([uint256(MUCH / UNITS), 0, 0]);
        toHub(0, lie(type(uint64).max));
        assertTrue(hub.stateOf(1).broken, "found out");
        pass(HATCH_AFTER);
        away(0);
        satellites[0].openHatch();
        home();
        assertFalse(hub.isLive(1), "frozen before the hatch opened");
        vm.expectRevert(abi.encodeWithSelector(ISatelliteClaim.SatelliteNotLive.selector, 1));
        hub.order(1, 0, 1, ALICE);
    }

    /// The largest that is believed is MAX_SKEW ahead, and the hatch waits for longer.
    function testTheLongestLieEndsBeforeTheHatch() public {
        bringToTree(0, 0, ALICE, MUCH);
        standClaims([uint256(MUCH / UNITS), 0, 0]);
        toHub(0, lie(uint64(block.timestamp) + SKEW));
        assertFalse(hub.stateOf(1).broken, "believed");
        pass(FREEZE_AFTER + SKEW);
        assertTrue(hub.isLive(1), "its last second");
        pass(1);
        assertFalse(hub.isLive(1), "frozen");
        away(0);
        vm.expectRevert();
        satellites[0].openHatch();
    }
}
