// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Groth16Proof} from "../interfaces/Groth16Proof.sol";
import {ICircuitRotation} from "../interfaces/ICircuitRotation.sol";
import {IGroth16VerifierAccountTransition} from "../interfaces/IGroth16VerifierAccountTransition.sol";
import {Circuit, CircuitKind} from "../interfaces/ISolvencyRegistry.sol";
import {TransitionFrames} from "./TransitionFrames.sol";

/// @notice What a proof has to show.
struct TransitionClaim {
    uint256 circuitId;
    Groth16Proof proof;
    uint256[5] signals;
}

/// @title Verifies claims: one of a circuit by the circuit's own verifier, several by one random linear combination
abstract contract TransitionProofs is TransitionFrames {
    function _verify(TransitionClaim[] memory claims) internal view {
        for (uint256 i = 0; i < claims.length; ++i) {
            uint256 count = _sameCircuit(claims, i);
            // 0: verified with one before it.
            if (count == 1) _verifyOne(claims[i]);
            else if (count > 1) _verifyTogether(claims, i, count);
        }
    }

    function _verifyOne(TransitionClaim memory claim) internal view {
        address verifier = _circuit(claim.circuitId).verifier;
        Groth16Proof memory proof = claim.proof;
        bool holds = IGroth16VerifierAccountTransition(verifier).verifyProof(proof.a, proof.b, proof.c, claim.signals);
        if (!holds) revert TransitionRejected();
    }

    function _verifyTogether(TransitionClaim[] memory claims, uint256 first, uint256 count) private view {
        Groth16Proof[] memory proofs = new Groth16Proof[](count);
        uint256[][] memory signals = new uint256[][](count);
        uint256 circuitId = claims[first].circuitId;
        uint256 place = 0;
        for (uint256 i = first; place < count; ++i) {
            if (claims[i].circuitId != circuitId) continue;
            proofs[place] = claims[i].proof;
            signals[place++] = _list(claims[i].signals);
        }
        if (!BATCH.verify(_circuit(circuitId).verificationKeyHash, proofs, signals)) revert TransitionRejected();
    }

    /// @dev How many claims from the first of its circuit on are of it; 0 where `place` is not that first one.
    function _sameCircuit(TransitionClaim[] memory claims, uint256 place) private pure returns (uint256 count) {
        uint256 circuitId = claims[place].circuitId;
        for (uint256 i = 0; i < claims.length; ++i) {
            if (claims[i].circuitId != circuitId) continue;
            if (i < place) return 0;
            ++count;
        }
    }

    /// @dev The registry may have retired it since a frame was recorded.
    function _circuit(uint256 circuitId) private view returns (Circuit memory known) {
        known = REGISTRY.circuit(circuitId);
        if (known.kind != CircuitKind.ACCOUNT_TRANSITION) revert NotATransitionCircuit(circuitId);
        if (known.retiredAt != 0) revert ICircuitRotation.CircuitIsRetired(circuitId);
    }

    function _list(uint256[5] memory signals) private pure returns (uint256[] memory list) {
        list = new uint256[](signals.length);
        for (uint256 i = 0; i < signals.length; ++i) {
            list[i] = signals[i];
        }
    }
}
