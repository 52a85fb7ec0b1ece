// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ICircuitRotation} from "../interfaces/ICircuitRotation.sol";
import {Circuit, CircuitKind} from "../interfaces/ISolvencyRegistry.sol";
import {TransitionClaims} from "../libraries/TransitionClaims.sol";
import {TransitionFrames} from "./TransitionFrames.sol";

/// @title Verifies claims: one of a circuit by the circuit's own verifier, several by one random linear combination
abstract contract TransitionProofs is TransitionFrames {
    using Address for address;
    using TransitionClaims for TransitionClaims.List;

    function _verify(TransitionClaims.List memory claims) internal view {
        for (uint256 i = 0; i < claims.count; ++i) {
            uint256 count = claims.ofCircuit(i);
            // Verified with one before it.
            if (count == 0) continue;
            uint256 circuitId = claims.circuitIds[i];
            Circuit memory circuit = _circuit(circuitId);
            bytes memory answer = count == 1
                ? circuit.verifier.functionStaticCall(claims.callForOne(i))
                : address(BATCH).functionStaticCall(claims.callForBatch(circuitId, count, circuit.verificationKeyHash));
            if (!abi.decode(answer, (bool))) revert TransitionRejected();
        }
    }

    /// @dev The registry may have retired it since a frame was recorded.
    function _circuit(uint256 circuitId) private view returns (Circuit memory known) {
        known = REGISTRY.circuit(circuitId);
        if (known.kind != CircuitKind.ACCOUNT_TRANSITION) revert NotATransitionCircuit(circuitId);
        if (known.retiredAt != 0) revert ICircuitRotation.CircuitIsRetired(circuitId);
    }
}
