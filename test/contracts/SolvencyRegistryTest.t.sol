// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../../contracts/interfaces/IMarketSource.sol";
import {
    BatchSubmission,
    CircuitKind,
    EpochCircuits,
    EpochRecord,
    EpochSubmission,
    ISolvencyRegistry,
    SettlementAsset
} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {SettlementWords} from "../../contracts/libraries/SettlementWords.sol";
import {SolvencyRegistry} from "../../contracts/SolvencyRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Vm} from "./Vm.sol";

contract SolvencyRegistryTest is RegistryFixture {
    function test_anHonestEpochIsRecordedWithEverythingStated() public {
        open();
        vm.warp(START + 5 minutes);
        EpochSubmission memory s = sealed_(1);
        submit(s);
        EpochRecord memory r = registry.epochAt(VENUE, 1);
        assertEq(registry.latestEpoch(VENUE), 1, "latest epoch");
        assertEq(r.marketCommitment, MARKET, "market");
        assertEq(r.genesisAccumulator, 11, "genesis");
        assertEq(r.finalAccumulator, 1002, "final accumulator is the last batch's");
        assertEq(r.accountsRoot, 77, "root");
        assertEq(r.accountsBound, 48, "accounts");
        assertEq(r.unhealthyBound, 1, "unhealthy");
        assertEq(r.shortfall, 9_999_999, "shortfall");
        assertEq(r.detailHash, keccak256(abi.encode(s.words, EpochCircuits(ids(), new uint256[](0), CLOSE_A))), "detail hash");
        assertEq(r.snapshotTime, START, "snapshot time");
        assertEq(r.acceptedAt, START + 5 minutes, "accepted at");
        assertEq(r.acceptedInBlock, 1000, "accepted in block");
        assertTrue(r.covered, "covered");
    }

    function test_theEventCarriesRecordWordsAndCircuits() public {
        open();
        vm.recordLogs();
        submit(sealed_(1));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "one event");
        assertEq(logs[0].topics[0], ISolvencyRegistry.EpochAccepted.selector, "event");
        assertEq(uint256(logs[0].topics[1]), VENUE, "venue");
        assertEq(uint256(logs[0].topics[2]), 1, "epoch");
        EpochCircuits memory circuits_ = EpochCircuits(ids(), new uint256[](0), CLOSE_A);
        bytes memory expected =
            abi.encode(registry.baseOf(VENUE), registry.epochAt(VENUE, 1), draft(1).words, circuits_);
        assertEq(keccak256(logs[0].data), keccak256(expected), "data");
    }

    function ids() private pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (BATCH_A, BATCH_B, BATCH_A);
    }

    function test_epochsFollowOneAnother() public {
        for (uint64 epoch = 1; epoch <= 3; ++epoch) {
            open();
            submit(sealed_(epoch));
        }
        assertEq(registry.latestEpoch(VENUE), 3, "latest");
        assertEq(registry.epochAt(VENUE, 1).finalAccumulator, 1002, "earlier records stay");
    }

    function test_K3_aProofForAnotherChainRegistryOrVenueIsRefused() public {
        open();
        bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.BatchProofRejected.selector, 0);
        submitExpecting(seal(draft(1), 1, address(registry), VENUE), reason);
        submitExpecting(seal(draft(1), block.chainid, STRANGER, VENUE), reason);
        submitExpecting(seal(draft(1), block.chainid, address(registry), VENUE + 1), reason);
        vm.chainId(999);
        submitExpecting(seal(draft(1), 31337, address(registry), VENUE), reason);
        submit(seal(draft(1), 999, address(registry), VENUE));
    }

    function test_K5_anOldEpochIsRefused() public {
        open();
        submit(sealed_(1));
        open();
        submit(sealed_(2));
        open();
        submitExpecting(sealed_(1), abi.encodeWithSelector(ISolvencyRegistry.WrongEpoch.selector, 1, 3));
    }

    function test_K4_K6_K8_noSecondRecordForAnEpoch() public {
        open();
        EpochSubmission memory s = sealed_(1);
        submit(s);
        bytes32 before = keccak256(abi.encode(registry.epochAt(VENUE, 1)));
        open();
        bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.WrongEpoch.selector, 1, 2);
        submitExpecting(s, reason);
        s.close.accountsRoot = 78;
        submitExpecting(seal(s, block.chainid, address(registry), VENUE), reason);
        assertEq(keccak256(abi.encode(registry.epochAt(VENUE, 1))), before, "the record stays");
    }

    function test_anEpochCannotBeSkipped() public {
        open();
        submitExpecting(sealed_(2), abi.encodeWithSelector(ISolvencyRegistry.WrongEpoch.selector, 2, 1));
        submitExpecting(sealed_(0), abi.encodeWithSelector(ISolvencyRegistry.WrongEpoch.selector, 0, 1));
    }

    function test_K7_anOldSnapshotIsRefused() public {
        open();
        vm.warp(START + MAX_AGE + 1);
        submitExpecting(
            sealed_(1), abi.encodeWithSelector(ISolvencyRegistry.SnapshotTooOld.selector, MAX_AGE + 1, MAX_AGE)
        );
        vm.warp(START + MAX_AGE);
        submit(sealed_(1));
    }

    function test_withoutASnapshotForThisEpochNothingIsAccepted() public {
        bytes memory missing = abi.encodeWithSelector(ISolvencyRegistry.SnapshotNotOpened.selector, VENUE, 1);
        submitExpecting(sealed_(1), missing);
        open();
        submit(sealed_(1));
        submitExpecting(sealed_(2), abi.encodeWithSelector(ISolvencyRegistry.SnapshotNotOpened.selector, VENUE, 2));
    }

    function test_openingAgainReplacesTheCheckpoint() public {
        open();
        source.set(USD, 999);
        vm.warp(START + 60);
        open();
        assertEq(registry.lastSnapshot(VENUE).openedAt, START + 60, "newer time");
        assertEq(registry.lastSnapshot(VENUE).reserves[0], 999, "newer amount");
        assertEq(registry.lastSnapshot(VENUE).epoch, 1, "same epoch");
        submit(sealed_(1));
        assertFalse(registry.epochAt(VENUE, 1).covered, "held against the newer checkpoint");
        open();
        assertEq(registry.lastSnapshot(VENUE).epoch, 2, "the next epoch after acceptance");
        assertEq(registry.epochAt(VENUE, 1).snapshotTime, START + 60, "the record keeps its time");
    }

    function test_aCheckpointOfTheWrongLengthIsRefused() public {
        source.setDropsOne(true);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.CheckpointLengthMismatch.selector, 1, 2));
        registry.openSnapshot(VENUE);
    }

    function test_anAssetRegisteredAfterTheSnapshotNeedsANewOne() public {
        open();
        SettlementAsset[] memory more = new SettlementAsset[](1);
        more[0] = SettlementAsset(STRANGER, 1);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(VENUE, more);
        markets.stateMarket(VENUE, 6, Market(MarginLevel.MAINTENANCE, uint64(START), 3), 12);
        vm.stopPrank();
        EpochSubmission memory s = draft(1);
        s.marketCommitment = 6;
        s.words = new uint256[](6);
        s = seal(s, block.chainid, address(registry), VENUE);
        submitExpecting(s, abi.encodeWithSelector(ISolvencyRegistry.SnapshotMissesAssets.selector, 2, 3));
        open();
        submit(s);
    }

    function test_aMarketThatWasNotAcceptedIsRefused() public {
        open();
        EpochSubmission memory s = draft(1);
        s.marketCommitment = 6;
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(ISolvencyRegistry.UnknownMarket.selector, VENUE, 6)
        );
    }

    function test_aMarketAtInitialLevelIsRefused() public {
        vm.prank(PARAMETERS);
        markets.stateMarket(VENUE, 6, Market(MarginLevel.INITIAL, uint64(START), 2), 12);
        open();
        EpochSubmission memory s = draft(1);
        s.marketCommitment = 6;
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(ISolvencyRegistry.MarketNotAtMaintenanceLevel.selector, 6, MarginLevel.INITIAL)
        );
    }

    function test_aMarketOfAnotherTimeIsRefused() public {
        vm.warp(START + TOLERANCE + 1);
        open();
        submitExpecting(
            sealed_(1),
            abi.encodeWithSelector(
                ISolvencyRegistry.MarketOutsideTolerance.selector, START, START + TOLERANCE + 1, TOLERANCE
            )
        );
    }

    function test_aMarketNewerThanTheSnapshotIsHeldToTheSameTolerance() public {
        open();
        vm.warp(START + TOLERANCE + 1);
        vm.startPrank(PARAMETERS);
        markets.stateMarket(VENUE, 6, Market(MarginLevel.MAINTENANCE, uint64(START + TOLERANCE + 1), 2), 12);
        markets.stateMarket(VENUE, 8, Market(MarginLevel.MAINTENANCE, uint64(START + TOLERANCE), 2), 12);
        vm.stopPrank();
        EpochSubmission memory s = draft(1);
        s.marketCommitment = 6;
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(
                ISolvencyRegistry.MarketOutsideTolerance.selector, START + TOLERANCE + 1, START, TOLERANCE
            )
        );
        s.marketCommitment = 8;
        submit(seal(s, block.chainid, address(registry), VENUE));
    }

    function test_anEpochWithoutBatchesIsRefused() public {
        open();
        EpochSubmission memory s = draft(1);
        s.batches = new BatchSubmission[](0);
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(ISolvencyRegistry.NoBatches.selector)
        );
    }

    function test_aCircuitServesOnlyItsOwnKind() public {
        open();
        EpochSubmission memory s = draft(1);
        s.batches[1].circuitId = CLOSE_A;
        bytes4 wrong = ISolvencyRegistry.WrongCircuit.selector;
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(wrong, CLOSE_A, CircuitKind.CLOSE, CircuitKind.BATCH)
        );
        s = draft(1);
        s.close.circuitId = BATCH_A;
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(wrong, BATCH_A, CircuitKind.BATCH, CircuitKind.CLOSE)
        );
        s.close.circuitId = 9;
        submitExpecting(
            seal(s, block.chainid, address(registry), VENUE),
            abi.encodeWithSelector(wrong, 9, CircuitKind.NONE, CircuitKind.CLOSE)
        );
    }

    function test_epochsThatWereNeverAcceptedCannotBeRead() public {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 0));
        registry.epochAt(VENUE, 0);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 1));
        registry.epochAt(VENUE, 1);
    }
}
