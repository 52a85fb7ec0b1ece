// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RequestStatus, VaultLimit, VaultRules, WithdrawalRequest} from "./VaultTypes.sol";

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
    /// @notice What arrived from the clearing house, for accounts there.
    event ClearedDeposited(uint256 indexed venueId, uint256 asset, uint256 received);
    /// @notice With a Deposited event, whose depositor is who the clearing house said.
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
    error RequestNotOfSigner(address signer, address caller);
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
