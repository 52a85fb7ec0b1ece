// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TransitionKind} from "../interfaces/ClearingTypes.sol";

/// @title What an `account-transition` proof says besides its delta, in a word: its fourth public signal
/// @dev kind + 4*seller + 8*owned + 16*reducing + 32*unmargined + 64*opens + 2^8*period + 2^40*band + 2^64*first + 2^128*second
/// + 2^192*expiry. Every part has bits of its own and the word is below 2^232: no two terms have one signal.
library TransitionTermsWord {
    uint256 private constant SELLER = 2;
    uint256 private constant OWNED = 3;
    uint256 private constant REDUCING = 4;
    uint256 private constant UNMARGINED = 5;
    uint256 private constant OPENS = 6;
    uint256 private constant PERIOD = 8;
    uint256 private constant BAND = 40;
    uint256 private constant FIRST = 64;
    uint256 private constant SECOND = 128;
    uint256 private constant EXPIRY = 192;

    /// @param period funding period of the new account
    /// @param band of trades, ppm
    /// @param first low half of the context, handle of the buyer, or pay row
    /// @param second high half of the context, handle of the seller, or funding period of the old account
    /// @param expiry of trades, Unix seconds
    struct Terms {
        TransitionKind kind;
        bool seller;
        bool owned;
        bool reducing;
        bool unmargined;
        bool opens;
        uint32 period;
        uint24 band;
        uint64 first;
        uint64 second;
        uint40 expiry;
    }

    function pack(Terms memory terms) internal pure returns (uint256 word) {
        word = uint256(terms.kind) | _bit(terms.seller) << SELLER | _bit(terms.owned) << OWNED;
        word |= _bit(terms.reducing) << REDUCING | _bit(terms.unmargined) << UNMARGINED | _bit(terms.opens) << OPENS;
        word |= uint256(terms.period) << PERIOD | uint256(terms.band) << BAND;
        word |= uint256(terms.first) << FIRST | uint256(terms.second) << SECOND | uint256(terms.expiry) << EXPIRY;
    }

    function _bit(bool flag) private pure returns (uint256) {
        return flag ? 1 : 0;
    }
}
