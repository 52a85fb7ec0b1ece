// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGroth16VerifierMarketTable} from "../../../contracts/interfaces/IGroth16VerifierMarketTable.sol";

/// @dev A "proof" holds when a[0] is the keccak of its signals: so a test sees every signal the board passes.
contract MockVerifierMarketTable is IGroth16VerifierMarketTable {
    bool public isDevelopmentKey;

    constructor(bool development) {
        isDevelopmentKey = development;
    }

    function verificationKeyHash() external view returns (bytes32) {
        return keccak256(abi.encode("market table key", isDevelopmentKey));
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[8] calldata signals
    ) external pure returns (bool) {
        return a[0] == uint256(keccak256(abi.encode(signals)));
    }
}
