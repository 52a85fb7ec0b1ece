// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Groth16Proof} from "./Groth16Proof.sol";
import {ICollateralVault} from "./ICollateralVault.sol";
import {IDisputeSource} from "./IDisputeSource.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @notice What a venue signs for a user at any time: this account will be in every epoch whose snapshot is taken while the receipt is valid.
/// @param balance H(tag 25, key, firstRow, lastRow, amount, blinding): hides account, rows and amount
/// @param account keccak256(abi.encode("clearproof.account", base, key)): names the account in disputes and nowhere else
/// @param signer the user's signing key, which signs orders; zero where the user has none
/// @param sequence number of the account's last order that the amount takes into account
/// @param issuedAt Unix seconds from which the promise holds, `validUntil` the last
struct BalanceReceipt {
    uint256 venueId;
    uint256 balance;
    bytes32 account;
    address signer;
    uint64 sequence;
    uint64 issuedAt;
    uint64 validUntil;
}

/// @notice What a user signs with each order that takes something off an account.
/// @param orderedAt Unix seconds
/// @param orderDigest hash of the order, whatever the venue's format
struct AccountOrder {
    uint256 venueId;
    bytes32 account;
    uint64 sequence;
    uint64 orderedAt;
    bytes32 orderDigest;
}

/// @notice "The account of the challenge is in the tree, with at least what was promised."
/// @param circuitId of the `account-inclusion` circuit it was proven in
struct InclusionClaim {
    uint256 circuitId;
    Groth16Proof proof;
}

enum ChallengeStatus {
    NONE,
    OPEN,
    ANSWERED,
    /// Not answered in time: the epoch is disputed, and the venue's gate with it.
    LOST,
    /// Lost, and made good: the epoch stays disputed.
    CURED
}

/// @param receipt what was promised
/// @param epoch that is challenged
/// @param challengedAt Unix seconds
/// @param bondReclaimed whether the challenger of a lost challenge took the bond back
struct OmissionChallenge {
    BalanceReceipt receipt;
    uint64 epoch;
    uint64 challengedAt;
    ChallengeStatus status;
    bool bondReclaimed;
    address challenger;
}

/// @title Makes a venue answer for accounts it left out of an epoch, without showing anybody's balance
/// @notice Rules: docs/decisions/0007-public-face.md and docs/statement.md.
interface IOmissionChallenges is IDisputeSource {
    /// @notice `signer` signs balance receipts for the venue from now on.
    event ReceiptSignerNamed(uint256 indexed venueId, address indexed signer);
    /// @notice What `signer` signs with an `issuedAt` from `retiredAt` on is worth nothing; earlier receipts stay good.
    event ReceiptSignerRetired(uint256 indexed venueId, address indexed signer, uint64 retiredAt);
    event EpochChallenged(
        uint256 indexed venueId,
        uint256 indexed challengeId,
        uint64 indexed epoch,
        address challenger,
        BalanceReceipt receipt,
        uint64 answerBy
    );
    event ChallengeAnswered(uint256 indexed venueId, uint256 indexed challengeId, bytes32 how);
    /// @notice The epoch is disputed for good, and the venue until it cures the challenge.
    event EpochDisputed(uint256 indexed venueId, uint256 indexed challengeId, uint64 indexed epoch);
    event ChallengeCured(uint256 indexed venueId, uint256 indexed challengeId, bytes32 how);
    event ChallengeBondReclaimed(uint256 indexed challengeId, address to, uint256 amount);

