// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {AccountFrame, AccountTerms} from "../interfaces/IAccountProofs.sol";
import {IClearedCredits} from "../interfaces/IClearedCredits.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {MarginClaim} from "../interfaces/ISolvencyGate.sol";
import {IVaultPayouts} from "../interfaces/IVaultPayouts.sol";
import {Paid, Payout} from "../interfaces/VaultTypes.sol";
import {AccountTermsWord} from "../libraries/AccountTermsWord.sol";
import {AddressSignature} from "../libraries/AddressSignature.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {VaultActions} from "../libraries/VaultActions.sol";
import {VaultBooks} from "./VaultBooks.sol";
import {Allowance} from "./VaultState.sol";

/// @title Payouts at once and moves to the clearing house: the owner's proof, and the operator's signature
/// @dev What has to be so of every proof that takes value, and what taking uses up, is here for requests too.
abstract contract PayoutsAtOnce is VaultBooks, IVaultPayouts {
    bytes32 private constant PAYOUT_APPROVAL = keccak256(
        "PayoutApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,address recipient,uint64 deadline)"
    );
    bytes32 private constant MOVE_APPROVAL = keccak256(
        "MoveApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,bytes32 handle,uint64 deadline)"
    );

    /// @inheritdoc IVaultPayouts
    function withdraw(uint256 venueId, Payout calldata payout, bytes calldata venueSignature) external nonReentrant {
        bytes32 action = VaultActions.payout(payout.recipient, payout.deadline);
        (uint256 asset, uint256 amount,) = _take(venueId, payout, payout.unmargined, action, 0);
        _requireApproval(venueId, PAYOUT_APPROVAL, payout, bytes32(uint256(uint160(payout.recipient))), venueSignature);
        _spendAllowance(venueId, asset, amount);
        emit PaidOut(venueId, payout.claim.nullifier, asset, amount, payout.recipient);
        _send(venueId, asset, payout.recipient, amount);
    }

    /// @inheritdoc IVaultPayouts
    function moveToCleared(uint256 venueId, Payout calldata payout, bytes32 handle, bytes calldata venueSignature)
        external
        nonReentrant
    {
        _requireNotPaused(venueId);
        address house = _clearingHouses[venueId];
        // Nobody could ever take it out again, least of all in a closed venue.
        if (house == address(0)) revert NotClearingHouse(venueId, address(0));
        if (house.code.length == 0) revert NoCode("clearingHouse", house);
        (uint256 asset, uint256 amount,) = _take(venueId, payout, true, VaultActions.move(handle, payout.deadline), 0);
        _requireApproval(venueId, MOVE_APPROVAL, payout, handle, venueSignature);
        _ledgers[venueId][asset].cleared += amount;
        emit MovedToCleared(venueId, payout.claim.nullifier, asset, amount, handle);
        // Last, and under the guard: a house that does not know the handle stops the move.
        IClearedCredits(house).creditCleared(venueId, handle, asset, amount);
    }

    /// @dev Checks the proof of a payout, takes its amount off the tree sub-ledger and uses its nullifiers up: `next`, the second,
    /// is 0 if it was not.
    function _take(uint256 venueId, Payout calldata payout, bool unmargined, bytes32 action, uint64 requestId)
        internal
        returns (uint256 asset, uint256 amount, uint256 next)
    {
        _requireLive(venueId);
        if (block.timestamp > payout.deadline) revert DeadlinePassed(payout.deadline, block.timestamp);
        _requireAmount(payout.amount);
        // The next leaf has this payout in it, unless its snapshot is open already.
        if (_requirePayable(venueId, payout.claim.epoch)) next = payout.claim.nullifierNext;
        _checkMargin(venueId, payout.claim, _withdrawal(payout, unmargined, action));
        (asset, amount) = _worth(venueId, payout.row, payout.amount);
        uint256 free = _free(venueId, asset, payout.claim.epoch);
        if (amount > free) revert LedgerTooSmall(venueId, asset, free, amount);
        _ledgers[venueId][asset].tree -= amount;
        // Below 128: a venue has no more assets.
        Paid memory paid = Paid(uint16(asset), payout.amount, _progress[venueId].checkpoint, requestId);
        _useUp(venueId, payout.claim.nullifier, paid);
        if (next != 0) _useUp(venueId, next, paid);
    }

    /// @dev Under an unmargined account no price matters: the epoch's own table will do. Any other has to be new, and to ask for
    /// initial margin.
    function _checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms memory terms) internal view {
        AccountFrame memory frame = GATE.checkMargin(venueId, claim, terms);
        if (terms.unmargined && _isOwnTable(venueId, claim)) return;
        if (frame.level != MarginLevel.INITIAL) revert TableNotInitial(claim.marketCommitment);
        uint256 age = block.timestamp - frame.marketTime;
        uint256 maxAge = _rulesOf(venueId).payoutTableAge;
        if (age > maxAge) revert PayoutTableTooOld(age, maxAge);
    }

    function _isOwnTable(uint256 venueId, MarginClaim calldata claim) internal view returns (bool) {
        return claim.marketCommitment == REGISTRY.epochAt(venueId, claim.epoch).marketCommitment;
    }

    function _isSignedBy(address signer, bytes32 structHash, bytes calldata signature) internal view returns (bool) {
        return AddressSignature.isBy(signer, _hashTypedDataV4(structHash), signature);
    }

    function _withdrawal(Payout calldata payout, bool unmargined, bytes32 action)
        private
        view
        returns (AccountTerms memory)
    {
        return AccountTerms({
            healthy: true,
            held: false,
            withdraws: true,
            unmargined: unmargined,
            payload: AccountTermsWord.withdrawal(payout.row, payout.amount),
            context: GATE.contextOf(address(this), action)
        });
    }

    /// @dev The asset that the row is of, and what the quanta are in token base units, below 2^64 * 2^128.
    function _worth(uint256 venueId, uint16 row, uint64 quanta) private view returns (uint256 asset, uint256 amount) {
        asset = _venue(venueId).markets.assetOfRow(venueId, row);
        amount = uint256(quanta) * REGISTRY.settlementAsset(venueId, asset).unitsPerQuantum;
    }

    /// @dev The epoch is the newest that stands, and at most its successor's snapshot was opened: `nextIsOpen` if it was.
    function _requirePayable(uint256 venueId, uint64 epoch) private view returns (bool nextIsOpen) {
        uint64 newest = _newestStanding(venueId);
        // Epoch 0 is the newest where none ever stood, and does not stand.
        if (newest != epoch || epoch == 0) {
            _requireStanding(venueId, epoch);
            revert EpochSuperseded(venueId, epoch, newest);
        }
        uint64 opened = _progress[venueId].opened;
        // A leaf between would be paid from twice: nothing can be used up that names it.
        if (opened > epoch + 1) revert SnapshotTooFar(venueId, epoch, opened);
        return opened > epoch;
    }

    function _useUp(uint256 venueId, uint256 nullifier, Paid memory paid) private {
        ScalarField.requireElement("nullifier", nullifier);
        if (_isUsed(nullifier)) revert NullifierUsedBefore(nullifier);
        _paid[nullifier] = paid;
        emit NullifierUsed(venueId, nullifier, paid.asset, paid.quanta);
    }

    function _requireApproval(
        uint256 venueId,
        bytes32 kind,
        Payout calldata payout,
        bytes32 target,
        bytes calldata signature
    ) private view {
        bytes32 structHash = keccak256(
            abi.encode(kind, venueId, payout.claim.nullifier, payout.row, payout.amount, target, payout.deadline)
        );
        if (!_isSignedBy(_venue(venueId).operator, structHash, signature)) revert VenueDidNotSign(venueId);
    }

    /// @dev Takes what is paid at once out of the asset's allowance.
    function _spendAllowance(uint256 venueId, uint256 asset, uint256 amount) internal {
        Allowance storage allowance = _allowances[venueId][asset];
        uint256 limit = allowance.limit;
        uint256 freed = limit * (block.timestamp - allowance.asOf) / _rules[venueId].limitWindow;
        // A limit may have been lowered below what was used, which then would take long to fall.
        uint256 used = Math.saturatingSub(Math.min(allowance.used, limit), freed);
        uint256 left = limit - used;
        if (amount > left) revert PayoutLimitReached(venueId, asset, left, amount);
        // At most the limit, which is of this type.
        allowance.used = uint128(used + amount);
        allowance.asOf = uint64(block.timestamp);
    }
}
