// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    CircuitKind,
    EpochCircuits,
    EpochRecord,
    EpochSubmission,
    ISolvencyRegistry,
    PartSubmission
} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @dev A table too large for one proof: parts in row order and an end over them, or nothing is recorded.
contract CloseInPartsTest is RegistryFixture {
    bytes4 private constant PART = ISolvencyRegistry.ClosePartRejected.selector;
    bytes4 private constant CLOSE = ISolvencyRegistry.CloseProofRejected.selector;
    bytes4 private constant CIRCUIT = ISolvencyRegistry.WrongCircuit.selector;

    function setUp() public override {
        super.setUp();
        open();
    }

    function rejectsPart(EpochSubmission memory s, uint256 index) private {
        submitExpecting(s, abi.encodeWithSelector(PART, index));
    }

    function rejectsEnd(EpochSubmission memory s) private {
        submitExpecting(s, abi.encodeWithSelector(CLOSE));
    }

    function test_anHonestCloseInPartsIsRecordedWithItsCircuits() public {
        EpochSubmission memory s = sealedInParts(1);
        submit(s);
        EpochRecord memory r = registry.epochAt(VENUE, 1);
        uint256[] memory batches = new uint256[](3);
        (batches[0], batches[1], batches[2]) = (BATCH_A, BATCH_B, BATCH_A);
        uint256[] memory parts = new uint256[](3);
        (parts[0], parts[1], parts[2]) = (PART_A, PART_B, PART_A);
        assertEq(r.detailHash, keccak256(abi.encode(s.words, EpochCircuits(batches, parts, END_A))), "detail hash");
        assertEq(r.accountsRoot, s.close.accountsRoot, "root");
        assertEq(uint256(registry.latestEpoch(VENUE)), 1, "epoch");
    }

    function test_K11_aFalsePartIsRefusedWithItsIndex() public {
        for (uint256 i = 0; i < 3; ++i) {
            EpochSubmission memory s = sealedInParts(1);
            s.close.parts[i].proof.a[0] ^= 1;
            rejectsPart(s, i);
        }
    }

    function test_K11_aFalseEndIsRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        s.close.proof.a[0] ^= 1;
        rejectsEnd(s);
    }

    function test_omittedRepeatedAndReorderedPartsAreRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        PartSubmission[] memory all = s.close.parts;
        s.close.parts = pick(all, 1, 2);
        rejectsPart(s, 0);
        s.close.parts = pick(all, 0, 2);
        rejectsPart(s, 1);
        s.close.parts = pick(all, 0, 1);
        rejectsEnd(s);
        s.close.parts = pick(all, 0, 0);
        rejectsPart(s, 1);
        s.close.parts = pick(all, 1, 0);
        rejectsPart(s, 0);
    }

    function test_aStartOfTheVenuesOwnIsRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        s.close.tableStart += 1;
        rejectsPart(s, 0);

        // Parts proven from another start, before the end that was proven over the honest one.
        EpochSubmission memory other = draftInParts(1);
        other.close.tableStart = 4242;
        other = seal(other, block.chainid, address(registry), VENUE);
        s = sealedInParts(1);
        s.close.tableStart = 4242;
        s.close.parts = other.close.parts;
        rejectsEnd(s);
    }

    function test_aBrokenLinkIsRefusedByTheNextPart() public {
        EpochSubmission memory s = sealedInParts(1);
        EpochSubmission memory other = draftInParts(1);
        other.close.parts[0].tableAfter = 4242;
        other = seal(other, block.chainid, address(registry), VENUE);
        s.close.parts[0] = other.close.parts[0];
        rejectsPart(s, 1);
    }

    function test_K6_partsOfAnotherEpochAreRefused() public {
        submit(sealedInParts(1));
        open();
        EpochSubmission memory s = sealedInParts(2);
        EpochSubmission memory older = draftInParts(2);
        older.epoch = 1;
        older = seal(older, block.chainid, address(registry), VENUE);
        s.close.parts[1] = older.close.parts[1];
        rejectsPart(s, 1);
    }

    function test_K3_partsOfAnotherChainOrVenueAreRefused() public {
        EpochSubmission memory s = seal(draftInParts(1), block.chainid + 1, address(registry), VENUE);
        s.batches = sealedInParts(1).batches;
        rejectsPart(s, 0);
        s = seal(draftInParts(1), block.chainid, address(registry), VENUE + 1);
        s.batches = sealedInParts(1).batches;
        rejectsPart(s, 0);
    }

    function test_aPartClaimedForAnotherPartCircuitIsRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        s.close.parts[1].circuitId = PART_A;
        rejectsPart(s, 1);
    }

    function test_T14_circuitsOfAnotherKindAreRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        s.close.parts[0].circuitId = BATCH_A;
        submitExpecting(s, abi.encodeWithSelector(CIRCUIT, BATCH_A, CircuitKind.BATCH, CircuitKind.CLOSE_PART));
        s = sealedInParts(1);
        s.batches[0].circuitId = PART_A;
        submitExpecting(s, abi.encodeWithSelector(CIRCUIT, PART_A, CircuitKind.CLOSE_PART, CircuitKind.BATCH));
        s = sealedInParts(1);
        s.close.circuitId = CLOSE_A;
        submitExpecting(s, abi.encodeWithSelector(CIRCUIT, CLOSE_A, CircuitKind.CLOSE, CircuitKind.CLOSE_END));
    }

    function test_anEndWithoutPartsIsRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        s.close.parts = new PartSubmission[](0);
        s.close.tableStart = 0;
        submitExpecting(s, abi.encodeWithSelector(CIRCUIT, END_A, CircuitKind.CLOSE_END, CircuitKind.CLOSE));
    }

    function test_aWholeCloseWithATableStartIsRefused() public {
        EpochSubmission memory s = sealed_(1);
        s.close.tableStart = 5;
        submitExpecting(s, abi.encodeWithSelector(ISolvencyRegistry.TableStartWithoutParts.selector, 5));
    }

    function test_K2_tableStatesBeyondTheFieldAreRefused() public {
        EpochSubmission memory s = sealedInParts(1);
        s.close.tableStart += P;
        submitExpecting(
            s, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("tableStart"), s.close.tableStart)
        );
        s = sealedInParts(1);
        s.close.parts[2].tableAfter += P;
        submitExpecting(
            s,
            abi.encodeWithSelector(
                ScalarField.NotAFieldElement.selector, bytes32("tableAfter"), s.close.parts[2].tableAfter
            )
        );
    }

    function testFuzz_anyChangedFigureOfThePartsIsRefused(uint256 place, uint256 delta) public {
        delta = bound(delta, 1, P - 1);
        EpochSubmission memory s = sealedInParts(1);
        place = bound(place, 0, 3);
        if (place == 3) s.close.tableStart = addmod(s.close.tableStart, delta, P);
        else s.close.parts[place].tableAfter = addmod(s.close.parts[place].tableAfter, delta, P);
        rejectsPart(s, place == 3 ? 0 : place);
    }

    function pick(PartSubmission[] memory all, uint256 first, uint256 second)
        private
        pure
        returns (PartSubmission[] memory chosen)
    {
        chosen = new PartSubmission[](2);
        (chosen[0], chosen[1]) = (all[first], all[second]);
    }
}
