// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ProofBatch} from "../../../contracts/ProofBatch.sol";
import {Groth16Proof} from "../../../contracts/interfaces/Groth16Proof.sol";
import {ProofBatchFixture} from "./ProofBatchFixture.sol";

/// @dev Every weight is 1: a plain sum.
contract UnweightedBatch is ProofBatch {
    function _weight(bytes32, uint256) internal pure override returns (uint256) {
        return 1;
    }
}

/// @dev One random weight for all proofs but the first.
contract OneWeightBatch is ProofBatch {
    function _weight(bytes32 seed, uint256 place) internal pure override returns (uint256) {
        return super._weight(seed, place == 0 ? 0 : 1);
    }
}

/// @dev Weights that do not follow from what is proven: known before it is.
contract SeedlessBatch is ProofBatch {
    function _seed() internal pure override returns (bytes32) {
        return keccak256("a seed that nobody can change");
    }
}

/// @dev Shows what the contract weighs with. Of a call with the arguments of `verify`, whose selector differs.
contract WeightsOfBatch is ProofBatch {
    function weight(bytes32 seed, uint256 place) external pure returns (uint256) {
        return _weight(seed, place);
    }

    function seedOf(bytes32, Groth16Proof[] calldata, uint256[][] calldata) external view returns (bytes32) {
        return _seed();
    }
}

