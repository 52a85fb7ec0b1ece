// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ProofBatch} from "../../../contracts/ProofBatch.sol";
import {Groth16Proof} from "../../../contracts/interfaces/Groth16Proof.sol";
import {IGroth16VerifierBatch} from "../../../contracts/interfaces/IGroth16VerifierBatch.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {TestBase} from "../TestBase.sol";

/// @dev Proofs of any signals under keys whose trapdoor is known, with real pairings. Files by test/contracts/groth16-fixture.ts.
abstract contract ProofBatchFixture is TestBase {
    uint256 internal constant P = ScalarField.MODULUS;
    uint256 internal constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 internal constant SIGNALS = 4;
    /// A precompile that refuses a point burns all it was given: enough for a batch of 32, and no more.
    uint256 internal constant GAS = 2_500_000;
    string private constant FILE = "build/test/groth16-fixture.json";

    ProofBatch internal batch;
    IGroth16VerifierBatch internal verifier;
    bytes32 internal keyHash;
    uint256[] internal keyWords;
    /// Of 11 signals.
    uint256[] internal foreignKey;
    uint256[] internal outsideSubgroup;
    /// Constant of a = 3 and b = 5, inverse of delta, weights of the signals.
    uint256[] internal simulation;
    uint256[4] internal scalarsB = [uint256(5), 7, 11, 13];
    uint256[][] internal pointsB;

    function setUp() public virtual {
        string memory json = vm.readFile(FILE);
        bytes memory code = vm.parseJsonBytes(json, ".TrapdoorVerifier4.bytecode");
        address deployed;
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        verifier = IGroth16VerifierBatch(deployed);
        keyWords = vm.parseJsonUintArray(json, ".TrapdoorVerifier4.key");
        foreignKey = vm.parseJsonUintArray(json, ".TrapdoorVerifier11.key");
        simulation = vm.parseJsonUintArray(json, ".TrapdoorVerifier4.simulation");
        outsideSubgroup = vm.parseJsonUintArray(json, ".outsideSubgroup");
        pointsB.push(vm.parseJsonUintArray(json, ".b5"));
        pointsB.push(vm.parseJsonUintArray(json, ".b7"));
        pointsB.push(vm.parseJsonUintArray(json, ".b11"));
        pointsB.push(vm.parseJsonUintArray(json, ".b13"));
        batch = new ProofBatch();
        keyHash = batch.addKey(keyWords);
    }

    /// @dev C takes up whatever A, B and the signals are.
    function prove(uint256[] memory signals, uint256 a, uint256 chosenB) internal view returns (Groth16Proof memory p) {
        uint256[] memory b = pointsB[chosenB % 4];
        uint256 scalar = addmod(simulation[0], P - 15, P);
        scalar = addmod(scalar, mulmod(a, scalarsB[chosenB % 4], P), P);
        for (uint256 i = 0; i < SIGNALS; ++i) {
            scalar = addmod(scalar, P - mulmod(signals[i] % P, simulation[2 + i], P), P);
        }
        (p.a[0], p.a[1]) = multiply(1, 2, a);
        p.b = [[b[0], b[1]], [b[2], b[3]]];
        (p.c[0], p.c[1]) = multiply(1, 2, mulmod(scalar, simulation[1], P));
    }

    /// @dev True proofs, each of its own signals, A and B.
    function trueProofs(uint256 count, uint256 salt)
        internal
        view
        returns (Groth16Proof[] memory proofs, uint256[][] memory signals)
    {
        (proofs, signals) = (new Groth16Proof[](count), new uint256[][](count));
        for (uint256 i = 0; i < count; ++i) {
            signals[i] = new uint256[](SIGNALS);
            for (uint256 j = 0; j < SIGNALS; ++j) {
                signals[i][j] = uint256(keccak256(abi.encode(salt, i, j))) % P;
            }
            proofs[i] = prove(signals[i], 1 + uint256(keccak256(abi.encode(salt, i))) % (P - 1), i);
        }
    }

    function holds(Groth16Proof[] memory proofs, uint256[][] memory signals) internal view returns (bool) {
        return batch.verify{gas: GAS}(keyHash, proofs, signals);
    }

    /// @dev What the circuit's own verifier says of each, one by one.
    function holdEach(Groth16Proof[] memory proofs, uint256[][] memory signals) internal view returns (bool all) {
        all = true;
        for (uint256 i = 0; i < proofs.length; ++i) {
            uint256[4] memory ordered = [signals[i][0], signals[i][1], signals[i][2], signals[i][3]];
            Groth16Proof memory p = proofs[i];
            all = verifier.verifyProof{gas: GAS}(p.a, p.b, p.c, ordered) && all;
        }
    }

    /// @dev A word of the proof: 0 and 1 of A, to 5 of B, then of C.
    function wordOf(Groth16Proof memory p, uint256 word) internal pure returns (uint256) {
        if (word < 2) return p.a[word];
        return word < 6 ? p.b[(word - 2) / 2][word % 2] : p.c[word - 6];
    }

    function setWord(Groth16Proof memory p, uint256 word, uint256 value) internal pure {
        if (word < 2) p.a[word] = value;
        else if (word < 6) p.b[(word - 2) / 2][word % 2] = value;
        else p.c[word - 6] = value;
    }

    function multiply(uint256 x, uint256 y, uint256 scalar) internal view returns (uint256, uint256) {
        (bool ok, bytes memory point) = address(7).staticcall(abi.encode(x, y, scalar));
        assertTrue(ok, "ecMul");
        return abi.decode(point, (uint256, uint256));
    }

    /// @dev Adds scalar * G to a point of G1.
    function shifted(uint256[2] memory point, uint256 scalar) internal view returns (uint256[2] memory) {
        (uint256 x, uint256 y) = multiply(1, 2, scalar);
        (bool ok, bytes memory sum) = address(6).staticcall(abi.encode(point[0], point[1], x, y));
        assertTrue(ok, "ecAdd");
        return abi.decode(sum, (uint256[2]));
    }
}
