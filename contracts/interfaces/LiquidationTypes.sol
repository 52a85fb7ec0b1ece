// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Settlement, Transition} from "./ClearingTypes.sol";
import {Groth16Proof} from "./Groth16Proof.sol";
import {MarkClaim} from "./IAccountProofs.sol";

/// @notice Where an account stands.
enum Standing {
    /// Nobody doubts it.
    SOUND,
    /// A challenge waits for its answer.
    CHALLENGED,
    /// A challenge was not answered in time: its owner can change nothing, and nothing of it is sold.
    FROZEN,
    /// It was shown to be under water: slices of it are for sale.
    LIQUIDATING
}

/// @notice A venue's rules for liquidations. Times in seconds, rates in ppm; changes go through the timelock.
/// @param timelock from proposal to activation
/// @param bond wei that a challenge holds, at least 1
/// @param quiet after a healthy answer: a challenge within it holds PRESSING bonds
/// @param windows to answer in, by gate mode from OPEN to HALT, at least MIN_WINDOW, none longer than the one before
/// @param fall in which the discount rises to its most, and then the subsidy; at least 1
/// @param maxDiscount of the mark; with `penalty` below the clearing rules' band
/// @param maxSubsidy of the slice's value, from the waterfall; at most what of the penalty is not the keeper's, so that no slice leaves the
/// tranches poorer than they were
/// @param penalty of the slice's value
/// @param keeperShare of the penalty
/// @param fundShare of the penalty; with `keeperShare` at most 10^6, the rest is the venue's first loss
/// @param strikeShare of an option's strike that counts beside its mark when it is bought back: about what its short charge is of it
/// @param feeRow cash row in which penalties and subsidies are counted, and paid in its tokens
/// @param minLot value units; slices below it are dust
struct LiquidationRules {
    uint32 timelock;
    uint96 bond;
    uint32 quiet;
    uint32[4] windows;
    uint32 fall;
    uint24 maxDiscount;
    uint24 maxSubsidy;
    uint24 penalty;
    uint24 keeperShare;
    uint24 fundShare;
    uint24 strikeShare;
    uint16 feeRow;
    uint128 minLot;
}

/// @notice What is known of an account's standing.
/// @param liquidation number of its liquidations so far: auctions are of one
/// @param keeper who challenged, or else showed it under water; gets the keeper's share
/// @param bond wei held; 0 where no challenge waits
/// @param deadline last second of the answer
/// @param tableTime Unix seconds of the prices that it was last doubted, or shown under water, by: answers are under none older
/// @param soundAt Unix seconds of the last healthy answer, and
/// @param soundTableTime of the prices it was under
/// @param dust slices below `minLot` sold in this liquidation without a second verdict
/// @param challengedAt Unix seconds of the challenge; 0 where none waits. Who shows the account under water in that very second is the
/// keeper himself: nobody earns by a challenge put before a proof that he saw
struct AccountStanding {
    Standing standing;
    uint32 liquidation;
    address keeper;
    uint96 bond;
    uint64 deadline;
    uint64 tableTime;
    uint64 soundAt;
    uint64 soundTableTime;
    uint8 dust;
    uint64 challengedAt;
}

/// @notice "The account on chain does, or does not, meet this table": an `account-margin` proof of source 1 without its owner.
/// @dev frame = H(24 + 2^16, domain, 0, commitment, marketCommitment); terms = (healthy: 1 + 2^84, else 0) + 2^96 * context, context =
/// `verdictContext(handle, sender)`; both nullifiers 0.
/// @param circuitId of an `account-margin` circuit
struct VerdictClaim {
    uint256 circuitId;
    uint256 marketCommitment;
    Groth16Proof proof;
}

/// @notice A sale of one instrument for another.
/// @param row what is sold, or bought back: first tier. An entry row is exchanged for cash at par: no discount, penalty or subsidy
/// @param payRow cash or entry row it is paid in: perpetuals and futures are traded against entries
/// @param accountSells the account is long and sells; else it is short and buys back
struct Lot {
    uint64 handle;
    uint16 row;
    uint16 payRow;
    bool accountSells;
}

/// @notice A running sale.
/// @param marketCommitment table of initial level that the marks are of; 0 of none
/// @param mark value units a quantum of the row
/// @param payMark of the pay row, above 0
/// @param feeMark of the rules' fee row, above 0
/// @param extra value units a quantum that count beside the mark: of an option that is bought back `strikeShare` of its strike, else 0
/// @param since Unix seconds when its clock started
/// @param tableTime Unix seconds of the table's prices
struct Auction {
    uint256 marketCommitment;
    uint64 mark;
    uint64 payMark;
    uint64 feeMark;
    uint64 extra;
    uint64 since;
    uint64 tableTime;
}

/// @notice A bid for a slice: everything to settle it.
/// @param quantity quanta of the row, at least 1
/// @param payment quanta of the pay row for all of it
/// @param nonce of the trade commitment, below p
/// @param subsidy token base units asked from the waterfall, at most what the clock permits
/// @param underWater not healthy at maintenance level before, under the latest table
/// @param stillBelow not healthy at initial level after, under the auction's table; circuit 0 for none, of dust only
struct Bid {
    Lot lot;
    uint64 quantity;
    uint64 payment;
    uint256 nonce;
    uint256 subsidy;
    Settlement settlement;
    VerdictClaim underWater;
    VerdictClaim stillBelow;
}

/// @notice A venue's rules for its default fund; changes go through the timelock.
/// @param timelock seconds from proposal to activation
/// @dev A tranche of at most a ten-thousandth of what accounts hold has no bound.
/// @param firstLossBound ppm of the tranche that one period may take, rounded up; at least 1
/// @param insuranceBound ppm of the tranche that one period may take, rounded up; at most `firstLossBound`
/// @param sharedBound ppm of what accounts hold that one period may share; at most `insuranceBound`
struct FundRules {
    uint32 timelock;
    uint24 firstLossBound;
    uint24 insuranceBound;
    uint24 sharedBound;
}

/// @notice What a default fund holds and has paid for an asset. Token base units.
/// @param firstLoss the venue's own, drawn first
/// @param insurance drawn next
/// @param shortfall what nobody covered: the cleared ledger lacks it
/// @param paidFirstLoss drawn so far, debts and subsidies
/// @param paidInsurance drawn so far
/// @param shared made a shortfall so far
/// @param debts paid so far: debts of accounts
/// @param subsidies paid so far: to bidders
struct Tranches {
    uint256 firstLoss;
    uint256 insurance;
    uint256 shortfall;
    uint256 paidFirstLoss;
    uint256 paidInsurance;
    uint256 shared;
    uint256 debts;
    uint256 subsidies;
}
