// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @param used of a limit, as of `asOf`; it falls by the limit in each window
struct Spent {
    uint128 used;
    uint64 asOf;
}

/// @title So much at once, and as much again in each window
library WindowedLimit {
    /// @notice What is left of the limit now.
    function left(Spent storage spent, uint128 limit, uint64 window) internal view returns (uint256) {
        return limit - _used(spent, limit, window);
    }

    /// @notice Uses up `amount`, which is at most what is left.
    function use(Spent storage spent, uint128 limit, uint64 window, uint256 amount) internal {
        spent.used = SafeCast.toUint128(_used(spent, limit, window) + amount);
        spent.asOf = uint64(block.timestamp);
    }

    function _used(Spent storage spent, uint128 limit, uint64 window) private view returns (uint256) {
        // Before the first use nothing is used, so the time since 1970 does no harm.
        uint256 freed = uint256(limit) * (block.timestamp - spent.asOf) / window;
        return Math.saturatingSub(spent.used, freed);
    }
}
