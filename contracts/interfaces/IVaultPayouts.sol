// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerClaim} from "./IAccountProofs.sol";
import {MarginClaim} from "./ISolvencyGate.sol";
import {IVaultMessages} from "./IVaultMessages.sol";
import {Payout} from "./VaultTypes.sol";

/// @title What leaves on the owner's proof
interface IVaultPayouts is IVaultMessages {
    /// @notice Pays at once: the owner's proof, and the operator's signature that waives the delay.
    /// @dev EIP-712 domain of all signatures: name "Clearproof CollateralVault", version "1", chain id, this contract.
    /// @param venueSignature EIP-712 PayoutApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,address recipient,uint64 deadline)
    function withdraw(uint256 venueId, Payout calldata payout, bytes calldata venueSignature) external;

    /// @notice The owner's proof alone: the amount leaves the balance that covers deposits, and is paid later.
    /// @dev Where the venue named a contract for disputes, the signer sends it itself: a request answers for every receipt of its signer.
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
    /// request a withdrawal. The payout's recipient means nothing. The clearing house learns of it by IClearedCredits, and can refuse.
    /// @param venueSignature EIP-712 MoveApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,bytes32 handle,uint64 deadline)
    function moveToCleared(uint256 venueId, Payout calldata payout, bytes32 handle, bytes calldata venueSignature)
        external;
}
