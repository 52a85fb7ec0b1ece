// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExitClaim, MarkClaim, SignerClaim} from "./IAccountProofs.sol";
import {AssetLimit, IReserveSource} from "./IReserveSource.sol";
import {MarginClaim} from "./ISolvencyGate.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";

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
/// @param checkpoint number of the venue's last checkpoint before it
/// @param nullifierNext 0 unless it was used up too
struct WithdrawalRequest {
    uint256 venueId;
    uint256 asset;
    uint256 amount;
    address recipient;
    uint64 answerBy;
    address signer;
    uint64 dueAt;
    RequestStatus status;
    uint64 epoch;
    uint64 latestEpoch;
    uint64 checkpoint;
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

/// @title What the vault and its parts tell and refuse
interface IVaultMessages {
    event TokenAllowed(address indexed token, bool allowed);
    event RulesChanged(uint256 indexed venueId, VaultRules rules);
    event LimitsChanged(uint256 indexed venueId, VaultLimit[] limits);
    event PauseChanged(uint256 indexed venueId, bool paused);
    event ClearingHouseChanged(uint256 indexed venueId, address clearingHouse);

    /// @notice The venue credits `amount` token base units to the account that `beneficiary` names to it: a reference of its own,
    /// or, with RequestCancelled, the request's nullifier.
    event Deposited(
        uint256 indexed venueId,
        uint256 indexed depositId,
        uint256 indexed asset,
        address depositor,
        uint256 amount,
        bytes32 beneficiary
    );
    event FundDeposited(uint256 indexed venueId, address indexed from, uint256 received);
    event FundWithdrawn(uint256 indexed venueId, address indexed to, uint256 amount);

    event NullifierUsed(uint256 indexed venueId, uint256 indexed nullifier, uint256 asset, uint64 quanta);
    event PaidOut(uint256 indexed venueId, uint256 indexed nullifier, uint256 asset, uint256 amount, address recipient);
    event WithdrawalRequested(uint256 indexed venueId, uint256 indexed requestId, WithdrawalRequest request);
    event RequestDeferred(uint256 indexed requestId, uint64 sequence, bytes32 orderDigest);
    event RequestPaid(uint256 indexed requestId);
    event RequestCancelled(uint256 indexed requestId);
    event MovedToCleared(
        uint256 indexed venueId, uint256 indexed nullifier, uint256 asset, uint256 amount, bytes32 handle
    );
    /// @notice With a Deposited event, whose depositor is the clearing house.
    event MovedToTree(uint256 indexed venueId, uint256 asset, uint256 amount, bytes32 beneficiary);
    event ClearedPaidOut(uint256 indexed venueId, uint256 asset, uint256 amount, address recipient);

    /// @param account nullifier of the account in `leafEpoch`; where that is 0, number of the deposit
    event ReceiptDemanded(
        uint256 indexed venueId,
        uint256 indexed demandId,
        uint64 indexed epoch,
        uint256 account,
        uint64 leafEpoch,
        bytes encryptionKey
    );
    event DemandAnswered(uint256 indexed demandId, bytes encryptedReceipt);
    event BondReclaimed(uint256 indexed demandId, address to, uint256 amount);
    event HatchOpened(uint256 indexed venueId, uint64 baseEpoch, uint64 roundClosesAt);
    event MarkReported(uint256 indexed venueId, uint256 indexed asset, uint16 row, uint64 mark);
    event ExitRegistered(
        uint256 indexed venueId, uint256 indexed nullifier, uint64 round, uint256 amount, address recipient
    );
    event RoundSettled(uint256 indexed venueId, uint64 indexed round, uint256 claims, uint256 denominator);
    event ExitCollected(uint256 indexed venueId, uint256 indexed nullifier, uint256 asset, uint256 amount, address to);
    event DepositRefunded(uint256 indexed depositId, address to, uint256 amount);

    error PartOfAnotherVault(address part);
    error TokenNotAllowed(address token);
    error NothingReceived(address token, uint256 asked);
    error BalanceFell(address token, uint256 before, uint256 afterwards);
    error LedgerTooSmall(uint256 venueId, uint256 asset, uint256 free, uint256 asked);
    error FundTooSmall(uint256 venueId, uint256 fund, uint256 asked);
    error CheckpointInThisBlock(uint256 venueId, uint256 blockNumber);
    error NotVenueAdmin(uint256 venueId, address caller);
    error NotClearingHouse(uint256 venueId, address caller);
    error VenuePaused(uint256 venueId);
    error VenueClosed(uint256 venueId);
    error VenueNotClosed(uint256 venueId);
    error RulesExist(uint256 venueId);
    error ReservesElsewhere(uint256 venueId, address reserves);
    error DepositLimitReached(uint256 venueId, uint256 asset, uint256 limit, uint256 balance);
    error EpochUnsettled(uint256 venueId, uint256 epoch, uint256 settlesAt);
    error ZeroAmount();

