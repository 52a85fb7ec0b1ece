// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ScalarField} from "./ScalarField.sol";

/// @title Deposits and loans of an epoch, published as words A_0, L_0, A_1, L_1, …
/// @dev The close circuit commits to them as the value at z of the polynomial with the words as coefficients. z is a hash of the
/// words and of everything they may depend on, so no word can be chosen after it.
library SettlementWords {
    uint256 internal constant WORD_BOUND = 1 << 128;

    error WordCountMismatch(uint256 got, uint256 expected);
    error WordOutOfRange(uint256 index, uint256 word);

    /// @notice Refuses a list of the wrong length and any word of 2^128 or more.
    /// @dev Both are part of soundness: the polynomial binds the words only together with their number and their bound.
    function requireShape(uint256[] calldata words, uint256 assets) internal pure {
        if (words.length != 2 * assets) revert WordCountMismatch(words.length, 2 * assets);
        for (uint256 i = 0; i < words.length; ++i) {
            if (words[i] >= WORD_BOUND) revert WordOutOfRange(i, words[i]);
        }
    }

    /// @notice The point z of an epoch: keccak256 of base, epoch, final accumulator, market commitment and words, mod p.
    function point(
        uint256 base,
        uint256 epoch,
        uint256 finalAccumulator,
        uint256 marketCommitment,
        uint256[] calldata words
    ) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(base, epoch, finalAccumulator, marketCommitment, words)))
            % ScalarField.MODULUS;
    }

    /// @notice sum_i words_i z^i mod p.
    function evaluate(uint256[] calldata words, uint256 z) internal pure returns (uint256 value) {
        for (uint256 i = words.length; i > 0; --i) {
            value = addmod(mulmod(value, z, ScalarField.MODULUS), words[i - 1], ScalarField.MODULUS);
        }
    }

    /// @notice Deposits minus loans of asset j in quanta, 0 where loans are larger; no more than `maxLoans` of the loans count.
    function netDeposits(uint256[] calldata words, uint256 j, uint256 maxLoans) internal pure returns (uint256) {
        uint256 deposits = words[2 * j];
        uint256 loans = Math.min(words[2 * j + 1], maxLoans);
        return deposits > loans ? deposits - loans : 0;
    }
}
