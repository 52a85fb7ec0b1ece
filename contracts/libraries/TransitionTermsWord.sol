// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TransitionKind} from "../interfaces/ClearingTypes.sol";

/// @title What an `account-transition` proof says besides its delta, in a word: its fourth public signal
/// @dev kind + 4*seller + 8*owned + 16*reducing + 32*unmargined + 64*opens + 2^8*period + 2^40*band + 2^64*first + 2^128*second
/// + 2^192*expiry. Every part has bits of its own and the word is below 2^232: no two terms have one signal. Parts are put together by
/// `or`: each function gives bits that no other does.
library TransitionTermsWord {
    uint256 private constant OWNED = 3;
    uint256 private constant REDUCING = 4;
    uint256 private constant UNMARGINED = 5;
    uint256 private constant PERIOD = 8;
    uint256 private constant BAND = 40;
    uint256 private constant FIRST = 64;
    uint256 private constant SECOND = 128;
    uint256 private constant EXPIRY = 192;

    /// @notice Of the seller's side of a trade.
    uint256 internal constant SELLER = 4;
    /// @notice Of the first transition of an account, which holds what comes in and is unmargined.
    uint256 internal constant OPENING = 64 + 32;

    /// @notice What every transition says.
    /// @param period funding period of the new account
    function said(uint32 period, bool owned, bool unmargined) internal pure returns (uint256) {
        return uint256(period) << PERIOD | _bit(owned) << OWNED | _bit(unmargined) << UNMARGINED;
    }

    function isUnmargined(uint256 word) internal pure returns (bool) {
        return word >> UNMARGINED & 1 == 1;
    }

    /// @notice The context lies in `first` and `second`, its low half lower.
    function ofCollateral(uint128 context) internal pure returns (uint256) {
        return uint256(TransitionKind.COLLATERAL) | uint256(context) << FIRST;
    }

    /// @notice Of the buyer's side.
    /// @param band ppm
    /// @param expiry Unix seconds
    function ofTrade(uint64 buyer, uint64 seller, uint40 expiry, uint24 band) internal pure returns (uint256) {
        return uint256(TransitionKind.TRADE) | uint256(band) << BAND | uint256(buyer) << FIRST | uint256(seller)
            << SECOND | uint256(expiry) << EXPIRY;
    }

    /// @notice Of a side of a trade that only reduces risk.
    function reducing(bool reduces) internal pure returns (uint256) {
        return _bit(reduces) << REDUCING;
    }

    function ofExpiry() internal pure returns (uint256) {
        return uint256(TransitionKind.EXPIRY);
    }

    function ofFunding(uint16 payRow, uint32 fromPeriod) internal pure returns (uint256) {
        return uint256(TransitionKind.FUNDING) | uint256(payRow) << FIRST | uint256(fromPeriod) << SECOND;
    }

    function _bit(bool flag) private pure returns (uint256) {
        return flag ? 1 : 0;
    }
}
