// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a venue's latest proven epoch allows, from least to most restricted.
enum GateMode {
    /// Fresh and covered: nothing is held back.
    OPEN,
    /// The latest snapshot is stale: positions may shrink, new risk is refused.
    REDUCE_ONLY,
    /// The latest epoch is valid and not covered: only exits.
    WITHDRAW_ONLY,
    /// No accepted epoch, or one too old to say anything. Fail closed on new risk, never on exits.
    HALT
}

/// @title What other contracts ask before they settle, mint, lend or bridge against a venue
interface ISolvencyGate {
    /// @notice The venue's mode at this block's time. Never reverts: a venue nobody registered is HALT.
    /// @param venueId the venue's number in the registry
    function mode(uint256 venueId) external view returns (GateMode);
}