    error DeadlinePassed(uint256 deadline, uint256 now_);
    error EpochDoesNotStand(uint256 venueId, uint256 epoch);
    error EpochSuperseded(uint256 venueId, uint256 epoch, uint256 by);
    error SnapshotTooFar(uint256 venueId, uint256 epoch, uint256 opened);
    error TableNotInitial(uint256 marketCommitment);
    error PayoutTableTooOld(uint256 age, uint256 maxAge);
    error NullifierUsedBefore(uint256 nullifier);
    error VenueDidNotSign(uint256 venueId);
    error PayoutLimitReached(uint256 venueId, uint256 asset, uint256 left, uint256 asked);
    error WrongRequestStatus(uint256 requestId, RequestStatus status);
    error SignerIsNotTheAccounts(uint256 nullifier);
    error OrderNotSigned(address signer);
    error RequestNotDue(uint256 requestId);
    error NotRecipient(uint256 requestId, address caller);
    error RequestPrecedesBase(uint256 requestId);
    error EpochPrecedesRequest(uint256 requestId, uint256 epoch);

    error LeafNotEarlier(uint256 leafEpoch, uint256 epoch);
    error DemandTooLate(uint256 venueId, uint256 epoch);
    error WrongBond(uint256 got, uint256 wanted);
    error DemandExists(uint256 demandId);
    error UnknownDemand(uint256 demandId);
    error DemandClosed(uint256 demandId);
    error DemandNotFailed(uint256 demandId);
    error NotDepositOfEpoch(uint256 depositId, uint256 epoch);
    error HatchNotDue(uint256 dueAt, uint256 now_);
    error NewerEpochStands(uint256 epoch);
    error MarkReportedBefore(uint256 asset);
    error MarkOfAnotherAsset(uint256 row, uint256 got, uint256 wanted);
    error MarksMissing(uint256 asset);
    error ExitRegisteredBefore(uint256 nullifier);
    error NothingToClaim(uint256 nullifier);
    error RoundOpen(uint256 closesAt);
    error RoundEmpty(uint256 round);
    error RoundNotSettled(uint256 round);
    error CollectedBefore(uint256 nullifier, uint256 asset);
    error NotDepositor(uint256 depositId, address caller);
    error NothingToRefund(uint256 depositId);
}

/// @title What leaves on the owner's proof
interface IVaultPayouts is IVaultMessages {
    /// @notice Pays at once: the owner's proof, and the operator's signature that waives the delay.
    /// @dev EIP-712 domain of all signatures: name "Clearproof CollateralVault", version "1", chain id, this contract.
    /// @param venueSignature EIP-712 PayoutApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,address recipient,uint64 deadline)
    function withdraw(uint256 venueId, Payout calldata payout, bytes calldata venueSignature) external;

    /// @notice The owner's proof alone: the amount leaves the balance that covers deposits, and is paid later.
    /// @param signer shows whose orders can defer it; `epoch` and `laterEpoch` are the leaf epoch, both nullifiers the payout's
    function requestWithdrawal(uint256 venueId, Payout calldata payout, SignerClaim calldata signer)
        external
        returns (uint256 requestId);

    /// @notice Shows an order that the owner signed on the same leaf: the request then waits for `confirmRequest`. Operator only,
    /// before `answerBy`, not in a closed venue.
    /// @dev Of a signer that is a contract only its answer counts, which it may change: a venue that takes such a key relies on it.
    /// @param signature of the request's signer over EIP-712 LaterOrder(uint256 venueId,uint256 nullifier,uint64 sequence,bytes32 orderDigest)
    function deferRequest(uint256 requestId, uint64 sequence, bytes32 orderDigest, bytes calldata signature) external;

    /// @notice Pays a request that is due; anybody may.
    /// @dev In a closed venue: any that was not deferred, and any made before the base's snapshot, which its leaves are debited for.
    function payRequest(uint256 requestId) external;

    /// @notice Pays a deferred request: the account is healthy in a standing epoch whose snapshot follows the request.
    /// @param claim healthy, of scope 0, without a withdrawal: the venue debited the request when it was made. Under the epoch's own
    /// table it has to show an unmargined account, under another one that is of initial level and not too old it must not
    /// @param link that the claim's nullifier is the request's account
    function confirmRequest(uint256 requestId, MarginClaim calldata claim, SignerClaim calldata link) external;

