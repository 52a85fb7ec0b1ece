// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGroth16VerifierBatch} from "../../contracts/interfaces/IGroth16VerifierBatch.sol";
import {IGroth16VerifierClose} from "../../contracts/interfaces/IGroth16VerifierClose.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {TestBase} from "./TestBase.sol";

/// @dev Verifiers from snarkjs' template with real pairings, over keys and proofs that test/contracts/groth16-fixture.ts makes.
abstract contract GeneratedVerifierTest is TestBase {
    uint256 internal constant P = ScalarField.MODULUS;
    /// Order of the base field.
    uint256 internal constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    /// A precompile that refuses a point burns all it was given: enough for one verification, and no more.
    uint256 internal constant GAS = 500_000;
    string private constant FILE = "build/test/groth16-fixture.json";

    address internal verifier;
    uint256[] private signals;
    uint256[] private proof;
    uint256[] private rerandomised;
    uint256[] private outsideSubgroup;

    function name() internal pure virtual returns (string memory);

    /// @dev One call with any words for a, b, c and signals.
    function callVerifier(uint256[] memory words, uint256[] memory inputs) internal view virtual returns (bool);

    function setUp() public {
        string memory json = vm.readFile(FILE);
        string memory key = string.concat(".", name());
        bytes memory code = vm.parseJsonBytes(json, string.concat(key, ".bytecode"));
        address deployed;
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(deployed != address(0), "the verifier is deployed");
        verifier = deployed;
        signals = vm.parseJsonUintArray(json, string.concat(key, ".signals"));
        proof = vm.parseJsonUintArray(json, string.concat(key, ".proof"));
        rerandomised = vm.parseJsonUintArray(json, string.concat(key, ".rerandomised"));
        outsideSubgroup = vm.parseJsonUintArray(json, ".outsideSubgroup");
    }

    function check(uint256[] memory words, uint256[] memory inputs, bool expected, string memory what) private view {
        assertTrue(callVerifier(words, inputs) == expected, what);
    }

    function withWord(uint256 index, uint256 value) private view returns (uint256[] memory words) {
        words = proof;
        words[index] = value;
    }

    function withSignal(uint256 index, uint256 value) private view returns (uint256[] memory inputs) {
        inputs = signals;
        inputs[index] = value;
    }

    function test_aTrueProofHolds() public view {
        check(proof, signals, true, "holds");
    }

    function test_K4_aRerandomisedProofAlsoHoldsSoNothingMayKeyOnAProof() public view {
        assertTrue(rerandomised[0] != proof[0], "another proof");
        check(rerandomised, signals, true, "of the same statement");
    }

    function test_K2_signalsBeyondTheFieldAreRefused() public view {
        for (uint256 i = 0; i < signals.length; ++i) {
            check(proof, withSignal(i, signals[i] + P), false, "signal + p");
            check(proof, withSignal(i, signals[i] + 2 * P), false, "signal + 2p");
            check(proof, withSignal(i, P), false, "p");
            check(proof, withSignal(i, type(uint256).max), false, "2^256 - 1");
        }
    }

    function test_K13_pointsAtInfinityAreRefused() public view {
        uint256[] memory words = withWord(0, 0);
        words[1] = 0;
        check(words, signals, false, "A at infinity");
        words = proof;
        (words[2], words[3], words[4], words[5]) = (0, 0, 0, 0);
        check(words, signals, false, "B at infinity");
        words = withWord(6, 0);
        words[7] = 0;
        check(words, signals, false, "C at infinity");
        check(new uint256[](8), signals, false, "all at infinity");
    }

    function test_K13_pointsOffTheCurveAreRefused() public view {
        for (uint256 i = 0; i < 8; ++i) {
            check(withWord(i, addmod(proof[i], 1, Q)), signals, false, "coordinate + 1");
        }
    }

    function test_K13_everyOtherEncodingOfACoordinateIsRefused() public view {
        for (uint256 i = 0; i < 8; ++i) {
            for (uint256 k = 1; k <= 5; ++k) {
                unchecked {
                    check(withWord(i, proof[i] + k * Q), signals, false, "coordinate + kq");
                    check(withWord(i, proof[i] - k * Q), signals, false, "coordinate - kq");
                }
            }
            check(withWord(i, Q), signals, false, "q");
            check(withWord(i, type(uint256).max), signals, false, "2^256 - 1");
        }
    }

    function test_K13_aPointOutsideTheSubgroupIsRefused() public view {
        uint256[] memory words = proof;
        for (uint256 i = 0; i < 4; ++i) {
            words[2 + i] = outsideSubgroup[i];
        }
        check(words, signals, false, "B outside the subgroup");
    }

    function test_negatedPointsAreRefused() public view {
        check(withWord(1, Q - proof[1]), signals, false, "-A");
        check(withWord(7, Q - proof[7]), signals, false, "-C");
    }

    function testFuzz_K1_anyChangedProofWordIsRefused(uint8 index, uint256 value) public view {
        index %= 8;
        vm.assume(value != proof[index]);
        check(withWord(index, value), signals, false, "another word");
        check(withWord(index, proof[index] ^ (1 << (value % 256))), signals, false, "one bit flipped");
    }

    function testFuzz_K1_anyChangedSignalIsRefused(uint8 index, uint256 value) public view {
        uint256 i = index % signals.length;
        vm.assume(value != signals[i]);
        check(proof, withSignal(i, value), false, "another signal");
        check(proof, withSignal(i, value % P == signals[i] ? 0 : value % P), false, "another field element");
    }

    function fill(uint256[] memory words)
        internal
        pure
        returns (uint256[2] memory a, uint256[2][2] memory b, uint256[2] memory c)
    {
        a = [words[0], words[1]];
        b = [[words[2], words[3]], [words[4], words[5]]];
        c = [words[6], words[7]];
    }
}

contract GeneratedBatchVerifierTest is GeneratedVerifierTest {
    function name() internal pure override returns (string memory) {
        return "TrapdoorVerifier4";
    }

    function callVerifier(uint256[] memory words, uint256[] memory inputs) internal view override returns (bool) {
        (uint256[2] memory a, uint256[2][2] memory b, uint256[2] memory c) = fill(words);
        uint256[4] memory ordered;
        for (uint256 i = 0; i < 4; ++i) {
            ordered[i] = inputs[i];
        }
        return IGroth16VerifierBatch(verifier).verifyProof{gas: GAS}(a, b, c, ordered);
    }
}

contract GeneratedCloseVerifierTest is GeneratedVerifierTest {
    function name() internal pure override returns (string memory) {
        return "TrapdoorVerifier11";
    }

    function callVerifier(uint256[] memory words, uint256[] memory inputs) internal view override returns (bool) {
        (uint256[2] memory a, uint256[2][2] memory b, uint256[2] memory c) = fill(words);
        uint256[11] memory ordered;
        for (uint256 i = 0; i < 11; ++i) {
            ordered[i] = inputs[i];
        }
        return IGroth16VerifierClose(verifier).verifyProof{gas: GAS}(a, b, c, ordered);
    }
}
