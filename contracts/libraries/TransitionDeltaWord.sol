// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms} from "../interfaces/ClearingTypes.sol";

/// @title What changes in an account by a public amount, in a word: fifth public signal of an `account-transition` proof
/// @dev Of a trade it is the trade commitment instead. Signed parts are shifted to be positive; docs/decisions/0009 has the layouts.
library TransitionDeltaWord {
    uint256 private constant AMOUNT = 16;
    uint256 private constant OUT_ROW = 80;
    uint256 private constant OUT_AMOUNT = 96;

    uint256 private constant PAY_ROW = 16;
    uint256 private constant DELIVER_ROW = 32;
    uint256 private constant VALUE = 48;
    uint256 private constant UNIT = 97;
    uint256 private constant DELIVER = 145;
    int256 private constant VALUE_SHIFT = 2 ** 48;
    int256 private constant DELIVER_SHIFT = 2 ** 32;

    uint256 private constant RATE = 16;
    uint256 private constant RATE_WORD = 80;
    int256 private constant RATE_SHIFT = 2 ** 63;
    /// @notice Rates that fit: so many perpetuals can a venue fund.
    uint256 internal constant RATES = 3;

    /// @notice inRow + inAmount*2^16 + outRow*2^80 + outAmount*2^96.
    function collateral(uint16 inRow, uint64 inAmount, uint16 outRow, uint64 outAmount)
        internal
        pure
        returns (uint256)
    {
        return uint256(inRow) | uint256(inAmount) << AMOUNT | uint256(outRow) << OUT_ROW | uint256(outAmount)
            << OUT_AMOUNT;
    }

    /// @notice row + payRow*2^16 + deliverRow*2^32 + (value + 2^48)*2^48 + unit*2^97 + (deliver + 2^32)*2^145.
    /// @dev Requires the bounds of ExpirySettlement, which its record keeps.
    function expiry(ExpiryTerms memory terms, ExpirySettlement memory settlement) internal pure returns (uint256 word) {
        word = uint256(terms.row) | uint256(terms.payRow) << PAY_ROW | uint256(terms.deliverRow) << DELIVER_ROW;
        word |= uint256(settlement.value + VALUE_SHIFT) << VALUE | uint256(settlement.unit) << UNIT;
        word |= uint256(settlement.deliver + DELIVER_SHIFT) << DELIVER;
    }

    /// @notice group + (rate + 2^63)*2^16 of three perpetuals at 2^0, 2^80 and 2^160; group 0, a cash group, and rate 0 where there is none.
    function funding(uint16[] memory groups, int64[] memory rates) internal pure returns (uint256 word) {
        for (uint256 i = 0; i < RATES; ++i) {
            bool listed = i < groups.length;
            uint256 one = listed ? groups[i] : 0;
            one |= uint256((listed ? int256(rates[i]) : int256(0)) + RATE_SHIFT) << RATE;
            word |= one << RATE_WORD * i;
        }
    }
}
