// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {HubToken, ISatelliteHub, SatelliteTerms} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {
    CheckpointMessage,
    CrossChainMessages,
    Envelope
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SatelliteFixture} from "./SatelliteFixture.sol";

/// @dev Each fault of a checkpoint by itself, where no other check would find it.
contract HubFaultsAttackTest is SatelliteFixture {
    uint256 private constant MUCH = 1_000_000;

    function open_(bytes calldata payload) external pure returns (Envelope memory) {
        return CrossChainMessages.decode(payload);
    }

    function honest() private returns (Envelope memory envelope, CheckpointMessage memory said) {
        pass(1);
        envelope = this.open_(checkpointOf(0));
        said = abi.decode(envelope.body, (CheckpointMessage));
    }

    function breaks(Envelope memory envelope, CheckpointMessage memory said, bytes32 fault) private {
        envelope.body = abi.encode(said);
        bytes memory payload = CrossChainMessages.encode(envelope);
        vm.expectEmit(address(hub));
        emit ISatelliteHub.SatelliteBroken(1, fault);
        toHub(0, payload);
        assertTrue(hub.stateOf(1).broken, "broken");
    }

    /// What was paid never falls, even where all of it was ordered.
    function testPaidNeverFalls() public {
        bring(0, 0, ALICE, MUCH);
        vm.prank(ALICE);
        (, bytes memory payload) = hub.order(1, 0, 100, ALICE);
        toSatellite(0, payload);
        checkpoint(0);
        (Envelope memory envelope, CheckpointMessage memory said) = honest();
        assertEq(said.totals[0].paid, 100, "fixture");
        said.totals[0].paid = 99;
        breaks(envelope, said, "paid");
    }

    /// Nor is more paid than was deposited, by one that says it closed: orders bound it no more.
    function testAClosedOnePaysNoMoreThanItHad() public {
        bring(0, 0, ALICE, MUCH);
        (Envelope memory envelope, CheckpointMessage memory said) = honest();
        said.closed = true;
        (said.totals[0].paid, said.totals[0].held) = (MUCH + 1, 0);
        breaks(envelope, said, "paid");
    }

    /// Sure of a deposit that is not in its books: what was minted for it is found out by the next one that says so.
    function testNotDepositedAndMinted() public {
        (uint64 number, bytes memory payload) = depositFar(0, 0, ALICE, MUCH);
        toHub(0, payload);
        lease(0);
        (Envelope memory envelope, CheckpointMessage memory said) = honest();
        (said.totals[0].deposited, said.totals[0].held) = (0, 0);
        envelope.body = abi.encode(said);
        toHub(0, CrossChainMessages.encode(envelope));
        assertFalse(hub.stateOf(1).broken, "nothing was minted yet");
        credit(0, number);
        pass(1);
        (envelope, said) = honest();
        (said.totals[0].deposited, said.totals[0].held) = (0, 0);
        breaks(envelope, said, "deposited");
    }

    // ---- enrolment ----

    function testOnlyTheParameterAdminActivates() public {
        SatelliteTerms memory terms = termsFor(0);
        terms.chainId = 77;
        vm.prank(PARAMETERS);
        hub.proposeSatellite(terms);
        pass(GATEWAY_DELAY);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, HELD, ALICE));
        hub.activateSatellite(terms);
        vm.prank(PARAMETERS);
        assertEq(hub.activateSatellite(terms), 3, "his");
    }

    function testOneToSixteenTokens() public {
        SatelliteTerms memory terms = termsFor(0);
        HubToken memory token = terms.tokens[0];
        terms.tokens = new HubToken[](0);
        refuseTokens(terms);
        terms.tokens = new HubToken[](17);
        for (uint256 i = 0; i < 17; ++i) {
            terms.tokens[i] = token;
        }
        refuseTokens(terms);
    }

    function refuseTokens(SatelliteTerms memory terms) private {
        vm.prank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.InvalidTerms.selector, bytes32("tokens")));
        hub.proposeSatellite(terms);
    }
}
