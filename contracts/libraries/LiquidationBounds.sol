// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title What no venue's rules change
library LiquidationBounds {
    /// @notice Bonds that a challenge soon after a healthy answer holds.
    uint96 internal constant PRESSING = 8;
    /// @notice Shortest window to answer in, seconds.
    uint32 internal constant MIN_WINDOW = 60;
    /// @notice Slices of a liquidation that are sold without a second verdict.
    uint8 internal constant MOST_DUST = 16;
}
