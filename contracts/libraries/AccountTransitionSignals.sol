// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `account-transition`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library AccountTransitionSignals {
    uint256 private constant FRAME = 0;
    uint256 private constant OLD_COMMITMENT = 1;
    uint256 private constant NEW_COMMITMENT = 2;
    uint256 private constant TERMS = 3;
    uint256 private constant DELTA = 4;

    struct Named {
        uint256 frame;
        uint256 oldCommitment;
        uint256 newCommitment;
        uint256 terms;
        uint256 delta;
    }

    function ordered(Named memory values) internal pure returns (uint256[5] memory signals) {
        signals[FRAME] = values.frame;
        signals[OLD_COMMITMENT] = values.oldCommitment;
        signals[NEW_COMMITMENT] = values.newCommitment;
        signals[TERMS] = values.terms;
        signals[DELTA] = values.delta;
    }

    function named(uint256[5] memory signals) internal pure returns (Named memory) {
        return Named({
            frame: signals[FRAME],
            oldCommitment: signals[OLD_COMMITMENT],
            newCommitment: signals[NEW_COMMITMENT],
            terms: signals[TERMS],
            delta: signals[DELTA]
        });
    }
}
