// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title One row of a parameter set in a word
/// @dev Seven rates of 24 bits in ppm, lowest first: long and short charge at maintenance, the same at initial, scan range at
/// maintenance, the same at initial, basis; then `exact`, `put`, and the multiplier of 64 bits. The low 170 bits are the
/// circuit's rates, which it takes apart bit by bit.
library RateWord {
    uint256 internal constant RATES = 7;
    uint256 private constant RATE_BITS = 24;
    uint256 private constant RATE_MASK = (1 << RATE_BITS) - 1;
    uint256 private constant IDENTITY_SHIFT = 168;
    uint256 private constant PUT_BIT = 169;
    uint256 private constant MULTIPLIER_SHIFT = 170;
    uint256 private constant WORD_BITS = 234;

    uint256 private constant LONG = 0;
    uint256 private constant SHORT = 1;
    uint256 private constant LONG_INITIAL = 2;
    uint256 private constant SHORT_INITIAL = 3;
    uint256 private constant SCAN = 4;
    uint256 private constant SCAN_INITIAL = 5;

    error InvalidWord(uint256 row, uint256 word);
    error InitialBelowMaintenance(uint256 row, uint256 initial, uint256 maintenance);

    function rate(uint256 word, uint256 which) internal pure returns (uint256) {
        return (word >> (RATE_BITS * which)) & RATE_MASK;
    }

    /// @notice The circuit's 170 bits: rates, `exact` and `put`.
    function rates(uint256 word) internal pure returns (uint256) {
        return word & ((1 << MULTIPLIER_SHIFT) - 1);
    }

    function multiplier(uint256 word) internal pure returns (uint256) {
        return word >> MULTIPLIER_SHIFT;
    }

    /// @notice Whether the row, of an option, is a put.
    function isPut(uint256 word) internal pure returns (bool) {
        return (word >> PUT_BIT) & 1 == 1;
    }

    /// @notice What never changes of a row: `exact`, `put` and multiplier.
    function identity(uint256 word) internal pure returns (uint256) {
        return word >> IDENTITY_SHIFT;
    }

    /// @notice Refuses a word of more than 234 bits, a multiplier of 0, and initial rates below those at maintenance.
    function requireValid(uint256 row, uint256 word) internal pure {
        if (word >> WORD_BITS != 0 || multiplier(word) == 0) revert InvalidWord(row, word);
        _requireOrder(row, word, LONG_INITIAL, LONG);
        _requireOrder(row, word, SHORT_INITIAL, SHORT);
        _requireOrder(row, word, SCAN_INITIAL, SCAN);
    }

    function _requireOrder(uint256 row, uint256 word, uint256 initial, uint256 maintenance) private pure {
        uint256 higher = rate(word, initial);
        uint256 lower = rate(word, maintenance);
        if (higher < lower) revert InitialBelowMaintenance(row, higher, lower);
    }
}
