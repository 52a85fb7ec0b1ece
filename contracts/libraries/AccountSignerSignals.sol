// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public signals of `account-signer`, by name
/// @dev The one place in Solidity that knows their order; it is that of circuits/circuits.json, and test/contracts compares them.
library AccountSignerSignals {
    uint256 private constant DOMAIN = 0;
    uint256 private constant EPOCHS = 1;
    uint256 private constant NULLIFIER = 2;
    uint256 private constant LATER_NULLIFIER = 3;
    uint256 private constant SIGNER = 4;

    struct Named {
        uint256 domain;
        uint256 epochs;
        uint256 nullifier;
        uint256 laterNullifier;
        uint256 signer;
    }

    function ordered(Named memory values) internal pure returns (uint256[5] memory signals) {
        signals[DOMAIN] = values.domain;
        signals[EPOCHS] = values.epochs;
        signals[NULLIFIER] = values.nullifier;
        signals[LATER_NULLIFIER] = values.laterNullifier;
        signals[SIGNER] = values.signer;
    }

    function named(uint256[5] memory signals) internal pure returns (Named memory) {
        return Named({
            domain: signals[DOMAIN],
            epochs: signals[EPOCHS],
            nullifier: signals[NULLIFIER],
            laterNullifier: signals[LATER_NULLIFIER],
            signer: signals[SIGNER]
        });
    }
}
