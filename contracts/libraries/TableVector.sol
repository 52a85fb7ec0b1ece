// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RateWord} from "./RateWord.sol";
import {ScalarField} from "./ScalarField.sol";

/// @title What a market table is made from, as the coefficients of a polynomial
/// @dev v = n, P_1 + 256, B_1 + 256, …, then for each row: instrument digest, listed class, activation epoch, oracle price,
/// volatility, multiplier, rates, strike.
/// The circuit commits to its value at z. z hashes all of v and the market commitment, behind which each v_j is an element
/// of its own, so no v_j can be chosen after z. Every v_j is below 2^248, so below p: one list has one reading.
library TableVector {
    uint256 private constant ROW_TERMS = 8;
    /// @dev Moves are in -255 .. 255; the circuit knows them with this added.
    int256 private constant MOVE_OFFSET = 256;

    /// @dev `class` is kind + 8 * continues + 16 * cap, `word` the row's parameter word.
    struct Row {
        uint256 digest;
        uint256 class;
        uint256 activationEpoch;
        uint256 oraclePrice;
        uint256 volatility;
        uint256 word;
        uint256 strike;
    }

    /// @notice A vector of n rows with its moves in place, its rows still zero.
    function start(uint256 n, int16[] calldata moves) internal pure returns (uint256[] memory v) {
        v = new uint256[](1 + moves.length + ROW_TERMS * n);
        v[0] = n;
        for (uint256 i = 0; i < moves.length; ++i) {
            v[1 + i] = uint256(moves[i] + MOVE_OFFSET);
        }
    }

    function setRow(uint256[] memory v, uint256 moves, uint256 index, Row memory row) internal pure {
        uint256 first = 1 + moves + ROW_TERMS * index;
        v[first] = row.digest;
        v[first + 1] = row.class;
        v[first + 2] = row.activationEpoch;
        v[first + 3] = row.oraclePrice;
        v[first + 4] = row.volatility;
        v[first + 5] = RateWord.multiplier(row.word);
        v[first + 6] = RateWord.rates(row.word);
        v[first + 7] = row.strike;
    }

    /// @notice The point z: keccak256 of base, market commitment, snapshot time and vector, mod p.
    function point(uint256 base, uint256 marketCommitment, uint256 snapshotTime, uint256[] memory v)
        internal
        pure
        returns (uint256)
    {
        return uint256(keccak256(abi.encode(base, marketCommitment, snapshotTime, v))) % ScalarField.MODULUS;
    }

    /// @notice sum_j v_j z^j mod p.
    function evaluate(uint256[] memory v, uint256 z) internal pure returns (uint256 value) {
        for (uint256 i = v.length; i > 0; --i) {
            value = addmod(mulmod(value, z, ScalarField.MODULUS), v[i - 1], ScalarField.MODULUS);
        }
    }
}
