// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @dev A source of tables that says of its price board what a test wants, in one word or in two.
contract OddMarkets {
    uint256 private immutable _answer;
    bool private immutable _twice;

    constructor(uint256 answer, bool twice) {
        (_answer, _twice) = (answer, twice);
    }

    function PRICES() external view {
        (uint256 answer, uint256 size) = (_answer, _twice ? 64 : 32);
        assembly {
            mstore(0, answer)
            mstore(32, answer)
            return(0, size)
        }
    }
}