    /// @notice Returns a request's amount to the tree sub-ledger. Its nullifiers stay used.
    /// @dev While the venue lives: the recipient, or anybody when the request was deferred, is not confirmed, and the newest standing
    /// epoch, whose snapshot follows the request, has stood for its `answerWindow`. What returns is a deposit of the recipient's, so
    /// that the hatch refunds it if the base's leaf lacks it. In a closed venue: anybody, and only a deferred request made since the base's snapshot, whose leaf
    /// still has the amount.
    function cancelRequest(uint256 requestId) external;

    /// @notice Moves from the tree to the cleared sub-ledger; the proof must show an unmargined account.
    /// @dev The signature is needed as in `withdraw`, or an owner could move what they sold since the snapshot. Without it they
    /// request a withdrawal. The payout's recipient means nothing.
    /// @param venueSignature EIP-712 MoveApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,bytes32 handle,uint64 deadline)
    function moveToCleared(uint256 venueId, Payout calldata payout, bytes32 handle, bytes calldata venueSignature)
        external;
}

/// @title Receipts on demand, and the escape hatch
interface IVaultWindUp is IVaultMessages {
    // ---- Receipts ----

    /// @notice Demands the receipt of `epoch` for the account of a leaf in an earlier epoch.
    /// @param claim an `account-margin` proof that only shows the account is held, for action demandAction(…) and of the scope the
    /// gate gives this contract, so that demands and payouts of one account have nothing in common
    /// @param encryptionKey what the answer is to be encrypted to
    function demandReceipt(uint256 venueId, uint64 epoch, MarginClaim calldata claim, bytes calldata encryptionKey)
        external
        payable
        returns (uint256 demandId);

    /// @notice The same for an account that no standing epoch before `epoch` counted the deposit of: its depositor demands.
    /// @dev Not only in the epoch that counts it first: a venue could give that one up, and leave the account out of the next.
    function demandReceiptOfDeposit(uint64 epoch, uint256 depositId, bytes calldata encryptionKey)
        external
        payable
        returns (uint256 demandId);

    /// @notice Answers, and sends the bond to the caller. Operator only.
    function answerDemand(uint256 demandId, bytes calldata encryptedReceipt) external;

    /// @notice Returns the bond of a demand nobody answered in time. Anybody may, for the demander.
    function reclaimBond(uint256 demandId) external;

    // ---- Escape hatch ----

    /// @notice Closes the venue for good: no epoch stood that is younger than its `hatchAfter`. Anybody may.
    /// @param baseEpoch the newest epoch that stands; 0 where none ever did, `hatchAfter` after the venue's first deposit
    function openHatch(uint256 venueId, uint64 baseEpoch) external;

    /// @notice Says what an asset was worth at the base epoch. Anybody may, once an asset.
    function reportMark(uint256 venueId, uint256 asset, MarkClaim calldata claim) external;

    /// @notice Registers what the base epoch owes an account, less what it took since. Anybody may, for the claim's recipient.
    /// @dev A deferred request that can be cancelled has to be first, or its amount would be lost to the account.
    function registerExit(uint256 venueId, ExitClaim calldata claim) external;

    /// @notice Fixes the factor of a round whose window is over, and opens the next. Anybody may.
    function settleRound(uint256 venueId) external;

    /// @notice Pays an exit its share of the named assets, each once.
    function collectExit(uint256 venueId, uint256 nullifier, uint256[] calldata assets) external;

    /// @notice Returns a deposit made since the base epoch's snapshot, or of an asset its table does not have. Its depositor only.
    function refundDeposit(uint256 depositId, address to) external;
}

/// @title Holds a venue's collateral, pays on the owner's proof, and winds the venue up when it goes silent
/// @notice No role can move users' tokens: roles can pause deposits, waive a delay, and wait for timelocks.
interface ICollateralVault is IReserveSource, IVenueTimelock, IVaultPayouts, IVaultWindUp {
    // ---- Set-up and roles ----

    /// @notice Puts a token on the list or takes it off. Off the list it is not accepted any more; what is here is paid as ever.
    /// @dev Owner only. Tokens whose balances move by themselves (rebasing) do not belong on it.
    function setTokenAllowed(address token, bool allowed) external;

    /// @notice First rules and limits of a venue whose reserves this vault holds, active at once. Parameter admin only.
    /// @dev Before them the vault takes no deposit and no checkpoint.
    function setRules(uint256 venueId, VaultRules calldata rules, VaultLimit[] calldata limits) external;

    /// @notice Later ones wait for the timelock. Parameter admin only, not in a closed venue.
    /// @dev Epochs and requests keep the times they began with. Limits of assets that are not named stay.
    function proposeRules(uint256 venueId, VaultRules calldata rules) external;
    function activateRules(uint256 venueId, VaultRules calldata rules) external;
    function proposeLimits(uint256 venueId, VaultLimit[] calldata limits) external;
    function activateLimits(uint256 venueId, VaultLimit[] calldata limits) external;

