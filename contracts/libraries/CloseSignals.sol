// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `solvency-close`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library CloseSignals {
    uint256 private constant DOMAIN = 0;
    uint256 private constant EPOCH = 1;
    uint256 private constant MARKET_COMMITMENT = 2;
    uint256 private constant GENESIS_ACCUMULATOR = 3;
    uint256 private constant FINAL_ACCUMULATOR = 4;
    uint256 private constant ACCOUNTS_ROOT = 5;
    uint256 private constant ACCOUNTS_BOUND = 6;
    uint256 private constant UNHEALTHY_BOUND = 7;
    uint256 private constant SHORTFALL = 8;
    uint256 private constant Z = 9;
    uint256 private constant SETTLEMENT_VALUE = 10;

    struct Named {
        uint256 domain;
        uint256 epoch;
        uint256 marketCommitment;
        uint256 genesisAccumulator;
        uint256 finalAccumulator;
        uint256 accountsRoot;
        uint256 accountsBound;
        uint256 unhealthyBound;
        uint256 shortfall;
        uint256 z;
        uint256 settlementValue;
    }

    function ordered(Named memory values) internal pure returns (uint256[11] memory signals) {
        signals[DOMAIN] = values.domain;
        signals[EPOCH] = values.epoch;
        signals[MARKET_COMMITMENT] = values.marketCommitment;
        signals[GENESIS_ACCUMULATOR] = values.genesisAccumulator;
        signals[FINAL_ACCUMULATOR] = values.finalAccumulator;
        signals[ACCOUNTS_ROOT] = values.accountsRoot;
        signals[ACCOUNTS_BOUND] = values.accountsBound;
        signals[UNHEALTHY_BOUND] = values.unhealthyBound;
        signals[SHORTFALL] = values.shortfall;
        signals[Z] = values.z;
        signals[SETTLEMENT_VALUE] = values.settlementValue;
    }

    function named(uint256[11] memory signals) internal pure returns (Named memory) {
        return Named({
            domain: signals[DOMAIN],
            epoch: signals[EPOCH],
            marketCommitment: signals[MARKET_COMMITMENT],
            genesisAccumulator: signals[GENESIS_ACCUMULATOR],
            finalAccumulator: signals[FINAL_ACCUMULATOR],
            accountsRoot: signals[ACCOUNTS_ROOT],
            accountsBound: signals[ACCOUNTS_BOUND],
            unhealthyBound: signals[UNHEALTHY_BOUND],
            shortfall: signals[SHORTFALL],
            z: signals[Z],
            settlementValue: signals[SETTLEMENT_VALUE]
        });
    }
}
