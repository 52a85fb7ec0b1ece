// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExitClaim, MarkClaim, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {ICircuitRotation} from "../../../contracts/interfaces/ICircuitRotation.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {GateMode, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochSubmission, ISolvencyRegistry, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {MockMarketSource} from "../mocks/MockMarketSource.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {RotationFixture} from "./RotationFixture.sol";

/// @dev [P-200] What ends with a circuit and what stays, [P-201] that nobody is shut in by it, [P-202] that the gate does not rest on it.
contract CircuitRetirementTest is RotationFixture {
    /// An address of EIP-55's own examples.
    address private constant UPPER = 0x52908400098527886E0F7030069857D2E4169EE7;

    // ---- submissions ----

    function test_P200_nothingNewIsSubmittedInARetiredCircuitAndItsEpochsStay() public {
        bytes32 record = keccak256(abi.encode(registry.epochAt(VENUE, 1)));
        vm.expectEmit(address(registry));
        emit ICircuitRotation.CircuitRetired(BATCH_B, uint64(block.timestamp));
        retire(BATCH_B);
        assertEq(registry.circuit(BATCH_B).retiredAt, block.timestamp, "shown");
        open();
        submitExpecting(sealed_(2), retired(BATCH_B));
        assertEq(keccak256(abi.encode(registry.epochAt(VENUE, 1))), record, "the epoch stays");
        assertEq(registry.circuit(BATCH_B).verifier, address(batchVerifier), "and what it was verified with");
        assertTrue(registry.domainOf(VENUE, BATCH_B) != 0, "and its domain");
        submit(honestIn(BATCH_A, CLOSE_A));
        assertEq(registry.latestEpoch(VENUE), 2, "other circuits go on");
    }

    function test_P200_closesAndPartsEndAsBatchesDo() public {
        retire(CLOSE_A);
        open();
        submitExpecting(sealed_(2), retired(CLOSE_A));
        submit(honestIn(BATCH_A, CLOSE_B));
        retire(PART_B);
        open();
        submitExpecting(sealedInParts(3), retired(PART_B));
        retire(END_A);
        submitExpecting(sealedInParts(3), retired(END_A));
    }

    function test_P200_aRetiredCircuitComesBackNeitherByNameNorByKey() public {
        retire(BATCH_A);
        refuseRetirement(BATCH_A, retired(BATCH_A));
        address verifier = address(verifierFor(BATCH_C));
        refuseProposal(
            BATCH_A,
            CircuitKind.BATCH,
            verifier,
            0,
            abi.encodeWithSelector(ISolvencyRegistry.DuplicateCircuit.selector, BATCH_A)
        );
        bytes memory known =
            abi.encodeWithSelector(ICircuitRotation.KeyRetired.selector, BATCH_C, batchVerifier.verificationKeyHash());
        refuseProposal(BATCH_C, CircuitKind.BATCH, address(batchVerifier), BATCH_A, known);
        // Nor where the key was good when it was proposed.
        MockVerifierAny fresh = bring(BATCH_C, CircuitKind.BATCH, 0);
        propose(CLOSE_C, CircuitKind.BATCH, address(fresh), 0);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        retire(BATCH_C);
        refuseAddition(
            CLOSE_C, abi.encodeWithSelector(ICircuitRotation.KeyRetired.selector, CLOSE_C, fresh.verificationKeyHash())
        );
    }

    function test_P200_nobodyRetiresWhatIsNotThere() public {
        refuseRetirement(9, abi.encodeWithSelector(ICircuitRotation.UnknownCircuit.selector, 9));
        propose(BATCH_C, CircuitKind.BATCH, address(verifierFor(BATCH_C)), 0);
        refuseRetirement(BATCH_C, abi.encodeWithSelector(ICircuitRotation.UnknownCircuit.selector, BATCH_C));
    }

    // ---- the gate's mode ----

    function test_P202_theGateHaltsWhileTheLatestEpochRestsOnARetiredCircuit() public {
        bring(BATCH_C, CircuitKind.BATCH, BATCH_B);
        bring(CLOSE_C, CircuitKind.CLOSE, CLOSE_A);
        submit(honestIn(BATCH_A, CLOSE_A));
        assertTrue(registry.mode(VENUE) == GateMode.OPEN, "open");
        retire(BATCH_B);
        assertTrue(registry.mode(VENUE) == GateMode.OPEN, "of a circuit that the latest epoch was not proven in");
        retire(CLOSE_A);
        assertTrue(registry.mode(VENUE) == GateMode.HALT, "of its close");
        assertTrue(gate.mode(VENUE) == GateMode.HALT, "as consumers see it");
        submit(honestIn(BATCH_A, CLOSE_C));
        assertTrue(registry.mode(VENUE) == GateMode.OPEN, "open after the next epoch");
        retire(BATCH_A);
        assertTrue(registry.mode(VENUE) == GateMode.HALT, "of its batches");
        submit(honestIn(BATCH_C, CLOSE_C));
        assertTrue(registry.mode(VENUE) == GateMode.OPEN, "and open again");
    }

    function test_P202_partsCountAsWell() public {
        vm.warp(block.timestamp + 1);
        open();
        submit(sealedInParts(2));
        assertTrue(registry.mode(VENUE) == GateMode.OPEN, "open");
        retire(CLOSE_A);
        assertTrue(registry.mode(VENUE) == GateMode.OPEN, "the epoch was closed in parts");
        retire(PART_B);
        assertTrue(registry.mode(VENUE) == GateMode.HALT, "one of its parts");
    }

    function test_P202_aRetirementTouchesNoOtherVenue() public {
        vm.startPrank(OWNER);
        registry.registerVenue(8, config());
        vm.stopPrank();
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(8, assets());
        markets.stateMarket(8, MARKET, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        vm.stopPrank();
        EpochSubmission memory s = draft(1);
        s.batches[1].circuitId = BATCH_A;
        vm.startPrank(OPERATOR);
        registry.openSnapshot(8);
        registry.submitEpoch(8, seal(s, block.chainid, address(registry), 8));
        vm.stopPrank();
        retire(BATCH_B);
        assertTrue(registry.mode(VENUE) == GateMode.HALT, "the venue that used it");
        assertTrue(registry.mode(8) == GateMode.OPEN, "the one that did not");
    }

    /// @dev For each set of circuits an epoch is proven in, and each that is retired: HALT if and only if the epoch rests on it.
    function testFuzz_P202_theGateHaltsExactlyForWhatTheEpochRestsOn(uint8 used, uint8 which) public {
        uint256[5] memory all = [BATCH_A, BATCH_B, CLOSE_A, CLOSE_B, END_A];
        EpochSubmission memory s = draft(2);
        for (uint256 i = 0; i < 3; ++i) {
            s.batches[i].circuitId = used >> i & 1 == 0 ? BATCH_A : BATCH_B;
        }
        s.close.circuitId = used >> 3 & 1 == 0 ? CLOSE_A : CLOSE_B;
        open();
        submit(seal(s, block.chainid, address(registry), VENUE));
        uint256 gone = all[which % 5];
        retire(gone);
        bool rests = gone == s.close.circuitId;
        for (uint256 i = 0; i < 3; ++i) {
            rests = rests || gone == s.batches[i].circuitId;
        }
        assertTrue(registry.mode(VENUE) == (rests ? GateMode.HALT : GateMode.OPEN), "mode");
    }

    // ---- market tables ----

    function test_P202_noEpochIsTakenOverATableOfARetiredCircuitNorStaysOpenOverIt() public {
        uint256 tableCircuit = 901;
        MockMarketSource tables = new MockMarketSource();
        VenueConfig memory c = config();
        c.markets = tables;
        vm.prank(OWNER);
        registry.registerVenue(8, c);
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(8, assets());
        bring(tableCircuit, CircuitKind.MARKET_TABLE, 0);
        bring(tableCircuit + 1, CircuitKind.MARKET_TABLE, tableCircuit);
        tables.set(8, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2));
        tables.setProvenIn(MARKET, tableCircuit);
        tables.setProvenIn(MARKET + 1, tableCircuit + 1);
        tables.setProvenIn(MARKET + 2, BATCH_A);

        submitAt8(1, MARKET, "");
        assertTrue(registry.mode(8) == GateMode.OPEN, "open");
        retire(tableCircuit);
        assertTrue(registry.mode(8) == GateMode.HALT, "over a table that a broken key may have proven");
        submitAt8(2, MARKET, retired(tableCircuit));
        submitAt8(
            2,
            MARKET + 2,
            abi.encodeWithSelector(
                ISolvencyRegistry.WrongCircuit.selector, BATCH_A, CircuitKind.BATCH, CircuitKind.MARKET_TABLE
            )
        );
        submitAt8(2, MARKET + 1, "");
        assertTrue(registry.mode(8) == GateMode.OPEN, "over one of the successor");
        assertEq(registry.epochAt(8, 1).marketCommitment, MARKET, "the epoch stays");
    }

    function submitAt8(uint64 epoch, uint256 table, bytes memory reason) private {
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = table;
        s = seal(s, block.chainid, address(registry), 8);
        vm.startPrank(OPERATOR);
        registry.openSnapshot(8);
        if (reason.length != 0) vm.expectRevert(reason);
        registry.submitEpoch(8, s);
        vm.stopPrank();
    }

    // ---- ways out ----

    function test_P201_whatUsersLeaveByIsRetiredOnlyBesideASuccessorInForce() public {
        uint256[4] memory old = [MARGIN, EXIT, SIGNER, MARK];
        uint256[4] memory next = [MARGIN_C, EXIT_C, SIGNER_C, MARK_C];
        CircuitKind[4] memory kinds =
            [CircuitKind.ACCOUNT_MARGIN, CircuitKind.ACCOUNT_EXIT, CircuitKind.ACCOUNT_SIGNER, CircuitKind.ROW_MARK];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory none = abi.encodeWithSelector(ICircuitRotation.NoSuccessor.selector, old[i], kinds[i]);
            refuseRetirement(old[i], none);
            // Neither does a proposal let anybody leave.
            propose(next[i], kinds[i], address(verifierFor(next[i])), old[i]);
            refuseRetirement(old[i], none);
            vm.warp(block.timestamp + CIRCUIT_DELAY);
            refuseRetirement(old[i], none);
            registry.addCircuit(next[i]);
            retire(old[i]);
            refuseRetirement(next[i], abi.encodeWithSelector(ICircuitRotation.NoSuccessor.selector, next[i], kinds[i]));
        }
    }

    /// @dev Another of its kind may be of another shape, and take nobody's account.
    function test_P201_anotherOfItsKindIsNoSuccessor() public {
        bring(MARGIN_C, CircuitKind.ACCOUNT_MARGIN, MARGIN_B);
        bytes memory none =
            abi.encodeWithSelector(ICircuitRotation.NoSuccessor.selector, MARGIN, CircuitKind.ACCOUNT_MARGIN);
        refuseRetirement(MARGIN, none);
        retire(MARGIN_B);
    }

    function test_P201_aSuccessorsSuccessorWillDo() public {
        bring(EXIT_C, CircuitKind.ACCOUNT_EXIT, EXIT);
        bring(EXIT_C + 1, CircuitKind.ACCOUNT_EXIT, EXIT_C);
        retire(EXIT_C);
        retire(EXIT);
        assertTrue(registry.verifierOf(EXIT_C + 1, CircuitKind.ACCOUNT_EXIT) != address(0), "one is left");
    }

    function test_P201_anExitFromAnEpochBeforeTheRotationIsProvenInTheSuccessor() public {
        gate.recordFrame(VENUE, EXIT, 1, MARKET);
        ExitClaim memory claim = honestExit();
        gate.checkExit(VENUE, 1, claim);
        bring(EXIT_C, CircuitKind.ACCOUNT_EXIT, EXIT);
        gate.checkExit(VENUE, 1, claim);
        retire(EXIT);
        vm.expectRevert(retired(EXIT));
        gate.checkExit(VENUE, 1, claim);
        claim.circuitId = EXIT_C;
        claim.proof.a[0] = uint256(
            keccak256(abi.encode(frameHere(EXIT_C, 1, MARKET), claim.equity, uint160(claim.recipient), claim.nullifier))
        );
        gate.checkExit(VENUE, 1, claim);
    }

    function test_P200_aFrameRecordedBeforeIsNoWayAroundTheRetirement() public {
        bring(MARGIN_C, CircuitKind.ACCOUNT_MARGIN, MARGIN);
        nextEpochOfNow();
        gate.recordFrame(VENUE, MARGIN, 2, table());
        MarginClaim memory claim = marginFor(CONSUMER, ACTION, table());
        requireMargin(claim, "");
        retire(MARGIN);
        requireMargin(claim, retired(MARGIN));
        vm.expectRevert(retired(MARGIN));
        gate.frameOf(VENUE, MARGIN, 2, table());
        claim.circuitId = MARGIN_C;
        claim = sealMargin(claim, frameHere(MARGIN_C, 2, table()), healthyWord(CONSUMER, ACTION));
        requireMargin(claim, "");
        assertEq(gate.frameOf(VENUE, MARGIN_C, 2, table()).verifier, registry.circuit(MARGIN_C).verifier, "verifier");
    }

    function test_P200_signerAndMarkProofsEndToo() public {
        bring(SIGNER_C, CircuitKind.ACCOUNT_SIGNER, SIGNER);
        bring(MARK_C, CircuitKind.ROW_MARK, MARK);
        MarkClaim memory mark = honestMark();
        SignerClaim memory signer = honestSigner(UPPER, digestOfUpper());
        gate.checkMark(VENUE, MARKET, mark);
        gate.checkSigner(VENUE, signer);
        retire(SIGNER);
        retire(MARK);
        vm.expectRevert(retired(MARK));
        gate.checkMark(VENUE, MARKET, mark);
        vm.expectRevert(retired(SIGNER));
        gate.checkSigner(VENUE, signer);
    }

    // ---- domains ----

    function test_P200_aVenueHasTheDomainOfALaterCircuitStoredOrNot() public {
        bring(BATCH_C, CircuitKind.BATCH, 0);
        uint256 expected = domainHere(BATCH_C);
        assertEq(registry.domainOf(VENUE, BATCH_C), expected, "computed");
        uint256 before = gasleft();
        registry.domainOf(VENUE, BATCH_C);
        uint256 computed = before - gasleft();
        vm.prank(STRANGER);
        registry.cacheDomain(VENUE, BATCH_C);
        assertEq(registry.domainOf(VENUE, BATCH_C), expected, "stored");
        before = gasleft();
        registry.domainOf(VENUE, BATCH_C);
        assertTrue(before - gasleft() < computed / 2, "cheaper");
        vm.chainId(999);
        assertEq(registry.domainOf(VENUE, BATCH_C), domainHere(BATCH_C), "of the other chain after a fork");
        assertTrue(domainHere(BATCH_C) != expected, "which differs");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 8));
        registry.cacheDomain(8, BATCH_C);
        vm.expectRevert(
            abi.encodeWithSelector(ISolvencyRegistry.WrongCircuit.selector, 9, CircuitKind.NONE, CircuitKind.BATCH)
        );
        registry.cacheDomain(VENUE, 9);
    }

    function test_P200_aNewVenueUsesOldAndNewCircuits() public {
        bring(BATCH_C, CircuitKind.BATCH, BATCH_A);
        retire(BATCH_A);
        vm.prank(OWNER);
        registry.registerVenue(8, config());
        uint256 base = registry.baseOf(8);
        assertEq(registry.domainOf(8, BATCH_C), domain(base, BATCH_C), "added");
        assertEq(registry.domainOf(8, CLOSE_A), domain(base, CLOSE_A), "from the beginning");
        assertEq(registry.domainOf(8, BATCH_A), domain(base, BATCH_A), "retired");
    }

    function table() private view returns (uint256) {
        return block.timestamp + 1;
    }

    function nextEpochOfNow() private {
        submit(honestIn(BATCH_A, CLOSE_A));
        stateTable(table(), MarginLevel.INITIAL);
    }

    function requireMargin(MarginClaim memory claim, bytes memory reason) private {
        vm.prank(CONSUMER);
        if (reason.length != 0) vm.expectRevert(reason);
        gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function digestOfUpper() private pure returns (uint256) {
        return uint256(sha256("0x52908400098527886E0F7030069857D2E4169EE7")) >> 8;
    }
}
