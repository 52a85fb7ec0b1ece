// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExitClaim, MarkClaim} from "./IAccountProofs.sol";
import {MarginClaim} from "./ISolvencyGate.sol";
import {IVaultMessages} from "./IVaultMessages.sol";

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

    /// @notice Closes the venue for good: no epoch stood that is younger than its `hatchAfter`, or the venue has been disputed for as long.
    /// Anybody may.
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
