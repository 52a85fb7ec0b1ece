// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGroth16Verifier} from "./IGroth16Verifier.sol";

/// @title Generated verifier of an `account-margin` circuit
interface IGroth16VerifierAccountMargin is IGroth16Verifier {
    /// @notice False for a proof that does not hold and for a signal that is not a field element. Callers must check it.
    /// @param signals in the order of AccountMarginSignals
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[4] calldata signals
    ) external view returns (bool);
}
