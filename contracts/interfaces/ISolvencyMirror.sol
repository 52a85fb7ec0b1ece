// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CoverageFacts} from "../libraries/CrossChainMessages.sol";
import {AccountFrame, AccountTerms} from "./IAccountProofs.sol";
import {CircuitKind} from "./CircuitTypes.sol";
import {IGatewayInbox} from "./IGatewayInbox.sol";
import {Market} from "./IMarketSource.sol";
import {IProofBatch} from "./IProofBatch.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "./ISolvencyGate.sol";
import {EpochRecord, EpochSubmission} from "./ISolvencyRegistry.sol";

/// @param place in the home registry's list
/// @param verificationKeyHash the key stands in PROOFS under it
struct MirrorCircuit {
    uint256 circuitId;
    CircuitKind kind;
    uint8 place;
    bytes32 verificationKeyHash;
}

/// @notice What a mirror holds of a venue.
/// @param epoch latest taken; 0 before the first
/// @param homeEpoch latest accepted at home, as the newest standing says
/// @param conflict messages contradict each other: HALT until an EPOCH message comes that is newer than the one that showed it
/// @param mode the home gate's at `standingAt`, the `sentAt` of the newest message taken; `sequence` that message's
/// @param retired bit a circuit, by its place; a newer standing that lacks one is a conflict, and what heals a conflict sets it as it says
/// @param openedAt this chain's time of the last taken message that loosened the mode, brought an epoch or showed a conflict
struct MirroredVenue {
    uint64 epoch;
    uint64 homeEpoch;
    uint64 sequence;
    uint64 standingAt;
    uint64 openedAt;
    uint64 staleAfter;
    uint64 haltAfter;
    GateMode mode;
    bool conflict;
    uint256 retired;
}

/// @param standingStaleAfter seconds since the newest standing was sent, after which the mode is REDUCE_ONLY at best
/// @param standingHaltAfter the same for HALT; not below the other
/// @param minOpening least seconds of this chain between messages that loosen or bring an epoch; 0: no limit
struct MirrorRules {
    uint64 standingStaleAfter;
    uint64 standingHaltAfter;
    uint64 minOpening;
}

/// @title A venue's gate on another chain
/// @notice For consumers it is what SolvencyGate is at home; margin claims name this mirror (`scopeOf`, `contextOf`).
interface ISolvencyMirror is ISolvencyGate, IGatewayInbox {
    event EpochMirrored(uint256 indexed venueId, uint64 indexed epoch, uint64 sequence, EpochRecord record);
    /// @notice Epochs from `from` to `to` never came; nothing waits for them.
    event EpochGap(uint256 indexed venueId, uint64 from, uint64 to);
    /// @param accountsRoot as it came before, 0 where the epoch had not come; `otherRoot` as it comes now, 0 of a standing
    event EpochConflict(uint256 indexed venueId, uint64 indexed epoch, uint256 accountsRoot, uint256 otherRoot);
    event StandingMirrored(uint256 indexed venueId, uint64 sequence, uint64 sentAt, GateMode mode, uint256 retired);
    /// @notice A newer message was taken before: this one changes no standing. An epoch in it that is none of ours yet is kept for proofs.
    event MessageSuperseded(uint256 indexed venueId, uint64 sequence, uint64 by);
    event TableMirrored(uint256 indexed venueId, uint256 indexed marketCommitment, Market table);
    event FrameRecorded(
        uint256 indexed venueId, uint64 indexed epoch, uint256 marketCommitment, uint256 circuitId, uint256 frame
    );
    event CircuitProposed(MirrorCircuit circuit, uint64 readyAt);
    event CircuitAdded(MirrorCircuit circuit);

    /// @notice An epoch above home's in a message that is not newer than home's standing here. Tried again it may pass.
    error EpochRegressed(uint256 venueId, uint64 epoch, uint64 latest);
    error OpeningTooSoon(uint256 venueId, uint256 nextAt);
    /// @notice A snapshot or table that is younger than the message about it: it would be fresh for ever.
    error LaterThanItsMessage(uint64 snapshotTime, uint64 sentAt);
    error TableChanged(uint256 venueId, uint256 marketCommitment);
    error UnknownCircuit(uint256 circuitId, CircuitKind kind);
    error CircuitRetired(uint256 circuitId);
    error UnknownMirroredEpoch(uint256 venueId, uint64 epoch);
    error NotAnAccountCircuit(uint256 circuitId);
    error InvalidMirrorRules();
    error CircuitNotProposed(uint256 circuitId);
    error CircuitNotReady(uint256 readyAt, uint256 now_);
    error CircuitProposalExpired(uint256 expiredAt, uint256 now_);
    error NotTheProposedCircuit(uint256 circuitId);
    error CircuitKnown(uint256 circuitId, uint8 place);
    error InvalidCircuit(uint256 circuitId);

