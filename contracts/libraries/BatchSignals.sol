// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `solvency-batch`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library BatchSignals {
    uint256 private constant DOMAIN = 0;
    uint256 private constant EPOCH = 1;
    uint256 private constant ACCUMULATOR_BEFORE = 2;
    uint256 private constant ACCUMULATOR_AFTER = 3;

    struct Named {
        uint256 domain;
        uint256 epoch;
        uint256 accumulatorBefore;
        uint256 accumulatorAfter;
    }

    function ordered(Named memory values) internal pure returns (uint256[4] memory signals) {
        signals[DOMAIN] = values.domain;
        signals[EPOCH] = values.epoch;
        signals[ACCUMULATOR_BEFORE] = values.accumulatorBefore;
        signals[ACCUMULATOR_AFTER] = values.accumulatorAfter;
    }

    function named(uint256[4] memory signals) internal pure returns (Named memory) {
        return Named({
            domain: signals[DOMAIN],
            epoch: signals[EPOCH],
            accumulatorBefore: signals[ACCUMULATOR_BEFORE],
            accumulatorAfter: signals[ACCUMULATOR_AFTER]
        });
    }
}
