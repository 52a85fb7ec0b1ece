// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Groth16Proof} from "./Groth16Proof.sol";
import {MarginLevel} from "./IMarketSource.sol";

/// @notice What a venue's latest proven epoch allows, from least to most restricted.
enum GateMode {
    /// Fresh and covered: nothing is held back.
    OPEN,
    /// The latest snapshot is stale, or the vault is paused: positions may shrink, new risk is refused.
    REDUCE_ONLY,
    /// The latest epoch is valid and not covered, or the venue left an account out of an epoch and has not made up for it: only exits.
    WITHDRAW_ONLY,
    /// No accepted epoch, one too old to say anything, or the venue is being wound up. Fail closed on new risk, never on exits.
    HALT
}

/// @notice "An account in the venue's latest snapshot meets this market table": what a user hands to a contract.
/// @dev Made by `clearproof account prove-margin` for one contract and one action; nobody else can use it for another.
/// @param circuitId of the `account-margin` circuit it was proven in
/// @param epoch whose accounts tree holds the account
/// @param marketCommitment of the market table it was proven under
/// @param nullifier names the account to this contract in this epoch, and to nobody else
/// @param nullifierNext the same in the next epoch
struct MarginClaim {
    uint256 circuitId;
    uint64 epoch;
    uint256 marketCommitment;
    uint256 nullifier;
    uint256 nullifierNext;
    Groth16Proof proof;
}

/// @title What other contracts ask before they settle, mint, lend or bridge against a venue
interface ISolvencyGate {
    error NotLatestEpoch(uint256 venueId, uint256 got, uint256 latest);
    error UnknownTable(uint256 venueId, uint256 marketCommitment);
    error WrongMarginLevel(MarginLevel got, MarginLevel wanted);
    error TableTooOld(uint256 age, uint256 maxAge);
    error MarginProofRejected();
    error OutOfGas();

    /// @notice The venue's mode at this block's time. HALT for a venue nobody registered, or whose reserves or disputes do not answer.
    /// @dev Reverts with OutOfGas where the caller gave too little gas to ask, and with nothing else.
    /// @param venueId the venue's number in the registry
    function mode(uint256 venueId) external view returns (GateMode);

    /// @notice Reverts unless the claim proves, to the caller and for this action, an account that meets its margin.
    /// @dev It speaks of the snapshot, not of trades since; and one account can back several contracts at once, of which this
    /// one sees only itself. Does not look at `mode`.
    /// @param level the table's: MAINTENANCE keeps positions open, INITIAL is what new risk takes
    /// @param maxTableAge seconds the prices may be old
    /// @param action what the proof was made for, chosen by the caller: hash recipient, terms and deadline into it
    /// @return account the claim's nullifier: the same account has the same in this epoch, and for other callers another
    function requireMargin(
        uint256 venueId,
        MarginClaim calldata claim,
        MarginLevel level,
        uint256 maxTableAge,
        bytes32 action
    ) external view returns (uint256 account);
}