/// @dev Batches of false proofs whose errors cancel under weights that the forger knows: taken by copies of the contract without one
/// property of its weights each, refused by the contract.
contract ProofBatchForgeryTest is ProofBatchFixture {
    UnweightedBatch private unweighted;
    OneWeightBatch private oneWeight;
    SeedlessBatch private seedless;

    function setUp() public override {
        super.setUp();
        (unweighted, oneWeight, seedless) = (new UnweightedBatch(), new OneWeightBatch(), new SeedlessBatch());
        unweighted.addKey(keyWords);
        oneWeight.addKey(keyWords);
        seedless.addKey(keyWords);
    }

    /// @dev What SeedlessBatch weighs a proof with.
    function knownWeight(uint256 place) private pure returns (uint256) {
        bytes32 seed = keccak256("a seed that nobody can change");
        return place == 0 ? 1 : uint128(uint256(keccak256(abi.encode(seed, place))));
    }

    function takes(ProofBatch copy, Groth16Proof[] memory proofs, uint256[][] memory signals)
        private
        view
        returns (bool)
    {
        return copy.verify{gas: GAS}(keyHash, proofs, signals);
    }

    /// @dev The copy takes what the contract refuses; and neither of the two changed proofs holds by itself.
    function cancels(ProofBatch copy, Groth16Proof[] memory proofs, uint256[][] memory signals, string memory what)
        private
        view
    {
        assertFalse(holdEach(proofs, signals), "not every proof is true");
        assertTrue(takes(copy, proofs, signals), string.concat(what, ": the forgery works on a copy"));
        assertFalse(holds(proofs, signals), string.concat(what, ": and not on the contract"));
    }

    function test_P222_errorsThatCancelInAPlainSumAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        proofs[0].c = shifted(proofs[0].c, 77);
        proofs[3].c = shifted(proofs[3].c, P - 77);
        cancels(unweighted, proofs, signals, "C");
    }

    function test_P222_figuresMovedFromOneStatementToAnotherAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        // Both proofs are true ones of other people: only what they are said to prove changed.
        signals[1][2] = addmod(signals[1][2], 1_000, P);
        signals[2][2] = addmod(signals[2][2], P - 1_000, P);
        cancels(unweighted, proofs, signals, "signals");
    }

    function test_P222_swappedProofsThatAPlainSumCannotTellApartAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        (proofs[1], proofs[2]) = (proofs[2], proofs[1]);
        cancels(unweighted, proofs, signals, "order");
    }

    function test_P222_errorsThatCancelUnderOneWeightForAllAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        proofs[1].c = shifted(proofs[1].c, 77);
        proofs[2].c = shifted(proofs[2].c, P - 77);
        cancels(oneWeight, proofs, signals, "one weight");
    }

    function test_P222_errorsMadeForKnownWeightsAreRefused() public view {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        proofs[1].c = shifted(proofs[1].c, mulmod(77, knownWeight(3), P));
        proofs[3].c = shifted(proofs[3].c, P - mulmod(77, knownWeight(1), P));
        cancels(seedless, proofs, signals, "C");
        (proofs, signals) = trueProofs(4, 1);
        signals[0][1] = addmod(signals[0][1], mulmod(1_000, knownWeight(2), P), P);
        signals[2][1] = addmod(signals[2][1], P - 1_000, P);
        cancels(seedless, proofs, signals, "signals");
        (proofs, signals) = trueProofs(4, 1);
        // With one B, errors of A add up as those of C do.
        (proofs[2].b, proofs[2]) = (proofs[0].b, prove(signals[2], 9, 0));
        proofs[0].a = shifted(proofs[0].a, mulmod(77, knownWeight(2), P));
        proofs[2].a = shifted(proofs[2].a, P - 77);
        cancels(seedless, proofs, signals, "A");
    }

    function test_P222_anErrorInTheProofOfWeightOneIsNotMadeGoodByAnother() public view {
        for (uint256 other = 1; other < 4; ++other) {
            (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
            proofs[0].c = shifted(proofs[0].c, 77);
            assertFalse(holds(proofs, signals), "alone");
            proofs[other].c = shifted(proofs[other].c, P - 77);
            cancels(unweighted, proofs, signals, "with another");
        }
    }

    /// forge-config: default.fuzz.runs = 100
    function testFuzz_P222_noErrorsOfTwoProofsCancel(uint8 first, uint8 second, uint256 shift, uint256 ratio)
        public
        view
    {
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
        (first, second) = (first % 4, second % 4);
        shift = bound(shift, 1, P - 1);
        vm.assume(first != second);
        proofs[first].c = shifted(proofs[first].c, shift);
        proofs[second].c = shifted(proofs[second].c, P - mulmod(shift, ratio % P, P));
        assertFalse(holds(proofs, signals), "errors");
    }

    function test_P222_copiesTakeTrueProofsAndNoLoneError() public view {
        ProofBatch[3] memory copies = [ProofBatch(unweighted), oneWeight, seedless];
        for (uint256 i = 0; i < 3; ++i) {
            (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(4, 1);
            assertTrue(takes(copies[i], proofs, signals), "true proofs");
            proofs[i].c = shifted(proofs[i].c, 1);
            assertFalse(takes(copies[i], proofs, signals), "a lone error");
        }
    }

    function test_P222_weightsAreDistinctAndOf128BitsButForTheFirst() public {
        WeightsOfBatch weights = new WeightsOfBatch();
        uint256[64] memory seen;
        uint256 bits;
        for (uint256 i = 0; i < 64; ++i) {
            // Both the seed and the place give another one.
            seen[i] = weights.weight(bytes32(i / 8), 1 + i % 8);
            assertTrue(seen[i] < 2 ** 128 && seen[i] > 2 ** 96, "size");
            for (uint256 j = 0; j < i; ++j) {
                assertTrue(seen[i] != seen[j], "distinct");
            }
            bits |= seen[i];
            assertEq(weights.weight(bytes32(i), 0), 1, "the first");
        }
        assertEq(bits, 2 ** 128 - 1, "no bit is always 0");
    }

    /// forge-config: default.fuzz.runs = 200
    function testFuzz_P222_weightsFollowFromEveryBitOfTheCall(uint256 bit) public {
        WeightsOfBatch weights = new WeightsOfBatch();
        (Groth16Proof[] memory proofs, uint256[][] memory signals) = trueProofs(3, 1);
        bytes memory call = abi.encodeCall(weights.seedOf, (keyHash, proofs, signals));
        (bool ok, bytes memory honest) = address(weights).staticcall(call);
        assertTrue(ok, "a seed");
        // Behind the selector.
        bit = 32 + bit % (8 * (call.length - 4));
        call[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        bytes memory other;
        (ok, other) = address(weights).staticcall(call);
        // An offset or a length may be none any more.
        assertTrue(!ok || keccak256(other) != keccak256(honest), "another seed");
    }
}
