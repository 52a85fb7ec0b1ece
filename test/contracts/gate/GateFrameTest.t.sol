// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountFrame, IAccountProofs} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SolvencyGate} from "../../../contracts/SolvencyGate.sol";
import {MockMarketSource} from "../mocks/MockMarketSource.sol";
import {Vm} from "../Vm.sol";
import {GateFixture} from "./GateFixture.sol";

/// @dev Frames: what they are, and that a recorded one says no more and no longer than a computed one.
contract GateFrameTest is GateFixture {
    function requireSame(uint256 circuitId, uint64 epoch, uint256 table) private {
        AccountFrame memory before = gate.frameOf(VENUE, circuitId, epoch, table);
        assertEq(before.value, frameHere(circuitId, epoch, table), "by the definition");
        assertEq(gate.recordFrame(VENUE, circuitId, epoch, table), before.value, "recorded");
        AccountFrame memory recorded = gate.frameOf(VENUE, circuitId, epoch, table);
        assertEq(keccak256(abi.encode(recorded)), keccak256(abi.encode(before)), "nothing changed by recording");
    }

    function test_aRecordedFrameIsTheComputedOne() public {
        nextEpoch();
        requireSame(MARGIN, 1, MARKET);
        requireSame(MARGIN, 1, INITIAL_TABLE);
        requireSame(MARGIN, 2, INITIAL_TABLE);
        requireSame(MARGIN_B, 1, INITIAL_TABLE);
        requireSame(EXIT, 1, MARKET);
    }

    function test_aFrameKnowsItsTableAndVerifier() public {
        vm.warp(START + 5 minutes);
        stateTable(7777, MarginLevel.INITIAL);
        AccountFrame memory frame = gate.frameOf(VENUE, MARGIN, 1, 7777);
        assertEq(frame.marketTime, START + 5 minutes, "time of the table, not of the epoch");
        assertEq(uint8(frame.level), uint8(MarginLevel.INITIAL), "level");
        assertEq(frame.verifier, address(accountVerifier), "verifier");
    }

    function test_aFrameIsRecordedOnceByAnybody() public {
        vm.recordLogs();
        vm.prank(STRANGER);
        uint256 frame = gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "one event");
        assertEq(logs[0].topics[0], IAccountProofs.FrameRecorded.selector, "event");
        assertEq(logs[0].topics[1], bytes32(VENUE), "venue");
        assertEq(logs[0].topics[2], bytes32(uint256(1)), "epoch");
        assertEq(logs[0].topics[3], bytes32(INITIAL_TABLE), "table");
        assertEq(keccak256(logs[0].data), keccak256(abi.encode(MARGIN, frame)), "circuit and frame");
    }

    function test_onlyAcceptedEpochsTablesAndAccountCircuitsHaveFrames() public {
        refuse(
            VENUE, MARGIN, 2, INITIAL_TABLE, abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 2)
        );
        refuse(
            VENUE, MARGIN, 0, INITIAL_TABLE, abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 0)
        );
        refuse(VENUE, MARGIN, 1, 9999, abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE, 9999));
        refuse(12345, MARGIN, 1, MARKET, abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 12345));
        uint256[6] memory others = [BATCH_A, CLOSE_A, PART_A, SIGNER, MARK, uint256(999)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IAccountProofs.NotAnAccountCircuit.selector, others[i]);
            refuse(VENUE, others[i], 1, MARKET, reason);
        }
    }

    function refuse(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 table, bytes memory reason) private {
        vm.expectRevert(reason);
        gate.recordFrame(venueId, circuitId, epoch, table);
        vm.expectRevert(reason);
        gate.frameOf(venueId, circuitId, epoch, table);
    }

    /// A source that takes every number of an element would let p + m stand for another frame's key.
    function test_K2_aCommitmentBeyondTheFieldHasNoFrameWhateverTheSourceSays() public {
        MockMarketSource own = new MockMarketSource();
        VenueConfig memory c = config();
        c.markets = own;
        vm.prank(OWNER);
        registry.registerVenue(8, c);
        own.set(8, Market(MarginLevel.INITIAL, uint64(START), 2));
        refuse(
            8,
            MARGIN,
            1,
            P + MARKET,
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), P + MARKET)
        );
    }

    function test_aFrameOfOneVenueSaysNothingOfAnother() public {
        gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        vm.prank(OWNER);
        registry.registerVenue(8, config());
        refuse(
            8, MARGIN, 1, INITIAL_TABLE, abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, 8, INITIAL_TABLE)
        );
    }

    function test_K3_afterAForkTheOtherChainReadsNoFrameOfThisOne() public {
        uint256 here = gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        MarginClaim memory claim = honestMargin();
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        assertTrue(gate.frameOf(VENUE, MARGIN, 1, INITIAL_TABLE).value != here, "another frame");
        requireSame(MARGIN, 1, INITIAL_TABLE);
        vm.prank(CONSUMER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
        claim = honestMargin();
        vm.prank(CONSUMER);
        gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
        vm.chainId(chain);
        assertEq(gate.frameOf(VENUE, MARGIN, 1, INITIAL_TABLE).value, here, "and here nothing changed");
    }

    /// A frame of a source that takes a table back is one of a source that breaks its word; the record stands as the epoch's does.
    function test_aClaimIsWorthTheSameBeforeAndAfterItsFrameIsRecorded() public {
        MarginClaim memory claim = honestMargin();
        MarginClaim memory bent = honestMargin();
        bent.nullifier += 1;
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(CONSUMER);
            assertEq(
                gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION),
                NULLIFIER,
                "accepted both times"
            );
            vm.prank(CONSUMER);
            vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
            gate.requireMargin(VENUE, bent, MarginLevel.INITIAL, TABLE_AGE, ACTION);
            gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        }
    }

    function test_K12_aRegistryWithoutCodeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("registry"), address(0xdead)));
        new SolvencyGate(ISolvencyRegistry(address(0xdead)));
    }

    function test_theGateNamesItsRegistry() public view {
        assertEq(address(gate.REGISTRY()), address(registry), "registry");
        assertEq(address(registry.POSEIDON5()), address(poseidon5), "hash");
    }
}