    error NoCode(bytes32 what, address account);
    error ZeroWindow(bytes32 what);
    error NotDisputesOfVenue(uint256 venueId, address disputes);
    error NotVenueAdmin(uint256 venueId, address caller);
    error NotOperator(uint256 venueId, address caller);
    error SignerNamedBefore(uint256 venueId, address signer);
    error NotReceiptSigner(uint256 venueId, address signer, uint64 issuedAt);
    error ReceiptNotSigned(address signer);
    error ReceiptNotOfSnapshot(uint256 snapshotTime, uint64 issuedAt, uint64 validUntil);
    error ChallengeTooLate(uint256 venueId, uint256 epoch);
    error WrongChallengeBond(uint256 got, uint256 wanted);
    error ChallengeExists(uint256 challengeId);
    error WrongChallengeStatus(uint256 challengeId, ChallengeStatus status);
    error AnswerTooLate(uint256 answerBy, uint256 now_);
    error AnswerStillDue(uint256 answerBy, uint256 now_);
    error InclusionProofRejected();
    error OrderOfAnotherVenue(uint256 got, uint256 wanted);
    error OrderOfAnotherAccount(bytes32 got, bytes32 wanted);
    error OrderNotLater(uint64 sequence, uint64 counted);
    error OrderOutsideTime(uint64 orderedAt, uint64 issuedAt, uint64 snapshotTime);
    error OrderNotSignedBy(address signer);
    error RequestDoesNotAnswer(uint256 requestId);
    error BondNotReclaimable(uint256 challengeId);

    /// @notice Names a key that signs balance receipts, from this block's time on. Venue admin only; nobody is named twice.
    function nameReceiptSigner(uint256 venueId, address signer) external;

    /// @notice Retires a signer as of this block's time. Venue admin only.
    function retireReceiptSigner(uint256 venueId, address signer) external;

    /// @notice Challenges an accepted epoch with a receipt it should have honoured. Anybody who has the receipt, with the bond.
    /// @param receiptSigner whose key signed the receipt for the venue. No contract: its answer could change after the receipt was given
    function challenge(
        uint64 epoch,
        BalanceReceipt calldata receipt,
        address receiptSigner,
        bytes calldata signature
    ) external payable returns (uint256 challengeId);

    /// @notice Answers an open challenge in time, with a proof for its epoch, or cures a lost one, with a proof for the venue's latest.
    /// Operator only, as all answers; an answer in time pays the bond to the caller.
    function answerWithInclusion(uint256 challengeId, InclusionClaim calldata claim) external;

    /// @notice The same with an order that the account's owner signed between the receipt and the snapshot: of the challenged epoch for
    /// an answer, of the latest for a cure.
    function answerWithOrder(uint256 challengeId, AccountOrder calldata order, bytes calldata signature) external;

    /// @notice The same with a withdrawal that the account's owner requested from `VAULT` between receipt and snapshot, unless it was
    /// cancelled before the snapshot: then the amount was back as a deposit.
    function answerWithRequest(uint256 challengeId, uint256 requestId) external;

    /// @notice Declares a challenge lost that was not answered in time. Anybody.
    function settle(uint256 challengeId) external;

    /// @notice Pays the bond of a lost challenge back to its challenger. Anybody may call.
    function reclaimBond(uint256 challengeId) external;

    /// @notice Of whose venues' epochs challenges are.
    function REGISTRY() external view returns (ISolvencyRegistry);

    /// @notice The vault whose requests answer, for venues whose reserves it holds; zero for none.
    /// @dev Fixed, because a venue's own contract could tell of requests that nobody made.
    function VAULT() external view returns (ICollateralVault);

    /// @notice Seconds after acceptance in which an epoch can be challenged.
    function CHALLENGE_WINDOW() external view returns (uint64);

    /// @notice Seconds the venue has to answer.
    function ANSWER_WINDOW() external view returns (uint64);

    /// @notice Wei that a challenge costs if it is answered.
    function BOND() external view returns (uint256);

    /// @notice Status NONE for an id that nobody opened.
    function challengeAt(uint256 challengeId) external view returns (OmissionChallenge memory);

    /// @notice keccak256(abi.encode(venueId, epoch, EIP-712 digest of the receipt)).
    function challengeIdOf(uint64 epoch, BalanceReceipt calldata receipt) external view returns (uint256);

    /// @notice Whether the signer's receipts with this `issuedAt` count.
    function isReceiptSigner(uint256 venueId, address signer, uint64 issuedAt) external view returns (bool);
}
