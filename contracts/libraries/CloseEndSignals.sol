// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CloseSignals} from "./CloseSignals.sol";

/// @title Public signals of `solvency-close-end`, by name: those of `solvency-close`, then the ends of the chain of parts
/// @dev With CloseSignals the one place in Solidity that knows their order; it is that of circuits/circuits.json.
library CloseEndSignals {
    uint256 private constant TABLE_START = 11;
    uint256 private constant TABLE_END = 12;

    struct Named {
        CloseSignals.Named close;
        uint256 tableStart;
        uint256 tableEnd;
    }

    function ordered(Named memory values) internal pure returns (uint256[13] memory signals) {
        uint256[11] memory first = CloseSignals.ordered(values.close);
        for (uint256 i = 0; i < first.length; ++i) {
            signals[i] = first[i];
        }
        signals[TABLE_START] = values.tableStart;
        signals[TABLE_END] = values.tableEnd;
    }

    function named(uint256[13] memory signals) internal pure returns (Named memory) {
        uint256[11] memory first;
        for (uint256 i = 0; i < first.length; ++i) {
            first[i] = signals[i];
        }
        return Named({
            close: CloseSignals.named(first), tableStart: signals[TABLE_START], tableEnd: signals[TABLE_END]
        });
    }
}
