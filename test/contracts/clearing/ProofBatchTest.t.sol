// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Groth16Proof} from "../../../contracts/interfaces/Groth16Proof.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {ProofBatchFixture} from "./ProofBatchFixture.sol";

/// @dev A batch holds exactly when each of its proofs does.
contract ProofBatchTest is ProofBatchFixture {
    function refuse(Groth16Proof[] memory proofs, uint256[][] memory signals, string memory what) private view {
        assertFalse(holds(proofs, signals), what);
    }

    function test_P221_trueProofsHoldTogether() public view {
        for (uint256 count = 1; count <= 16; ++count) {
            (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(count, count);
            assertTrue(holds(proofs, signals), "true proofs");
        }
    }

    function test_P221_oneWrongSignalInAnyPlaceIsRefused() public view {
        for (uint256 count = 1; count <= 16; count += 5) {
            (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(count, count);
            for (uint256 i = 0; i < count; ++i) {
                uint256 j = i % SIGNALS;
                uint256 honest = signals[i][j];
                signals[i][j] = addmod(honest, 1, P);
                refuse(proofs, signals, "signal + 1");
                signals[i][j] = honest;
            }
            assertTrue(holds(proofs, signals), "nothing is left of what was tried");
        }
    }

    function test_P221_oneWrongWordInAnyPlaceIsRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(3, 1);
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 word = 0; word < 8; ++word) {
                uint256 honest = wordOf(proofs[i], word);
                setWord(proofs[i], word, addmod(honest, 1, Q));
                refuse(proofs, signals, "off the curve");
                setWord(proofs[i], word, honest + Q);
                refuse(proofs, signals, "another encoding");
                setWord(proofs[i], word, Q - honest);
                refuse(proofs, signals, "the opposite");
                setWord(proofs[i], word, type(uint256).max);
                refuse(proofs, signals, "2^256 - 1");
                setWord(proofs[i], word, honest);
            }
        }
        assertTrue(holds(proofs, signals), "nothing is left of what was tried");
    }

    function test_P221_anotherProofsPointsInAnyPlaceAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(3, 1);
        (Groth16Proof[] memory others,) = trueProofs(4, 2);
        for (uint256 i = 0; i < 3; ++i) {
            Groth16Proof memory honest = proofs[i];
            proofs[i] = Groth16Proof(others[i].a, honest.b, honest.c);
            refuse(proofs, signals, "A");
            proofs[i] = Groth16Proof(honest.a, others[i + 1].b, honest.c);
            refuse(proofs, signals, "B");
            proofs[i] = Groth16Proof(honest.a, honest.b, others[i].c);
            refuse(proofs, signals, "C");
            proofs[i] = honest;
        }
    }

    function test_P221_pointsAtInfinityAndOutsideTheSubgroupAreRefusedInAnyPlace() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(3, 1);
        uint256[2] memory infinity;
        uint256[2][2] memory infinity2;
        uint256[] memory o = outsideSubgroup;
        for (uint256 i = 0; i < 3; ++i) {
            Groth16Proof memory honest = proofs[i];
            proofs[i] = Groth16Proof(infinity, honest.b, honest.c);
            refuse(proofs, signals, "A at infinity");
            proofs[i] = Groth16Proof(honest.a, infinity2, honest.c);
            refuse(proofs, signals, "B at infinity");
            proofs[i] = Groth16Proof(honest.a, honest.b, infinity);
            refuse(proofs, signals, "C at infinity");
            proofs[i] = Groth16Proof(infinity, infinity2, infinity);
            refuse(proofs, signals, "all at infinity");
            proofs[i] = Groth16Proof(honest.a, [[o[0], o[1]], [o[2], o[3]]], honest.c);
            refuse(proofs, signals, "B outside the subgroup");
            proofs[i] = honest;
        }
    }

    function test_P221_signalsBeyondTheFieldAreRefusedInAnyPlace() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(3, 1);
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = 0; j < SIGNALS; ++j) {
                uint256 honest = signals[i][j];
                signals[i][j] = honest + P;
                refuse(proofs, signals, "signal + p");
                signals[i][j] = honest + 2 * P;
                refuse(proofs, signals, "signal + 2p");
                signals[i][j] = honest;
            }
            // 0 and p are one element to the equation.
            signals[i][0] = 0;
            proofs[i] = prove(signals[i], 9, i);
            assertTrue(holds(proofs, signals), "0");
            signals[i][0] = P;
            refuse(proofs, signals, "p");
            signals[i][0] = 0;
        }
    }

    function test_P221_swappedProofsAndSignalsAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        for (uint256 i = 1; i < 4; ++i) {
            (proofs[i - 1], proofs[i]) = (proofs[i], proofs[i - 1]);
            refuse(proofs, signals, "proofs swapped");
            (signals[i - 1], signals[i]) = (signals[i], signals[i - 1]);
            assertTrue(holds(proofs, signals), "with their signals");
            (signals[i][0], signals[i][1]) = (signals[i][1], signals[i][0]);
            refuse(proofs, signals, "two signals of one proof swapped");
            (signals[i][0], signals[i][1]) = (signals[i][1], signals[i][0]);
        }
    }

    function test_P221_aProofThatIsThereTwiceHoldsAndExcusesNoOther() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        (proofs[1], signals[1]) = (proofs[0], signals[0]);
        assertTrue(holds(proofs, signals), "twice");
        proofs[3] = proofs[0];
        refuse(proofs, signals, "in another's place");
    }

    /// forge-config: default.fuzz.runs = 200
    function testFuzz_P221_aBatchHoldsExactlyWhenEachProofDoes(uint8 size, uint8 place, uint8 word, uint256 value)
        public
        view
    {
        uint256 count = bound(size, 1, 6);
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(count, value);
        uint256 i = place % count;
        word %= 16;
        if (word < 8) setWord(proofs[i], word, value);
        else if (word < 12) signals[i][word - 8] = value;
        else if (word == 12) proofs[i] = prove(signals[i], 1 + value % (P - 1), value);
        else if (word == 13) proofs[i].c = shifted(proofs[i].c, value % P);
        else if (word == 14) proofs[i].a = shifted(proofs[i].a, value % P);
        assertTrue(holds(proofs, signals) == holdEach(proofs, signals), "one verdict");
    }

    // ---- keys ----

    function test_P221_aKeyIsNamedByTheHashThatItsVerifierSays() public {
        assertEq(keyHash, verifier.verificationKeyHash(), "key hash");
        assertEq(batch.signalsOf(keyHash), SIGNALS, "signals");
        vm.expectEmit(address(batch));
        emit IProofBatch.KeyAdded(keccak256(abi.encodePacked(foreignKey)), 11);
        assertEq(batch.signalsOf(batch.addKey(foreignKey)), 11, "signals of another");
        assertEq(batch.signalsOf(bytes32(uint256(1))), 0, "a key that is not here");
    }

    function test_P221_aKeyIsKeptOnce() public {
        vm.recordLogs();
        assertEq(batch.addKey(keyWords), keyHash, "the same");
        assertEq(vm.getRecordedLogs().length, 0, "nothing happened");
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(2, 1);
        assertTrue(holds(proofs, signals), "still here");
    }

    /// forge-config: default.fuzz.runs = 60
    function testFuzz_P221_aKeyWithAnotherWordIsAnotherKeyAndTakesNoProofOfThisOne(uint8 index, uint256 value) public {
        uint256[] memory words = keyWords;
        index %= uint8(words.length);
        vm.assume(value != words[index]);
        words[index] = value;
        bytes32 other = batch.addKey(words);
        assertTrue(other != keyHash, "another hash");
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(2, 1);
        assertFalse(batch.verify{gas: GAS}(other, proofs, signals), "another key");
    }

    function test_P221_proofsOfOneKeyAreRefusedUnderAnother() public {
        uint256[] memory words = keyWords;
        // IC_1 and IC_2: a key of as many signals, whose points are all good.
        for (uint256 i = 16; i < 18; ++i) {
            (words[i], words[i + 2]) = (words[i + 2], words[i]);
        }
        bytes32 other = batch.addKey(words);
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(2, 1);
        assertFalse(batch.verify{gas: GAS}(other, proofs, signals), "of the other key");
        for (uint256 i = 0; i < 2; ++i) {
            (signals[i][0], signals[i][1]) = (signals[i][1], signals[i][0]);
        }
        assertTrue(batch.verify{gas: GAS}(other, proofs, signals), "the swapped points were all that differed");
    }

    function test_P221_keysOfNoPossibleLengthAreRefused() public {
        uint256[7] memory lengths = [uint256(0), 1, 14, 16, 17, 767, 768];
        for (uint256 i = 0; i < lengths.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProofBatch.KeyLength.selector, lengths[i]));
            batch.addKey(new uint256[](lengths[i]));
        }
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.KeyLength.selector, 27));
        batch.addKey(new uint256[](27));
        assertEq(batch.signalsOf(batch.addKey(new uint256[](18))), 1, "the shortest");
        assertEq(batch.signalsOf(batch.addKey(new uint256[](766))), 375, "the longest that code can hold");
    }

    function test_P221_aKeyOfZeroesTakesNothing() public {
        bytes32 zeroes = batch.addKey(new uint256[](24));
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(2, 1);
        assertFalse(batch.verify{gas: GAS}(zeroes, proofs, signals), "infinity everywhere");
    }

    // ---- what is no batch ----

    function test_P221_unknownKeysNoProofsAndOtherNumbersOfSignalsRevert() public {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(2, 1);
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.UnknownKey.selector, bytes32(uint256(1))));
        batch.verify(bytes32(uint256(1)), proofs, signals);
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.NoProofs.selector));
        batch.verify(keyHash, new Groth16Proof[](0), new uint256[][](0));
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.SignalSets.selector, 3, 2));
        batch.verify(keyHash, proofs, new uint256[][](3));
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.SignalSets.selector, 1, 2));
        batch.verify(keyHash, proofs, new uint256[][](1));
        signals[1] = new uint256[](SIGNALS - 1);
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.SignalCount.selector, SIGNALS - 1, SIGNALS));
        batch.verify(keyHash, proofs, signals);
        signals[1] = new uint256[](SIGNALS + 1);
        vm.expectRevert(abi.encodeWithSelector(IProofBatch.SignalCount.selector, SIGNALS + 1, SIGNALS));
        batch.verify(keyHash, proofs, signals);
    }
}
