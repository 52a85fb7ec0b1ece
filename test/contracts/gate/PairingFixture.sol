// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {CircuitConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {GateFixture} from "./GateFixture.sol";

/// @dev A gate whose account circuits have a generated verifier with real pairings, of a key whose trapdoor is known: so that
/// claims of any signals can be proven. Files by test/contracts/groth16-fixture.ts.
abstract contract PairingFixture is GateFixture {
    string private constant FILE = "build/test/groth16-fixture.json";
    uint256 internal constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    address internal pairing;
    uint256[] internal foreign;
    uint256[] internal outsideSubgroup;
    uint256[] private _proof;
    /// Constant, inverse of delta, weights of the signals.
    uint256[] private _simulation;

    function setUp() public virtual override {
        string memory json = vm.readFile(FILE);
        bytes memory code = vm.parseJsonBytes(json, ".TrapdoorVerifier4.bytecode");
        address deployed;
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(deployed != address(0), "the verifier is deployed");
        pairing = deployed;
        _proof = vm.parseJsonUintArray(json, ".TrapdoorVerifier4.proof");
        _simulation = vm.parseJsonUintArray(json, ".TrapdoorVerifier4.simulation");
        foreign = vm.parseJsonUintArray(json, ".TrapdoorVerifier11.proof");
        outsideSubgroup = vm.parseJsonUintArray(json, ".outsideSubgroup");
        super.setUp();
    }

    function circuits() internal view override returns (CircuitConfig[] memory list) {
        list = super.circuits();
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].verifier == address(accountVerifier)) list[i].verifier = pairing;
        }
    }

    /// @dev A and B as in the file; C takes up whatever the signals are.
    function prove(MarginClaim memory claim, uint256 frame, uint256 word) internal view returns (MarginClaim memory) {
        uint256[4] memory signals = [frame, word, claim.nullifier, claim.nullifierNext];
        uint256 scalar = _simulation[0];
        for (uint256 i = 0; i < 4; ++i) {
            scalar = addmod(scalar, P - mulmod(signals[i], _simulation[2 + i], P), P);
        }
        uint256[] memory words = _proof;
        (words[6], words[7]) = multiplyGenerator(mulmod(scalar, _simulation[1], P));
        return withWords(claim, words);
    }

    function provenMargin() internal view returns (MarginClaim memory claim) {
        claim = draftMargin(INITIAL_TABLE);
        claim.nullifier = uint256(keccak256("nullifier")) % P;
        claim.nullifierNext = uint256(keccak256("nullifier next")) % P;
        return prove(claim, frameHere(MARGIN, claim.epoch, INITIAL_TABLE), healthyWord(CONSUMER, ACTION));
    }

    function wordsOf(MarginClaim memory claim) internal pure returns (uint256[] memory words) {
        words = new uint256[](8);
        (words[0], words[1]) = (claim.proof.a[0], claim.proof.a[1]);
        (words[2], words[3], words[4], words[5]) =
        (claim.proof.b[0][0], claim.proof.b[0][1], claim.proof.b[1][0], claim.proof.b[1][1]);
        (words[6], words[7]) = (claim.proof.c[0], claim.proof.c[1]);
    }

    function withWords(MarginClaim memory claim, uint256[] memory words) internal pure returns (MarginClaim memory) {
        claim.proof.a = [words[0], words[1]];
        claim.proof.b = [[words[2], words[3]], [words[4], words[5]]];
        claim.proof.c = [words[6], words[7]];
        return claim;
    }

    function multiplyGenerator(uint256 scalar) private view returns (uint256 x, uint256 y) {
        (bool ok, bytes memory point) = address(7).staticcall(abi.encode(uint256(1), uint256(2), scalar));
        assertTrue(ok, "ecMul");
        return abi.decode(point, (uint256, uint256));
    }
}
