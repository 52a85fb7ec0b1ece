// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `market-table`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library MarketTableSignals {
    uint256 private constant DOMAIN = 0;
    uint256 private constant MARKET_COMMITMENT = 1;
    uint256 private constant LEVEL = 2;
    uint256 private constant SNAPSHOT_TIME = 3;
    uint256 private constant VALUE_SCALE = 4;
    uint256 private constant SETTLEMENT_ASSETS = 5;
    uint256 private constant Z = 6;
    uint256 private constant TABLE_VALUE = 7;

    struct Named {
        uint256 domain;
        uint256 marketCommitment;
        uint256 level;
        uint256 snapshotTime;
        uint256 valueScale;
        uint256 settlementAssets;
        uint256 z;
        uint256 tableValue;
    }

    function ordered(Named memory values) internal pure returns (uint256[8] memory signals) {
        signals[DOMAIN] = values.domain;
        signals[MARKET_COMMITMENT] = values.marketCommitment;
        signals[LEVEL] = values.level;
        signals[SNAPSHOT_TIME] = values.snapshotTime;
        signals[VALUE_SCALE] = values.valueScale;
        signals[SETTLEMENT_ASSETS] = values.settlementAssets;
        signals[Z] = values.z;
        signals[TABLE_VALUE] = values.tableValue;
    }

    function named(uint256[8] memory signals) internal pure returns (Named memory) {
        return Named({
            domain: signals[DOMAIN],
            marketCommitment: signals[MARKET_COMMITMENT],
            level: signals[LEVEL],
            snapshotTime: signals[SNAPSHOT_TIME],
            valueScale: signals[VALUE_SCALE],
            settlementAssets: signals[SETTLEMENT_ASSETS],
            z: signals[Z],
            tableValue: signals[TABLE_VALUE]
        });
    }
}
