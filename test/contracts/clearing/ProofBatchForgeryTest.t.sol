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
}
