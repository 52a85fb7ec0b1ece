// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountTerms} from "../interfaces/IAccountProofs.sol";

/// @title What an `account-margin` proof says, in a word: its second public signal
/// @dev healthy + 2*held + 4*withdraws + 8*unmargined + 16*payload + 2^84*watched + 2^96*context. Bits 85 to 95 are 0, and the word is
/// below 2^224: no two terms have one signal. Consumers ask for owners, whose proofs are not `watched`.
library AccountTermsWord {
    uint256 private constant HELD = 1;
    uint256 private constant WITHDRAWS = 2;
    uint256 private constant UNMARGINED = 3;
    uint256 private constant PAYLOAD = 4;
    uint256 private constant WATCHED = 84;
    uint256 private constant CONTEXT = 96;
    uint256 private constant AMOUNT = 16;

    function pack(AccountTerms memory terms) internal pure returns (uint256 word) {
        word = _bit(terms.healthy) | _bit(terms.held) << HELD | _bit(terms.withdraws) << WITHDRAWS;
        word |= _bit(terms.unmargined) << UNMARGINED;
        word |= uint256(terms.payload) << PAYLOAD | uint256(terms.context) << CONTEXT;
    }

    /// @notice What anybody with the opening says of an account: it is healthy, as watched, or it is not.
    function verdict(bool healthy, uint128 context) internal pure returns (uint256) {
        return (healthy ? 1 | 1 << WATCHED : 0) | uint256(context) << CONTEXT;
    }

    /// @notice Payload of a withdrawal: row + amount * 2^16.
    function withdrawal(uint16 row, uint64 amount) internal pure returns (uint80) {
        return uint80(row) | uint80(amount) << uint80(AMOUNT);
    }

    function _bit(bool flag) private pure returns (uint256) {
        return flag ? 1 : 0;
    }
}
