// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `account-inclusion`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library AccountInclusionSignals {
    uint256 private constant DOMAIN = 0;
    uint256 private constant ACCOUNTS_ROOT = 1;
    uint256 private constant BALANCE = 2;

    struct Named {
        uint256 domain;
        uint256 accountsRoot;
        uint256 balance;
    }

    function ordered(Named memory values) internal pure returns (uint256[3] memory signals) {
        signals[DOMAIN] = values.domain;
        signals[ACCOUNTS_ROOT] = values.accountsRoot;
        signals[BALANCE] = values.balance;
    }

    function named(uint256[3] memory signals) internal pure returns (Named memory) {
        return Named({domain: signals[DOMAIN], accountsRoot: signals[ACCOUNTS_ROOT], balance: signals[BALANCE]});
    }
}
