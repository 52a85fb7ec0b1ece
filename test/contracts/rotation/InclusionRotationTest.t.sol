// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {ICircuitRotation} from "../../../contracts/interfaces/ICircuitRotation.sol";
import {ChallengeStatus, InclusionClaim} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {OmissionFixture} from "../omission/OmissionFixture.sol";

/// @dev [P-201] A venue can answer every challenge whatever is retired, and with no broken key.
contract InclusionRotationTest is OmissionFixture {
    uint256 private constant NEXT_INCLUSION = 911;

    function test_P201_aChallengeOpenedBeforeARetirementIsAnsweredInTheSuccessor() public {
        bring();
        (uint256 challengeId,,) = opened(4242);
        vm.prank(OWNER);
        registry.retireCircuit(INCLUSION);
        refuseInclusion(
            venueOperator,
            challengeId,
            inclusionOf(4242),
            abi.encodeWithSelector(ICircuitRotation.CircuitIsRetired.selector, INCLUSION)
        );
        InclusionClaim memory claim = claimOf(HELD, NEXT_INCLUSION, ROOT, 4242);
        vm.prank(venueOperator);
        omissions.answerWithInclusion(challengeId, claim);
        assertTrue(statusOf(challengeId) == ChallengeStatus.ANSWERED, "answered");
    }

    function test_P201_whatChallengesAreAnsweredWithIsNotRetiredWithoutASuccessor() public {
        opened(4242);
        vm.prank(OWNER);
        vm.expectRevert(
            abi.encodeWithSelector(ICircuitRotation.NoSuccessor.selector, INCLUSION, CircuitKind.ACCOUNT_INCLUSION)
        );
        registry.retireCircuit(INCLUSION);
    }

    function bring() private {
        MockVerifierAny verifier = new MockVerifierAny("next inclusion", true);
        vm.prank(OWNER);
        registry.proposeCircuit(
            CircuitConfig(NEXT_INCLUSION, CircuitKind.ACCOUNT_INCLUSION, address(verifier)), INCLUSION
        );
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        registry.addCircuit(NEXT_INCLUSION);
    }
}
