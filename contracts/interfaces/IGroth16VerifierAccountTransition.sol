// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGroth16Verifier} from "./IGroth16Verifier.sol";

/// @title Generated verifier of an `account-transition` circuit
interface IGroth16VerifierAccountTransition is IGroth16Verifier {
    /// @notice False for a proof that does not hold and for a signal that is not a field element. Callers must check it.
    /// @param signals in the order of AccountTransitionSignals
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[5] calldata signals
    ) external view returns (bool);
}
