// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReserveSource} from "./IReserveSource.sol";
import {IVaultPayouts} from "./IVaultPayouts.sol";
import {IVaultWindUp} from "./IVaultWindUp.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";
import {
    Deposit,
    EpochTerms,
    Exit,
    ExitRound,
    Hatch,
    Paid,
    ReceiptDemand,
    VaultLimit,
    VaultRules,
    WithdrawalRequest
} from "./VaultTypes.sol";

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

    /// @notice Takes tokens from the caller into the cleared sub-ledger. The venue's clearing house only; stopped and limited as `deposit` is.
    /// @return received token base units that arrived
    function depositCleared(uint256 venueId, uint256 asset, uint256 amount) external returns (uint256 received);

    /// @notice Moves back, as a deposit. The venue's clearing house only, not in a closed venue.
    /// @param depositor whose account moves: demands the deposit's receipt, and has it refunded if the venue closes before a leaf has it
    function moveToTree(uint256 venueId, uint256 asset, uint256 amount, address depositor, bytes32 beneficiary)
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
    /// @notice Whether the epoch's time for demands and challenges is over and each was answered: it can be paid from, and be a base.
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