    /// @notice Who may move tokens of the cleared sub-ledger; waits for the timelock, the first too. Parameter admin only, not in a
    /// closed venue.
    function proposeClearingHouse(uint256 venueId, address clearingHouse) external;
    function activateClearingHouse(uint256 venueId, address clearingHouse) external;

    /// @notice Takes from the insurance fund, to the venue's admin; waits for the timelock. Parameter admin only, not in a closed venue.
    /// @dev Not in the block of a checkpoint: what that counted must outlive its block, or a flash loan could stand for the fund.
    function proposeFundWithdrawal(uint256 venueId, uint256 amount) external;
    function activateFundWithdrawal(uint256 venueId, uint256 amount) external;

    /// @notice Stops deposits and moves to the clearing house, nothing else. Venue admin or operator, not in a closed venue.
    function setPaused(uint256 venueId, bool paused) external;

    // ---- In ----

    /// @notice Adds to the tree sub-ledger what arrives; anybody may.
    /// @param beneficiary names the account to the venue: a reference the venue gave out, never a user id
    function deposit(uint256 venueId, uint256 asset, uint256 amount, bytes32 beneficiary)
        external
        returns (uint256 depositId);

    /// @notice Adds to the venue's insurance fund; anybody may.
    function depositFund(uint256 venueId, uint256 amount) external;

    // ---- Clearing house ----

    /// @notice Moves back, as a deposit of the caller. The venue's clearing house only, not in a closed venue.
    function moveToTree(uint256 venueId, uint256 asset, uint256 amount, bytes32 beneficiary)
        external
        returns (uint256 depositId);

    /// @notice Pays from the cleared sub-ledger. The venue's clearing house only.
    function payCleared(uint256 venueId, uint256 asset, uint256 amount, address recipient) external;

    // ---- Views ----

    function rulesOf(uint256 venueId) external view returns (VaultRules memory);
    function limitOf(uint256 venueId, uint256 asset) external view returns (VaultLimit memory);
    function isTokenAllowed(address token) external view returns (bool);
    /// @notice Token base units that cover tree accounts.
    function treeBalance(uint256 venueId, uint256 asset) external view returns (uint256);
    /// @notice Token base units of accounts at the clearing house.
    function clearedBalance(uint256 venueId, uint256 asset) external view returns (uint256);
    /// @notice Token base units of requests that wait.
    function pendingBalance(uint256 venueId, uint256 asset) external view returns (uint256);
    /// @notice Token base units set aside for settled exits.
    function exitBalance(uint256 venueId, uint256 asset) external view returns (uint256);
    /// @notice Token base units that payouts of the epoch can take: deposits since its snapshot pay nobody.
    function freeBalance(uint256 venueId, uint256 asset, uint64 epoch) external view returns (uint256);
    /// @notice Fund token base units.
    function fundOf(uint256 venueId) external view returns (uint256);
    function depositAt(uint256 depositId) external view returns (Deposit memory);
    function requestAt(uint256 requestId) external view returns (WithdrawalRequest memory);
    function demandAt(uint256 demandId) external view returns (ReceiptDemand memory);
    function isNullifierUsed(uint256 nullifier) external view returns (bool);
    function paidUnder(uint256 nullifier) external view returns (Paid memory);
    /// @notice Whether the epoch's time for demands is over and each was answered: it can be paid from, and be a base.
    function stands(uint256 venueId, uint64 epoch) external view returns (bool);
    /// @notice The newest epoch that stands: of its leaves payouts are proven, and it would be the base. 0 before the first.
    function newestStanding(uint256 venueId) external view returns (uint64);
    function termsOf(uint256 venueId, uint64 epoch) external view returns (EpochTerms memory);
    function clearingHouseOf(uint256 venueId) external view returns (address);
    function hatchOf(uint256 venueId) external view returns (Hatch memory);
    function roundAt(uint256 venueId, uint64 round) external view returns (ExitRound memory);
    function exitOf(uint256 venueId, uint256 nullifier) external view returns (Exit memory);

    /// @notice What the proof of a payout is made for.
    function payoutAction(address recipient, uint64 deadline) external pure returns (bytes32);
    /// @notice What the proof of a request is made for.
    function requestAction(address recipient, uint64 deadline) external pure returns (bytes32);
    /// @notice What the proof that confirms a request is made for.
    function confirmAction(uint256 requestId) external pure returns (bytes32);
    /// @notice What the proof of a move is made for.
    function moveAction(bytes32 handle, uint64 deadline) external pure returns (bytes32);
    /// @notice What the proof of a demand is made for.
    function demandAction(uint64 epoch, bytes calldata encryptionKey) external pure returns (bytes32);
}
