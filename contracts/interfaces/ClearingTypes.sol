// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Groth16Proof} from "./Groth16Proof.sol";

/// @notice What a transition does to an account, by its code in the terms.
enum TransitionKind {
    COLLATERAL,
    TRADE,
    EXPIRY,
    FUNDING
}

/// @notice An account that settles on chain.
/// @param commitment of the account now; 0 for a handle nobody opened
/// @param controller signs agreements of the account, and names its successor; consent to a change is the proof
/// @param venueId the venue it is at
struct ClearedAccount {
    uint256 commitment;
    address controller;
    uint64 venueId;
}

/// @notice "The account becomes another one": the part of a transition that its prover brings.
/// @param circuitId of an `account-transition` circuit
/// @param marketCommitment of the table it was proven under
/// @param newCommitment what the account becomes
/// @param reducing it meets not initial margin, but only reduces risk; trades only
/// @param unmargined afterwards all it holds is cash and spot, none of it borrowed
/// @param owned the prover knows the owner's secret
struct Transition {
    uint256 circuitId;
    uint256 marketCommitment;
    uint256 newCommitment;
    bool reducing;
    bool unmargined;
    bool owned;
    Groth16Proof proof;
}

/// @notice Collateral in and out of one account. Amounts in quanta of their row, 0 for none.
/// @param inRow a cash or spot row of the venue; what comes in is taken from what was moved from the tree first, the rest from the caller
/// @param recipient of what goes out; zero to move it back to the tree for `beneficiary`
/// @param deadline last second at which it is done
struct Collateral {
    uint16 inRow;
    uint64 inAmount;
    uint16 outRow;
    uint64 outAmount;
    address recipient;
    bytes32 beneficiary;
    uint64 deadline;
}

/// @notice Collateral from one account to another.
/// @param row a cash or spot row of the venue
/// @param amount quanta, at least 1
/// @param deadline last second at which it is done
struct Transfer {
    uint64 from;
    uint64 to;
    uint16 row;
    uint64 amount;
    uint64 deadline;
}

/// @notice A trade between two accounts. What, how much and at what price only the two know.
/// @param commitment H(tag 29, base, parties, amounts, market commitment, nonce)
/// @param expiry last second at which it settles, below 2^40
struct Trade {
    uint64 buyer;
    uint64 seller;
    uint64 expiry;
    uint256 commitment;
}

/// @notice A trade with both its proofs.
struct Settlement {
    Trade trade;
    Transition buyerSide;
    Transition sellerSide;
}

/// @notice A venue's rules for its clearing house. Changes go through the timelock.
/// @param timelock seconds from proposal to activation
/// @param tableMaxAge seconds that a table may be old under which risk is taken; at least 1
/// @param band ppm that a trade's price may differ from the mark, see docs/decisions/0009; below 10^6, at least 1
struct ClearingRules {
    uint32 timelock;
    uint32 tableMaxAge;
    uint24 band;
}

/// @notice What a dated row becomes at its end. Listed once a row, through the timelock.
/// @param row first tier of a future or an option
/// @param payRow cash row that is paid in; its last tier has no cap, nor has that of `deliverRow`
/// @param deliverRow spot row that is delivered; of cash settlement the row 0 with `deliver` 0
/// @param deliver quanta of `deliverRow` for one quantum of the row
/// @param expiry Unix seconds
struct ExpiryTerms {
    uint16 row;
    uint16 payRow;
    uint16 deliverRow;
    uint32 deliver;
    uint64 expiry;
}

/// @notice What one quantum of an expired row is worth: the same for every account.
/// @param value value units paid for it in `payRow`, in (-2^48, 2^48)
/// @param unit value units of one quantum of `payRow` at that time, in (0, 2^48)
/// @param deliver quanta of `deliverRow`, in (-2^32, 2^32)
/// @param round the price round it follows from; 0 before the settlement is recorded
struct ExpirySettlement {
    int64 value;
    uint64 unit;
    int64 deliver;
    uint64 round;
}

/// @notice A perpetual that is funded. Listed once a row, through the timelock; at most three a venue.
/// @param row first tier of the perpetual
/// @param indexFeed feed whose price its own is held against
/// @param interval seconds in which the whole premium is paid; at least 3,600
/// @param maxRate ppm of the index value that an accrual adds at most, an interval's worth; below 10^6
struct PerpetualTerms {
    uint16 row;
    uint8 indexFeed;
    uint32 interval;
    uint24 maxRate;
}