    function HOME_CHAIN_ID() external view returns (uint256);
    function HOME_REGISTRY() external view returns (address);
    function BEACON() external view returns (address);
    function PROOFS() external view returns (IProofBatch);
    function rules() external view returns (MirrorRules memory);

    function venueOf(uint256 venueId) external view returns (MirroredVenue memory);
    /// @notice The epoch that `requireMargin` wants: the latest here, or home's where home is known to be ahead and a claim on the one before
    /// would be refused there. 0 before the first. With `epochAt` it answers consumers that ask a registry.
    function latestEpoch(uint256 venueId) external view returns (uint64);
    /// @notice Every epoch taken; reverts for one that was not.
    function epochAt(uint256 venueId, uint64 epoch) external view returns (EpochRecord memory);
    /// @notice Whether `checkMargin` checks claims of the epoch: it came, and was proven in a mirror that verifies. Never reverts.
    function isUsable(uint256 venueId, uint64 epoch) external view returns (bool);
    /// @notice Level NONE where it did not come.
    function tableOf(uint256 venueId, uint256 marketCommitment) external view returns (Market memory);
    /// @notice The home registry's domain, recomputed: H(17, H(16, home chain id, home registry, venue, 1), circuit).
    function domainOf(uint256 venueId, uint256 circuitId) external view returns (uint256);
    function circuitOf(uint256 circuitId) external view returns (MirrorCircuit memory);

    /// @notice Hashes what the claims of an epoch, table and circuit have in common, once for all. Anybody.
    function recordFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        external
        returns (uint256);

    /// @notice As IAccountProofs.checkMargin, of an epoch and table that were mirrored (in a proven mirror: an epoch that was proven).
    /// @dev The frame's verifier is 0. Level, age, epoch and nullifiers are the caller's.
    function checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms calldata terms)
        external
        view
        returns (AccountFrame memory);

    /// @notice Low 80 bits of keccak256(abi.encode("clearproof.mirror.scope", block.chainid, this mirror, consumer)); 1 where these are 0.
    function scopeOf(address consumer) external view returns (uint80);
    /// @notice Low 128 bits of keccak256(abi.encode("clearproof.mirror.context", block.chainid, this mirror, consumer, action)).
    function contextOf(address consumer, bytes32 action) external view returns (uint128);

    /// @notice Announces a circuit that the home registry added. Admin only; waits for GATEWAY_DELAY, and none is ever replaced.
    function proposeCircuit(MirrorCircuit calldata circuit) external;
    /// @notice Adds what was proposed, after GATEWAY_DELAY and within 14 days from then. Admin only.
    function activateCircuit(MirrorCircuit calldata circuit) external;
}

/// @title A mirror that believes no epoch which it has not verified
interface IProvenMirror is ISolvencyMirror {
    /// @notice What coverage of an epoch is decided by: whoever proves the epoch brings it again.
    event CoverageFactsHeard(uint256 indexed venueId, uint64 indexed epoch, CoverageFacts facts);
    event EpochProven(uint256 indexed venueId, uint64 indexed epoch, bool covered);

    /// @notice The submission says something else than the message of the epoch.
    error NotTheMirroredEpoch(bytes32 what);
    error NoCoverageFacts(uint256 venueId, uint64 epoch);
    error EpochProofsRejected(uint256 circuitId);
    error ProvenBefore(uint256 venueId, uint64 epoch);

    /// @notice Verifies a mirrored epoch by its own proofs, and decides coverage by the message's checkpoint. Anybody.
    /// @dev Until then the epoch is kept and is not the venue's latest. Proofs of one circuit are verified as one linear combination.
    /// @param facts as CoverageFactsHeard has them: only their hash is kept
    function proveEpoch(uint256 venueId, EpochSubmission calldata submission, CoverageFacts calldata facts) external;

    /// @notice Latest epoch that was proven here; `mode` and `requireMargin` know no other.
    function provenEpoch(uint256 venueId) external view returns (uint64);
    /// @notice Whether the epoch was proven here, and this contract found it covered, as home did.
    function isProvenCovered(uint256 venueId, uint64 epoch) external view returns (bool);
}
