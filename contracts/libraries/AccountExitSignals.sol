// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `account-exit`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library AccountExitSignals {
    uint256 private constant FRAME = 0;
    uint256 private constant EQUITY = 1;
    uint256 private constant RECIPIENT = 2;
    uint256 private constant NULLIFIER = 3;

    struct Named {
        uint256 frame;
        uint256 equity;
        uint256 recipient;
        uint256 nullifier;
    }

    function ordered(Named memory values) internal pure returns (uint256[4] memory signals) {
        signals[FRAME] = values.frame;
        signals[EQUITY] = values.equity;
        signals[RECIPIENT] = values.recipient;
        signals[NULLIFIER] = values.nullifier;
    }

    function named(uint256[4] memory signals) internal pure returns (Named memory) {
        return Named({
            frame: signals[FRAME],
            equity: signals[EQUITY],
            recipient: signals[RECIPIENT],
            nullifier: signals[NULLIFIER]
        });
    }
}
