// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `account-margin`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library AccountMarginSignals {
    uint256 private constant FRAME = 0;
    uint256 private constant TERMS = 1;
    uint256 private constant NULLIFIER = 2;
    uint256 private constant NULLIFIER_NEXT = 3;

    struct Named {
        uint256 frame;
        uint256 terms;
        uint256 nullifier;
        uint256 nullifierNext;
    }

    function ordered(Named memory values) internal pure returns (uint256[4] memory signals) {
        signals[FRAME] = values.frame;
        signals[TERMS] = values.terms;
        signals[NULLIFIER] = values.nullifier;
        signals[NULLIFIER_NEXT] = values.nullifierNext;
    }

    function named(uint256[4] memory signals) internal pure returns (Named memory) {
        return Named({
            frame: signals[FRAME],
            terms: signals[TERMS],
            nullifier: signals[NULLIFIER],
            nullifierNext: signals[NULLIFIER_NEXT]
        });
    }
}
