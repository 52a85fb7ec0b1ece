// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetLimit} from "./IReserveSource.sol";
import {MarginClaim} from "./ISolvencyGate.sol";

/// @notice A venue's rules for its vault. Times in seconds; changes go through the timelock.
/// @param timelock from proposal to activation: longer than the exit window, `requestDelay + demandWindow + answerWindow`
/// @param payoutTableAge oldest prices a payout may be proven under, unless the account is unmargined
/// @param demandWindow time after an epoch's acceptance in which its receipts can be demanded
/// @param answerWindow time the venue has for an answer, and for showing a later order against a request
/// @param requestDelay after which a request that was not deferred is paid even if no epoch comes
/// @param hatchAfter time after the acceptance of the last standing epoch at which the hatch can be opened; longer than
/// `2 * (demandWindow + answerWindow)`, for the next epoch's snapshot waits for the first half and the epoch stands after the second
/// @param claimWindow length of a round of exit claims
/// @param limitWindow in which payouts at once fill up again to an asset's limit
/// @param demandBond wei that a demand puts down
struct VaultRules {
    uint32 timelock;
    uint32 payoutTableAge;
    uint32 demandWindow;
    uint32 answerWindow;
    uint32 requestDelay;
    uint32 hatchAfter;
    uint32 claimWindow;
    uint32 limitWindow;
    uint96 demandBond;
}

/// @notice What the rules said when an epoch's snapshot was opened: later rules change nothing about the epoch.
/// @param checkpoint number of the venue's checkpoint that the snapshot took; 0: no snapshot was opened
struct EpochTerms {
    uint64 checkpoint;
    uint32 demandWindow;
    uint32 answerWindow;
    uint32 hatchAfter;
    uint96 demandBond;
}

/// @notice Limits of one settlement asset.
/// @param coverage a deposit is refused too that would take what the tree holds, and what may return to it from requests and the
/// clearing house, above `maxDeposits`
/// @param payoutLimit token base units that may be paid at once, without a request, per `limitWindow`
struct VaultLimit {
    uint256 asset;
    AssetLimit coverage;
    uint128 payoutLimit;
}

/// @notice A payout proven by the account's owner.
/// @param claim an `account-margin` proof under a table of initial level, of scope 0
/// @param unmargined the proof shows it: then the epoch's own table will do, whatever its age. Set for moves
/// @param row cash or spot row that pays; `amount` in its quanta
/// @param recipient of the tokens; with `deadline`, Unix seconds, part of what was proven
struct Payout {
    MarginClaim claim;
    bool unmargined;
    uint16 row;
    uint64 amount;
    address recipient;
    uint64 deadline;
}

/// @notice What came into the tree sub-ledger: tokens, a request cancelled while the venue lived, a return from the clearing house.
/// @param checkpoint number of the venue's last checkpoint before it: a later one, of an epoch's snapshot, counts it
/// @param amount token base units
struct Deposit {
    uint256 venueId;
    address depositor;
    uint64 checkpoint;
    bool refunded;
    uint256 asset;
    uint256 amount;
}

enum RequestStatus {
    NONE,
    PENDING,
    DEFERRED,
    PAID,
    CANCELLED
}

/// @notice A payout the venue did not sign.
/// @param amount token base units, outside the balance that covers deposits until paid or cancelled
/// @param answerBy when the time for showing a later order is over
/// @param dueAt when it is paid even if no epoch came
/// @param epoch leaf epoch; `latestEpoch` the latest accepted one when it was made
/// @param checkpoint number of the venue's last checkpoint before it, made at `madeAt`, Unix seconds
/// @param cancelCheckpoint the same of its cancellation; 0 unless it was cancelled
/// @param nullifierNext 0 unless it was used up too
struct WithdrawalRequest {
    uint256 venueId;
    uint256 asset;
    uint256 amount;
    address recipient;
    uint64 answerBy;
    uint32 cancelCheckpoint;
    address signer;
    uint64 dueAt;
    RequestStatus status;
    uint64 epoch;
    uint64 latestEpoch;
    uint64 checkpoint;
    uint64 madeAt;
    uint256 nullifier;
    uint256 nullifierNext;
}

/// @notice What was taken under a nullifier.
/// @param quanta of the asset's row; 0 where nothing was taken, or where a cancellation in a closed venue gave it back to the leaf
/// @param checkpoint number of the venue's last checkpoint before it: leaves of a later one are debited. 0: the nullifier is unused
/// @param requestId 0 unless it was requested
struct Paid {
    uint16 asset;
    uint64 quanta;
    uint64 checkpoint;
    uint64 requestId;
}

/// @notice A demand for the receipt of `epoch`.
/// @param answeredAt 0 until answered
struct ReceiptDemand {
    uint256 venueId;
    uint64 epoch;
    uint64 demandedAt;
    uint64 answeredAt;
    bool reclaimed;
    address demander;
    uint96 bond;
}

/// @notice A venue being wound up.
/// @param baseEpoch whose accounts are paid out; 0 where no epoch ever stood, and all deposits are refunded
/// @param openedAt 0 while the venue lives
/// @param round of claims now open, from 1; it closes at `roundClosesAt`, and its first claim opens it again
struct Hatch {
    uint64 baseEpoch;
    uint64 openedAt;
    uint64 round;
    uint64 roundClosesAt;
}

/// @notice One round of claims.
/// @param claims sum in value units
/// @param denominator what a claim is divided by for its share of each asset; 0 until settled
struct ExitRound {
    uint256 claims;
    uint256 denominator;
}

/// @param amount max(0, V - paid), value units
struct Exit {
    uint64 round;
    address recipient;
    uint256 amount;
}
