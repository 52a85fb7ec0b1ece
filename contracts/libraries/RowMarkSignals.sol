// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `row-mark`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library RowMarkSignals {
    uint256 private constant DOMAIN = 0;
    uint256 private constant MARKET_COMMITMENT = 1;
    uint256 private constant ROW = 2;
    uint256 private constant MARK = 3;

    struct Named {
        uint256 domain;
        uint256 marketCommitment;
        uint256 row;
        uint256 mark;
    }

    function ordered(Named memory values) internal pure returns (uint256[4] memory signals) {
        signals[DOMAIN] = values.domain;
        signals[MARKET_COMMITMENT] = values.marketCommitment;
        signals[ROW] = values.row;
        signals[MARK] = values.mark;
    }

    function named(uint256[4] memory signals) internal pure returns (Named memory) {
        return Named({
            domain: signals[DOMAIN],
            marketCommitment: signals[MARKET_COMMITMENT],
            row: signals[ROW],
            mark: signals[MARK]
        });
    }
}
